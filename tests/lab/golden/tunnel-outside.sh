# shellcheck shell=sh
wrapped tunnel-outside

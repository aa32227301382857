# shellcheck shell=sh
wrapped gtp

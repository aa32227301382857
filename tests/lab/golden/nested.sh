# shellcheck shell=sh
wrapped nested

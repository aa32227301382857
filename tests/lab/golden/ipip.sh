# shellcheck shell=sh
wrapped ipip

# shellcheck shell=sh
wrapped fragments-v6

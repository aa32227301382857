# shellcheck shell=sh
wrapped gretap

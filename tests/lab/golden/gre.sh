# shellcheck shell=sh
wrapped gre

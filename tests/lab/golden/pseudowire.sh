# shellcheck shell=sh
wrapped pseudowire

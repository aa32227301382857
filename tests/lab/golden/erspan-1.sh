# shellcheck shell=sh
wrapped erspan-1

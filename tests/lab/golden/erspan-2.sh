# shellcheck shell=sh
wrapped erspan-2

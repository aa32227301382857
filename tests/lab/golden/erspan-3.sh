# shellcheck shell=sh
wrapped erspan-3

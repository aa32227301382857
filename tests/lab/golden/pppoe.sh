# shellcheck shell=sh
wrapped pppoe

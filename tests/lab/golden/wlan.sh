# shellcheck shell=sh
wrapped wlan

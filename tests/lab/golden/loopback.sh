# shellcheck shell=sh
wrapped loopback

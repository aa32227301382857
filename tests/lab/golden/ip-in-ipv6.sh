# shellcheck shell=sh
wrapped ip-in-ipv6

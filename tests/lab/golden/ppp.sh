# shellcheck shell=sh
wrapped ppp

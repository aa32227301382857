# shellcheck shell=sh
wrapped geneve

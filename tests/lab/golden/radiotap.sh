# shellcheck shell=sh
wrapped radiotap

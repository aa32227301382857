# shellcheck shell=sh
wrapped mpls

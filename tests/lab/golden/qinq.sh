# shellcheck shell=sh disable=SC2154
# A trunk of a trunk: an 802.1ad tag and an 802.1Q tag inside it.
pair_tagged 7 70
usual_mx
record left trunk "$lab/talk.pcapng"
usual_talk
record_end
keep "$lab/talk.pcapng"

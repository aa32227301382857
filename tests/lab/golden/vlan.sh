# shellcheck shell=sh disable=SC2154
# A trunk: the frames carry an 802.1Q tag.
pair_tagged 70
usual_mx
record left trunk "$lab/talk.pcapng"
usual_talk
record_end
keep "$lab/talk.pcapng"

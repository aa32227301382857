# shellcheck shell=sh disable=SC2154
# A recorder of old: 96 bytes of each packet.
pair
usual_mx
record client eth0 "$lab/talk.pcapng" -s 96
usual_talk
usual_talk
record_end
keep "$lab/talk.pcapng"

# shellcheck shell=sh disable=SC2154
# The old format with nanoseconds.
pair
usual_mx
record_pcap client eth0 "$lab/talk.pcap" --time-stamp-precision=nano
usual_talk
record_end
keep "$lab/talk.pcap" "${lab_out%ng}"

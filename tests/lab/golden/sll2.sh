# shellcheck shell=sh disable=SC2154
# "any" of tcpdump: Linux cooked frames, version 2. One card only, so each packet is there once.
pair
usual_mx
record_pcap client any "$lab/talk.pcap" -y LINUX_SLL2
usual_talk
record_end
keep "$lab/talk.pcap" "${lab_out%ng}"

# shellcheck shell=sh disable=SC2154
# Both ports of a connection are mirrored in both directions: each packet is there twice.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
python3 tests/lab/pcap.py doubled "$lab/talk.pcapng" "$lab_out"

# shellcheck shell=sh disable=SC2154
# The old format as a big-endian machine writes it.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
python3 tests/lab/pcap.py swapped "$lab/talk.pcapng" "${lab_out%ng}"

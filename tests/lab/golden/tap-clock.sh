# shellcheck shell=sh disable=SC2154
# The recorder's clock is set while it records: two hours ahead in the middle of the first connection, and
# back by half an hour in the middle of the second.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
usual_talk
record_end
python3 tests/lab/pcap.py clock "$lab/talk.pcapng" "$lab_out"

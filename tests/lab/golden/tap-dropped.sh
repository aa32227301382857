# shellcheck shell=sh disable=SC2154
# The recorder could not keep up: every eighth packet of six connections is missing, and its statistics
# say so.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
for _ in 1 2 3 4 5 6; do
	usual_talk
done
record_end
python3 tests/lab/pcap.py dropped "$lab/talk.pcapng" "$lab_out"

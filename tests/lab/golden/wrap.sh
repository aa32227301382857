# shellcheck shell=sh disable=SC2154
# TCP sequence numbers of both sides pass 2^32 inside the dialogue, 300 bytes after the handshake.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
python3 tests/lab/pcap.py wrap "$lab/talk.pcapng" "$lab_out"

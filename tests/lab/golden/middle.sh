# shellcheck shell=sh disable=SC2154
# The recorder came late: no handshake, no greeting; the first packet is the reply to MAIL.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
first=$(tshark -r "$lab/talk.pcapng" -Y 'frame contains "250 2.1.0"' -T fields -e frame.number 2>"$lab/tshark.log" | head -n 1)
tshark -r "$lab/talk.pcapng" -w "$lab/middle.pcapng" -Y "frame.number >= $first" 2>"$lab/tshark.log"
keep "$lab/middle.pcapng"

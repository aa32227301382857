# shellcheck shell=sh disable=SC2154
# The recorder missed packets: a recipient, its reply, and a piece in the middle of the second message.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
tshark -r "$lab/talk.pcapng" -w "$lab/gaps.pcapng" -Y 'not (frame contains "second@kestrel"
	or (tcp.dstport == 25 and frame contains "Line 30 of"))' 2>"$lab/tshark.log"
keep "$lab/gaps.pcapng"

# shellcheck shell=sh disable=SC2154
# The port is mirrored in one direction: of four connections only what the client sent is there.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
for _ in 1 2 3 4; do
	usual_talk
done
record_end
tshark -r "$lab/talk.pcapng" -w "$lab/one.pcapng" -Y 'tcp.dstport == 25' 2>"$lab/tshark.log"
keep "$lab/one.pcapng"

# shellcheck shell=sh disable=SC2154
# Only the way from the client to the server was recorded, as with asymmetric routes.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
tshark -r "$lab/talk.pcapng" -w "$lab/one.pcapng" -Y 'tcp.dstport == 25' 2>"$lab/tshark.log"
keep "$lab/one.pcapng"

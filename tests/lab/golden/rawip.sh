# shellcheck shell=sh disable=SC2154
# A tunnel device: IP packets without any link header.
space client
space server
space cable
start cable python3 tests/lab/cable.py tun0 tun1
wait_until "the tunnel" at cable link show tun1 >"$lab/tunnel.log"
at cable link set tun0 netns "$lab_tag-client"
at cable link set tun1 netns "$lab_tag-server"
at client link set tun0 up
at server link set tun1 up
at client addr add "$client/24" dev tun0
at server addr add 192.168.7.1/24 dev tun1
at client route add default dev tun0
outside "$server"
usual_mx
record client tun0 "$lab/talk.pcapng"
usual_talk
record_end
keep "$lab/talk.pcapng"

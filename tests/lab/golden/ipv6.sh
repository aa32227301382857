# shellcheck shell=sh disable=SC2154
# The same dialogue over IPv6.
space client ipv6
space server ipv6
wire client eth0 server eth0 "$client_mac" "$server_mac"
at client addr add 2001:db8:7::20/64 dev eth0 nodad
at server addr add 2001:db8:7::1/64 dev eth0 nodad
at server addr add 2001:db8:25::25/128 dev lo nodad
at client route add default via 2001:db8:7::1
server=2001:db8:25::25
mx </dev/null
postfix_listen mx "[$server]:25"
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
keep "$lab/talk.pcapng"

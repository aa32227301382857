# shellcheck shell=sh disable=SC2154
# A VXLAN of the kernel's, whose frames are as long as those outside: so it sends them in fragments.
space client
space server
wire client eth0 server eth0
at client addr add 10.9.0.1/24 dev eth0
at server addr add 10.9.0.2/24 dev eth0
at client link add vx0 mtu 1500 address "$client_mac" type vxlan id 42 remote 10.9.0.2 dstport 4789
at server link add vx0 mtu 1500 address "$server_mac" type vxlan id 42 remote 10.9.0.1 dstport 4789
for name in client server; do
	plain $name vx0
	at $name link set vx0 up
	in_space $name sysctl -q -w net.ipv4.ip_no_pmtu_disc=1 # or segments would become shorter
done
at client addr add "$client/24" dev vx0
at server addr add 192.168.7.1/24 dev vx0
at client route add default via 192.168.7.1
outside "$server"
usual_mx
record client eth0 "$lab/talk.pcapng"
short_talk
record_end
keep "$lab/talk.pcapng"

# shellcheck shell=sh disable=SC2154
# The recorder stands between the office's router and its provider: two machines, one that begins with a
# TTL of 64 and one with 128, send by themselves to three servers, and share one address.
public=198.51.100.7
servers='192.0.2.25 198.18.1.25 198.18.2.25'
space server
space router
wire router wan server eth0 02:e0:4c:07:00:01 "$server_mac"
at router addr add $public/24 dev wan
at server addr add 198.51.100.1/24 dev eth0
at router route add default via 198.51.100.1
for number in 1 2; do
	space pc$number
	wire pc$number eth0 router lan$number
	at router addr add 192.168.$number.1/24 dev lan$number
	at pc$number addr add 192.168.$number.20/24 dev eth0
	at pc$number route add default via 192.168.$number.1
done
in_space pc2 sysctl -q -w net.ipv4.ip_default_ttl=128
in_space router sysctl -q -w net.ipv4.ip_forward=1
in_space router nft -f - <<END
table ip nat {
	chain out {
		type nat hook postrouting priority srcnat
		oifname "wan" masquerade
	}
}
END
# shellcheck disable=SC2086 # one word for each address
outside $servers
mx </dev/null
for address in $servers; do
	postfix_listen mx "$address:25"
done
postfix_start mx server
record router wan "$lab/talk.pcapng"
for address in $servers; do
	for pc in pc1 pc2; do
		send $pc "From $pc" --server "$address" --ehlo "$pc" --from "$pc@office.example" \
			--to info@kestrel.example
	done
done
record_end
keep "$lab/talk.pcapng"

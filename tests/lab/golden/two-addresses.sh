# shellcheck shell=sh disable=SC2154
# One bot with an address of each family: twelve servers by IPv4 and twelve by IPv6, all behind a closed
# port 25, so that neither address alone is enough. It says its name by mDNS and NetBIOS.
space client ipv6
space server ipv6
wire client eth0 server eth0 "$client_mac" "$server_mac"
at client addr add fd00:7::20/64 dev eth0 nodad
at server addr add fd00:7::1/64 dev eth0 nodad
pair_addresses
at client route add default via fd00:7::1
servers=$(seq -f '198.18.%g.25' 1 12)
servers6=$(seq -f '2001:db8:%g::25' 1 12)
# shellcheck disable=SC2086 # one word for each address
outside 192.0.2.80 $servers
for address in 2001:db8:80::80 $servers6; do
	at server addr add "$address/128" dev lo nodad
done
in_space server nft -f - <<END
table inet filter {
	chain in {
		type filter hook input priority 0
		tcp dport 25 drop
	}
}
END
start server python3 -m http.server --bind :: --directory "$(mktemp -d "$lab/www.XXX")" 80
wait_until "the web server" listens server 80
record client eth0 "$lab/talk.pcapng"
in_space client python3 tests/lab/announce.py stolen-laptop "$client" 192.168.7.255
in_space client busybox wget -q -O /dev/null http://192.0.2.80/
in_space client busybox wget -q -O /dev/null 'http://[2001:db8:80::80]/'
# shellcheck disable=SC2086
in_space client python3 tests/lab/sweep.py $servers $servers6
record_end
keep "$lab/talk.pcapng"

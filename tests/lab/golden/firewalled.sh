# shellcheck shell=sh disable=SC2154
# A bot whose way to port 25 is closed: 34 servers in 34 nets, all dropped: SYN after SYN, and no answer.
# It reads one web page, so its address is no forgery.
pair
servers=$(seq -f '198.18.%g.25' 1 34)
# shellcheck disable=SC2086 # one word for each address
outside 192.0.2.80 $servers
in_space server nft -f - <<END
table ip filter {
	chain in {
		type filter hook input priority 0
		tcp dport 25 drop
	}
}
END
start server python3 -m http.server --bind 192.0.2.80 --directory "$(mktemp -d "$lab/www.XXX")" 80
wait_until "the web server" listens server 80
record client eth0 "$lab/talk.pcapng"
in_space client busybox wget -q -O /dev/null http://192.0.2.80/
# shellcheck disable=SC2086
in_space client python3 tests/lab/sweep.py $servers
record_end
keep "$lab/talk.pcapng"

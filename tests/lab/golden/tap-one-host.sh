# shellcheck shell=sh disable=SC2154
# Recorded on a PC itself: its web pages, its mail to two servers, and of the others only what they call
# out to everybody.
space switch
at switch link add br0 type bridge
at switch link set br0 up
for name in client other1 other2 other3; do
	space $name
	wire $name eth0 switch $name
	at switch link set $name master br0
done
space server
wire switch server server eth0 '' "$server_mac"
at switch link set server master br0
pair_addresses
for number in 1 2 3; do
	at other$number addr add 192.168.7.3$number/24 dev eth0
done
webs='192.0.2.81 192.0.2.82 192.0.2.83'
# shellcheck disable=SC2086 # one word for each address
outside 198.18.1.25 $webs
mx </dev/null
postfix_listen mx "$server:25"
postfix_listen mx "198.18.1.25:25"
postfix_start mx server
start server python3 -m http.server --directory "$(mktemp -d "$lab/www.XXX")" 80
wait_until "the web server" listens server 80
record client eth0 "$lab/talk.pcapng"
for address in $server 198.18.1.25; do
	send client 'From the PC' --server "$address" --from jana@office.example --to info@kestrel.example
done
for page in 1 2 3 4 5; do
	for address in $webs; do
		in_space client busybox wget -q -O /dev/null "http://$address/?$page"
	done
done
for number in 1 2 3; do
	in_space other$number busybox arping -q -c 1 -I eth0 192.168.7.99 || :
done
record_end
keep "$lab/talk.pcapng"

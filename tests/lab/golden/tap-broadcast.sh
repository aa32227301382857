# shellcheck shell=sh disable=SC2154
# A switch without a mirror port: three machines send mail to a fourth, and the recorder at a port of its
# own hears them only ask who has which address.
space switch
at switch link add br0 type bridge
at switch link set br0 up
for name in recorder client other1 other2 server; do
	space $name
	wire $name eth0 switch $name
	at switch link set $name master br0
done
pair_addresses
at recorder link set eth0 promisc on
at other1 addr add 192.168.7.21/24 dev eth0
at other2 addr add 192.168.7.22/24 dev eth0
for name in other1 other2; do
	at $name route add default via 192.168.7.1
done
usual_mx
record recorder eth0 "$lab/talk.pcapng"
for name in client other1 other2; do
	in_space $name busybox arping -q -c 35 -I eth0 192.168.7.99 &
done
sleep 36
for name in client other1 other2; do
	send $name "From $name" --server "$server" --from jana@office.example --to info@kestrel.example
done
record_end
keep "$lab/talk.pcapng"

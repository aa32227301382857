# shellcheck shell=sh disable=SC2154
# A switch that mirrors what comes in and what goes out of both its ports: each frame twice, alike.
space client
space switch
space server
wire client eth0 switch port1 "$client_mac"
wire server eth0 switch port2 "$server_mac"
at switch link add mirror type veth peer name monitor
at switch link add bridge type bridge
for device in mirror monitor bridge; do
	at switch link set $device up
done
for port in port1 port2; do
	at switch link set $port master bridge
	in_space switch nft "table netdev span {
		chain in_$port { type filter hook ingress device $port priority 0; dup to mirror; }
		chain out_$port { type filter hook egress device $port priority 0; dup to mirror; }
	}"
done
pair_addresses
usual_mx
record switch monitor "$lab/talk.pcapng"
short_talk
record_end
keep "$lab/talk.pcapng"

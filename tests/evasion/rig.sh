# shellcheck shell=sh disable=SC2154 # $lab and its like are from tests/lab/net.sh
# The rig's stage: a raw sender, a router, and a receiver with the kernel's own TCP.
space sender
space router
space receiver
wire sender eth0 router left "" 02:00:00:00:07:01
wire router right receiver eth0
at router addr add 192.168.7.1/24 dev left
at router addr add 192.0.2.1/24 dev right
at router neigh add 192.168.7.20 lladdr 02:00:00:00:07:20 dev left
in_space router sysctl -q -w net.ipv4.ip_forward=1
at receiver addr add 192.0.2.25/24 dev eth0
at receiver route add default via 192.0.2.1
in_space sender "$rig" eth0 02:00:00:00:07:01 "/run/netns/$lab_tag-receiver"

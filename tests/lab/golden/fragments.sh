# shellcheck shell=sh disable=SC2154
# A client that lets routers fragment, a router with a narrow line behind it; recorded behind that.
pair_routed
in_space client sysctl -q -w net.ipv4.ip_no_pmtu_disc=1
at router link set eth1 mtu 576
usual_mx
record server eth0 "$lab/talk.pcapng"
short_talk
record_end
keep "$lab/talk.pcapng"

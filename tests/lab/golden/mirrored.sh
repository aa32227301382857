# shellcheck shell=sh disable=SC2154
# Both sides of a router in one recording: each packet twice, with other MACs and a hop less. The side
# of the server comes first in it, where two packets have the same time.
pair_routed
usual_mx
record router eth1 "$lab/talk.pcapng" -i eth0
short_talk
record_end
keep "$lab/talk.pcapng"

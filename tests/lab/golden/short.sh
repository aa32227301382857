# shellcheck shell=sh disable=SC2154
# One message over plain Ethernet: what the tunnels' scenes wrap.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
short_talk
record_end
keep "$lab/talk.pcapng"

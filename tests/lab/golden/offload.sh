# shellcheck shell=sh disable=SC2154
# On the sending host with its card doing the sums: bad checksums, and segments longer than the MTU.
pair
in_space client ethtool -K eth0 tx on sg on tso on gso on >/dev/null
usual_mx
record client eth0 "$lab/talk.pcapng"
usual_talk
record_end
keep "$lab/talk.pcapng"

# shellcheck shell=sh disable=SC2154
# A bad line beyond the client: packets are lost, late and double, and TCP sends them again.
pair_by lose=0.08 double=0.06 late=0.08 seed=12
usual_mx
record client eth0 "$lab/talk.pcapng"
for _ in 1 2 3 4; do
	usual_talk
done
record_end
keep "$lab/talk.pcapng"

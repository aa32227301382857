# shellcheck shell=sh disable=SC2154 # $lab and its like are from tests/lab
# Honest mail over a bad cable, captured before and behind it: nobody lies, so nothing may be disputed.
pair_by lose=0.02 late=0.04 double=0.02 seed=7
usual_mx
wait_until "the mail server" listens server 25
record client eth0 "$lab/before.pcapng"
record server eth0 "$lab/behind.pcapng"
in_space client python3 tests/evasion/honest.py "$server" 25 24 2>"$lab/honest.log"
record_end
number=0
for place in before behind; do
	number=$((number + 1))
	"$program" read --emit activities "$lab/$place.pcapng" >"$lab/$place.jsonl" 2>"$lab/read.log"
	all=$(grep -c '"type":"session"' "$lab/$place.jsonl" || :)
	again=$(grep -c tcp_retransmission "$lab/$place.jsonl" || :)
	disputed=$(grep -c overlap_conflict "$lab/$place.jsonl" || :)
	if [ "$all" -ge 24 ] && [ "$again" -gt 0 ] && [ "$disputed" -eq 0 ]; then ok=ok; else ok='not ok'; fi
	echo "$ok $number - honest: $place the bad cable: $all sessions, $again with bytes sent again, $disputed disputed"
done
cp "$lab"/*.pcapng "$lab"/*.jsonl "${keep:-/nonexistent}" 2>/dev/null || :
echo "1..$number"

# mailwarden read --evidence: what is in it, what never is, and what goes wrong.

setup() {
	mailwarden=${MAILWARDEN:-build/test/mailwarden}
	office=samples/office.pcapng
	out=$BATS_TEST_TMPDIR/out
	name=192.168.7.108-direct-to-mx
	export LC_ALL=C
	unset NO_COLOR COLUMNS
}

# read ARGUMENT...: `run` with standard error apart, in $stderr
read_() {
	run --separate-stderr "$mailwarden" read "$@"
}

bats_require_minimum_version 1.5.0

# --- what it writes

@test "evidence: packets and a text of the office's culprit" {
	read_ --evidence "$out" "$office" --width 200
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(ls -A "$out")" = "$name.pcapng"$'\n'"$name.txt" ]
	[ "$(stat -c %a "$out" "$out/$name.txt" "$out/$name.pcapng" | xargs)" = "700 600 600" ]
	[[ "$output" == *"What to do next"*"$out/$name.txt"*"$out/$name.pcapng"* ]]
	grep -q '^Evidence about 192.168.7.108, written by mailwarden ' "$out/$name.txt"
	grep -q '^    *13  *5  *1  outside networks' "$out/$name.txt"
	grep -q '192.168.7.108 port 45200 to mx.heron.example' "$out/$name.txt"
	grep -q 'counted for$\|counted for direct-to-mx' "$out/$name.txt"
	grep -q "^    tshark -r $name.pcapng " "$out/$name.txt"
	grep -aq 'connection 3 of 28: 192.168.7.108 port 45200 to mx.heron.example (198.18.3.25, port 25): 554 ' \
		"$out/$name.pcapng"
	grep -aq 'Alert e68e2ad4-b49d-50d9-8852-f404977bc8a0, direct-to-mx' "$out/$name.pcapng"
}

@test "evidence: the text holds no mail address, no control character, no long line of ours" {
	read_ --evidence "$out" "$office"
	grep -v '^ *while' "$out/$name.txt" >"$BATS_TEST_TMPDIR/prose"
	[ "$(grep -c '[^ ]@[^ ]' "$BATS_TEST_TMPDIR/prose")" -eq 0 ]
	[ "$(grep -cP '[\x00-\x09\x0b-\x1f\x7f]' "$out/$name.txt")" -eq 0 ]
	[ "$(grep -v '^ *\(tshark\|netstat\)' "$BATS_TEST_TMPDIR/prose" | grep -c '.\{79\}')" -eq 0 ]
}

@test "evidence: read again, the packets name the same suspect" {
	read_ --evidence "$out" "$office"
	[ "$(stat -c %s "$out/$name.pcapng")" -lt 1048576 ]
	read_ "$out/$name.pcapng"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "${lines[0]}" == "1 machine sends mail by itself: 192.168.7.108 "* ]]
	read_ --emit activities --format csv "$out/$name.pcapng"
	[ "${#lines[@]}" -eq 29 ] # each of the 28, and what the columns are called
}

@test "evidence: the same for one file, slices, and a compressed one" {
	read_ --evidence "$out" "$office"
	gzip -c <"$office" >"$BATS_TEST_TMPDIR/office.gz"
	read_ --evidence "$out.2" "$BATS_TEST_TMPDIR/office.gz"
	diff -r "$out" "$out.2"
	read_ --evidence "$out.2" --format jsonl "$office"
	[[ "$output" == "{"* ]]
	read_ --evidence "$out.2" --emit activities "$office"
	diff -r "$out" "$out.2"
}

@test "evidence: tries in vain" {
	read_ --evidence "$out" tests/golden/firewalled/input.pcapng
	[ "$status" -eq 0 ]
	[ "$(grep -ao 'not answered; counted for direct-to-mx' "$out"/*.pcapng | wc -l)" -eq 34 ]
	read_ --format csv "$out"/*.pcapng
	[ "$status" -eq 0 ]
}

@test "evidence: an IPv6 suspect is a file's name without colons" {
	client=$("$mailwarden" read --emit activities tests/golden/ipv6/input.pcapng |
		python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["client"]["ip"])')
	read_ --evidence "$out" --inside "$client" --allowed-server 192.0.2.1 tests/golden/ipv6/input.pcapng
	[ -f "$out/${client//:/-}-policy-bypass.pcapng" ]
	[ -f "$out/${client//:/-}-policy-bypass.txt" ]
}

@test "evidence: without suspects nothing is written, and that is said" {
	read_ --evidence "$out" --allow 192.168.7.108 "$office"
	[ "$status" -eq 0 ]
	[[ "$output" == *"No evidence was written, for there is no suspect."* ]]
	[ ! -e "$out" ]
}

# --- what never is in it

# Each capture of the golden tests holds these, in messages and logins; all who sent are made suspects.
@test "evidence: no message and no password of any capture is in it" {
	printf 'detectors:\n  policy_bypass:\n    foreign_submission: true\n' >"$BATS_TEST_TMPDIR/all.yaml"
	written=0
	for input in "$office" tests/golden/*/input.pcap*; do
		clients=$("$mailwarden" read -q --emit activities "$input" 2>/dev/null |
			python3 -c 'import json, sys
print(" ".join(sorted({json.loads(line)["client"]["ip"] for line in sys.stdin})))')
		[ -z "$clients" ] || written=$((written + 1))
		for client in $clients; do
			"$mailwarden" read -q --evidence "$out" --inside "$client" --allowed-server 192.0.2.99 \
				--config "$BATS_TEST_TMPDIR/all.yaml" "$input" >/dev/null 2>&1 || [ $? -eq 3 ]
		done
		found=$(grep -raiE 'canary|dawn 7f3c|pa55word|VGhlIGNhbmFye|Y2FuYXJ5' "$out" || true)
		[ -z "$found" ] || { echo "$input: $found"; false; }
		[ ! -e "$out" ] || mv "$out" "$out.$written"
	done
	[ "$written" -gt 25 ]
	[ "$(find "$BATS_TEST_TMPDIR" -name '*.pcapng' | wc -l)" -gt 25 ]
}

# --- what goes wrong

@test "evidence: what cannot be read twice is wrong usage" {
	run bash -c "'$mailwarden' read --evidence '$out' - <'$office'"
	[ "$status" -eq 2 ]
	[[ "$output" == "mailwarden: --evidence: standard input cannot be read twice; store it in a file first, "* ]]
	run bash -c "'$mailwarden' read --evidence '$out' <(cat '$office')"
	[ "$status" -eq 2 ]
	[[ "$output" == "mailwarden: --evidence: /dev/fd/"*" cannot be read twice; "* ]]
	read_ --evidence "" "$office"
	[ "$status" -eq 2 ]
	read_ --evidence "$office" "$office"
	[ "$status" -eq 2 ]
	[[ "$stderr" == "mailwarden: --evidence: $office: no folder; "* ]]
	[ ! -e "$out" ]
}

@test "evidence: a folder that cannot be made is told, exit code 4, after the report" {
	read_ --evidence "$out/deeper" "$office"
	[ "$status" -eq 4 ]
	[ "$stderr" = "mailwarden: $out/deeper: No such file or directory; name a folder that can be made or written to" ]
	[[ "${lines[0]}" == "1 machine sends mail by itself: "* ]]
	[[ "$output" == *"The evidence is not complete: "* ]]
}

@test "evidence: a file that cannot be replaced is told, and no draft stays" {
	mkdir -p "$out/$name.pcapng/in-the-way"
	read_ --evidence "$out" "$office"
	[ "$status" -eq 4 ]
	[[ "$stderr" == "mailwarden: $out/$name.pcapng: "*"; make room or name another folder, then read again" ]]
	[ "$(ls -A "$out")" = "$name.pcapng" ]
}

@test "evidence: a link is replaced, not followed" {
	mkdir "$out"
	echo mine >"$BATS_TEST_TMPDIR/mine"
	ln -s "$BATS_TEST_TMPDIR/mine" "$out/$name.txt"
	ln -s "$BATS_TEST_TMPDIR/mine" "$out/.$name.txt.new"
	read_ --evidence "$out" "$office"
	[ "$status" -eq 0 ]
	[ "$(cat "$BATS_TEST_TMPDIR/mine")" = mine ]
	[ ! -L "$out/$name.txt" ]
}

@test "evidence: a cut file is told once, and what was read of it is evidence" {
	head -c 100000 "$office" >"$BATS_TEST_TMPDIR/cut.pcapng"
	read_ --evidence "$out" "$BATS_TEST_TMPDIR/cut.pcapng"
	[ "$status" -eq 3 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ -s "$out/$name.txt" ]
}

@test "evidence: each call that fails is told with exit code 4, or is made up for" {
	count() { # ARGUMENT...: the fallible calls of a run, and the limits that it meets
		MAILWARDEN_FAULT=count "$mailwarden" read "$@" 2>&1 >/dev/null |
			sed -n 's/^faults: \([0-9]*\) calls, \([0-9]*\) limits$/\1 \2/p'
	}
	read -r calls_before limits_before <<<"$(count "$office")"
	read -r calls limits <<<"$(count --evidence "$out" "$office")"
	[ "$calls" ] || skip "no test build"
	for n in $(seq "$calls_before" $(((calls - calls_before) / 60 + 1)) "$calls") \
		$(seq $((calls - 20)) "$calls"); do
		rm -rf "$out"
		MAILWARDEN_FAULT=fail@$n read_ --evidence "$out" "$office"
		case $status in
		0) [ -z "$stderr" ] ;;
		3 | 4) [[ "$stderr" == mailwarden:* ]] ;;
		*) echo "fail@$n: $status" && false ;;
		esac
		[ ! -e "$out" ] || [ -z "$(find "$out" -name '.*.new')" ]
	done
	for n in $(seq $((limits_before + 1)) $(((limits - limits_before) / 30 + 1)) "$limits"); do
		MAILWARDEN_FAULT=limit@$n read_ --evidence "$out" "$office"
		[ "$status" -eq 0 ] || [[ "$status" -eq 3 && "$stderr" == mailwarden:* ]] ||
			{ echo "limit@$n: $status"; false; }
	done
}

# --- many

@test "evidence: two stories of one machine are two pairs of files, each with its own packets" {
	python3 tests/cli/dialogues.py 192.168.7.9 192.168.7.9@72 >"$BATS_TEST_TMPDIR/two.pcap"
	read_ --evidence "$out" --allowed-server 203.0.113.25 "$BATS_TEST_TMPDIR/two.pcap"
	[ "$status" -eq 0 ]
	[ "$(ls "$out" | xargs)" = "192.168.7.9-policy-bypass-2.pcapng 192.168.7.9-policy-bypass-2.txt \
192.168.7.9-policy-bypass.pcapng 192.168.7.9-policy-bypass.txt" ]
	for file in "$out"/*.pcapng; do
		grep -aq 'connection 1 of 1: 192.168.7.9 port 4000[01] to mx.heron.example ' "$file"
	done
	grep -q '^  2026-01-01 00:00:00  ' "$out/192.168.7.9-policy-bypass.txt"
	grep -q '^  2026-01-04 00:00:01  ' "$out/192.168.7.9-policy-bypass-2.txt"
}

@test "evidence: of more than a hundred suspects the worst have some, and that is said" {
	# shellcheck disable=SC2046 # words
	python3 tests/cli/dialogues.py $(seq -f 192.168.8.%g 1 101) >"$BATS_TEST_TMPDIR/many.pcap"
	read_ --evidence "$out" --allowed-server 203.0.113.25 --width 200 "$BATS_TEST_TMPDIR/many.pcap"
	[ "$status" -eq 0 ]
	[ "$(find "$out" -name '*.pcapng' | wc -l)" -eq 100 ]
	[ "$(find "$out" -name '*.txt' | wc -l)" -eq 100 ]
	[[ "$output" == *"and those of 96 more"*"1 further suspect was left out; --inside ADDRESS reads for one alone."* ]]
}

# mailwarden read as a person and a script use it: usage, exit codes, formats, what goes where.

setup() {
	mailwarden=${MAILWARDEN:-build/test/mailwarden}
	office=samples/office.pcapng
	export LC_ALL=C
	unset NO_COLOR COLUMNS
}

# read ARGUMENT...: `run` with standard error apart, in $stderr
read_() {
	run --separate-stderr "$mailwarden" read "$@"
}

bats_require_minimum_version 1.5.0

# --- usage

@test "read: no file is wrong usage, and says how to record one" {
	read_
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ "$stderr" == mailwarden:*"which file?"*tcpdump*"-w office.pcap"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "read: wrong options are told in one line" {
	while IFS='|' read -r arguments words; do
		# shellcheck disable=SC2086 # words
		read_ $arguments "$office"
		[ "$status" -eq 2 ] || { echo "$arguments: $status"; false; }
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		# shellcheck disable=SC2053 # a pattern
		[[ "$stderr" == mailwarden:*$words* ]] || { echo "$arguments: $stderr"; false; }
	done <<-'EOF'
		--formt text|--formt: no such option; did you mean --format?
		--mial-server 1|--mial-server: no such option; did you mean --mail-server?
		--zzzz|--zzzz: no such option; see mailwarden read --help
		-x|-x: no such option
		--quiet=yes|takes no value
		--format html|--format: html is no FORMAT
		--emit activities --format text|no text
		--width 39|39 is no number from 40 to 1000
		--width 8o|8o is no number
		--width 4294967336|is no number
		--port 0|0 is no port
		--port 25,|is no port
		--port 70000|is no port
		--inside 192.0.2.1/24|--inside
		--inside 192.0.2.0/24,|--inside
		--allow office|--allow
		--config /nonexistent.yaml|/nonexistent.yaml
	EOF
}

@test "read: an option without its value is told" {
	read_ "$office" --format
	[ "$status" -eq 2 ]
	[[ "$stderr" == "mailwarden: --format: a value is missing" ]]
}

@test "read: all mistakes of a configuration are told in one run" {
	printf 'site:\n  insid: 192.0.2.0/24\ndetectors:\n  direct_to_mx:\n    networks_hour: many\n' \
		>"$BATS_TEST_TMPDIR/wrong.yaml"
	read_ --config "$BATS_TEST_TMPDIR/wrong.yaml" "$office"
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ "${stderr_lines[0]}" == mailwarden:*"line 2"*inside* ]]
	[[ "${stderr_lines[1]}" == mailwarden:*"line 5"* ]]
}

@test "read: --help, -h and help read are the same, with examples and keys" {
	read_ --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "$output" == *Examples*tcpdump* ]]
	[[ "$output" == *detectors.direct_to_mx.networks_hour* ]]
	help=$output
	read_ -h
	[ "$output" = "$help" ]
	run "$mailwarden" help read
	[ "$output" = "$help" ]
	read_ --help --width 20
	[ "$status" -eq 2 ]
}

@test "read: every option of the help is in the manual" {
	read_ --help
	for option in $(grep -o '^ *\(-., \)\?--[a-z-]*' <<<"$output" | grep -o -- '--.*'); do
		grep -q "Fl ${option#--}\b\|Fl Fl ${option#--}\b" docs/man/mailwarden-read.1 ||
			{ echo "$option"; false; }
	done
}

@test "main: --version and help" {
	run "$mailwarden" --version
	[ "$status" -eq 0 ]
	[[ "$output" =~ ^mailwarden\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	run "$mailwarden" help
	[ "$status" -eq 0 ]
	[[ "$output" == *"read"* ]]
	run "$mailwarden" help raed
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean read?" ]]
	run "$mailwarden" "$office"
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean mailwarden read $office?" ]]
}

# --- what it finds

@test "read: the office's culprit is named, and nobody else" {
	read_ "$office"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "${lines[0]}" == "1 machine sends mail by itself: 192.168.7.108 "* ]]
	[[ "$output" == *"What was seen"*"What was not understood"*"What to do next"* ]]
	read_ --format jsonl "$office"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *'"192.168.7.108"'* ]]
}

@test "read: --exit-code is 1 for suspects, 0 for none" {
	read_ --exit-code "$office"
	[ "$status" -eq 1 ]
	read_ --exit-code --allow 192.168.7.108 "$office"
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "No machine was seen sending mail by itself." ]]
}

@test "read: one option in all its spellings" {
	printf 'site:\n  mail_servers: [192.168.7.108]\n' >"$BATS_TEST_TMPDIR/site.yaml"
	for arguments in "--mail-server 192.168.7.108" "--mail-servers=192.168.7.25,192.168.7.108" \
		"--mail-server 192.168.7.25 --mail-servers 192.168.7.108" \
		"--config $BATS_TEST_TMPDIR/site.yaml"; do
		# shellcheck disable=SC2086 # words
		read_ $arguments --exit-code "$office"
		[ "$status" -eq 0 ] || { echo "$arguments: $status"; false; }
	done
}

@test "read: options may follow the files, and -- ends them" {
	read_ "$office" --format jsonl
	[ "$status" -eq 0 ]
	[[ "$output" == "{"* ]]
	read_ -- --format
	[ "$status" -eq 3 ]
}

@test "read: standard input is a file like another" {
	read_ "$office"
	whole=$(grep -v 'office.pcapng\|File ' <<<"$output")
	run bash -c "'$mailwarden' read - <'$office'"
	[ "$status" -eq 0 ]
	[[ "$output" == *"standard input"* ]]
	[ "$(grep -v 'FILE\.\.\.\|File ' <<<"$output")" = "$whole" ]
}

# --- formats

@test "read: jsonl of alerts and of activities is JSON, line by line" {
	for emit in alerts activities; do
		"$mailwarden" read --emit "$emit" --format jsonl "$office" >"$BATS_TEST_TMPDIR/out"
		[ -s "$BATS_TEST_TMPDIR/out" ]
		python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' \
			<"$BATS_TEST_TMPDIR/out"
	done
	read_ --emit activities "$office"
	[[ "$output" == "{"* ]]
}

@test "read: csv has a header, and all rows as many fields" {
	for emit in alerts activities; do
		"$mailwarden" read --emit "$emit" --format csv "$office" >"$BATS_TEST_TMPDIR/out"
		python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
assert len(rows) > 1 and len({len(row) for row in rows}) == 1, rows
assert len(set(rows[0])) == len(rows[0]), rows[0]' "$BATS_TEST_TMPDIR/out"
	done
}

@test "read: csv of nothing is its header" {
	read_ --allow 192.168.7.108 --format csv "$office"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "read: --keep says how much of a message is written" {
	read_ --emit activities --keep envelope "$office"
	[[ "$output" == *'"message":{"size":'* && "$output" == *'"subject":null'* ]]
	[[ "$output" != *'"subject":"'* ]]
	read_ --emit activities "$office"
	headers=$output
	[[ "$output" == *'"subject":"'* ]]
	[[ "$output" != *'"md5":"'* ]]
	read_ --emit activities --keep headers "$office"
	[ "$output" = "$headers" ]
}

@test "read: what is found does not depend on --keep" {
	read_ --format jsonl --keep envelope "$office"
	envelope=$output
	read_ --format jsonl --keep digests "$office"
	[ "$output" = "$envelope" ]
}

# --- the look of it

@test "read: no colour in a pipe, colour on request, never none of it" {
	read_ "$office"
	[[ "$output" != *$'\033'* ]]
	read_ --colour always "$office"
	[[ "$output" == *$'\033[1;31m'* ]]
	read_ --color=never "$office"
	[[ "$output" != *$'\033'* ]]
}

@test "read: a terminal gets colour unless NO_COLOR or TERM forbid it" {
	command -v script >/dev/null || skip "no script(1)"
	terminal() {
		script -qec "$mailwarden read -q $office" /dev/null </dev/null
	}
	export TERM=xterm
	run terminal
	[[ "$output" == *$'\033[1;31m'* ]]
	NO_COLOR='' run terminal
	[[ "$output" == *$'\033[1;31m'* ]]
	NO_COLOR=1 run terminal
	[[ "$output" != *$'\033['* ]]
	TERM=dumb run terminal
	[[ "$output" != *$'\033['* ]]
}

@test "read: --width and COLUMNS wrap the prose" {
	widest() {
		awk '/^      / || /^    (mailwarden|netstat|tasklist|sudo|while)/ { next }
			length > most { most = length } END { print most }' <<<"$output"
	}
	read_ --width 60 "$office"
	[ "$(widest)" -le 60 ]
	read_ "$office"
	[ "$(widest)" -le 80 ]
	[ "$(widest)" -gt 60 ]
	COLUMNS=50 read_ "$office"
	[ "$(widest)" -le 50 ]
}

@test "read: a suspect is called by its name, its network card and its vendor" {
	read_ --width 100 "$office"
	[[ "${lines[0]}" == *": 192.168.7.108 (wxpanna, 00:0c:29:4d:1f:a6 VMware)." ]]
	read_ --format csv "$office"
	[[ "${lines[1]}" == *',wxpanna,"VMware, Inc."'* ]]
}

@test "read: -v names every counter" {
	read_ -v tests/golden/gaps/input.pcapng
	[ "$status" -eq 0 ]
	[[ "$output" != *"-v names"* ]]
	[[ "$output" =~ [a-z]+_[a-z_]+:\  ]]
}

# --- what goes wrong

@test "read: a missing file is told, exit code 3; others are read" {
	read_ /nonexistent.pcap
	[ "$status" -eq 3 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ "$stderr" == "mailwarden: /nonexistent.pcap: "* ]]
	read_ /nonexistent.pcap --exit-code "$office" --width 200
	[ "$status" -eq 3 ]
	[[ "$output" == *"1 of them could not be read to its end"* ]]
	[[ "${lines[0]}" == "1 machine sends mail by itself: 192.168.7.108 "* ]]
}

@test "read: what is no capture is told, exit code 3" {
	read_ docs/man/mailwarden.1
	[ "$status" -eq 3 ]
	[[ "$stderr" == "mailwarden: docs/man/mailwarden.1: "* ]]
	read_ samples
	[ "$status" -eq 3 ]
	[[ "$stderr" == "mailwarden: samples: "* ]]
	read_ /dev/null
	[ "$status" -eq 3 ]
}

@test "read: a cut file is told, and what was read of it counts" {
	head -c 100000 "$office" >"$BATS_TEST_TMPDIR/cut.pcapng"
	read_ "$BATS_TEST_TMPDIR/cut.pcapng" --width 200
	[ "$status" -eq 3 ]
	[[ "$stderr" == "mailwarden: $BATS_TEST_TMPDIR/cut.pcapng: "*packets* ]]
	[[ "$output" == *"cut.pcapng; it could not be read to its end"* ]]
}

@test "read: a full disk is told, exit code 4" {
	for arguments in "read $office" "read --format jsonl $office" \
		"read --emit activities $office" "read --help" "--help" "--version"; do
		run bash -c "'$mailwarden' $arguments 2>&1 >/dev/full"
		[ "$status" -eq 4 ] || { echo "$arguments: $status"; false; }
		[ "${#lines[@]}" -eq 1 ]
		[[ "$output" == "mailwarden: standard output: No space left on device; "* ]]
	done
}

@test "read: closed output is told, a closed pipe is not" {
	run bash -c "'$mailwarden' read '$office' 2>&1 >&-"
	[ "$status" -eq 4 ]
	[[ "$output" == "mailwarden: standard output: "* ]]
	run bash -c "set -o pipefail; { '$mailwarden' read '$office'; echo \$? >&2; } | true"
	[ "$output" = 4 ] || [ "$output" = 0 ] # whoever was faster
	run bash -c "{ sleep 1; '$mailwarden' read '$office' 2>&1; echo \$? >&2; } | true"
	[ "$output" = 4 ]
}

@test "read: a signal ends the reading, not the report" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	"$mailwarden" read "$BATS_TEST_TMPDIR/pipe" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	exec 7>"$BATS_TEST_TMPDIR/pipe"
	head -c 100000 "$office" >&7
	sleep 0.5
	kill -TERM $!
	tail -c +100001 "$office" | head -c 100000 >&7 || true # it reads no more
	wait $!
	exec 7>&-
	grep -q 'Reading was stopped before the end' "$BATS_TEST_TMPDIR/out"
	grep -q '^mailwarden: stopped before the end' "$BATS_TEST_TMPDIR/err"
}

# --- compressed captures

@test "read: compressed captures say what the plain one says, from files and from pipes" {
	read_ --format jsonl --emit activities "$office"
	expected=$output
	for tool in gzip bzip2 xz zstd; do
		command -v "$tool" >/dev/null || continue
		packed=$BATS_TEST_TMPDIR/office.$tool
		"$tool" -c <"$office" >"$packed"
		read_ --format jsonl --emit activities "$packed"
		[ "$status" -eq 0 ]
		[ "$output" = "$expected" ]
		[ "$("$mailwarden" read --format jsonl --emit activities - <"$packed")" = "$expected" ]
	done
}

@test "read: a compressed capture that ends early is told with what was read" {
	gzip -c <"$office" | head -c 20000 >"$BATS_TEST_TMPDIR/cut.gz"
	read_ --format jsonl "$BATS_TEST_TMPDIR/cut.gz"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"cut.gz: compressed data (gzip) end early, at offset 20000; "*" packets were read; "* ]]
}

@test "read: foreign captures are refused with the command that converts them" {
	printf 'snoop\0\0\0\0\0\0\2\0\0\0\4' >"$BATS_TEST_TMPDIR/a.snoop"
	printf '\0\0\0\0\0\0\0\147\1\0\0\66\0\0\0\46........' >"$BATS_TEST_TMPDIR/a.erf"
	for file in a.snoop a.erf; do
		read_ "$BATS_TEST_TMPDIR/$file"
		[ "$status" -eq 3 ]
		[[ "$stderr" == *"$file: offset 0: "*"editcap -F pcapng FILE NEW.pcapng" ]]
	done
}

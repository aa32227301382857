# --pseudonyms: nobody is named, everything else is said; the key file and what may be wrong with it.

bats_require_minimum_version 1.5.0

setup() {
	mailwarden=${MAILWARDEN:-build/test/mailwarden}
	office=samples/office.pcapng
	key=$BATS_TEST_TMPDIR/key
	export LC_ALL=C.UTF-8
	unset NO_COLOR COLUMNS
	umask 077
	head -c 32 /dev/urandom >"$key"
}

read_() {
	run --separate-stderr "$mailwarden" read "$@"
}

@test "pseudonyms: no name of any capture in any output; the same stays the same" {
	head -c 32 /dev/urandom >"$key.other"
	run python3 tests/cli/pseudonyms.py "$mailwarden" "$key" "$key.other" "$office" \
		tests/golden/*/input.pcap*
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "pseudonyms: one key for all slices of a recording" {
	slices=(tests/golden/{vlan,auth,vrfy}/input.pcapng)
	together=$("$mailwarden" read --pseudonyms "$key" --emit activities "${slices[@]}" | sort)
	apart=$(for slice in "${slices[@]}"; do
		"$mailwarden" read --pseudonyms "$key" --emit activities "$slice"
	done | sort)
	[ "$together" = "$apart" ]
}

@test "pseudonyms: verdict and exit code do not depend on it" {
	read_ --exit-code --pseudonyms "$key" "$office"
	[ "$status" -eq 1 ]
	[[ "${lines[0]}" == "1 machine sends mail by itself: 2001:db8:4::"* ]]
	[[ "$output" == *"are pseudonyms"* ]]
	read_ --exit-code --pseudonyms "$key" --allow 192.168.7.108 "$office"
	[ "$status" -eq 0 ]
}

@test "pseudonyms: what to do next works with the key" {
	read_ --pseudonyms "$key" "$office"
	next=$(sed -n '/^What to do next/,$p' <<<"$output" | tail -n 1 | sed "s,KEYFILE,$key,; s,mailwarden,$mailwarden,")
	[[ "$next" == *--pseudonyms* ]]
	[ "$(bash -c "$next" | wc -l)" -ge 20 ]
}

@test "pseudonyms: a key file that is none is told, with how to make one" {
	printf 'too short' >"$key.short"
	head -c 5000 /dev/urandom >"$key.long"
	while IFS='|' read -r file words; do
		read_ --pseudonyms "$file" "$office"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		# shellcheck disable=SC2053 # a pattern
		[[ "$stderr" == "mailwarden: "*$words*"head -c 32 /dev/urandom"* ]] || { echo "$stderr"; false; }
		[ "$file" = "$key.none" ] && [ ! -e "$file" ] || [ -e "$file" ]
	done <<-EOF2
		$key.none|No such file
		$key.short|9 bytes
		$key.long|longer than 4096
		$BATS_TEST_TMPDIR|Is a directory
	EOF2
}

@test "pseudonyms: a key that others may read is told, and used" {
	read_ --pseudonyms "$key" "$office"
	[ -z "$stderr" ]
	closed=$output
	chmod 644 "$key"
	read_ --pseudonyms "$key" "$office"
	[ "$status" -eq 0 ]
	[ "$output" = "$closed" ]
	[[ "$stderr" == "mailwarden: $key: others may read this key"*"chmod 600"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "pseudonyms: 16 bytes are enough, from a pipe too, and each counts" {
	outcome() {
		"$mailwarden" read --pseudonyms <(printf '%s' "$1") --format csv "$office"
	}
	one=$(outcome 0123456789abcdef)
	[ -n "$one" ]
	[ "$(outcome 0123456789abcdef)" = "$one" ]
	[ "$(outcome 0123456789abcdeg)" != "$one" ]
	[ "$(outcome $'0123456789abcdef\n')" != "$one" ]
	[ -z "$(outcome 0123456789abcde 2>/dev/null)" ]
}

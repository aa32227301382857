# The program starts, explains itself, and ends with the right code.

setup() {
	mailwarden=${MAILWARDEN:-build/test/mailwarden}
}

@test "smoke: --help explains and is fine" {
	run "$mailwarden" --help
	[ "$status" -eq 0 ]
	[[ "$output" == *read* ]]
}

@test "smoke: no argument is wrong usage" {
	run "$mailwarden"
	[ "$status" -eq 2 ]
}

@test "smoke: an unknown command is wrong usage, told in one line" {
	run "$mailwarden" raed
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == mailwarden:*raed* ]]
}

@test "smoke: the picture in the README is the report (script/picture draws it)" {
	script/picture "$BATS_TEST_TMPDIR/report.svg"
	cmp "$BATS_TEST_TMPDIR/report.svg" docs/report.svg
}

#!/usr/bin/env bats
# The same input, cut anywhere or through a pipe, gives the same sessions and alerts, ids included.

setup() {
	top=$BATS_TEST_DIRNAME/../..
	program=${MAILWARDEN:-$top/build/test/mailwarden}
	slice=$(dirname "$program")/tests/slice
	folder=$BATS_TEST_TMPDIR/slices
}

# said WHAT FILE...: what the program says of them
said() {
	what=$1 && shift
	"$program" read --emit "$what" --format jsonl "$@" 2>/dev/null
}

# check FILE SEED MOST: both kinds of output, of the whole file and of its slices
check() {
	rm -rf "$folder" && mkdir "$folder"
	"$slice" "$1" "$folder" "$2" "$3" >"$folder/names"
	mapfile -t names <"$folder/names"
	for what in activities alerts; do
		if ! diff <(said "$what" "$1") <(said "$what" "${names[@]}") >"$folder/diff"; then
			echo "$1, seed $2, at most $3 packets a file: $what differ" && head -c 2000 "$folder/diff"
			return 1
		fi
	done
}

captures() {
	# of mixed all packets of an interface are later than those of the other in the file, not in time;
	# in cut-file the end is missing; of those whose clock runs backwards a merge makes another order
	find "$top/tests/golden" "$top/samples" -name '*.pcap' -o -name '*.pcapng' | grep -vE '/(mixed|cut-file)/' | LC_ALL=C sort
}

@test "splits: any slices give the same" {
	seed=1
	for file in $(captures); do
		check "$file" $seed 40
		seed=$((seed + 1))
	done
}

@test "splits: a file for each packet gives the same" {
	for file in $(captures | grep -E 'auth|bdat|lossy|pipelining|office'); do
		check "$file" 1 1
	done
}

@test "splits: a pipe gives the same" {
	for file in $(captures); do
		diff <(said activities "$file") <(cat "$file" | said activities -)
	done
}

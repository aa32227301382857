# shellcheck shell=sh disable=SC2034,SC2154
# What script/run, script/test and script/fuzz share: installing what is missing, building.
# Sourced, with $top set to the root of the repository. Messages go to standard error.

# What a release needs, and what the tests need beside it (docs/dependencies.md says what for).
# Debian's gcc and clang only recommend the C library's headers and the sanitizers' run-time.
build_packages='gcc libc6-dev meson ninja-build pkgconf libyaml-dev libssl-dev libpsl-dev zlib1g-dev libzstd-dev
	liblzma-dev libbz2-dev libxxhash-dev'
run_packages='ieee-data' # data that the program reads where it is there
fuzz_packages='clang llvm'
test_packages='libcmocka-dev bats shellcheck mandoc clang-format clang-tidy python3'

say() {
	echo "mailwarden: $*" >&2
}

# The system failed: exit code 4, as the program itself has it.
die() {
	say "$*"
	exit 4
}

is_debian() {
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null
}

# missing PACKAGE...: those that are not installed.
missing() {
	# shellcheck disable=SC2016 # dpkg's variables, not ours
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
	for package; do
		case "
$installed
" in
		*"
$package installed
"*) ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

apt() {
	# shellcheck disable=SC2086 # nothing, or a command with its option
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
		-o Acquire::Retries=3 "$@" </dev/null
}

# need PACKAGE...: with apt, only those that are missing. Elsewhere than on Debian nothing is
# installed: the build then says what it does not find.
need() {
	if ! is_debian; then
		command -v ninja >/dev/null ||
			die "this is no Debian, nothing can be installed here; install what matches: $*"
		return 0
	fi
	packages=$(missing "$@")
	[ -n "$packages" ] || return 0
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "neither root nor sudo; as root: apt-get install$packages"
		[ -t 0 ] && sudo=sudo || sudo='sudo -n' # without a terminal nobody can type a password
	fi
	say "Installing:$packages"
	log=$(mktemp)
	# shellcheck disable=SC2086 # a list of words
	if ! apt install -y --no-install-recommends $packages >"$log" 2>&1; then
		# Most often the package lists are absent or old.
		if ! { apt update && apt install -y --no-install-recommends $packages; } >"$log" 2>&1; then
			reason=$(grep -m 1 -E '^(E|W|sudo): ' "$log" || tail -n 1 "$log")
			rm -f "$log"
			die "cannot install: $reason; check network and rights, or install by hand:$packages"
		fi
	fi
	rm -f "$log"
}

need_fuzz() {
	# shellcheck disable=SC2086 # lists of words
	need $build_packages $fuzz_packages
	is_debian || return 0
	version=$(clang -dumpversion)
	need "libclang-rt-${version%%.*}-dev"
}

# build FOLDER TARGET OPTION...: sets build/FOLDER up where that was not yet done with these very
# options, compiler and place, then builds TARGET (all: everything).
build() {
	folder=$top/build/$1
	target=$2
	name="build/$1"
	shift 2
	wanted="$top: $("${CC:-cc}" --version 2>&1 | head -n 1): $*"
	mkdir -p "$top/build" 2>/dev/null || true
	[ -w "$top/build" ] ||
		die "build: cannot be written; remove what another user built there"
	if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/setup" 2>/dev/null)" != "$wanted" ]; then
		rm -rf "$folder" || die "$name: cannot be removed; another user built there"
		if ! meson setup "$@" "$folder" "$top" >"$top/build/setup.log" 2>&1; then
			grep -iE 'error|not found' "$top/build/setup.log" >&2 || tail "$top/build/setup.log" >&2
			die "$name: cannot be set up; see build/setup.log"
		fi
		echo "$wanted" >"$folder/setup"
	fi
	case $(ninja -C "$folder" -n "$target" 2>&1) in
	*'no work to do'*) return 0 ;;
	esac
	say "Building $name"
	if [ -t 2 ]; then
		ninja -C "$folder" "$target" >&2 || die "$name: does not build; see above"
	elif ! ninja -C "$folder" -k 0 "$target" >"$folder/build.log" 2>&1; then
		grep -v '^\[' "$folder/build.log" | tail -n 60 >&2
		die "$name: does not build; see above and $name/build.log"
	fi
}

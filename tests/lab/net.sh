# shellcheck shell=sh
# Small networks of namespaces, for one scene: spaces, wires, a recorder. All are named after the
# process, so that two scenes may run at once, and all are gone when the shell ends, however it ends.

lab_tag=mw-$$
lab=$(mktemp -d /tmp/mailwarden-lab.XXXXXX)
chmod 755 "$lab" # Postfix leaves root and must still reach its queue
lab_recorders=
export lab_canary='The canary sentence sings at dawn 7f3c.'
export lab_password=canary-pa55word-7f3c

net_end() {
	status=$?
	trap - EXIT INT TERM HUP
	[ $status -eq 0 ] || net_blame >&2
	for space in $(ip netns list | awk '{print $1}' | grep "^$lab_tag-"); do
		ip netns pids "$space" | xargs -r kill 2>/dev/null || :
	done
	sleep 0.5
	for space in $(ip netns list | awk '{print $1}' | grep "^$lab_tag-"); do
		ip netns pids "$space" | xargs -r kill -9 2>/dev/null || :
		ip netns del "$space"
		rm -rf "/etc/netns/$space"
	done
	rmdir /etc/netns 2>/dev/null || :
	rm -rf "$lab"
	exit $status
}
trap net_end EXIT
trap 'exit 1' INT TERM HUP

net_blame() {
	echo "lab: the scene failed; the last lines of its logs:"
	find "$lab" -name '*.log' -size +0 -exec tail -n 5 {} +
}

# space NAME [ipv6]: a namespace. Without ipv6 it is silent there, so a capture has no stray packets.
space() {
	ip netns add "$lab_tag-$1"
	mkdir -p "/etc/netns/$lab_tag-$1"
	: >"/etc/netns/$lab_tag-$1/resolv.conf"
	[ "${2:-}" = ipv6 ] || in_space "$1" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	in_space "$1" sysctl -q -w net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
	ip -n "$lab_tag-$1" link set lo up
}

# in_space NAME PROGRAM...
in_space() {
	in=$1
	shift
	ip netns exec "$lab_tag-$in" "$@"
}

# with_name NAME PROGRAM...: the same, and the program finds NAME as the host's name, too.
with_name() {
	# shellcheck disable=SC2016 # the inner shell expands it
	in_space "$1" unshare --uts sh -c 'hostname "$1"; shift; exec "$@"' sh "$@"
}

# at NAME ip-arguments...
at() {
	in=$1
	shift
	ip -n "$lab_tag-$in" "$@"
}

resolver() { # NAME ADDRESS
	echo "nameserver $2" >"/etc/netns/$lab_tag-$1/resolv.conf"
}

# Segments and checksums as they are on a wire: nothing is left for a card to do.
plain() { # NAME DEVICE
	in_space "$1" ethtool -K "$2" rx off tx off sg off tso off gso off gro off >/dev/null 2>&1 || :
}

# wire NAME DEVICE NAME DEVICE [MAC [MAC]]: a cable between two spaces.
wire() {
	ip link add name "mwa$$" mtu 1500 ${5:+address "$5"} netns "$lab_tag-$1" type veth \
		peer name "mwb$$" mtu 1500 ${6:+address "$6"} netns "$lab_tag-$3"
	at "$1" link set "mwa$$" name "$2"
	at "$3" link set "mwb$$" name "$4"
	plain "$1" "$2"
	plain "$3" "$4"
	at "$1" link set "$2" up
	at "$3" link set "$4" up
}

# record NAME DEVICE FILE [dumpcap arguments]: runs until record_end.
record() {
	in=$1 device=$2 file=$3
	shift 3
	ip netns exec "$lab_tag-$in" dumpcap -q -i "$device" -w "$file" "$@" >/dev/null 2>"$file.log" &
	recording $! "$file" '^File:'
}

# record_pcap NAME DEVICE FILE [tcpdump arguments]: the same in the old format.
record_pcap() {
	in=$1 device=$2 file=$3
	shift 3
	ip netns exec "$lab_tag-$in" tcpdump -U -Z root -i "$device" -w "$file" "$@" 2>"$file.log" &
	recording $! "$file" 'listening on'
}

recording() { # PID FILE SIGN-OF-LIFE
	lab_recorders="$lab_recorders $1"
	wait_until "the recorder" grep -q "$3" "$2.log"
	sleep 0.3
}

record_end() {
	sleep 1
	# shellcheck disable=SC2086 # one word for each process
	kill $lab_recorders
	# shellcheck disable=SC2086
	wait $lab_recorders || :
	lab_recorders=
}

wait_until() { # WHAT PROGRAM...
	what=$1 tries=100
	shift
	until "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || {
			echo "lab: $what did not come up" >&2
			return 1
		}
		sleep 0.1
	done
}

listens() { # NAME PORT
	in_space "$1" ss -ltnH | grep -q ":$2 "
}

# keep FILE [OUT]: the finished capture takes its place in the repository. A pcapng loses the name of
# the machine that recorded it.
keep() {
	out=${2:-$lab_out}
	case $out in
	*ng) python3 tests/lab/pcap.py clean "$1" "$out" ;;
	*) cp "$1" "$out" ;;
	esac
	chmod 644 "$out"
}

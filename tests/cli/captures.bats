# One recording in many clothes: tunnels, link layers, fragments must not change what is seen.

bats_require_minimum_version 1.5.0

setup() {
	mailwarden=${MAILWARDEN:-build/test/mailwarden}
	export LC_ALL=C
}

# sessions NAME: those of a golden recording, but for MAC addresses and VLANs
sessions() {
	"$mailwarden" read --emit activities --format jsonl "tests/golden/$1/input.pcapng" |
		sed -E 's/"mac":(null|"[^"]*")/"mac":"-"/g; s/"vlan":(null|[0-9]+)/"vlan":"-"/'
}

@test "captures: a dialogue is the same in every tunnel and on every link" {
	short=$(sessions short)
	[ "$short" ]
	for name in gre gretap erspan-1 erspan-2 erspan-3 geneve ipip ip-in-ipv6 gtp mpls pseudowire pppoe ppp \
		loopback wlan radiotap nested; do
		[ "$(sessions $name)" = "$short" ] || { echo "$name differs"; false; }
	done
}

@test "captures: what was fragmented, tunnelled or captured twice has the counters of what was not" {
	for name in fragments vxlan mirrored span; do
		run -0 sessions $name
		[ "${#lines[@]}" -eq 1 ]
		[[ "$output" == *'"bytes_client":2335,"bytes_server":399,"commands":6,'*'"anomalies":[]}' ]]
		packets=$(echo "$output" | sed -E 's/.*"packets_client":([0-9]+),"packets_server":([0-9]+).*/\1+\2/')
		[ $((packets)) -eq 25 ] || { echo "$name: $packets packets"; false; }
	done
}

@test "captures: nobody is named for what a tunnel from outside says" {
	run -0 --separate-stderr "$mailwarden" read --exit-code --format jsonl tests/golden/tunnel-outside/input.pcapng
	[ -z "$output" ]
	run -0 "$mailwarden" read -v tests/golden/tunnel-outside/input.pcapng
	[[ "$output" == *tunnel_outside* ]]
}

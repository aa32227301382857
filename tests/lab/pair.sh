# shellcheck shell=sh disable=SC2154 # $lab and its like are from net.sh
# The stage of the golden scenes: a client 192.168.7.20 behind its gateway, and beyond it everybody
# else in one space: the mail server 192.0.2.25 and what a scene adds with `outside`.

client=192.168.7.20
server=192.0.2.25
client_mac=3c:d9:2b:6f:20:14
server_mac=00:25:90:11:22:01

pair() {
	space client
	space server
	wire client eth0 server eth0 $client_mac $server_mac
	pair_addresses
}

# The client's switch and the gateway's, with a cable program between: pair_by PROGRAM-ARGUMENTS...
pair_by() {
	space client
	space cable
	space server
	wire client eth0 cable left $client_mac
	wire cable right server eth0 "" $server_mac
	start cable python3 tests/lab/cable.py left right "$@"
	pair_addresses
}

# The same with a trunk in the middle, on which frames carry these tags: pair_tagged VLAN...
pair_tagged() {
	for name in client left right server; do
		space $name
	done
	wire client eth0 left access $client_mac
	wire left trunk right trunk
	wire right access server eth0 "" $server_mac
	tags=
	for vlan; do
		tags="$tags tag=$vlan"
	done
	for side in left right; do
		at $side link set trunk mtu 1520
		# shellcheck disable=SC2086 # one word for each tag
		start $side python3 tests/lab/cable.py access trunk $tags
	done
	pair_addresses
}

# A router between: the client knows the server by the router's MAC.
pair_routed() {
	for name in client router server; do
		space $name
	done
	wire client eth0 router eth0 $client_mac
	wire router eth1 server eth0 "" $server_mac
	in_space router sysctl -q -w net.ipv4.ip_forward=1
	at client addr add $client/24 dev eth0
	at router addr add 192.168.7.1/24 dev eth0
	at router addr add 192.0.2.1/24 dev eth1
	at server addr add $server/24 dev eth0
	at client route add default via 192.168.7.1
	at server route add default via 192.0.2.1
}

pair_addresses() {
	at client addr add $client/24 dev eth0
	at server addr add 192.168.7.1/24 dev eth0
	at client route add default via 192.168.7.1
	outside $server
}

outside() {
	for address; do
		at server addr add "$address/32" dev lo
	done
}

start() { # SPACE PROGRAM...: in the background, until the scene ends
	in=$1
	shift
	ip netns exec "$lab_tag-$in" "$@" >"$lab/$in-$(basename "$1").log" 2>&1 &
}

# mx [NAME]: the server of kestrel.example, knows info, sales and marek. More for main.cf on stdin.
mx() {
	postfix_new mx mx.kestrel.example <<END
virtual_mailbox_domains = kestrel.example
virtual_mailbox_maps = inline:{ {info@kestrel.example=x}, {sales@kestrel.example=x}, {marek@kestrel.example=x} }
$(cat)
END
}

# The usual server and recorder in one step, for scenes about packets and not about dialogues.
usual_mx() {
	mx </dev/null
	postfix_listen mx $server:25
	postfix_start mx server
}

talk() { # PORT: the dialogue on stdin
	in_space client python3 tests/lab/talk.py $server "$1" 2>>"$lab/talk.log" || :
}

# usual_talk: two messages in one connection, with a stranger among the recipients.
usual_talk() {
	talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example>
RCPT TO:<info@kestrel.example>
RCPT TO:<second@kestrel.example>
RCPT TO:<sales@kestrel.example>
DATA
+ From: Jana <jana@office.example>
+ Subject: The first of two
+
+ $lab_canary
.
MAIL FROM:<jana@office.example>
RCPT TO:<marek@kestrel.example>
DATA
+ From: Jana <jana@office.example>
+ Subject: The second of two
+
$(long_text)
+ $lab_canary
.
QUIT
END
}

long_text() { # steps for talk: enough for several segments
	for line in $(seq 1 60); do
		echo "+ Line $line of a text that needs more than one segment on the wire, as most mail does."
	done
}

# short_talk: one message, for scenes that are about what the packets lie in.
short_talk() {
	talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example>
RCPT TO:<info@kestrel.example>
RCPT TO:<second@kestrel.example>
DATA
+ From: Jana <jana@office.example>
+ Subject: A short one
+
$(long_text | head -n 25)
+ $lab_canary
.
QUIT
END
}

# wrapped KIND: the recording `short` again, in a tunnel or under another link layer.
wrapped() {
	/usr/bin/python3 tests/lab/wrap.py "$1" tests/golden/short/input.pcapng "$lab_out"
}

# shellcheck shell=sh disable=SC2154 # $lab and its like are from net.sh
# The office scene of samples/README.md: a LAN behind NAT, its own mail server, a provider, fourteen
# servers of others, four people at work, and one infected PC. Recorded on the office switch.

lan=192.168.7
public=198.51.100.7
provider=203.0.113.25
web=192.0.2.80

# domain, address, how it treats the office's public address
domains() {
	cat <<'END'
kestrel.example 198.18.1.25 welcome
ibis.example 198.18.2.25 welcome
heron.example 198.18.3.25 blocklist
curlew.example 198.18.4.25 blocklist
plover.example 198.18.5.25 door
dunlin.example 198.18.6.25 greylist
wren.example 198.18.7.25 welcome
siskin.example 198.18.8.25 helo
linnet.example 198.18.9.25 welcome
bunting.example 198.18.10.25 blocklist
dipper.example 198.18.11.25 sender
pipit.example 198.18.12.25 welcome
osprey.example 198.18.13.25 welcome
merlin.example 198.18.14.25 welcome
END
}

treatment() {
	zen='reject_rbl_client zen.blocklist.example'
	case $1 in
	welcome) echo '-o show_user_unknown_table_name=no' ;;
	blocklist) echo "-o {smtpd_recipient_restrictions=$zen}" ;;
	door) echo "-o smtpd_delay_reject=no -o {smtpd_client_restrictions=$zen}" ;;
	greylist) echo "-o {smtpd_recipient_restrictions=check_client_access texthash:$lab/outside/greylist}" ;;
	helo) echo '-o {smtpd_helo_restrictions=reject_invalid_helo_hostname,reject_non_fqdn_helo_hostname}' ;;
	sender) echo '-o {smtpd_sender_restrictions=reject_unknown_sender_domain}' ;;
	esac
}

# The same names for both resolvers; nobody asks any other.
dns_names() {
	domains | while read -r domain address _; do
		echo "mx-host=$domain,mx.$domain,10"
		echo "host-record=mx.$domain,$address"
		echo "host-record=$domain,$address"
	done
	cat <<END
mx-host=provider.example,smtp.provider.example,10
host-record=smtp.provider.example,$provider
host-record=www.weather.example,$web
mx-host=office.example,mail.office.example,10
END
}

dns() { # SPACE NAME: dnsmasq with the options on stdin
	{
		dns_names
		cat
	} >"$lab/$2.conf"
	in_space "$1" dnsmasq --conf-file="$lab/$2.conf" --no-resolv --no-hosts --no-poll --user=root \
		--log-facility="$lab/$2.log" --pid-file="$lab/$2.pid" --dhcp-leasefile="$lab/$2.leases"
}

host() { # NAME MAC: a socket on the office switch
	space "$1"
	wire "$1" eth0 switch "$1" "$2"
	at switch link set "$1" master br0
}

lan_with_router() {
	space switch
	at switch link add br0 type bridge
	plain switch br0
	at switch link set br0 up
	space outside
	host router 02:e0:4c:07:00:01
	wire router wan outside eth0 00:25:90:11:22:07 00:25:90:aa:bb:01
	at router addr add $lan.1/24 dev eth0
	at router addr add $public/24 dev wan
	at router route add default via 198.51.100.1
	in_space router sysctl -q -w net.ipv4.ip_forward=1
	in_space router nft -f - <<END
table ip nat {
	chain in {
		type nat hook prerouting priority dstnat
		iifname "wan" tcp dport 25 dnat to $lan.25
	}
	chain out {
		type nat hook postrouting priority srcnat
		oifname "wan" masquerade
	}
}
END
	dns router office-dns <<END
host-record=mail.office.example,$lan.25
domain=office.example
interface=eth0
bind-interfaces
dhcp-authoritative
dhcp-range=$lan.100,$lan.199,12h
dhcp-host=00:14:22:5e:01:0a,$lan.101
dhcp-host=3c:d9:2b:6f:20:44,$lan.102
dhcp-host=28:d2:44:b1:7c:03,$lan.103
dhcp-host=a4:5e:60:c8:99:12,$lan.104
dhcp-host=00:0c:29:4d:1f:a6,$lan.108
END
}

outside_hosts() {
	at outside addr add 198.51.100.1/24 dev eth0
	for address in $provider $web 192.0.2.53 $(domains | cut -d' ' -f2); do
		at outside addr add "$address/32" dev lo
	done
	resolver outside 192.0.2.53
	dns outside outside-dns <<END
host-record=mail.office.example,$public
listen-address=192.0.2.53
bind-interfaces
address=/7.100.51.198.zen.blocklist.example/127.0.0.4
txt-record=7.100.51.198.zen.blocklist.example,"https://www.blocklist.example/query/ip/$public"
END
}

provider_server() {
	postfix_new provider smtp.provider.example <<END
mynetworks = 127.0.0.0/8, $public/32
smtpd_tls_auth_only = no
END
	postfix_accounts provider provider.example jana office
	postfix_certificate provider smtp.provider.example
	postfix_listen provider $provider:25 -o smtpd_sasl_auth_enable=no -o smtpd_tls_security_level=none
	postfix_listen provider $provider:587 -o syslog_name=submission \
		-o '{smtpd_recipient_restrictions=permit_sasl_authenticated,reject}'
	postfix_start provider outside
}

# Fourteen organisations in one Postfix: each address has its own name, domain and temper. What is
# given to port 10025 they send to the office, from the address of the sender's domain.
outside_servers() {
	postfix_new outside mx.kestrel.example <<END
relay_domains = $(domains | cut -d" " -f1 | tr "\n" " ")
relay_recipient_maps = texthash:$lab/outside/people
sender_dependent_default_transport_maps = texthash:$lab/outside/senders
smtp_tls_security_level = none
END
	echo "$public 450 4.7.1 Greylisted, please try again in 300 seconds" >"$lab/outside/greylist"
	domains | while read -r domain address treatment; do
		for person in info sales marek tomas; do
			echo "$person@$domain ok"
		done >>"$lab/outside/people"
		echo "@$domain from-${domain%.example}:[$public]" >>"$lab/outside/senders"
		echo "from-${domain%.example} unix - - n - - smtp" \
			"-o smtp_bind_address=$address -o smtp_helo_name=mx.$domain" >>"$lab/outside/master.cf"
		# shellcheck disable=SC2046,SC2086 # options are words
		postfix_listen outside "$address:25" -o "myhostname=mx.$domain" $(treatment $treatment)
	done
	postfix_listen outside 127.0.0.1:10025
	postfix_start outside outside
}

office_server() {
	host mail 00:11:32:7a:3e:25
	at mail addr add $lan.25/24 dev eth0
	at mail route add default via $lan.1
	resolver mail $lan.1
	postfix_new mail mail.office.example <<END
mynetworks = 127.0.0.0/8, $lan.0/24
virtual_mailbox_domains = office.example
virtual_mailbox_maps = inline:{ {jana@office.example=x}, {reception@office.example=x}, {jan@office.example=x} }
default_transport = smtp:
relayhost = [smtp.provider.example]
smtp_tls_security_level = none
END
	postfix_listen mail $lan.25:25
	postfix_start mail mail
}

# pc NAME MAC LAST-BYTE: switches on, and gets the address by DHCP under its name.
pc() {
	host "$1" "$2"
	cat >"$lab/lease" <<'END'
#!/bin/sh
[ "$1" != bound ] || {
	ip addr add "$ip/$mask" dev "$interface"
	ip route add default via "$router"
}
END
	chmod 755 "$lab/lease"
	resolver "$1" $lan.1
	in_space "$1" busybox udhcpc -q -n -i eth0 -x "hostname:$1" -s "$lab/lease" >"$lab/$1.log" 2>&1
}

browse() { # SPACE PAGE
	in_space "$1" busybox wget -q -O /dev/null "http://www.weather.example/$2" || :
}

# Jana in accounting and the reception use the provider; Jan and the designer the office's own server.
people_at_work() {
	auth="--server smtp.provider.example:587 --auth-user jana --auth-password $lab_password"
	browse reception-pc today.html
	# shellcheck disable=SC2086 # options are words
	send accounts-pc 'Invoice 2026-114' $auth --auth PLAIN --tls --ehlo "[$lan.102]" \
		--from jana@office.example --to info@kestrel.example,sales@ibis.example
	sleep 12
	send jan-laptop 'Minutes' --server mail.office.example --ehlo jan-laptop \
		--from jan@office.example --to marek@wren.example
	browse jan-laptop week.html
	sleep 14
	# shellcheck disable=SC2086
	send reception-pc 'Opening hours' $auth --auth LOGIN --ehlo "[$lan.101]" \
		--from reception@office.example --to info@osprey.example
	send design-mac 'Draft of the leaflet' --server mail.office.example --ehlo design-mac \
		--from design@office.example --to sales@pipit.example,jan@office.example
	sleep 13
	# shellcheck disable=SC2086
	send design-mac 'Fonts' $auth --auth PLAIN --ehlo "[$lan.104]" \
		--from design@office.example --to info@linnet.example
	browse accounts-pc week.html
	sleep 14
	# shellcheck disable=SC2086
	send accounts-pc 'Reminder' $auth --auth CRAM-MD5 --tls --ehlo "[$lan.102]" \
		--from jana@office.example --to sales@merlin.example
	send jan-laptop 'Lunch' --server mail.office.example --ehlo jan-laptop \
		--from jan@office.example --to jana@office.example
	browse design-mac today.html
}

post_from_outside() {
	while read -r from to subject; do
		send outside "$subject" --server 127.0.0.1:10025 --from "$from" --to "$to"
		sleep 11
	done <<'END'
info@kestrel.example jana@office.example Re: Invoice 2026-114
marek@wren.example jan@office.example Re: Minutes
sales@ibis.example reception@office.example,nobody@office.example Spring offer
tomas@osprey.example jan@office.example,jana@office.example Visit on Friday
info@merlin.example former.colleague@office.example Are you still there
END
}

web_server() {
	mkdir "$lab/www"
	echo '<p>Rain, then sun.</p>' >"$lab/www/today.html"
	for day in Monday Tuesday Wednesday Thursday Friday; do
		echo "<p>$day: clouds, 12 degrees.</p>"
	done >"$lab/www/week.html"
	ip netns exec "$lab_tag-outside" python3 -m http.server --bind $web --directory "$lab/www" 80 >"$lab/www.log" 2>&1 &
	wait_until "the web server" listens outside 80
}

infected() {
	# shellcheck disable=SC2046 # one word for each domain
	in_space wxpanna python3 tests/lab/bot.py $lan.1 $(domains | cut -d' ' -f1) \
		nowhere.example $(domains | cut -d' ' -f1 | sort) >"$lab/bot.log" 2>&1
}

lan_with_router
outside_hosts
provider_server
outside_servers
web_server
office_server
record switch br0 "$lab/office.pcapng"
pc reception-pc 00:14:22:5e:01:0a
pc accounts-pc 3c:d9:2b:6f:20:44
pc jan-laptop 28:d2:44:b1:7c:03
pc design-mac a4:5e:60:c8:99:12
pc wxpanna 00:0c:29:4d:1f:a6
people_at_work &
people=$!
post_from_outside &
post=$!
infected
wait $people $post
sleep 5
record_end
keep "$lab/office.pcapng"

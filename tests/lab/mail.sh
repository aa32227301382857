# shellcheck shell=sh disable=SC2154 # $lab and its like are from net.sh
# Mail servers and senders for the scenes. Each Postfix has its own configuration, queue and log in
# the scene's directory; nothing of the host's own Postfix is read or written.

# postfix_new NAME HOSTNAME: a Postfix that swallows what it accepts. Lines for main.cf on stdin.
postfix_new() {
	dir=$lab/$1
	mkdir -p "$dir/queue" "$dir/data"
	chown postfix "$dir/data"
	cat >"$dir/main.base" <<END
compatibility_level = 3.6
myhostname = $2
mydestination =
inet_protocols = all
queue_directory = $dir/queue
data_directory = $dir/data
daemon_directory = $(postfix_daemons)
maillog_file = $dir/postfix.log
maillog_file_prefixes = $lab
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
mynetworks = 127.0.0.0/8
default_transport = discard:
relay_transport = discard:
virtual_transport = discard:
smtpd_peername_lookup = no
smtputf8_enable = no
END
	cat >"$dir/main.own"
	awk '{ line[$1] = $0 } END { for (key in line) print line[key] }' \
		"$dir/main.base" "$dir/main.own" >"$dir/main.cf" # own lines win
	postfix_services >"$dir/master.cf"
}

postfix_daemons() {
	for daemons in /usr/lib/postfix/sbin /usr/libexec/postfix; do
		[ ! -x $daemons/smtpd ] || echo $daemons
	done
}

postfix_services() {
	cat <<'END'
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
END
}

# postfix_listen NAME ADDRESS:PORT [smtpd arguments]
postfix_listen() {
	dir=$lab/$1 listen=$2
	shift 2
	echo "$listen inet n - n - - smtpd $*" >>"$dir/master.cf"
}

# postfix_start NAME SPACE
postfix_start() {
	in_space "$2" postfix -c "$lab/$1" start >"$lab/$1/start.log" 2>&1
}

# postfix_accounts NAME REALM USER...: all with the same password, for AUTH.
postfix_accounts() {
	dir=$lab/$1 realm=$2
	shift 2
	mkdir -p "$dir/sasl"
	cat >"$dir/sasl/smtpd.conf" <<END
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $dir/sasl/db
mech_list: PLAIN LOGIN CRAM-MD5
END
	for user; do
		printf '%s' "$lab_password" | saslpasswd2 -p -c -f "$dir/sasl/db" -u "$realm" "$user"
	done
	chown -R postfix "$dir/sasl"
	cat >>"$dir/main.cf" <<END
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = $realm
cyrus_sasl_config_path = $dir/sasl
END
}

# postfix_certificate NAME HOSTNAME: STARTTLS with a certificate of its own.
postfix_certificate() {
	dir=$lab/$1
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$2" \
		-keyout "$dir/tls.pem" -out "$dir/crt.pem" 2>"$dir/tls.log"
	cat "$dir/crt.pem" >>"$dir/tls.pem"
	cat >>"$dir/main.cf" <<END
smtpd_tls_chain_files = $dir/tls.pem
smtpd_tls_security_level = may
END
}

# send SPACE SUBJECT [swaks arguments]: one message with the canary sentence. A refusal is no error.
send() {
	in=$1 subject=$2
	shift 2
	with_name "$in" swaks --silent 3 --timeout 20 --header "Subject: $subject" \
		--body "$lab_canary" "$@" >>"$lab/swaks.log" 2>&1 || :
}

# shellcheck shell=sh disable=SC2154
# AUTH in clear on 587: three mechanisms, each with the right password and with a wrong one.
pair
mx </dev/null
postfix_accounts mx kestrel.example jana
postfix_listen mx "$server:587" -o '{smtpd_recipient_restrictions=permit_sasl_authenticated,reject}'
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
for mechanism in PLAIN LOGIN CRAM-MD5; do
	for password in "$lab_password" "$lab_password-wrong"; do
		send client "By $mechanism" --server "$server:587" --auth "$mechanism" --auth-user jana \
			--auth-password "$password" --from jana@kestrel.example --to marek@wren.example
	done
done
record_end
keep "$lab/talk.pcapng"

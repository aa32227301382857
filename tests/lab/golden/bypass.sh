# shellcheck shell=sh disable=SC2154
# A client that sends by the provider, as it should, and once past it to somebody's server on port 25.
pair
provider=203.0.113.25
outside "$provider"
mx </dev/null
postfix_accounts mx provider.example jana
postfix_listen mx "$provider:587" -o myhostname=smtp.provider.example \
	-o '{smtpd_recipient_restrictions=permit_sasl_authenticated,reject}'
postfix_listen mx "$server:25" -o smtpd_sasl_auth_enable=no
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
for subject in 'By the provider' 'By the provider again'; do
	send client "$subject" --server "$provider:587" --auth PLAIN --auth-user jana \
		--auth-password "$lab_password" --from jana@provider.example --to marek@wren.example
done
send client 'Past the provider' --server "$server" --from jana@provider.example --to info@kestrel.example
record_end
keep "$lab/talk.pcapng"

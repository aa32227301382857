# shellcheck shell=sh disable=SC2154
# STARTTLS that works (587); one that is announced and then refused with 454 (25), and the client goes
# on in clear; one where the handshake fails (2525), because the server has no certificate.
pair
mx </dev/null
postfix_certificate mx mx.kestrel.example
postfix_listen mx "$server:587"
postfix_listen mx "$server:25" -o "smtpd_tls_CAfile=$lab/none.pem"
postfix_listen mx "$server:2525" -o "smtpd_tls_chain_files=$lab/none.pem"
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
send client 'Under cover' --server "$server:587" --tls \
	--from jana@office.example --to info@kestrel.example
send client 'No cover to be had' --server "$server:25" --tls-optional \
	--from jana@office.example --to info@kestrel.example
send client 'Cover that breaks' --server "$server:2525" --tls \
	--from jana@office.example --to info@kestrel.example
record_end
keep "$lab/talk.pcapng"

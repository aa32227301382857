# shellcheck shell=sh disable=SC2154
# TLS from the first byte (465): nothing of the dialogue can be read.
pair
mx </dev/null
postfix_certificate mx mx.kestrel.example
postfix_listen mx "$server:465" -o smtpd_tls_wrappermode=yes
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
send client 'Under cover' --server "$server:465" --tls-on-connect \
	--from jana@office.example --to info@kestrel.example
record_end
keep "$lab/talk.pcapng"

# shellcheck shell=sh disable=SC2154
# Postfix to Postfix: a message to thirty people, some unknown, and a second one in the same connection.
pair
mx <<END
virtual_mailbox_maps = regexp:$lab/mx/people
END
echo '/^(info|marek|[a-s])[0-9]*@kestrel\.example$/ x' >"$lab/mx/people"
postfix_listen mx "$server:25"
postfix_start mx server
postfix_new office mail.office.example <<END
default_transport = smtp:
relayhost = [$server]
smtp_tls_security_level = none
smtp_connection_cache_destinations = $server
transport_maps = inline:{ {office.example=discard:} }
smtp_connection_reuse_time_limit = 30s
smtp_connection_cache_time_limit = 4s
END
postfix_listen office 127.0.0.1:25
postfix_start office client
record client eth0 "$lab/talk.pcapng"
people=
for letter in a b c d e f g h i j k l m n o p q r s t u v w x y z; do
	people="$people,${letter}1@kestrel.example"
done
send client 'To everybody' --server 127.0.0.1 --from jana@office.example --to "info@kestrel.example$people"
sleep 1
send client 'To one more' --server 127.0.0.1 --from jan@office.example --to marek@kestrel.example
sleep 6
record_end
keep "$lab/talk.pcapng"

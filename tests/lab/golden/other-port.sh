# shellcheck shell=sh disable=SC2154
# SMTP where nobody looks for it: ports 3535 and 80.
pair
mx </dev/null
postfix_listen mx "$server:3535"
postfix_listen mx "$server:80"
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
for port in 3535 80; do
	send client "By port $port" --server "$server:$port" --from jana@office.example \
		--to info@kestrel.example,second@kestrel.example
done
record_end
keep "$lab/talk.pcapng"

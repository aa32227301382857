# shellcheck shell=sh disable=SC2154
# One pcapng of two interfaces: Ethernet in nanoseconds (port 25), Linux cooked in microseconds (port
# 587), with comments, name resolution, statistics, and blocks that nobody knows.
pair
mx </dev/null
postfix_listen mx "$server:25"
postfix_listen mx "$server:587" -o myhostname=smtp.kestrel.example
postfix_start mx server
record client eth0 "$lab/one.pcapng" -f 'port 25'
record_pcap client any "$lab/two.pcap" -y LINUX_SLL 'port 587'
usual_talk
send client 'The other interface' --server "$server:587" --from jana@office.example \
	--to info@kestrel.example
record_end
python3 tests/lab/pcap.py mixed "$lab/one.pcapng" "$lab/two.pcap" "$lab_out"

# shellcheck shell=sh disable=SC2154
# A place where web pages pass, and no mail.
pair
outside 192.0.2.80
start server python3 -m http.server --bind 192.0.2.80 --directory "$(mktemp -d "$lab/www.XXX")" 80
wait_until "the web server" listens server 80
record client eth0 "$lab/talk.pcapng"
for page in $(seq 1 21); do
	in_space client busybox wget -q -O /dev/null "http://192.0.2.80/?$page"
done
record_end
keep "$lab/talk.pcapng"

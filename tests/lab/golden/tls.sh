# shellcheck shell=sh disable=SC2154
# What shows of TLS. 587: STARTTLS with TLS 1.2, so that the certificate is in clear; the client names
# the server it means. 465: a client that does not trust the certificate says so with an alert. 25: a
# client that takes the server, which speaks clear text, for one that speaks TLS.
pair
mx </dev/null
mkdir -p "$lab/mx"
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/O=Kestrel/CN=mx.kestrel.example' \
	-addext 'subjectAltName=DNS:mx.kestrel.example,DNS:smtp.kestrel.example' \
	-keyout "$lab/mx/tls.pem" -out "$lab/mx/crt.pem" 2>"$lab/mx/tls.log"
cat "$lab/mx/crt.pem" >>"$lab/mx/tls.pem"
cat >>"$lab/mx/main.cf" <<END
smtpd_tls_chain_files = $lab/mx/tls.pem
smtpd_tls_security_level = may
smtpd_tls_protocols = TLSv1.2
END
postfix_listen mx "$server:587"
postfix_listen mx "$server:465" -o smtpd_tls_wrappermode=yes
postfix_listen mx "$server:25"
postfix_start mx server

tls_client() { # PORT [ARGUMENT...]: says QUIT, and goes
	port=$1
	shift
	printf 'QUIT\r\n' | in_space client timeout 10 openssl s_client -connect "$server:$port" -quiet \
		-crlf "$@" >>"$lab/tls.log" 2>&1 || :
}

record client eth0 "$lab/talk.pcapng"
tls_client 587 -starttls smtp -name client -servername mx.kestrel.example -alpn smtp
tls_client 465 -servername mx.kestrel.example -verify_return_error
tls_client 25 -servername mx.kestrel.example
record_end
keep "$lab/talk.pcapng"

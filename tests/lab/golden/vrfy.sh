# shellcheck shell=sh disable=SC2154
# All that a client may say besides sending: VRFY, EXPN, HELP, NOOP, RSET, nonsense, lower case, bare LF.
pair
mx </dev/null
postfix_listen mx "$server:25" -o smtpd_forbid_bare_newline=no
postfix_start mx server
record client eth0 "$lab/talk.pcapng"
talk 25 <<END
helo sender-pc.office.example
VRFY info@kestrel.example
VRFY second@kestrel.example
EXPN staff
HELP
NOOP
noop with words
XNONSENSE 1 2 3
mail from:<jana@office.example>
RSET
MAIL FROM: <jana@office.example>
rcpt to: <info@kestrel.example>
RCPT TO:info@kestrel.example
RCPT TO:<>
DATA now
MAIL FROM:<>
data
+ From: Jana <jana@office.example>
+ Subject: lower case
+
+ $lab_canary
+ ..a line that began with a dot
.
= MAIL FROM:<jana@office.example>\n
wait 1
= RCPT TO:<sales@kestrel.example>\nDATA\n
wait 2
= Subject: bare line ends\n\n$lab_canary\n.\n
wait 1
QUIT
END
record_end
keep "$lab/talk.pcapng"

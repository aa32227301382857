# shellcheck shell=sh disable=SC2154
# A silent client whose TCP sends keep-alives; a second one that breaks off with RST inside the message,
# and a third between two commands.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example>
sleep 3.5
RCPT TO:<info@kestrel.example>
DATA
+ Subject: After a while
+
sleep 2.5
+ $lab_canary
.
QUIT
END
talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example>
RCPT TO:<info@kestrel.example>
DATA
+ Subject: Never finished
+
+ $lab_canary
reset
END
talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example>
RCPT TO:<second@kestrel.example>
reset
END
record_end
keep "$lab/talk.pcapng"

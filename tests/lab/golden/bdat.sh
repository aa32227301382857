# shellcheck shell=sh disable=SC2154
# CHUNKING: two messages in chunks, one of them cut in the middle of a line, and an empty last chunk.
pair
usual_mx
record client eth0 "$lab/talk.pcapng"
talk 25 <<END
EHLO sender-pc.office.example
MAIL FROM:<jana@office.example> BODY=8BITMIME
RCPT TO:<info@kestrel.example>
bdat From: Jana <jana@office.example>\r\nSubject: In chu
bdat nks\r\n\r\n$lab_canary\r\n
bdat A line with a lone dot follows and ends nothing.\r\n.\r\nQUIT\r\nMAIL FROM:<not@a.command.example>\r\n
last 
MAIL FROM:<jana@office.example>
RCPT TO:<sales@kestrel.example>
RCPT TO:<second@kestrel.example>
last From: Jana <jana@office.example>\r\nSubject: In one chunk\r\n\r\n$lab_canary\r\n
QUIT
END
record_end
keep "$lab/talk.pcapng"

# shellcheck shell=sh disable=SC2154 # $lab and its like are from tests/lab
# Every end of a message that servers may differ about, sent to a real Postfix: unprotected, with
# smtpd_forbid_bare_newline, and with what else it has. Its log says what it took for messages.
pair
mx <<'CONF'
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 10000
smtpd_hard_error_limit = 20000
smtpd_junk_command_limit = 20000
smtpd_recipient_limit = 5000
smtpd_client_connection_count_limit = 0
line_length_limit = 2048
CONF
postfix_listen mx "$server:25"
postfix_listen mx "$server:587" -o smtpd_forbid_bare_newline=normalize
postfix_listen mx "$server:2525" -o smtpd_forbid_bare_newline=reject -o smtpd_forbid_unauth_pipelining=yes
postfix_start mx server
wait_until "the mail server" listens server 2525
record client eth0 "$lab/talk.pcapng"
in_space client python3 tests/evasion/smuggle.py send "$server" 25 587 2525 2>"$lab/smuggle.log"
record_end
"$program" read --emit activities "$lab/talk.pcapng" >"$lab/sessions.jsonl" 2>"$lab/read.log"
cp "$lab/mx/postfix.log" "$lab/sessions.jsonl" "$lab/talk.pcapng" "${keep:-/nonexistent}" 2>/dev/null || :
python3 tests/evasion/smuggle.py compare "$lab/mx/postfix.log" "$lab/sessions.jsonl"

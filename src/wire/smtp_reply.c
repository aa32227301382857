/* The server's lines (RFC 5321 4.2) put together to replies: code, enhanced code (RFC 3463), text.
 * A line that is no reply is passed over. What a reply answers is the matter of smtp_settle.c. */
#include "wire/smtp_internal.h"

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_alnum(uint8_t byte)
{
	return is_digit(byte) || (byte_lower(byte) >= 'a' && byte_lower(byte) <= 'z');
}

int smtp_reply_code(struct bytes line)
{
	const uint8_t *at = bytes_take(&line, 3);
	if (!at || at[0] < '2' || at[0] > '5' || !is_digit(at[1]) || !is_digit(at[2]) ||
		(line.at != line.end && is_alnum(*line.at)))
		return 0;
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0';
}

bool smtp_reply_is_greeting(struct bytes text)
{
	for (; text.at != text.end; bytes_take(&text, 1))
		if (bytes_begin_case(text, bytes_of("SMTP")))
			return true;
	return false;
}

int smtp_greeting(struct bytes first)
{
	static const uint8_t code[3] = { '2', '2', '0' };
	const uint8_t *lf = bytes_find(first, '\n');
	struct bytes line = { first.at, lf ? lf : first.end };
	size_t size = bytes_size(line) < sizeof code ? bytes_size(line) : sizeof code;
	if (size && memcmp(line.at, code, size))
		return -1;
	if (size < sizeof code)
		return lf ? -1 : 0;
	bytes_take(&line, sizeof code);
	if (line.at != line.end && *line.at != ' ' && *line.at != '-' && *line.at != '\r')
		return -1;
	return smtp_reply_is_greeting(line);
}

/* "5.1.1 " at the begin of a line's text (RFC 3463 2), stepped over; absent: there is none. */
static struct bytes enhanced_take(struct bytes *text)
{
	struct bytes all = *text;
	unsigned part = 0, digits = 0;
	size_t i = 0;
	for (; i < bytes_size(all) && i < SMTP_ENHANCED_MAX; i++) {
		uint8_t byte = all.at[i];
		if (is_digit(byte) && ++digits <= (part ? 3 : 1))
			continue;
		if (byte != '.' || !digits || ++part > 2)
			break;
		digits = 0;
	}
	bool good = part == 2 && digits >= 1 && digits <= 3 && i < SMTP_ENHANCED_MAX &&
		    (all.at[0] == '2' || all.at[0] == '4' || all.at[0] == '5') &&
		    (i == bytes_size(all) || all.at[i] == ' ');
	if (!good)
		return (struct bytes){ NULL, NULL };
	bytes_take(text, i);
	if (text->at != text->end)
		bytes_take(text, 1);
	return (struct bytes){ all.at, &all.at[i] };
}

/* The text of several lines is joined in our memory; that of one is read where it lies. */
static void text_add(struct smtp *smtp, struct bytes text, bool more)
{
	struct smtp_buffer *reply = &smtp->reply;
	if (!smtp->reply_lines && !more) {
		smtp->reply_line = text;
		return;
	}
	if (smtp->reply_lines >= SMTP_REPLY_LINES_MAX) {
		if (smtp->reply_lines == SMTP_REPLY_LINES_MAX)
			anomaly(smtp->seen, SMTP_REPLY_LINES);
		return;
	}
	if (reply->size == SMTP_REPLY_TEXT_MAX)
		return; /* counted when it became full */
	if (smtp->reply_lines)
		smtp_buffer_add(smtp, reply, bytes_of("\n"), SMTP_REPLY_TEXT_MAX);
	if (!smtp_buffer_add(smtp, reply, text, SMTP_REPLY_TEXT_MAX))
		anomaly(smtp->seen, SMTP_REPLY_LONG);
	smtp->reply_line = bytes_make(reply->at, reply->size);
}

/* PIPELINING is the one extension that changes how the client is judged. */
static void extension_note(struct smtp *smtp, struct bytes text)
{
	struct smtp_waiting row;
	if (!smtp->greeted || !smtp_waiting_first(smtp, &row) ||
		(row.verb != SMTP_VERB_EHLO && row.verb != SMTP_VERB_LHLO))
		return;
	if (!smtp->reply_lines)
		smtp->pipelining = false;
	else if (bytes_equal_case(smtp_trim(text), bytes_of("PIPELINING")))
		smtp->pipelining = true;
}

/* Takes one line, whose begin may be lost; the last of a reply makes it ready. */
void smtp_reply_take(struct smtp *smtp, struct bytes line, bool torn)
{
	int code = smtp_reply_code(line);
	bool more;
	for (size_t i = 0; i < bytes_size(line); i++) {
		if (line.at[i] >= 0x80) {
			anomaly(smtp->seen, SMTP_8BIT);
			break;
		}
	}
	bytes_take(&line, 3);
	more = line.at != line.end && *line.at == '-';
	if ((!code && !torn) || (code && line.at != line.end && *line.at != ' ' && !more))
		anomaly(smtp->seen, SMTP_REPLY_BAD);
	if (!code)
		return;
	if (line.at != line.end)
		bytes_take(&line, 1);
	extension_note(smtp, line);
	/* A greeting has none (RFC 2034 4): it is all text. */
	struct bytes enhanced = smtp->greeted ? enhanced_take(&line) : (struct bytes){ NULL, NULL };
	if (!smtp->reply_lines) {
		smtp->enhanced_size = (uint8_t)bytes_size(enhanced);
		if (smtp->enhanced_size)
			memcpy(smtp->enhanced, enhanced.at, smtp->enhanced_size);
	}
	smtp->reply_code = (int16_t)code;
	text_add(smtp, line, more);
	if (smtp->reply_lines <= SMTP_REPLY_LINES_MAX)
		smtp->reply_lines++;
	smtp->reply_ready = !more;
}

void smtp_server_read(struct smtp *smtp, struct bytes *in)
{
	struct bytes line;
	bool torn;
	if (smtp->reading == READING_TLS && !smtp->tls_asked) {
		smtp_tls_read(smtp, SMTP_SERVER, in);
		return;
	}
	if (smtp_tls_hello(smtp, SMTP_SERVER, in))
		return;
	if (smtp->tls_asked)
		smtp_tls_refused(smtp);
	torn = smtp->line[SMTP_SERVER].torn;
	if (smtp_line_read(smtp, SMTP_SERVER, in, &line))
		smtp_reply_take(smtp, line, torn);
}

void smtp_reply_drop(struct smtp *smtp)
{
	smtp->reply_ready = false;
	smtp->reply_lines = 0;
	smtp->reply.size = 0; /* the bytes stay until the next reply */
}

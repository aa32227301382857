/* The path of MAIL FROM and RCPT TO (RFC 5321 4.1.2) as it is really sent: with or without
 * brackets, blanks around it, source routes, quoted local parts that may hold '>' and blanks. What
 * stands in the brackets is kept as sent, and never two addresses become one or one two. */
#include "wire/smtp_internal.h"

/* The bytes up to the first of `stop` (or a blank, when `blank`) outside of quotes; false: there is
 * none, or a quote stays open. */
static bool unquoted(struct bytes in, uint8_t stop, bool blank, struct bytes *out)
{
	bool quoted = false;
	size_t size = bytes_size(in);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = in.at[i];
		if (byte == '"')
			quoted = !quoted;
		else if (byte == '\\' && quoted)
			i++;
		else if (!quoted && (byte == stop || (blank && (byte == ' ' || byte == '\t')))) {
			*out = bytes_split(&in, i);
			return true;
		}
	}
	*out = in;
	return !quoted && blank;
}

/* `in`: what follows the colon. The address is absent when there is none, and empty for <>. false:
 * it is not what RFC 5321 wants; something may be there all the same. */
bool smtp_address(struct bytes in, struct bytes *address, struct bytes *parameters)
{
	bool good = true;
	in = smtp_trim(in);
	*address = *parameters = (struct bytes){ NULL, NULL };
	if (in.at == in.end)
		return false;
	if (*in.at != '<') {
		good = false;
		if (!unquoted(in, ' ', true, address)) { /* a quote stays open: to the blank */
			const uint8_t *blank = bytes_find(in, ' ');
			*address = (struct bytes){ in.at, blank ? blank : in.end };
		}
		bytes_take(&in, bytes_size(*address));
	} else {
		bytes_take(&in, 1);
		if (!unquoted(in, '>', false, address)) {
			const uint8_t *end = bytes_find(in, '>');
			good = false;
			*address = (struct bytes){ in.at, end ? end : in.end };
		}
		bytes_take(&in, bytes_size(*address));
		bytes_take(&in, 1);
	}
	if (in.at != in.end && *in.at != ' ' && *in.at != '\t')
		good = false;
	in = smtp_trim(in);
	if (in.at != in.end)
		*parameters = in;
	return good;
}

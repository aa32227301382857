/* TLS as far as it can be followed without a key: record headers (RFC 8446 5.1; the same in all
 * versions), so that the bytes of application data can be counted for each side. A header that
 * makes no sense ends the counting, not the session. */
#include "wire/smtp_internal.h"

enum { TLS_CHANGE_CIPHER = 20, TLS_HANDSHAKE = 22, TLS_DATA = 23 };

static bool header_plausible(const uint8_t header[5])
{
	/* The record may be 2048 bytes longer than its plaintext up to TLS 1.2 (RFC 5246 6.2.3). */
	return header[0] >= TLS_CHANGE_CIPHER && header[0] <= TLS_DATA && header[1] == 3 &&
	       be16(header + 3) <= 16384 + 2048;
}

/* A dialogue begins with a handshake; one that is seen from the middle, with any record. */
bool smtp_tls_begins(struct bytes in, bool middle)
{
	uint8_t kind = in.at[0];
	if (in.at[1] != 3)
		return false;
	return middle ? kind >= TLS_CHANGE_CIPHER && kind <= TLS_DATA : kind == TLS_HANDSHAKE;
}

/* TLS where a line could begin: from the first byte on (SMTPS), or from a client that takes a
 * server that greeted in clear for one that speaks TLS. */
static void hello_found(struct smtp *smtp, enum smtp_side side)
{
	struct smtp_buffer *cut = &smtp->line[side].cut;
	struct smtp_records *records = &smtp->records[side];
	if (side == SMTP_CLIENT && smtp->greeted && !smtp->unsure) {
		smtp_tls_refused(smtp);
		return;
	}
	records->have = (uint8_t)cut->size;
	if (cut->size)
		records->header[0] = cut->at[0];
	smtp_tls_start(smtp, true);
	if (side == SMTP_CLIENT && !smtp->one_sided) {
		smtp->tls_ready = false; /* the server has still to agree */
		smtp->tls_asked = true;
	}
}

/* The server speaks in clear text to a client that speaks TLS: nobody understands the client. */
void smtp_tls_refused(struct smtp *smtp)
{
	anomaly(smtp->seen, SMTP_TLS_TO_CLEAR);
	smtp->tls_asked = false;
	smtp->line[SMTP_CLIENT].cut.size = 0;
	smtp->reading = READING_NOTHING;
}

/* Does a line begin as TLS does? Its first byte is kept as the begin of a line until the second
 * tells. true: there is nothing to be read as a line now. */
bool smtp_tls_hello(struct smtp *smtp, enum smtp_side side, struct bytes *in)
{
	struct smtp_buffer *cut = &smtp->line[side].cut;
	bool began = side == SMTP_CLIENT ? smtp->began_client : smtp->began_server;
	bool middle = smtp->middle && !began;
	uint8_t two[2] = { cut->size ? cut->at[0] : *in->at, 3 };
	if (cut->size > 1 || smtp->line[side].torn ||
		(began && side == SMTP_SERVER && !smtp->tls_asked))
		return false;
	if (smtp_tls_begins(bytes_make(two, 2), middle)) {
		if (!cut->size && bytes_size(*in) == 1) {
			smtp_buffer_add(smtp, cut, bytes_split(in, 1), SMTP_LINE_MAX);
			return true;
		}
		two[1] = in->at[cut->size ? 0 : 1];
		if (smtp_tls_begins(bytes_make(two, 2), middle)) {
			hello_found(smtp, side);
			return true;
		}
	}
	if (side == SMTP_CLIENT)
		smtp->began_client = true;
	else
		smtp->began_server = true;
	return false;
}

void smtp_tls_start(struct smtp *smtp, bool implicit)
{
	smtp->reading = READING_TLS;
	smtp->tls_ready = true;
	smtp->tls_implicit = implicit;
	smtp->tls_asked = false;
	smtp->line[SMTP_CLIENT].cut.size = smtp->line[SMTP_SERVER].cut.size = 0;
}

/* Takes bytes into the header; false: it is not complete yet, or no header. */
static bool header_read(struct smtp *smtp, struct smtp_records *records, struct bytes *in)
{
	struct bytes piece = bytes_split(in, sizeof records->header - records->have);
	memcpy(&records->header[records->have], piece.at, bytes_size(piece));
	records->have += (uint8_t)bytes_size(piece);
	if (records->have < sizeof records->header)
		return false;
	records->have = 0;
	records->lost = !header_plausible(records->header);
	if (records->lost && !records->begun && !smtp->tls_implicit)
		anomaly(smtp->seen, SMTP_STARTTLS_INJECTION); /* clear text behind the 220 */
	records->begun = true;
	records->left = be16(records->header + 3);
	return !records->lost;
}

void smtp_tls_read(struct smtp *smtp, enum smtp_side side, struct bytes *in)
{
	struct smtp_records *records = &smtp->records[side];
	while (in->at != in->end && !records->lost) { /* each turn takes a byte */
		if (!records->left && !header_read(smtp, records, in))
			continue;
		size_t size = bytes_size(bytes_split(in, records->left));
		records->left -= (uint32_t)size;
		if (records->header[0] == TLS_DATA)
			records->bytes += size;
	}
	in->at = in->end; /* what is behind a lost record says nothing */
}

void smtp_tls_gap(struct smtp *smtp, enum smtp_side side, uint64_t size)
{
	struct smtp_records *records = &smtp->records[side];
	if (!size || size > records->left) {
		records->lost = true;
		return;
	}
	records->left -= (uint32_t)size;
	if (records->header[0] == TLS_DATA)
		records->bytes += size;
}

bool smtp_is_tls(const struct smtp *smtp)
{
	return smtp->reading == READING_TLS && !smtp->tls_asked;
}

uint64_t smtp_tls_bytes(const struct smtp *smtp, enum smtp_side side)
{
	return smtp->records[side].bytes;
}

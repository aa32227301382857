/* Where a dialogue turns to TLS: behind STARTTLS (RFC 3207), from the first byte on (RFC 8314), or
 * on one side only. What the two sides say from there on is read by wire/tls. */
#include "wire/smtp_internal.h"

/* TLS where a line could begin: from the first byte on (SMTPS), or from a client that takes a
 * server that greeted in clear for one that speaks TLS. Its first bytes may have been kept as the
 * begin of a line. */
static void hello_found(struct smtp *smtp, enum smtp_side side)
{
	const struct smtp_buffer *cut = &smtp->line[side].cut;
	struct bytes first = bytes_make(cut->at, cut->size);
	if (side == SMTP_CLIENT && smtp->greeted && !smtp->unsure) {
		smtp_tls_refused(smtp);
	} else {
		smtp_tls_start(smtp, true);
		if (side == SMTP_CLIENT && !smtp->one_sided) {
			smtp->tls_ready = false; /* the server has still to agree */
			smtp->tls_asked = true;
		}
	}
	smtp_tls_read(smtp, side, &first);
}

static void reader_make(struct smtp *smtp)
{
	if (!smtp->tls)
		smtp->tls = tls_init(smtp->arena, smtp->seen);
	if (!smtp->tls)
		anomaly(smtp->seen, SMTP_ARENA_FULL);
}

/* The server speaks in clear text to a client that speaks TLS: nobody understands the client. */
void smtp_tls_refused(struct smtp *smtp)
{
	anomaly(smtp->seen, SMTP_TLS_TO_CLEAR);
	reader_make(smtp);
	smtp->tls_asked = false;
	smtp->line[SMTP_CLIENT].cut.size = 0;
	smtp->reading = READING_NOTHING;
}

/* Does a line begin as TLS does? Its first bytes are kept as the begin of a line until they tell.
 * true: there is nothing to be read as a line now. */
bool smtp_tls_hello(struct smtp *smtp, enum smtp_side side, struct bytes *in)
{
	struct smtp_buffer *cut = &smtp->line[side].cut;
	bool began = side == SMTP_CLIENT ? smtp->began_client : smtp->began_server;
	uint8_t first[5];
	struct bytes more = *in;
	int begins;
	if (cut->size >= sizeof first || smtp->line[side].torn ||
		(began && side == SMTP_SERVER && !smtp->tls_asked))
		return false;
	if (cut->size)
		memcpy(first, cut->at, cut->size);
	more = bytes_split(&more, sizeof first - cut->size);
	const uint8_t *lf = bytes_find(more, '\n'); /* ends a line, unless it is TLS without it */
	if (lf)
		bytes_limit(&more, bytes_size((struct bytes){ more.at, lf }) + 1);
	memcpy(&first[cut->size], more.at, bytes_size(more));
	begins = tls_begins(bytes_make(first, cut->size + bytes_size(more)),
		side == SMTP_CLIENT ? TLS_CLIENT : TLS_SERVER, smtp->middle && !began);
	if (!begins && lf)
		begins = -1;
	if (!begins)
		smtp_buffer_add(smtp, cut, bytes_split(in, bytes_size(*in)), SMTP_LINE_MAX);
	else if (begins > 0)
		hello_found(smtp, side);
	else if (side == SMTP_CLIENT)
		smtp->began_client = true;
	else
		smtp->began_server = true;
	return begins >= 0;
}

void smtp_tls_start(struct smtp *smtp, bool implicit)
{
	reader_make(smtp);
	smtp->reading = READING_TLS;
	smtp->tls_ready = true;
	smtp->tls_implicit = implicit;
	smtp->tls_asked = false;
	smtp->line[SMTP_CLIENT].cut.size = smtp->line[SMTP_SERVER].cut.size = 0;
}

void smtp_tls_read(struct smtp *smtp, enum smtp_side side, struct bytes *in)
{
	enum tls_side speaker = side == SMTP_CLIENT ? TLS_CLIENT : TLS_SERVER;
	if (smtp->tls && !tls_feed(smtp->tls, speaker, *in)) /* clear text behind the 220? */
		anomaly(smtp->seen, smtp->tls_implicit ? TLS_RECORD_BAD : SMTP_STARTTLS_INJECTION);
	in->at = in->end;
}

void smtp_tls_gap(struct smtp *smtp, enum smtp_side side, uint64_t size)
{
	if (smtp->tls)
		tls_gap(smtp->tls, side == SMTP_CLIENT ? TLS_CLIENT : TLS_SERVER, size);
}

bool smtp_is_tls(const struct smtp *smtp)
{
	return smtp->reading == READING_TLS && !smtp->tls_asked;
}

uint64_t smtp_tls_bytes(const struct smtp *smtp, enum smtp_side side)
{
	enum tls_side speaker = side == SMTP_CLIENT ? TLS_CLIENT : TLS_SERVER;
	return smtp->tls ? tls_bytes(smtp->tls, speaker) : 0;
}

const struct tls_facts *smtp_tls_facts(const struct smtp *smtp)
{
	return smtp->tls ? tls_facts(smtp->tls) : NULL;
}

/* Where in doubt, nothing: a list of what is harmless, and all else forbids. Client and server must
 * have been in step from the handshake on, and the client must have heard all that the server said,
 * or what looks like a command could be a line of a message. Replies are known by their form,
 * whatever is thought of the connection, so that bytes of a client that was taken for a server are
 * none. */
#include "sense/shown.h"

#include "sense/tap_internal.h"

#define REFUSAL 400

static const enum anomaly harmless[] = { TCP_CHECKSUM, TCP_CHECKSUM_OFFLOAD, TCP_RETRANSMISSION,
	TCP_RST_IGNORED, TCP_REUSED, SMTP_BARE_LF, SMTP_8BIT, SMTP_EARLY_TALK, SMTP_PIPELINING,
	SMTP_SEQUENCE, SMTP_ADDRESS, SMTP_REPLY_LONG, SMTP_REPLY_LINES, SMTP_RECIPIENTS_MANY,
	SMTP_MESSAGES_MANY };

static bool is_harmless(enum anomaly kind)
{
	for (size_t i = 0; i < COUNT(harmless); i++)
		if (harmless[i] == kind)
			return true;
	return false;
}

static bool is_in_step(const struct connection *connection)
{
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++)
		if (anomaly_is(&connection->seen, kind) && !is_harmless(kind))
			return false;
	return connection->handshake && !connection->contested;
}

/* Is it a line of a server's, in text? Then `code` is its. */
static bool is_reply(struct bytes line, int *code)
{
	*code = smtp_reply_code(line);
	for (const uint8_t *byte; (byte = bytes_take(&line, 1));)
		if ((*byte < ' ' && *byte != '\t' && *byte != '\r') || *byte == 0x7f)
			return false;
	return *code;
}

/* Lines from the begin of the payload that are replies, the last one whole or not. */
static size_t replies(struct bytes payload, int *worst)
{
	size_t size = 0;
	while (payload.at != payload.end) { /* each turn takes a line */
		const uint8_t *lf = bytes_find(payload, '\n');
		struct bytes line = bytes_split(&payload,
			lf ? bytes_size((struct bytes){ payload.at, lf }) : bytes_size(payload));
		int code;
		if (!is_reply(line, &code))
			break;
		size += bytes_size(line) + (lf != NULL);
		*worst = code > *worst ? code : *worst;
		bytes_take(&payload, 1);
	}
	return size;
}

void shown_before(struct shown *shown, const struct connection *connection)
{
	shown->said = stream_edge(&connection->stream[SERVER]);
	shown->encrypted = connection->smtp && smtp_is_tls(connection->smtp);
	shown->commands = (struct bytes){ NULL, NULL };
}

void shown_after(struct shown *shown, const struct connection *connection, int side,
	const struct arrival *arrival)
{
	struct bytes payload = arrival->payload;
	int worst = 0;
	shown->mail = true;
	shown->client = connection->end[CLIENT];
	shown->server = connection->end[SERVER];
	shown->start = connection->start;
	shown->payload = 0;
	if (side == SERVER && !shown->encrypted)
		shown->payload = replies(payload, &worst);
	else if (side == CLIENT && payload.at == shown->commands.at && is_in_step(connection) &&
		 !seq_before(arrival->segment.ack, shown->said))
		shown->payload = bytes_size(shown->commands);
	shown->worth = shown->payload ? SHOWN_TALK : SHOWN_HEADERS;
	if (worst >= REFUSAL || arrival->segment.flags & (TCP_SYN | TCP_FIN | TCP_RST))
		shown->worth = SHOWN_MOST;
}

void shown_half(struct shown *shown, const struct half_open *half, bool mail)
{
	shown->mail = mail;
	shown->client = half->client;
	shown->server = half->server;
	shown->start = half->start;
	shown->payload = 0;
	shown->worth = SHOWN_MOST;
}

/* Of a packet that came in fragments, the payload lies elsewhere: which bytes of the last one were
 * headers is not known. */
void shown_place(struct shown *shown, struct bytes data, const struct arrival *arrival)
{
	const uint8_t *payload = arrival->payload.at;
	if (!payload || payload < data.at || payload > data.end)
		shown->mail = false;
	if (!shown->mail)
		return;
	shown->size = bytes_size((struct bytes){ data.at, payload }) + shown->payload;
	shown->name = tap_order(&shown->client, &shown->server, shown->start);
}

/* The records of TLS (RFC 8446 5.1; their headers are the same in all versions) and the messages
 * of the handshake in them. Records are followed to the end, so that application data can be
 * counted. Messages are read only while they are in clear and of use: the client's first hello,
 * the server's hello, the server's own certificate. A message is decoded where it lies when it
 * lies there whole; a cut one is put together in memory that grows with what was really sent, never
 * with what a length promises. */
#include "wire/tls.h"

#include "base/fault.h"

enum {
	RECORD_CIPHER = 20, /* all that follows is encrypted */
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	RECORD_HEARTBEAT = 24 /* RFC 6520 */
};

enum { /* handshake messages */
	MESSAGE_REQUEST = 0,
	MESSAGE_CLIENT_HELLO = 1,
	MESSAGE_SERVER_HELLO = 2,
	MESSAGE_CERTIFICATE = 11,
	MESSAGE_CLIENT_HELLO_V2 = 255 /* ours: it stands in a record without a header */
};

#define RECORD_MAX (16384 + 2048) /* TLS 1.2 adds that much to the plaintext (RFC 5246 6.2.3) */
#define CERTIFICATE_HEAD 6        /* lengths of all certificates, and of the first */

struct reader {         /* of one side */
	uint64_t bytes; /* of application data */
	uint32_t left;  /* of the current record */
	uint8_t header[5], have;
	bool begun; /* there was a record */
	bool lost;  /* no record where one should be: not followed any more */
	bool done;  /* no handshake message is read any more */
	uint8_t alert_level;
	bool wants; /* the current message is of use, and was not decoded yet */
	uint8_t message[4], message_have; /* its header: type, size */
	uint32_t message_left;            /* bytes of it that have still to come */
	uint32_t wanted;                  /* bytes of it that it takes to go on */
	uint8_t *kept;                    /* the begin of a message that was cut */
	uint32_t kept_size, kept_room;
};

struct tls {
	struct arena *arena;
	struct anomalies *seen;
	struct tls_facts facts;
	struct reader reader[2];
};

struct tls *tls_init(struct arena *arena, struct anomalies *seen)
{
	struct tls *tls = arena_take(arena, sizeof *tls);
	if (!tls)
		return NULL;
	tls->arena = arena;
	tls->seen = seen;
	return tls;
}

const struct tls_facts *tls_facts(const struct tls *tls)
{
	return &tls->facts;
}

uint64_t tls_bytes(const struct tls *tls, enum tls_side side)
{
	return tls->reader[side].bytes;
}

/* RFC 5246 E.2: two bytes of size, the first bit set; type 1; version 3.x, or 0.2 for SSL 2.0. */
static int begins_v2(struct bytes in)
{
	size_t size = bytes_size(in);
	if (size < 3)
		return 0;
	if (in.at[2] != MESSAGE_CLIENT_HELLO)
		return -1;
	if (size < 4)
		return 0;
	if (in.at[3] == 3)
		return 1;
	if (in.at[3])
		return -1;
	return size < 5 ? 0 : in.at[4] == 2 ? 1 : -1;
}

int tls_begins(struct bytes in, enum tls_side side, bool middle)
{
	size_t size = bytes_size(in);
	uint8_t kind = size ? in.at[0] : RECORD_HANDSHAKE;
	if (side == TLS_CLIENT && kind & 0x80)
		return begins_v2(in);
	if (middle ? kind < RECORD_CIPHER || kind > RECORD_DATA : kind != RECORD_HANDSHAKE)
		return -1;
	return size < 2 ? 0 : in.at[1] == 3 ? 1 : -1;
}

static uint32_t be24(const uint8_t *at)
{
	return (uint32_t)at[0] << 16 | be16(at + 1);
}

/* Adds to the message that is put together; false: there is no memory. */
static bool keep(struct tls *tls, struct reader *reader, struct bytes in)
{
	uint32_t size = (uint32_t)bytes_size(in),
		 room = reader->kept_room ? reader->kept_room : 256;
	if (!size)
		return true;
	while (room < reader->kept_size + size)
		room *= 2; /* at most TLS_MESSAGE_MAX is wanted */
	if (room > reader->kept_room) {
		uint8_t *at = arena_take(tls->arena, room);
		if (!at)
			return anomaly(tls->seen, SMTP_ARENA_FULL);
		if (reader->kept_size)
			memcpy(at, reader->kept, reader->kept_size);
		reader->kept = at;
		reader->kept_room = room;
	}
	memcpy(&reader->kept[reader->kept_size], in.at, size);
	reader->kept_size += size;
	return true;
}

static void take_client_hello(struct tls *tls, struct reader *reader, struct bytes body)
{
	if (reader->message[0] == MESSAGE_CLIENT_HELLO_V2)
		tls->facts.client = tls_client_hello_decode_v2(body, tls->arena, tls->seen);
	else
		tls->facts.client = tls_client_hello_decode(body, tls->arena, tls->seen);
	reader->done = true;
}

/* Behind the hello of TLS 1.3 all is encrypted, the certificate too. */
static void take_server_hello(struct tls *tls, struct reader *reader, struct bytes body)
{
	struct tls_server_hello *hello = tls_server_hello_decode(body, tls->arena, tls->seen);
	if (hello && hello->retry && !tls->facts.retry) {
		tls->facts.retry = true;
		return;
	}
	if (hello && hello->retry) { /* RFC 8446 4.1.4: never a second one */
		anomaly(tls->seen, TLS_HELLO_BAD);
		hello = NULL;
	}
	tls->facts.server = hello;
	reader->done = !hello || hello->version >= 0x0304;
}

/* A chain begins with the server's own certificate; the others are not read. */
static void take_certificate(struct tls *tls, struct reader *reader, struct bytes body)
{
	size_t first = be24(body.at + 3), size = be24(reader->message + 1);
	if (reader->wanted > CERTIFICATE_HEAD) {
		bytes_take(&body, CERTIFICATE_HEAD);
		tls->facts.certificate = tls_certificate_decode(body, tls->arena, tls->seen);
		reader->done = true;
	} else if (!first || first > size - CERTIFICATE_HEAD) {
		anomaly(tls->seen, TLS_CERTIFICATE_BAD);
		reader->done = true;
	} else if (first > TLS_MESSAGE_MAX - CERTIFICATE_HEAD || fault_limit()) {
		anomaly(tls->seen, TLS_HANDSHAKE_LONG);
		reader->done = true;
	} else {
		reader->wanted = (uint32_t)first + CERTIFICATE_HEAD;
	}
}

static void take_message(struct tls *tls, struct reader *reader, struct bytes body)
{
	uint32_t wanted = reader->wanted;
	if (reader->message[0] == MESSAGE_CERTIFICATE)
		take_certificate(tls, reader, body);
	else if (reader->message[0] == MESSAGE_SERVER_HELLO)
		take_server_hello(tls, reader, body);
	else
		take_client_hello(tls, reader, body);
	reader->wants = reader->wanted > wanted;
}

/* The next bytes of a message: decoded as soon as what is wanted is there. */
static void body_read(struct tls *tls, struct reader *reader, struct bytes in)
{
	while (reader->wants) { /* a certificate takes two turns, a hello one */
		struct bytes body = in;
		if (reader->kept_size || bytes_size(in) < reader->wanted) {
			body = bytes_split(&in, reader->wanted - reader->kept_size);
			if (!keep(tls, reader, body)) {
				reader->done = true;
				return;
			}
			if (reader->kept_size < reader->wanted)
				return;
			body = bytes_make(reader->kept, reader->kept_size);
		}
		bytes_limit(&body, reader->wanted);
		take_message(tls, reader, body);
	}
	reader->kept_size = 0;
}

/* The header of a message is complete: is it of use? What does not begin with a hello was begun
 * before we saw it, or is encrypted. */
static void message_begin(struct tls *tls, enum tls_side side)
{
	struct reader *reader = &tls->reader[side];
	uint8_t type = reader->message[0];
	uint32_t size = be24(reader->message + 1);
	bool hello = type == (side == TLS_CLIENT ? MESSAGE_CLIENT_HELLO : MESSAGE_SERVER_HELLO);
	bool begun = side == TLS_SERVER && tls->facts.server;
	reader->message_left = reader->wanted = size;
	reader->wants = hello && !begun;
	if (begun && type == MESSAGE_CERTIFICATE) {
		reader->wants = size >= CERTIFICATE_HEAD;
		reader->wanted = CERTIFICATE_HEAD;
		if (!reader->wants)
			anomaly(tls->seen, TLS_CERTIFICATE_BAD);
	} else if (!begun && !hello && (side == TLS_CLIENT || type != MESSAGE_REQUEST || size)) {
		reader->done = true;
	} else if (reader->wants && (size > TLS_MESSAGE_MAX || fault_limit())) {
		anomaly(tls->seen, TLS_HANDSHAKE_LONG);
		reader->done = true;
	}
}

/* Messages and records are cut independently of each other: RFC 8446 5.1. */
static void handshake_read(struct tls *tls, enum tls_side side, struct bytes in)
{
	struct reader *reader = &tls->reader[side];
	while (!reader->done) { /* each turn takes a byte of a header */
		if (reader->message_have < sizeof reader->message) {
			struct bytes piece =
				bytes_split(&in, sizeof reader->message - reader->message_have);
			if (!bytes_size(piece))
				return;
			memcpy(&reader->message[reader->message_have], piece.at, bytes_size(piece));
			reader->message_have += (uint8_t)bytes_size(piece);
			if (reader->message_have < sizeof reader->message)
				return;
			message_begin(tls, side);
			continue;
		}
		struct bytes body = bytes_split(&in, reader->message_left);
		reader->message_left -= (uint32_t)bytes_size(body);
		body_read(tls, reader, body);
		if (reader->message_left)
			return;
		reader->message_have = 0;
	}
}

/* An alert has two bytes and is never cut (RFC 8446 5.1); an encrypted one is longer. */
static void alert_read(struct tls *tls, enum tls_side side, struct bytes in)
{
	struct reader *reader = &tls->reader[side];
	struct tls_alert *alert = &tls->facts.alert[side];
	uint32_t left = reader->left + (uint32_t)bytes_size(in);
	if (be16(reader->header + 3) != 2)
		return;
	for (; in.at != in.end; left--) {
		uint8_t byte = *bytes_take(&in, 1);
		if (left == 2) {
			reader->alert_level = byte;
			continue;
		}
		*alert = (struct tls_alert){ true, reader->alert_level, byte };
	}
}

static void record_read(struct tls *tls, enum tls_side side, struct bytes in)
{
	struct reader *reader = &tls->reader[side];
	switch (reader->header[0]) {
	case RECORD_DATA:
		reader->bytes += bytes_size(in);
		break;
	case RECORD_ALERT:
		alert_read(tls, side, in);
		break;
	case RECORD_CIPHER:
		/* What follows is encrypted; but TLS 1.3 may send one for show before the real
		 * hello of the server (RFC 8446 D.4). */
		reader->done |= side == TLS_CLIENT || !tls->facts.retry || tls->facts.server;
		break;
	case RECORD_HANDSHAKE:
		handshake_read(tls, side, in);
		break;
	default:
		break;
	}
}

/* A first hello in the form of SSLv2: what was read as a header is the begin of it. */
static void hello_v2_begin(struct tls *tls, struct reader *reader)
{
	uint32_t size = be16(reader->header) & 0x7fff;
	reader->left = size < 3 ? 0 : size - 3;
	reader->message[0] = MESSAGE_CLIENT_HELLO_V2;
	reader->message_have = sizeof reader->message;
	reader->message_left = reader->left;
	reader->wanted = size;
	reader->wants = true;
	if (size < 3) {
		anomaly(tls->seen, TLS_HELLO_BAD);
		reader->done = true;
	} else if (size > TLS_MESSAGE_MAX || fault_limit()) {
		anomaly(tls->seen, TLS_HANDSHAKE_LONG);
		reader->done = true;
	} else {
		body_read(tls, reader, bytes_make(&reader->header[2], 3));
	}
	reader->header[0] = RECORD_HANDSHAKE;
}

/* A header is complete; false: it is none. */
static bool header_judge(struct tls *tls, enum tls_side side)
{
	struct reader *reader = &tls->reader[side];
	uint8_t kind = reader->header[0];
	bool first = !reader->begun;
	bool known = kind >= RECORD_CIPHER && kind <= RECORD_HEARTBEAT && reader->header[1] == 3;
	reader->begun = true;
	if (first && side == TLS_CLIENT &&
		tls_begins(bytes_make(reader->header, 5), side, true) > 0 && kind & 0x80) {
		hello_v2_begin(tls, reader);
		return true;
	}
	reader->left = be16(reader->header + 3);
	reader->lost = !known || reader->left > RECORD_MAX;
	if (reader->lost ? known || !first : !reader->left && kind != RECORD_DATA)
		anomaly(tls->seen, TLS_RECORD_BAD); /* only data may be empty (RFC 8446 5.1) */
	return known || !first;
}

bool tls_feed(struct tls *tls, enum tls_side side, struct bytes in)
{
	struct reader *reader = &tls->reader[side];
	while (in.at != in.end && !reader->lost) { /* each turn takes a byte */
		if (reader->left) {
			struct bytes piece = bytes_split(&in, reader->left);
			reader->left -= (uint32_t)bytes_size(piece);
			record_read(tls, side, piece);
			continue;
		}
		struct bytes piece = bytes_split(&in, sizeof reader->header - reader->have);
		memcpy(&reader->header[reader->have], piece.at, bytes_size(piece));
		reader->have += (uint8_t)bytes_size(piece);
		if (reader->have < sizeof reader->header)
			continue;
		reader->have = 0;
		if (!header_judge(tls, side))
			return false;
	}
	return true; /* what is behind a lost record says nothing */
}

/* Within a record the next one is still found; a handshake with a hole in it is not read on. */
void tls_gap(struct tls *tls, enum tls_side side, uint64_t size)
{
	struct reader *reader = &tls->reader[side];
	if (!size || size > reader->left) {
		reader->lost = true;
		return;
	}
	reader->left -= (uint32_t)size;
	if (reader->header[0] == RECORD_DATA)
		reader->bytes += size;
	else
		reader->done = true;
}

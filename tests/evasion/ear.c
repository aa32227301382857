/* An ear in the place of the SMTP parser: of each connection it keeps what both sides said, as the
 * streams hand it on, so that it can be held against what a receiver read. Whoever links this file
 * gets the tap without the parser. */
#include "ear.h"

#include <stdlib.h>

struct smtp { /* the arena's: 256 KiB are enough for what is said here */
	struct ear ear;
};

static struct ear *last; /* of the newest connection that said anything; tests are one thread */

struct ear *ear_last(void)
{
	struct ear *ear = last;
	last = NULL;
	return ear;
}

struct smtp *smtp_init(struct arena *arena, struct anomalies *seen)
{
	struct smtp *smtp = calloc(1, sizeof(*smtp));
	last = smtp ? &smtp->ear : NULL;
	return smtp;
}

void smtp_feed(struct smtp *smtp, enum smtp_side side, struct bytes in, int64_t time)
{
	struct ear *ear = &smtp->ear;
	size_t room = EAR_MAX - ear->size[side],
	       size = bytes_size(in) < room ? bytes_size(in) : room;
	memcpy(ear->text[side] + ear->size[side], in.at, size);
	ear->size[side] += size;
}

void smtp_gap(struct smtp *smtp, enum smtp_side side, uint64_t size, int64_t time)
{
	smtp_feed(smtp, side, bytes_of("[gap]"), time);
}

bool smtp_next(struct smtp *smtp, struct smtp_item *out)
{
	return false;
}

void smtp_middle(struct smtp *smtp)
{
}

void smtp_one_sided(struct smtp *smtp)
{
}

void smtp_want_content(struct smtp *smtp)
{
}

void smtp_want_public(struct smtp *smtp)
{
}

const uint8_t *smtp_public(const struct smtp *smtp)
{
	return NULL;
}

void smtp_finish(struct smtp *smtp, int64_t time)
{
}

bool smtp_is_tls(const struct smtp *smtp)
{
	return false;
}

uint64_t smtp_tls_bytes(const struct smtp *smtp, enum smtp_side side)
{
	return 0;
}

const struct tls_facts *smtp_tls_facts(const struct smtp *smtp)
{
	return NULL;
}

const char *smtp_verb_name(enum smtp_verb verb)
{
	return "";
}

int smtp_reply_code(struct bytes line)
{
	return 0;
}

int smtp_greeting(struct bytes first)
{
	return -1;
}

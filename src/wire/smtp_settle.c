/* What a reply answers, and what it tells of the client's bytes: 354 makes them content, 220 TLS,
 * 334 a response. A reply answers the oldest waiting command. After a gap that is no longer sure,
 * and a wrong pair is worse than a missing code: then only a reply that fits one verb alone (354,
 * 221, 334, ...) is believed, and the codes before it are set backwards from it. */
#include "wire/smtp_internal.h"

static bool reply_give(struct smtp *smtp, struct smtp_item *out)
{
	out->code = smtp->reply_code;
	out->text = smtp->reply_line;
	if (smtp->enhanced_size)
		out->enhanced = bytes_make(smtp->enhanced, smtp->enhanced_size);
	smtp_reply_drop(smtp);
	return true;
}

/* One that answers DATA although the command, or its turn, is not known. */
static bool reply_to_data(struct smtp *smtp, enum smtp_phase phase, struct smtp_item *out)
{
	*out = (struct smtp_item){
		.kind = SMTP_REPLY,
		.verb = SMTP_VERB_DATA,
		.phase = phase,
		.time = smtp->now,
		.command_time = smtp->now,
	};
	return reply_give(smtp, out);
}

static void after_hello(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	if (code / 100 != 2)
		return; /* a refused EHLO leaves the transaction as it is: RFC 5321 4.1.4 */
	smtp->mail = smtp->rcpt = smtp->chunks = false;
	smtp->lmtp = row->verb == SMTP_VERB_LHLO;
	if (row->verb == SMTP_VERB_HELO)
		smtp->pipelining = false;
}

static void after_mail(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	if (code >= 400)
		smtp->mail = false;
}

static void after_rcpt(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	if (code / 100 == 2 && smtp->accepted < SMTP_WAITING_MAX)
		smtp->accepted++;
}

/* The server refuses a message that the client was taken to be sending. It reads the rest as
 * commands, each of which it will answer. */
static void content_refused(struct smtp *smtp)
{
	if (smtp->reading != READING_CONTENT) {
		smtp->drain = 1; /* the end of the message, which now gets no reply */
		smtp->anchored = false;
	}
	smtp->reading = READING_COMMAND;
	smtp_resync(smtp);
	smtp->waiting_sure = 0;
}

static void after_data(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	if (row->phase == SMTP_PHASE_END)
		return;
	if (smtp->reading == READING_HELD && code / 100 == 3) {
		if (smtp->held.size > smtp->held_read)
			anomaly(smtp->seen, SMTP_DATA_EARLY);
		smtp_release(smtp, READING_CONTENT);
	} else if (smtp->reading == READING_HELD) {
		smtp_release(smtp, READING_COMMAND);
	} else if (smtp->presumed && code / 100 != 3) {
		content_refused(smtp);
	}
	smtp->presumed = false;
}

static void after_auth(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	smtp->identity_size = 0;
	if (smtp->reading == READING_HELD || smtp->reading == READING_RESPONSE)
		smtp_release(smtp, READING_COMMAND);
}

static void after_starttls(struct smtp *smtp, const struct smtp_waiting *row, int code)
{
	struct bytes held = bytes_make(smtp->held.at, smtp->held.size);
	bytes_take(&held, smtp->held_read);
	if (smtp->reading != READING_HELD)
		return;
	if (code != 220) {
		smtp_release(smtp, READING_COMMAND);
		return;
	}
	if (bytes_size(held) >= 2 && !smtp_tls_begins(held, false)) {
		/* RFC 3207 6: to be thrown away, for anybody could have put it there. */
		anomaly(smtp->seen, SMTP_STARTTLS_INJECTION);
		smtp->held.size = smtp->held_read = 0;
	}
	smtp_tls_start(smtp, false);
}

static void (*const after[SMTP_VERB_COUNT])(
	struct smtp *, const struct smtp_waiting *, int code) = {
	[SMTP_VERB_HELO] = after_hello,
	[SMTP_VERB_EHLO] = after_hello,
	[SMTP_VERB_LHLO] = after_hello,
	[SMTP_VERB_MAIL] = after_mail,
	[SMTP_VERB_RCPT] = after_rcpt,
	[SMTP_VERB_DATA] = after_data,
	[SMTP_VERB_AUTH] = after_auth,
	[SMTP_VERB_STARTTLS] = after_starttls,
};

/* The reply answers the oldest command. */
static bool answer(struct smtp *smtp, struct smtp_item *out)
{
	struct smtp_waiting row;
	int code = smtp->reply_code;
	smtp_waiting_first(smtp, &row);
	if (row.verb == SMTP_VERB_AUTH && code == 334) {
		if (smtp->reading == READING_HELD)
			smtp_release(smtp, READING_RESPONSE);
		smtp_reply_drop(smtp);
		return false;
	}
	smtp_waiting_pop(smtp, out);
	reply_give(smtp, out);
	if (after[row.verb])
		after[row.verb](smtp, &row, code);
	return true;
}

/* A reply within the message, where no command waits. true: an item. */
static bool inside_message(struct smtp *smtp, struct smtp_item *out)
{
	int code = smtp->reply_code;
	if (smtp_content_decided(smtp, out)) {
		if (code == 221) /* for a QUIT that was taken for content: the message has none */
			smtp->drain = 1;
		return true; /* the message: the reply waits for the next turn */
	}
	if (code < 400)
		return false;
	smtp->answered = true;
	return reply_to_data(smtp, SMTP_PHASE_END, out);
}

/* No command waits. */
static bool unasked(struct smtp *smtp, struct smtp_item *out)
{
	int code = smtp->reply_code;
	if (smtp->reading == READING_CONTENT && code / 100 != 3 && !smtp->answered) {
		if (inside_message(smtp, out))
			return true;
		if (!smtp->early_code && code != 221) {
			/* It can only mean the end; believed when the end is seen, or a gap. */
			smtp->early_code = (uint16_t)code;
			smtp_reply_drop(smtp);
			return false;
		}
	}
	if (!smtp->one_sided)
		anomaly(smtp->seen, SMTP_REPLY_UNEXPECTED);
	smtp_reply_drop(smtp);
	return false;
}

static void doubtful_add(struct smtp *smtp)
{
	if (smtp->doubtful_count == SMTP_DOUBTFUL_MAX) {
		memmove(&smtp->doubtful[0], &smtp->doubtful[1],
			sizeof smtp->doubtful - sizeof smtp->doubtful[0]);
		smtp->doubtful_count--;
	}
	smtp->doubtful[smtp->doubtful_count++] = (uint16_t)smtp->reply_code;
	smtp_reply_drop(smtp);
}

/* The command that alone gets such a reply, as its place among those that wait; 0: none. A client
 * waits behind each of them, so it is the newest; unless content was presumed behind DATA. */
static uint16_t anchor_find(const struct smtp *smtp)
{
	static const struct {
		int code;
		enum smtp_verb verb;
		enum smtp_phase phase;
	} anchors[] = {
		{ 354, SMTP_VERB_DATA, SMTP_PHASE_COMMAND },
		{ 334, SMTP_VERB_AUTH, SMTP_PHASE_END }, { 235, SMTP_VERB_AUTH, SMTP_PHASE_END },
		{ 535, SMTP_VERB_AUTH, SMTP_PHASE_END },
		{ 220, SMTP_VERB_STARTTLS, SMTP_PHASE_COMMAND },
		{ 221, SMTP_VERB_QUIT, SMTP_PHASE_COMMAND },
		{ 250, SMTP_VERB_EHLO, SMTP_PHASE_COMMAND }, /* of several lines */
	};
	for (size_t i = 0; i < COUNT(anchors); i++) {
		uint16_t place;
		if (anchors[i].code != smtp->reply_code)
			continue;
		place = smtp_waiting_find(smtp, anchors[i].verb, anchors[i].phase);
		if (smtp->reply_code == 250 && smtp->reply_lines == 1)
			return 0;
		return place == smtp->waiting_count || smtp->presumed ? place : 0;
	}
	return 0;
}

static void doubt_end(struct smtp *smtp)
{
	smtp->doubt = smtp->unsure = false;
	smtp->waiting_sure = smtp->doubtful_count = 0;
}

/* What the reply answers is not known by its place. */
static bool doubtful(struct smtp *smtp, struct smtp_item *out)
{
	uint16_t anchor = anchor_find(smtp);
	if (anchor > 1) {
		smtp->drain = anchor - 1;
		smtp->anchored = true;
		return false; /* those first: the reply waits for the next turn */
	}
	if (anchor) {
		doubt_end(smtp);
		return answer(smtp, out);
	}
	if (smtp->unsure && smtp->reply_code == 354 && smtp->reading == READING_COMMAND) {
		bool inside = smtp->line[SMTP_CLIENT].torn || smtp->line[SMTP_CLIENT].cut.size;
		if (smtp->waiting_count) {
			smtp->drain = smtp->waiting_count;
			smtp->anchored = false;
			return false;
		}
		doubt_end(smtp); /* DATA was lost, and content is being sent */
		smtp->line[SMTP_CLIENT].torn = false;
		smtp->line[SMTP_CLIENT].cut.size = 0;
		smtp_release(smtp, READING_CONTENT);
		smtp->content = inside ? CONTENT_INSIDE : CONTENT_BEGIN;
		return reply_to_data(smtp, SMTP_PHASE_COMMAND, out);
	}
	doubtful_add(smtp);
	return false;
}

/* A reply that this command never gets: one was lost or is too many. */
static bool misfit(const struct smtp *smtp)
{
	struct smtp_waiting row;
	int code = smtp->reply_code;
	if (!smtp_waiting_first(smtp, &row))
		return false;
	if (code == 235 || code == 334)
		return row.verb != SMTP_VERB_AUTH;
	if (code == 221 && row.verb != SMTP_VERB_QUIT)
		return smtp_waiting_find(smtp, SMTP_VERB_QUIT, SMTP_PHASE_COMMAND);
	if (row.verb == SMTP_VERB_DATA && row.phase == SMTP_PHASE_COMMAND)
		return code / 100 == 2;
	return code / 100 == 3;
}

/* A complete reply finds its place; false: it made no item, or something comes before it. */
bool smtp_reply_settle(struct smtp *smtp, struct smtp_item *out)
{
	bool content = smtp->reading == READING_CONTENT && !smtp->waiting_count;
	/* From the middle, a first 220 may be the answer to STARTTLS. */
	bool late = smtp->middle && !smtp->began_reply && smtp->reply_code == 220;
	bool greeting = !smtp->greeted || (late && smtp_reply_is_greeting(smtp->reply_line));
	smtp->began_reply = true;
	if (greeting) {
		smtp->greeted = true;
		*out = (struct smtp_item){ .kind = SMTP_GREETING, .time = smtp->now };
		return reply_give(smtp, out);
	}
	if (smtp->reading == READING_TLS || smtp->reading == READING_NOTHING) {
		smtp_reply_drop(smtp);
		return false;
	}
	if (smtp->abandoned) {
		smtp->abandoned--;
		smtp_reply_drop(smtp);
		return false;
	}
	if ((!smtp->doubt || smtp->waiting_sure) && misfit(smtp)) {
		smtp->doubt = true;
		smtp->waiting_sure = 0;
	}
	if (smtp->doubt && !smtp->waiting_sure && !content)
		return doubtful(smtp, out);
	return smtp->waiting_count ? answer(smtp, out) : unasked(smtp, out);
}

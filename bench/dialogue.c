/* A table of turns: who speaks, what, and what comes next. */
#include "dialogue.h"

#include <limits.h>
#include <stdio.h>

#define SEGMENT_MAX 1460

enum { CLIENT, SERVER };

enum stage { SYN, SYN_ACK, ACK, TALK, FIN_CLIENT, FIN_SERVER, ACK_LAST, OVER };

enum turn {
	GREETING,
	EHLO,
	EHLO_REPLY,
	MAIL,
	MAIL_REPLY,
	RCPT,
	RCPT_REPLY,
	DATA,
	DATA_REPLY,
	CONTENT,
	CONTENT_REPLY,
	RSET,
	RSET_REPLY,
	QUIT,
	QUIT_REPLY,
	DONE
};

static const struct turn_said {
	uint8_t side;
	const char *text; /* with a number in it; NULL: the message */
} said[DONE] = {
	[GREETING] = { SERVER, "220 mx%u.example.org ESMTP Postfix\r\n" },
	[EHLO] = { CLIENT, "EHLO pc%u.example.net\r\n" },
	[EHLO_REPLY] = { SERVER, "250-mx%u.example.org\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n" },
	[MAIL] = { CLIENT, "MAIL FROM:<sender%u@example.net> SIZE=10000\r\n" },
	[MAIL_REPLY] = { SERVER, "250 2.1.0 Ok %u\r\n" },
	[RCPT] = { CLIENT, "RCPT TO:<someone%u@example.org>\r\n" },
	[RCPT_REPLY] = { SERVER, "%u 2.1.5 Ok\r\n" },
	[DATA] = { CLIENT, "DATA\r\n" },
	[DATA_REPLY] = { SERVER, "354 End data with <CR><LF>.<CR><LF>\r\n" },
	[CONTENT] = { CLIENT, NULL },
	[CONTENT_REPLY] = { SERVER, "%u 2.0.0 queued as 4F2A01C0042\r\n" },
	[RSET] = { CLIENT, "RSET\r\n" },
	[RSET_REPLY] = { SERVER, "250 2.0.0 Ok\r\n" },
	[QUIT] = { CLIENT, "QUIT\r\n" },
	[QUIT_REPLY] = { SERVER, "221 2.0.0 Bye\r\n" },
};

static unsigned dice(struct dialogue_maker *maker, unsigned sides)
{
	return (unsigned)(corpus_random(&maker->seed) >> 33) % sides;
}

void dialogue_begin(struct dialogue *dialogue, struct dialogue_maker *maker, uint32_t client,
	uint16_t port, uint32_t server)
{
	unsigned more = dice(maker, 20);
	memset(dialogue, 0, offsetof(struct dialogue, held));
	dialogue->end[CLIENT] = client;
	dialogue->end[SERVER] = server;
	dialogue->port[CLIENT] = port;
	dialogue->port[SERVER] = 25;
	dialogue->seq[CLIENT] = (uint32_t)corpus_random(&maker->seed);
	dialogue->seq[SERVER] = (uint32_t)corpus_random(&maker->seed);
	dialogue->id = (uint16_t)dice(maker, 65536);
	dialogue->transactions = more < 1 ? 3 : more < 4 ? 2 : 1;
	dialogue->lose = dice(maker, 1000) < maker->lossy ? dice(maker, 12) : UINT_MAX;
}

static void write_frame(struct dialogue_maker *maker, const uint8_t *frame, size_t size)
{
	frame_write(frame, size, maker->time);
	maker->time += 1 + dice(maker, 13);
	maker->bytes += size;
}

static void write_held(struct dialogue *dialogue, struct dialogue_maker *maker)
{
	if (dialogue->held_size)
		write_frame(maker, dialogue->held, dialogue->held_size);
	dialogue->held_size = 0;
}

static struct frame_segment segment_of(struct dialogue *dialogue, int side, uint8_t flags)
{
	uint16_t id = ++dialogue->id ? dialogue->id : ++dialogue->id; /* 0 says nothing */
	return (struct frame_segment){ .source = dialogue->end[side],
		.destination = dialogue->end[!side],
		.source_port = dialogue->port[side],
		.destination_port = dialogue->port[!side],
		.id = id,
		.flags = flags,
		.seq = dialogue->seq[side],
		.ack = flags & FRAME_ACK ? dialogue->seq[!side] : 0 };
}

/* A segment without data: the handshake, acknowledgements, the FINs. */
static void send_flags(
	struct dialogue *dialogue, struct dialogue_maker *maker, int side, uint8_t flags)
{
	uint8_t frame[FRAME_MAX];
	struct frame_segment segment = segment_of(dialogue, side, flags);
	write_frame(maker, frame, frame_make(&segment, frame));
	write_held(dialogue, maker);
	dialogue->seq[side] += (flags & (FRAME_SYN | FRAME_FIN)) != 0;
	dialogue->unanswered = 0;
}

/* One with data: it may come twice, behind the next, or not at all. */
static void send_data(struct dialogue *dialogue, struct dialogue_maker *maker, int side)
{
	uint8_t frame[FRAME_MAX];
	struct frame_segment segment = segment_of(dialogue, side, FRAME_ACK | FRAME_PSH);
	unsigned odd = dialogue->held_size ? UINT_MAX : dice(maker, 2000);
	segment.payload = bytes_split(&dialogue->left, SEGMENT_MAX);
	size_t size = frame_make(&segment, frame);
	dialogue->seq[side] += (uint32_t)bytes_size(segment.payload);
	dialogue->told.bytes[side] += bytes_size(segment.payload);
	dialogue->unanswered++;
	if (dialogue->segment++ == dialogue->lose) {
		dialogue->told.lost = true;
		return;
	}
	if (odd < maker->disorder) { /* swapped */
		memcpy(dialogue->held, frame, size);
		dialogue->held_size = size;
		return;
	}
	write_frame(maker, frame, size);
	write_held(dialogue, maker);
	if (odd < 2 * maker->disorder) { /* repeated: another packet with the same bytes */
		segment.id ^= 0x8000;
		dialogue->held_size = frame_make(&segment, dialogue->held);
	}
}

static enum turn turn_next(struct dialogue *dialogue)
{
	switch (dialogue->turn) {
	case EHLO_REPLY:
	case CONTENT_REPLY:
	case RSET_REPLY:
		return dialogue->transactions ? MAIL : QUIT;
	case RCPT_REPLY:
		if (dialogue->recipients)
			return RCPT;
		return dialogue->accepted ? DATA : RSET;
	case QUIT_REPLY:
		return DONE;
	default:
		return dialogue->turn + 1;
	}
}

/* What the turn means for the counts, and the number in its text. */
static unsigned turn_count(struct dialogue *dialogue, struct dialogue_maker *maker)
{
	struct dialogue_told *told = &dialogue->told;
	unsigned odds = dice(maker, 100);
	switch (dialogue->turn) {
	case MAIL:
		dialogue->transactions--;
		dialogue->recipients = 1 + (odds < 40) + (odds < 20) + (odds < 10) + (odds < 5);
		dialogue->accepted = 0;
		dialogue->message = dice(maker, maker->corpus->count);
		told->transactions++;
		return dialogue->message;
	case RCPT:
		dialogue->recipients--;
		dialogue->code = odds < 5 ? 550 : odds < 7 ? 450 : 250;
		dialogue->accepted += dialogue->code == 250;
		told->recipients++;
		told->recipients_accepted += dialogue->code == 250;
		return odds;
	case CONTENT:
		dialogue->code = odds < 3 ? 554 : 250;
		told->messages++;
		told->messages_accepted += dialogue->code == 250;
		told->size += bytes_size(corpus_message(maker->corpus, dialogue->message));
		told->decoded += maker->corpus->content[dialogue->message];
		return 0;
	case RCPT_REPLY:
	case CONTENT_REPLY:
		return dialogue->code;
	default:
		return odds;
	}
}

static void speak(struct dialogue *dialogue, struct dialogue_maker *maker)
{
	const struct turn_said *turn = &said[dialogue->turn];
	unsigned number = turn_count(dialogue, maker);
	dialogue->left = maker->wire[dialogue->message];
	if (!turn->text)
		return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	int size = snprintf(dialogue->text, sizeof(dialogue->text), turn->text, number);
#pragma GCC diagnostic pop
	dialogue->left = bytes_make(dialogue->text, (size_t)size);
}

static void talk(struct dialogue *dialogue, struct dialogue_maker *maker)
{
	int side = said[dialogue->turn].side;
	if (dialogue->unanswered >= 2) {
		send_flags(dialogue, maker, !side, FRAME_ACK);
		return;
	}
	if (dialogue->left.at == dialogue->left.end) {
		speak(dialogue, maker);
		dialogue->unanswered = 0;
	}
	send_data(dialogue, maker, side);
	if (dialogue->left.at == dialogue->left.end)
		dialogue->turn = (uint8_t)turn_next(dialogue);
	if (dialogue->turn == DONE)
		dialogue->stage = FIN_CLIENT;
}

bool dialogue_step(struct dialogue *dialogue, struct dialogue_maker *maker)
{
	static const struct {
		uint8_t side, flags;
	} bare[] = {
		[SYN] = { CLIENT, FRAME_SYN },
		[SYN_ACK] = { SERVER, FRAME_SYN | FRAME_ACK },
		[ACK] = { CLIENT, FRAME_ACK },
		[FIN_CLIENT] = { CLIENT, FRAME_ACK | FRAME_FIN },
		[FIN_SERVER] = { SERVER, FRAME_ACK | FRAME_FIN },
		[ACK_LAST] = { CLIENT, FRAME_ACK },
	};
	if (dialogue->stage == TALK) {
		talk(dialogue, maker);
	} else {
		send_flags(
			dialogue, maker, bare[dialogue->stage].side, bare[dialogue->stage].flags);
		dialogue->stage++;
	}
	return dialogue->stage != OVER;
}

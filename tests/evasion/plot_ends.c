/* Odd connections: how they begin and end, what of them was captured, when. */
#include "plot.h"

#include <stdio.h>
#include <string.h>

#include "base/moment.h"

#define SYN_LIE "HELO other\r\n"

static void syn(struct forge *forge, int side, int32_t at, const char *text)
{
	forge_shot(forge, side, (struct shot){ .flags = TCP_SYN, .no_ack = true, .at = at }, text);
}

static void syn_ack(struct forge *forge, int side, int32_t at, int32_t ack)
{
	forge_shot(
		forge, side, (struct shot){ .flags = TCP_SYN | TCP_ACK, .at = at, .ack = ack }, "");
}

static void syn_data_ignored(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_open(forge);
		return;
	}
	syn(forge, FORGE_CLIENT, 0, SYN_LIE);
	syn_ack(forge, FORGE_SERVER, 0, 1);
	forge->seq[FORGE_CLIENT]++;
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_CLIENT);
}

static void syn_data_taken(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_open(forge);
		forge_say(forge, FORGE_CLIENT, SYN_LIE);
		return;
	}
	syn(forge, FORGE_CLIENT, 0, SYN_LIE);
	forge->seq[FORGE_CLIENT] += 1 + strlen(SYN_LIE);
	syn_ack(forge, FORGE_SERVER, 0, 0);
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_CLIENT);
}

static void simultaneous(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_open(forge);
		return;
	}
	syn(forge, FORGE_CLIENT, 0, "");
	syn(forge, FORGE_SERVER, 0, "");
	syn_ack(forge, FORGE_CLIENT, 0, 1);
	syn_ack(forge, FORGE_SERVER, 0, 1);
	forge->seq[FORGE_CLIENT]++;
	forge->seq[FORGE_SERVER]++;
}

static void split(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_open(forge);
		return;
	}
	syn(forge, FORGE_CLIENT, 0, "");
	forge->seq[FORGE_CLIENT]++;
	syn(forge, FORGE_SERVER, 0, "");
	syn_ack(forge, FORGE_CLIENT, -1, 1);
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_SERVER);
}

static void split_acknowledged(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_open(forge);
		return;
	}
	syn(forge, FORGE_CLIENT, 0, "");
	forge->seq[FORGE_CLIENT]++;
	forge_acknowledge(forge, FORGE_SERVER);
	syn(forge, FORGE_SERVER, 0, "");
	syn_ack(forge, FORGE_CLIENT, -1, 1);
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_SERVER);
}

static void syn_ack_false(struct forge *forge, bool honest, bool first)
{
	syn(forge, FORGE_CLIENT, 0, "");
	forge->seq[FORGE_CLIENT]++;
	if (!honest && first)
		syn_ack(forge, FORGE_SERVER, 7777777, 0);
	syn_ack(forge, FORGE_SERVER, 0, 0);
	if (!honest && !first)
		syn_ack(forge, FORGE_SERVER, 7777777, 0);
	forge->seq[FORGE_SERVER]++;
	forge_acknowledge(forge, FORGE_CLIENT);
}

static void syn_ack_false_first(struct forge *forge, const struct plot *plot, bool honest)
{
	syn_ack_false(forge, honest, true);
}

static void syn_ack_false_second(struct forge *forge, const struct plot *plot, bool honest)
{
	syn_ack_false(forge, honest, false);
}

static void syn_repeated(struct forge *forge, const struct plot *plot, bool honest)
{
	for (int i = 0; i < 3; i++)
		syn(forge, FORGE_CLIENT, 0, "");
	forge_open(forge);
}

static void syn_of_old(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest)
		syn(forge, FORGE_CLIENT, 4444444, "");
	forge_open(forge);
}

static void reset_false(struct forge *forge, const struct plot *plot, bool honest)
{
	syn(forge, FORGE_CLIENT, 0, "");
	if (!honest)
		forge_shot(forge, FORGE_SERVER,
			(struct shot){ .flags = TCP_RST | TCP_ACK, .ack = 555 }, "");
	forge_open(forge);
}

static void without_handshake(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest)
		forge_open(forge);
	forge->seq[FORGE_CLIENT] += !honest;
	forge->seq[FORGE_SERVER] += !honest;
}

static void without_acknowledgement(struct forge *forge, const struct plot *plot, bool honest)
{
	syn(forge, FORGE_CLIENT, 0, "");
	forge->seq[FORGE_CLIENT]++;
	syn_ack(forge, FORGE_SERVER, 0, 0);
	forge->seq[FORGE_SERVER]++;
	if (honest)
		forge_acknowledge(forge, FORGE_CLIENT);
}

static void client_only(struct forge *forge, const struct plot *plot, bool honest)
{
	forge->deaf[FORGE_SERVER] = !honest;
	forge_open(forge);
}

static void server_only(struct forge *forge, const struct plot *plot, bool honest)
{
	forge->deaf[FORGE_CLIENT] = !honest;
	forge_open(forge);
}

static void wraps(struct forge *forge, const struct plot *plot, bool honest)
{
	forge->seq[FORGE_CLIENT] = honest ? 1 : 0u - 40;
	forge->seq[FORGE_SERVER] = honest ? 1 : 0u - 30;
	forge_open(forge);
}

static void wraps_at_once(struct forge *forge, const struct plot *plot, bool honest)
{
	forge->seq[FORGE_CLIENT] = forge->seq[FORGE_SERVER] = honest ? 1 : 0u - 1;
	forge_open(forge);
}

static void half_circle(struct forge *forge, const struct plot *plot, bool honest)
{
	forge->seq[FORGE_CLIENT] = forge->seq[FORGE_SERVER] = honest ? 1 : 0x80000000u - 60;
	forge_open(forge);
}

static void open_plainly(struct forge *forge, const struct plot *plot, bool honest)
{
	forge_open(forge);
}

static void quit(struct forge *forge)
{
	forge_say(forge, FORGE_CLIENT, "QUIT\r\n");
	forge_say(forge, FORGE_SERVER, "221 bye\r\n");
	forge_close(forge);
}

/* Both ends are made to look closed, for longer than a closed connection is kept. */
static void fins_false(struct forge *forge, const struct plot *plot, bool honest)
{
	for (int side = FORGE_CLIENT; !honest && side <= FORGE_SERVER; side++)
		forge_shot(forge, side, (struct shot){ .flags = TCP_FIN | TCP_ACK, .ttl = 1 }, "");
	forge_wait(forge, honest ? 0 : 12 * SECOND);
	quit(forge);
}

static void fins_false_short(struct forge *forge, const struct plot *plot, bool honest)
{
	for (int side = FORGE_CLIENT; !honest && side <= FORGE_SERVER; side++)
		forge_shot(forge, side, (struct shot){ .flags = TCP_FIN | TCP_ACK, .ttl = 1 }, "");
	forge_wait(forge, honest ? 0 : 8 * SECOND);
	forge_say(forge, FORGE_CLIENT, "NOOP\r\n");
	forge_say(forge, FORGE_SERVER, "250 Ok\r\n");
	forge_wait(forge, honest ? 0 : 8 * SECOND);
	quit(forge);
}

static void rst_false(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest)
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .flags = TCP_RST, .ttl = 1 }, "");
	forge_wait(forge, honest ? 0 : 12 * SECOND);
	quit(forge);
}

static void rst_false_short(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest)
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .flags = TCP_RST, .ttl = 1 }, "");
	forge_wait(forge, honest ? 0 : 8 * SECOND);
	quit(forge);
}

/* Nobody acknowledged it, and nothing true follows: it never arrived. */
static void not_taken(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest)
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .ttl = 1 },
			plot_stage(PLACE_FRAMED)->lie);
	forge_acknowledge(forge, FORGE_SERVER);
	forge_shot(forge, FORGE_SERVER, (struct shot){ .flags = TCP_FIN | TCP_ACK }, "");
}

static void not_taken_silence(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest)
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .ttl = 1 },
			plot_stage(PLACE_FRAMED)->lie);
}

static void no_end(struct forge *forge, const struct plot *plot, bool honest)
{
	forge_say(forge, FORGE_CLIENT, "QUIT\r\n");
	forge_say(forge, FORGE_SERVER, "221 bye\r\n");
}

static int64_t one_of_2106(int64_t time, size_t packet)
{
	return packet == 12 ? INT64_C(4294967295) * SECOND : time;
}

static int64_t one_of_1970(int64_t time, size_t packet)
{
	return packet == 12 ? 0 : time;
}

static int64_t back_two_hours(int64_t time, size_t packet)
{
	return packet >= 12 ? time - 2 * HOUR : time;
}

static int64_t ahead_two_days(int64_t time, size_t packet)
{
	return packet >= 12 ? time + 2 * DAY : time;
}

static int64_t to_and_fro(int64_t time, size_t packet)
{
	return time + (packet % 2 ? 100 * DAY : -100 * DAY);
}

static int64_t stands_still(int64_t time, size_t packet)
{
	return time - time % SECOND;
}

static void cut_by_snapshot(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	forge_shot(forge, plot_side(plot), (struct shot){ .cut = honest ? 0 : 12 }, truth);
	forge->seq[plot_side(plot)] += (uint32_t)strlen(truth);
}

static const struct plot rows[] = {
	{ "SYN with data that is ignored", PLACE_NONE, END_READ, syn_data_ignored, .opens = true },
	{ "SYN with data that is taken", PLACE_NONE, END_PARTLY, syn_data_taken, .opens = true },
	{ "simultaneous open", PLACE_NONE, END_SAFE, simultaneous, .opens = true },
	{ "split handshake", PLACE_NONE, END_SAFE, split, .opens = true },
	{ "split handshake, acknowledged first", PLACE_NONE, END_SAFE, split_acknowledged,
		.opens = true },
	{ "SYN/ACK twice, the first is false", PLACE_NONE, END_SAFE, syn_ack_false_first,
		.opens = true },
	{ "SYN/ACK twice, the second is false", PLACE_NONE, END_READ, syn_ack_false_second,
		.opens = true },
	{ "SYN four times", PLACE_NONE, END_READ, syn_repeated, .opens = true },
	{ "SYN of an older connection before", PLACE_NONE, END_READ, syn_of_old, .opens = true },
	{ "RST that answers no SYN of ours", PLACE_NONE, END_READ, reset_false, .opens = true },
	{ "handshake not captured", PLACE_NONE, END_PARTLY, without_handshake, .opens = true },
	{ "handshake's last packet not captured", PLACE_NONE, END_SAFE, without_acknowledgement,
		.opens = true },
	{ "only the client's side", PLACE_NONE, END_PARTLY, client_only, .opens = true },
	{ "only the server's side", PLACE_NONE, END_PARTLY, server_only, .opens = true },
	{ "sequence numbers wrap", PLACE_NONE, END_READ, wraps, .opens = true },
	{ "sequence numbers wrap with the SYN", PLACE_NONE, END_READ, wraps_at_once,
		.opens = true },
	{ "sequence numbers pass the half", PLACE_NONE, END_READ, half_circle, .opens = true },
	{ "false FINs, then 12 s", PLACE_NONE, END_SAFE, fins_false, .closes = true, .parts = 2 },
	{ "false FINs, then goes on within 10 s", PLACE_NONE, END_READ, fins_false_short,
		.closes = true },
	{ "false RST, then 12 s", PLACE_NONE, END_SAFE, rst_false, .closes = true, .parts = 2 },
	{ "false RST, then goes on within 10 s", PLACE_NONE, END_READ, rst_false_short,
		.closes = true },
	{ "framed: false FINs, then 12 s", PLACE_FRAMED, END_SAFE, fins_false, .closes = true,
		.parts = 2 },
	{ "framed: never acknowledged, then FIN", PLACE_FRAMED, END_UNTAKEN, not_taken,
		.closes = true },
	{ "framed: never acknowledged, then silence", PLACE_FRAMED, END_UNTAKEN, not_taken_silence,
		.closes = true },
	{ "no end", PLACE_NONE, END_SAFE, no_end, .closes = true },
	{ "one packet of 2106", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = one_of_2106 },
	{ "one packet of 1970", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = one_of_1970 },
	{ "the clock falls back two hours", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = back_two_hours },
	{ "the clock leaps two days", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = ahead_two_days, .parts = 2 },
	{ "the clock goes to and fro", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = to_and_fro, .parts = 30 },
	{ "the clock stands still", PLACE_NONE, END_SAFE, open_plainly, .opens = true,
		.clock = stands_still },
	{ "a command cut by the snapshot", PLACE_COMMAND, END_PARTLY, cut_by_snapshot,
		.row = NULL },
	{ "a reply cut by the snapshot", PLACE_REPLY, END_PARTLY, cut_by_snapshot, .row = NULL },
	{ "content cut by the snapshot", PLACE_CONTENT, END_PARTLY, cut_by_snapshot, .row = NULL },
	{ "long content cut by the snapshot", PLACE_LONG, END_PARTLY, cut_by_snapshot,
		.row = NULL },
};

size_t plot_ends_count(void)
{
	return COUNT(rows);
}

void plot_ends_get(size_t index, struct plot *out)
{
	*out = rows[index];
}

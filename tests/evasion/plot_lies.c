/* Packets that no receiver takes, or that never arrive, before the true ones of the same sequence
 * numbers; and odd ways to tell nothing but the truth. At each place of the dialogue. (Ptacek &
 * Newsham, 1998; Wang et al., SymTCP, 2020.) */
#include "plot.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096

static const char old_stamp[] = "\1\1\x08\x0a\0\0\0\1\0\0\0\0";
static const char md5[] = "\x13\x12"
			  "0123456789abcdef"
			  "\1\1";

struct lie {
	const char *name;
	struct shot shot;
	enum { SAYS_LIE, SAYS_NOTHING, SAYS_LIE_TWICE } says;
	enum plot_end end;
};

/* A receiver tells the lies from the truth by what the row says; the tap knows of some itself, and
 * marks the others once the truth follows. */
static const struct lie lies[] = {
	{ "TTL too small", { .ttl = 1 }, SAYS_LIE, END_DISPUTED },
	{ "TTL too small, twice", { .ttl = 1 }, SAYS_LIE_TWICE, END_DISPUTED },
	{ "TCP checksum", { .bad_sum = true }, SAYS_LIE, END_READ },
	{ "IP checksum", { .bad_ip_sum = true }, SAYS_LIE, END_READ },
	{ "no ACK flag", { .flags = TCP_PSH, .no_ack = true }, SAYS_LIE, END_READ },
	{ "no flags", { .none = true }, SAYS_LIE, END_READ },
	{ "SYN and ACK", { .flags = TCP_SYN | TCP_ACK }, SAYS_LIE, END_READ },
	{ "old timestamp", { .options = old_stamp, .options_size = 12 }, SAYS_LIE, END_DISPUTED },
	{ "MD5 option", { .options = md5, .options_size = 20 }, SAYS_LIE, END_DISPUTED },
	{ "acknowledges too much", { .ack = 50000 }, SAYS_LIE, END_DISPUTED },
	{ "acknowledges too little", { .ack = -500000 }, SAYS_LIE, END_DISPUTED },
	{ "ahead of the window", { .at = 200000 }, SAYS_LIE, END_READ },
	{ "far behind the window", { .at = -2000000000 }, SAYS_LIE, END_READ },
	{ "RST with data, in the window", { .flags = TCP_RST | TCP_ACK, .at = 7 }, SAYS_LIE,
		END_READ },
	{ "RST, too small a TTL", { .flags = TCP_RST, .ttl = 1 }, SAYS_NOTHING, END_READ },
	{ "RST, out of the window", { .flags = TCP_RST, .at = 900000 }, SAYS_NOTHING, END_READ },
	{ "FIN, too small a TTL", { .flags = TCP_FIN | TCP_ACK, .ttl = 1 }, SAYS_NOTHING,
		END_SAFE },
	{ "FIN with data, too small a TTL", { .flags = TCP_FIN | TCP_ACK, .ttl = 1 }, SAYS_LIE,
		END_DISPUTED },
	{ "FIN, ahead of the window", { .flags = TCP_FIN | TCP_ACK, .at = 900000 }, SAYS_NOTHING,
		END_READ },
	{ "SYN in the middle", { .flags = TCP_SYN, .at = 31337, .no_ack = true }, SAYS_NOTHING,
		END_READ },
	{ "fragments, one missing", { .fragment = 16, .fragments = FRAGMENTS_ONE_LOST }, SAYS_LIE,
		END_READ },
	{ "in a tunnel from outside", { .tunnels = 1, .tunnel = { 203, 0, 113, 9 } }, SAYS_LIE,
		END_SAFE },
	{ "in a hundred tunnels", { .tunnels = 100, .tunnel = { 192, 168, 7, 20 } }, SAYS_LIE,
		END_READ },
	{ "fragments that overlap", { .fragment = 16, .fragments = FRAGMENTS_OVERLAP }, SAYS_LIE,
		END_READ },
};

static char *copy_of(const char *text, size_t from, size_t size, char room[TEXT_MAX])
{
	assert(size < TEXT_MAX);
	memcpy(room, text + from, size);
	room[size] = 0;
	return room;
}

static void tell_lie(struct forge *forge, const struct plot *plot, bool honest)
{
	const struct stage *stage = plot_stage(plot->place);
	const struct lie *lie = plot->row;
	int side = plot_side(plot);
	assert(strlen(stage->truth) == strlen(stage->lie));
	for (int i = 0; !honest && i < (lie->says == SAYS_LIE_TWICE ? 2 : 1); i++)
		forge_shot(forge, side, lie->shot, lie->says == SAYS_NOTHING ? "" : stage->lie);
	forge_say(forge, side, stage->truth);
}

/* The lie is followed by honest text of more bytes than are remembered, then by the truth. */
static void tell_lie_long_before(struct forge *forge, const struct plot *plot, bool honest)
{
	const struct stage *stage = plot_stage(PLACE_CONTENT);
	int32_t size = (int32_t)strlen(stage->truth);
	char more[801];
	memset(more, 'm', 798);
	memcpy(more + 798, "\r\n", 3);
	if (!honest) {
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .ttl = 1 }, stage->lie);
		forge_shot(forge, FORGE_CLIENT, (struct shot){ .at = size }, more);
	}
	forge_say(forge, FORGE_CLIENT, stage->truth);
	forge_say(forge, FORGE_CLIENT, more);
}

static void bytewise(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	char room[TEXT_MAX];
	for (size_t i = 0; truth[i]; i++)
		forge_say(forge, plot_side(plot), copy_of(truth, i, 1, room));
}

static void bytewise_backwards(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	size_t size = strlen(truth), step = size > 200 ? 13 : 1;
	char room[TEXT_MAX];
	for (size_t n = (size + step - 1) / step; n-- > 0;) {
		size_t at = n * step, part = at + step < size ? step : size - at;
		forge_shot(forge, plot_side(plot), (struct shot){ .at = (int32_t)at },
			copy_of(truth, at, part, room));
	}
	forge->seq[plot_side(plot)] += (uint32_t)size;
}

static void twice(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	forge_shot(forge, plot_side(plot), (struct shot){ 0 }, truth);
	forge_say(forge, plot_side(plot), truth);
}

static void halves_then_all(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	size_t half = strlen(truth) / 2;
	char room[TEXT_MAX];
	forge_shot(forge, plot_side(plot), (struct shot){ 0 }, copy_of(truth, 0, half, room));
	forge_shot(forge, plot_side(plot), (struct shot){ .at = (int32_t)half }, truth + half);
	forge_say(forge, plot_side(plot), truth);
}

static void keep_alive(struct forge *forge, const struct plot *plot, bool honest)
{
	for (int i = 0; i < 3; i++)
		forge_shot(forge, plot_side(plot), (struct shot){ .at = -1 }, i ? "?" : "");
	forge_say(forge, plot_side(plot), plot_stage(plot->place)->truth);
}

/* The receiver's window is shut: it takes none of it. */
static void zero_window(struct forge *forge, const struct plot *plot, bool honest)
{
	if (!honest) {
		forge_acknowledge(forge, !plot_side(plot));
		forge_shot(forge, plot_side(plot), (struct shot){ 0 }, "?");
	}
	forge_say(forge, plot_side(plot), plot_stage(plot->place)->truth);
}

static void fragments(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	forge_shot(forge, plot_side(plot),
		(struct shot){ .fragment = 24, .fragments = FRAGMENTS_BACKWARDS }, truth);
	forge->seq[plot_side(plot)] += (uint32_t)strlen(truth);
}

static void tunnel(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	forge_shot(forge, plot_side(plot),
		(struct shot){ .tunnels = 2, .tunnel = { 192, 168, 7, 1 } }, truth);
	forge->seq[plot_side(plot)] += (uint32_t)strlen(truth);
}

/* Its second half is nowhere, but acknowledged. */
static void hole(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	char room[TEXT_MAX];
	if (honest)
		forge_say(forge, plot_side(plot), truth);
	else
		forge_shot(forge, plot_side(plot), (struct shot){ 0 },
			copy_of(truth, 0, strlen(truth) / 2, room));
	forge->seq[plot_side(plot)] += honest ? 0 : (uint32_t)strlen(truth);
}

/* `?` at `at`, which leaves the stream as urgent; the pointer says one further (RFC 1122 4.2.2.4
 * was obeyed by nobody). */
static void urgent_at(struct forge *forge, const struct plot *plot, size_t at)
{
	const char *truth = plot_stage(plot->place)->truth;
	char room[TEXT_MAX];
	copy_of(truth, 0, at, room);
	snprintf(room + at, sizeof(room) - at, "?%s", truth + at);
	forge_shot(forge, plot_side(plot),
		(struct shot){ .flags = TCP_ACK | TCP_URG, .urgent = (uint16_t)(at + 1) }, room);
	forge->seq[plot_side(plot)] += (uint32_t)strlen(room);
}

static void urgent_first(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest)
		forge_say(forge, plot_side(plot), plot_stage(plot->place)->truth);
	else
		urgent_at(forge, plot, 0);
}

static void urgent_inside(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest)
		forge_say(forge, plot_side(plot), plot_stage(plot->place)->truth);
	else
		urgent_at(forge, plot, 6);
}

/* A pointer without data, then the byte it points to among others: behind a hole. */
static void urgent_announced(struct forge *forge, const struct plot *plot, bool honest)
{
	const char *truth = plot_stage(plot->place)->truth;
	char room[TEXT_MAX];
	int side = plot_side(plot);
	if (honest) {
		forge_say(forge, side, truth);
		return;
	}
	forge_shot(forge, side, (struct shot){ .flags = TCP_ACK | TCP_URG, .urgent = 6 }, "");
	snprintf(room, sizeof(room), "?%s", truth + 5);
	forge_shot(forge, side, (struct shot){ .at = 5 }, room);
	forge_say(forge, side, copy_of(truth, 0, 5, room));
	forge->seq[side] += (uint32_t)strlen(truth) - 4;
}

/* Two at a time: what is read hangs on when the program reads. */
static void urgent_twice(struct forge *forge, const struct plot *plot, bool honest)
{
	if (honest) {
		forge_say(forge, plot_side(plot), plot_stage(plot->place)->truth);
		return;
	}
	forge_shot(forge, plot_side(plot), (struct shot){ .flags = TCP_ACK | TCP_URG, .urgent = 3 },
		"");
	urgent_at(forge, plot, 8);
}

static const struct odd {
	const char *name;
	void (*act)(struct forge *forge, const struct plot *plot, bool honest);
	enum plot_end end;
} odds[] = {
	{ "one byte a segment", bytewise, END_READ },
	{ "one byte a segment, backwards", bytewise_backwards, END_READ },
	{ "everything twice", twice, END_READ },
	{ "two halves, then all again", halves_then_all, END_READ },
	{ "keep-alives with other bytes", keep_alive, END_READ },
	{ "a probe of a shut window", zero_window, END_DISPUTED },
	{ "fragments, backwards", fragments, END_READ },
	{ "in two tunnels of ours", tunnel, END_READ },
	{ "a hole that never fills", hole, END_PARTLY },
	{ "urgent, the first byte", urgent_first, END_READ },
	{ "urgent, a byte within", urgent_inside, END_READ },
	{ "urgent, announced before", urgent_announced, END_READ },
	{ "urgent, two at a time", urgent_twice, END_DISPUTED },
};

size_t plot_lies_count(void)
{
	return PLACES * (COUNT(lies) + COUNT(odds)) + 1;
}

void plot_lies_get(size_t index, struct plot *out)
{
	size_t row = index / PLACES;
	out->place = (enum plot_place)(index % PLACES);
	if (row < COUNT(lies)) {
		out->act = tell_lie;
		out->row = &lies[row];
		out->end = lies[row].end;
	} else if (row < COUNT(lies) + COUNT(odds)) {
		out->act = odds[row - COUNT(lies)].act;
		out->end = odds[row - COUNT(lies)].end;
	} else {
		out->place = PLACE_CONTENT;
		out->act = tell_lie_long_before;
		out->end = END_DISPUTED;
	}
	snprintf(out->name, sizeof(out->name), "%s: %s", plot_stage(out->place)->name,
		row < COUNT(lies)                 ? lies[row].name
		: row < COUNT(lies) + COUNT(odds) ? odds[row - COUNT(lies)].name
						  : "a lie, long text, then the truth");
}

/* The dialogue that all plots happen in, and where in it. */
#include "plot.h"

#include <stdio.h>
#include <string.h>

#define LINE "All of this is one long and honest line of the message, as any.\r\n"
#define LINES LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE
#define LIE "xy\r\n.\r\nMAIL FROM:<evil@a.example>\r\nRCPT TO:<evil@b.example>\r\n\r\n\r\n"

const struct stage *plot_stage(enum plot_place place)
{
	static const struct stage stages[] = {
		[PLACE_COMMAND] = { "command", "RCPT TO:<good@b.example>\r\n",
			"RCPT TO:<evil@b.example>\r\n" },
		[PLACE_REPLY] = { "reply", "250 2.1.5 is well known\r\n",
			"550 5.1.1 is not known.\r\n" },
		[PLACE_CONTENT] = { "content", "Subject: what is here\r\n\r\ngood text, more\r\n",
			"xy: x\r\n\r\n.\r\nMAIL FROM:<evil@a.example>\r\n\r\n" },
		[PLACE_LONG] = { "long content", LINES LINE LINES, LINES LIE LINES },
		[PLACE_FRAMED] = { "framed", "NOOP 789012345678901234\r\n",
			"MAIL FROM:<e@a.example>\r\n" },
		[PLACE_NONE] = { "elsewhere", "", "" },
	};
	return &stages[place];
}

static void line(const struct plot *plot, struct forge *forge, enum plot_place place, bool honest)
{
	if (plot->place == place && !plot->opens && !plot->closes)
		plot->act(forge, plot, honest);
	else
		forge_say(forge, place == PLACE_REPLY ? FORGE_SERVER : FORGE_CLIENT,
			plot_stage(place)->truth);
}

static void mail(const struct plot *plot, struct forge *forge, bool honest)
{
	forge_say(forge, FORGE_CLIENT, "MAIL FROM:<a@a.example>\r\n");
	forge_say(forge, FORGE_SERVER, "250 2.1.0 Ok\r\n");
	line(plot, forge, PLACE_COMMAND, honest);
	line(plot, forge, PLACE_REPLY, honest);
	forge_say(forge, FORGE_CLIENT, "DATA\r\n");
	forge_say(forge, FORGE_SERVER, "354 go on\r\n");
	line(plot, forge, plot->place == PLACE_LONG ? PLACE_LONG : PLACE_CONTENT, honest);
	forge_say(forge, FORGE_CLIENT, ".\r\n");
	forge_say(forge, FORGE_SERVER, "250 2.0.0 queued\r\n");
}

void plot_play(const struct plot *plot, struct forge *forge, bool honest)
{
	char greeting[64];
	snprintf(greeting, sizeof(greeting), "220 mx.d%d.example ESMTP\r\n",
		forge->ip[FORGE_SERVER][2]);
	if (plot->opens)
		plot->act(forge, plot, honest);
	else
		forge_open(forge);
	forge_say(forge, FORGE_SERVER, greeting);
	forge_say(forge, FORGE_CLIENT, "HELO pc\r\n");
	forge_say(forge, FORGE_SERVER, "250 mx\r\n");
	if (plot->place != PLACE_FRAMED) {
		mail(plot, forge, honest);
	} else if (!plot->closes) {
		line(plot, forge, PLACE_FRAMED, honest);
		forge_say(forge, FORGE_SERVER, "250 2.0.0 Ok\r\n");
	}
	if (plot->closes) {
		plot->act(forge, plot, honest);
		return;
	}
	forge_say(forge, FORGE_CLIENT, "QUIT\r\n");
	forge_say(forge, FORGE_SERVER, "221 bye\r\n");
	forge_close(forge);
}

static const struct {
	size_t (*count)(void);
	void (*get)(size_t index, struct plot *out);
} tables[] = {
	{ plot_lies_count, plot_lies_get },
	{ plot_shapes_count, plot_shapes_get },
	{ plot_ends_count, plot_ends_get },
};

size_t plots_count(void)
{
	size_t all = 0;
	for (size_t i = 0; i < COUNT(tables); i++)
		all += tables[i].count();
	return all;
}

void plots_get(size_t index, struct plot *out)
{
	*out = (struct plot){ 0 };
	for (size_t i = 0; i < COUNT(tables); i++) {
		size_t count = tables[i].count();
		if (index < count) {
			tables[i].get(index, out);
			return;
		}
		index -= count;
	}
}

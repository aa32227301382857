/* Overlaps in all shapes: two or three pieces of one text that disagree, behind a hole that is
 * filled last, or behind text that is delivered already. What Linux reads of each was measured. */
#include "plot.h"

#include <stdio.h>
#include <string.h>

#define PIECES 3

struct shape {
	const char *name;
	struct {
		int32_t at; /* behind the frame's first part */
		const char *text;
	} piece[PIECES];
	const char *filler;        /* begins at 0; NULL: "HEAD" */
	const char *behind, *edge; /* read of it: with the filler last, first */
};

static const struct shape shapes[] = {
	{ "same range", { { 4, "OOOOOOOO" }, { 4, "NNNNNNNN" } }, NULL, "HEADOOOOOOOO",
		"HEADOOOOOOOO" },
	{ "new is longer", { { 4, "OOOO" }, { 4, "NNNNNNNN" } }, NULL, "HEADNNNNNNNN",
		"HEADOOOONNNN" },
	{ "new lies inside", { { 4, "OOOOOOOOOO" }, { 7, "NNN" } }, NULL, "HEADOOOOOOOOOO",
		"HEADOOOOOOOOOO" },
	{ "new begins before, ends inside", { { 8, "OOOOOO" }, { 4, "NNNNNN" } }, NULL,
		"HEADNNNNNNOOOO", "HEADNNNNNNOOOO" },
	{ "new begins before, ends with it", { { 8, "OOOO" }, { 4, "NNNNNNNN" } }, NULL,
		"HEADNNNNNNNN", "HEADNNNNNNNN" },
	{ "new lies around", { { 8, "OOOO" }, { 4, "NNNNNNNNNNNN" } }, NULL, "HEADNNNNNNNNNNNN",
		"HEADNNNNNNNNNNNN" },
	{ "new begins inside, ends behind", { { 4, "OOOOOO" }, { 8, "NNNNNN" } }, NULL,
		"HEADOOOOOONNNN", "HEADOOOOOONNNN" },
	{ "the filler overlaps", { { 4, "OOOOOO" } }, "HEADNNNNNN", "HEADNNNNNN", NULL },
	{ "resent with more behind", { { 0, "OOOO" }, { 0, "NNNNNNNN" } }, "", "OOOONNNN", NULL },
	{ "two that join, then one over both", { { 4, "OOOO" }, { 8, "PPPP" }, { 4, "NNNNNNNN" } },
		NULL, "HEADOOOOPPPP", "HEADOOOOPPPP" },
	{ "two apart, then one over both", { { 4, "OOOO" }, { 9, "PPPP" }, { 4, "NNNNNNNNN" } },
		NULL, "HEADNNNNNNNNN", "HEADOOOONNNNN" },
};

static const struct frame {
	enum plot_place place;
	const char *before, *behind;
} frames[] = {
	{ PLACE_COMMAND, "RCPT TO:<", "@b.example>\r\n" },
	{ PLACE_REPLY, "250 2.1.5 ", "\r\n" },
	{ PLACE_CONTENT, "Subject: ", "\r\n\r\nmore\r\n" },
};

static const struct frame *frame_of(enum plot_place place)
{
	const struct frame *frame = frames;
	while (frame->place != place)
		frame++;
	return frame;
}

static void tell(struct forge *forge, const struct plot *plot, bool honest, bool edge)
{
	const struct shape *shape = plot->row;
	const struct frame *frame = frame_of(plot->place);
	const char *read = edge ? shape->edge : shape->behind;
	const char *filler = shape->filler ? shape->filler : "HEAD";
	int side = plot_side(plot);
	forge_say(forge, side, frame->before);
	if (honest) {
		forge_say(forge, side, read);
	} else {
		if (edge)
			forge_shot(forge, side, (struct shot){ 0 }, filler);
		for (size_t i = 0; i < PIECES && shape->piece[i].text; i++)
			forge_shot(forge, side, (struct shot){ .at = shape->piece[i].at },
				shape->piece[i].text);
		if (!edge)
			forge_shot(forge, side, (struct shot){ 0 }, filler);
		forge->seq[side] += (uint32_t)strlen(read);
	}
	forge_say(forge, side, frame->behind);
}

static void tell_behind(struct forge *forge, const struct plot *plot, bool honest)
{
	tell(forge, plot, honest, false);
}

static void tell_edge(struct forge *forge, const struct plot *plot, bool honest)
{
	tell(forge, plot, honest, true);
}

size_t plot_shapes_count(void)
{
	size_t edges = 0;
	for (size_t i = 0; i < COUNT(shapes); i++)
		edges += shapes[i].edge != NULL;
	return COUNT(frames) * (COUNT(shapes) + edges);
}

void plot_shapes_get(size_t index, struct plot *out)
{
	const struct shape *shape = NULL;
	size_t row = index / COUNT(frames);
	bool edge = row >= COUNT(shapes);
	if (edge) {
		row -= COUNT(shapes);
		for (shape = shapes; !shape->edge || row--; shape++)
			;
	} else {
		shape = &shapes[row];
	}
	out->place = frames[index % COUNT(frames)].place;
	out->end = END_DISPUTED;
	out->as_read = true;
	out->act = edge ? tell_edge : tell_behind;
	out->row = shape;
	snprintf(out->name, sizeof(out->name), "%s: overlap, %s, %s", plot_stage(out->place)->name,
		shape->name, edge ? "at the edge" : "behind a hole");
}

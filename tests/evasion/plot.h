/* The plots of the evasion suite: dialogues in which somebody lies to the tap, each beside the
 * dialogue that the receiver's program really read. All that differs is in tables; the same index
 * is the same plot. */
#ifndef MW_TESTS_PLOT_H
#define MW_TESTS_PLOT_H

#include "forge.h"

enum plot_place {      /* where in the dialogue it happens */
	PLACE_COMMAND, /* RCPT TO */
	PLACE_REPLY,   /* the answer to it */
	PLACE_CONTENT, /* the message, in a short segment: its lie ends it early */
	PLACE_LONG,    /* the message, in a long segment, the same */
	PLACE_FRAMED,  /* the client sends no mail; its lie does */
	PLACES,
	PLACE_NONE = PLACES /* elsewhere */
};

enum plot_end {       /* what the tap has to say of it */
	END_READ,     /* exactly what was read, without a mark */
	END_DISPUTED, /* two stories: marked so, and no evidence */
	END_PARTLY,   /* marked as seen in part */
	END_UNTAKEN,  /* its last bytes are no evidence, for nobody acknowledged them */
	END_SAFE      /* what was read, or a mark */
};

struct plot {
	char name[80];
	enum plot_place place;
	enum plot_end end;
	void (*act)(struct forge *forge, const struct plot *plot, bool honest);
	const void *row; /* of the table that `act` reads */
	bool as_read;    /* the text is right, too, although it is marked */
	bool opens;      /* `act` takes the handshake's place, not a line's */
	bool closes;     /* `act` comes behind the dialogue, before its end */
	int64_t (*clock)(
		int64_t time, size_t packet); /* changes the stamps; NULL: they are right */
	unsigned parts;                       /* sessions that it may be told as; 0: one */
};

size_t plots_count(void);
void plots_get(size_t index, struct plot *out);

/* The whole dialogue; `honest`: what the receiver read of it, told plainly. */
void plot_play(const struct plot *plot, struct forge *forge, bool honest);

/* What stands at the place of the plot, and the lie; of the same length. */
struct stage {
	const char *name, *truth, *lie;
};
const struct stage *plot_stage(enum plot_place place);

static inline int plot_side(const struct plot *plot) /* who speaks at its place */
{
	return plot->place == PLACE_REPLY ? FORGE_SERVER : FORGE_CLIENT;
}

/* The tables of plot_lies.c, plot_shapes.c and plot_ends.c. */
size_t plot_lies_count(void);
void plot_lies_get(size_t index, struct plot *out);
size_t plot_shapes_count(void);
void plot_shapes_get(size_t index, struct plot *out);
size_t plot_ends_count(void);
void plot_ends_get(size_t index, struct plot *out);

#endif

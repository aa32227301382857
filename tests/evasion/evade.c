/* Plays every plot against the tap and the engine, and holds what they say against what the
 * receiver read. One machine meets the same lie at two dozen mail servers: if a disputed session
 * counted, it would be accused. TAP on standard output; a folder as argument gets each plot as a
 * capture. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "engine/engine.h"
#include "plot.h"

#define NETWORKS 24
#define START (1767225600 * SECOND) /* 2026-01-01 */
#define TEXT_MAX 4096

struct trial {
	const struct plot *plot;
	struct anomaly_totals totals;
	struct anomalies seen;
	struct site site;
	struct detect_settings settings;
	struct engine *engine;
	char truth[TEXT_MAX]; /* the session as an honest capture shows it */
	unsigned sessions, exact, unmarked, disputed; /* exact: as the truth, marked or not */
	unsigned untaken, untold; /* untold: not as the truth, and nothing says so */
	char wrong[TEXT_MAX];     /* the first session that is none of both */
	double accused;           /* confidence; 0: nobody */
};

static void add(char text[TEXT_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

#include <stdarg.h>
static void add(char text[TEXT_MAX], const char *format, ...)
{
	size_t size = strlen(text);
	va_list list;
	va_start(list, format);
	vsnprintf(text + size, TEXT_MAX - size, format, list);
	va_end(list);
}

static void add_bytes(char text[TEXT_MAX], struct bytes bytes)
{
	add(text, "'%.*s' ", (int)bytes_size(bytes), bytes.at ? (const char *)bytes.at : "");
}

/* All that a verdict can rest on. */
static void tell(const struct session *session, char text[TEXT_MAX])
{
	text[0] = 0;
	add(text, "greeting %d helo ", session->greeting_code);
	for (const struct session_helo *at = session->helo; at; at = at->next) {
		add_bytes(text, at->argument);
		add(text, "%d ", at->code);
	}
	for (const struct transaction *at = session->transactions; at; at = at->next) {
		add(text, "from ");
		add_bytes(text, at->reverse_path);
		add(text, "%d", at->code);
		for (const struct session_recipient *to = at->recipients; to; to = to->next) {
			add(text, " to ");
			add_bytes(text, to->address);
			add_bytes(text, to->text);
			add(text, "%d", to->code);
		}
		add(text, " data %d end %d size %u; ", at->data_code, at->final_code,
			(unsigned)at->message_size);
	}
	add(text, "commands %u quit %d", session->counters.commands, session->quit);
}

static void look(struct trial *trial, const struct session *session)
{
	char text[TEXT_MAX];
	tell(session, text);
	bool same = !strcmp(text, trial->truth);
	trial->sessions++;
	trial->exact += same;
	trial->unmarked += !session->marks;
	trial->disputed += (session->marks & MARK_OVERLAP_CONFLICT) != 0;
	if (!same && !trial->wrong[0])
		add(trial->wrong, "marks %u: %s", session->marks, text);
	trial->untaken += anomaly_is(&session->anomalies, TCP_NOT_TAKEN);
	trial->untold +=
		!same && !session->marks && !anomaly_is(&session->anomalies, TCP_NOT_TAKEN);
}

static struct forge forge_at(unsigned network)
{
	return (struct forge){
		.ip = { { 192, 168, 7, 20 }, { 198, 18, (uint8_t)network, 25 } },
		.port = { (uint16_t)(40000 + network), 25 },
		.seq = { 1000000, 2000000 },
		.time = START + network * 40 * SECOND,
	};
}

static void take(struct trial *trial, struct tap *tap)
{
	struct activity activity;
	while (tap_next(tap, &activity)) {
		if (activity.kind == ACTIVITY_SESSION)
			look(trial, activity.session);
		engine_take(trial->engine, &activity);
		activity_free(&activity);
	}
}

static void learn_truth(struct trial *trial)
{
	const struct tap_settings settings = { .verify_checksums = true };
	struct tap *tap = tap_new(&settings, &trial->seen);
	struct forge forge = forge_at(0);
	struct activity activity;
	plot_play(trial->plot, &forge, true);
	for (size_t p = 0; p < forge.count; p++)
		forge_play(&forge, p, tap);
	forge_clear(&forge);
	tap_finish(tap);
	while (tap_next(tap, &activity)) {
		if (activity.kind == ACTIVITY_SESSION)
			tell(activity.session, trial->truth);
		activity_free(&activity);
	}
	tap_free(tap);
}

static void write_out(const struct forge *forge, unsigned number, const char *folder)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%03u.pcap", folder, number);
	if (!forge_write(forge, path))
		fprintf(stderr, "evade: %s: cannot be written\n", path);
}

static void play(struct trial *trial, unsigned number, const char *folder)
{
	const struct tap_settings settings = { .verify_checksums = true, .site = &trial->site };
	struct tap *tap = tap_new(&settings, &trial->seen);
	assert(tap);
	for (unsigned i = 0; i < NETWORKS; i++) {
		struct forge forge = forge_at(i);
		plot_play(trial->plot, &forge, false);
		for (size_t p = 0; trial->plot->clock && p < forge.count; p++)
			forge.packet[p].time = trial->plot->clock(forge.packet[p].time, p);
		for (size_t p = 0; p < forge.count; p++) {
			forge_play(&forge, p, tap);
			take(trial, tap);
		}
		if (folder && i == 0)
			write_out(&forge, number, folder);
		forge_clear(&forge);
	}
	tap_finish(tap);
	take(trial, tap);
	tap_free(tap);
}

/* NULL: it ended as it should. */
static const char *judge(const struct trial *trial)
{
	const struct plot *plot = trial->plot;
	unsigned parts = plot->parts ? plot->parts : 1;
	if (trial->untold)
		return "wrong, and not marked";
	if (trial->sessions < NETWORKS || trial->sessions > NETWORKS * parts)
		return "sessions are missing, or too many";
	if (plot->place == PLACE_FRAMED && trial->accused > 0)
		return "somebody innocent is accused";
	switch (plot->end) {
	case END_READ:
		if (trial->exact != NETWORKS || trial->unmarked != NETWORKS)
			return "not read as it was";
		if (plot->place != PLACE_FRAMED && trial->accused <= 0.5)
			return "the guilty goes free";
		break;
	case END_DISPUTED:
		if (trial->disputed != trial->sessions)
			return "not marked as disputed";
		if (trial->accused > 0)
			return "accused on disputed evidence";
		break;
	case END_PARTLY:
		if (trial->unmarked)
			return "not marked as seen in part";
		if (trial->accused > 0.5)
			return "too sure of what was seen in part";
		break;
	case END_UNTAKEN:
		if (trial->untaken != trial->sessions)
			return "not marked as not taken";
		if (trial->accused > 0)
			return "accused on what was never taken";
		break;
	case END_SAFE:
		break;
	}
	if (plot->as_read && trial->exact != trial->sessions)
		return "marked, but not read as it was";
	return NULL;
}

static bool try(unsigned number, const char *folder)
{
	struct plot plot;
	struct trial trial = { .plot = &plot };
	plots_get(number, &plot);
	trial.seen.total = &trial.totals;
	detect_settings_init(&trial.settings);
	prefixes_add(&trial.site.inside,
		(struct prefix){ address_v4((const uint8_t[]){ 192, 168, 0, 0 }), 96 + 16 });
	trial.engine = engine_new(&trial.site, &trial.settings, &trial.seen);
	assert(trial.engine);
	learn_truth(&trial);
	play(&trial, number, folder);
	engine_finish(trial.engine);
	const struct alert *alert;
	for (size_t i = 0; (alert = engine_alert(trial.engine, i)); i++)
		trial.accused += alert->confidence;
	engine_free(trial.engine);
	site_free(&trial.site);
	const char *why = judge(&trial);
	printf("%s %u - plots: %s\n", why ? "not ok" : "ok", number + 1, plot.name);
	if (why)
		printf("# %s: %u sessions, %u exact, %u without a mark, %u disputed, accused %.2f\n"
		       "# true:  %s\n# other: %s\n",
			why, trial.sessions, trial.exact, trial.unmarked, trial.disputed,
			trial.accused, trial.truth, trial.wrong);
	return !why;
}

int main(int argc, char **argv)
{
	unsigned failed = 0;
	for (unsigned i = 0; i < plots_count(); i++)
		failed += !try(i, argc > 1 ? argv[1] : NULL);
	printf("1..%zu\n", plots_count());
	return failed != 0;
}

/* Sessions for tests, made of what was spoken (behind cmocka.h): each text is the client's when it
 * begins with a letter and the server's when it begins with a digit. */
#ifndef MW_TESTS_SPOKEN_H
#define MW_TESTS_SPOKEN_H

#include <stdlib.h>

#include "model/session.h"

#define PARTS_MAX 64

struct spoken {
	struct arena *arena;
	struct smtp *smtp;
	struct anomalies seen;
	struct anomaly_totals totals;
	struct session *part[PARTS_MAX]; /* the last is being filled */
	unsigned parts;
};

static inline struct session *spoken_session(const struct spoken *spoken)
{
	return spoken->part[spoken->parts - 1];
}

static inline struct spoken *spoken_new(void)
{
	struct spoken *spoken = calloc(1, sizeof *spoken);
	assert_non_null(spoken);
	spoken->arena = arena_new(SMTP_ARENA_MAX);
	assert_non_null(spoken->arena);
	spoken->seen.total = &spoken->totals;
	spoken->smtp = smtp_init(spoken->arena, &spoken->seen);
	spoken->part[0] = session_new(&spoken->totals);
	spoken->parts = 1;
	assert_true(spoken->smtp && spoken->part[0]);
	return spoken;
}

static inline void spoken_take(struct spoken *spoken)
{
	struct smtp_item item;
	while (smtp_next(spoken->smtp, &item)) {
		if (session_item(spoken_session(spoken), &item))
			continue;
		assert_true(spoken->parts < PARTS_MAX);
		spoken->part[spoken->parts] = session_continue(spoken_session(spoken));
		assert_non_null(spoken->part[spoken->parts]);
		spoken->parts++;
		assert_true(session_item(spoken_session(spoken), &item));
	}
}

static inline void spoken_say(struct spoken *spoken, const char *text)
{
	bool server = text[0] >= '0' && text[0] <= '9';
	smtp_feed(spoken->smtp, server ? SMTP_SERVER : SMTP_CLIENT, bytes_of(text), 0);
	spoken_take(spoken);
}

/* All that was said, up to NULL; and the end. */
static inline struct session *spoken_all(struct spoken *spoken, const char *const texts[])
{
	for (; *texts; texts++)
		spoken_say(spoken, *texts);
	smtp_finish(spoken->smtp, 0);
	spoken_take(spoken);
	return spoken_session(spoken);
}

static inline void spoken_free(struct spoken *spoken)
{
	for (unsigned i = 0; i < spoken->parts; i++)
		session_free(spoken->part[i]);
	arena_free(spoken->arena);
	free(spoken);
}

#endif

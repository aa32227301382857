/* A stage for the engine: activities are added in any order and played in theirs. */
#ifndef MW_TESTS_STAGE_H
#define MW_TESTS_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../detect/acts.h"
#include "engine/engine.h"

#define BOT "192.168.7.108"
#define ACTS_MAX 4096

struct stage {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct site site;
	struct detect_settings settings;
	struct engine *engine;
	struct activity acts[ACTS_MAX];
	size_t count;
};

static inline int set_up(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	stage->seen.total = &stage->totals;
	detect_settings_init(&stage->settings);
	*state = stage;
	return 0;
}

static inline int tear_down(void **state)
{
	struct stage *stage = *state;
	engine_free(stage->engine);
	site_free(&stage->site);
	free(stage);
	return 0;
}

static inline void add(struct stage *stage, struct activity activity)
{
	assert(stage->count < ACTS_MAX);
	stage->acts[stage->count++] = activity;
}

static inline void session(struct stage *stage, struct says says)
{
	add(stage, act_session(says, &stage->totals));
}

static inline void attempt(
	struct stage *stage, const char *client, unsigned net, int64_t at, const char *mac)
{
	char server[ADDRESS_TEXT];
	snprintf(server, sizeof(server), "198.19.%u.25", net);
	add(stage, act_attempt(client, server, at, mac));
}

/* `client` gives mail to the networks from..to-1, one each `every`. */
static inline void spread(
	struct stage *stage, struct says says, unsigned from, unsigned to, int64_t every)
{
	char server[ADDRESS_TEXT];
	for (unsigned i = from; i < to; i++) {
		snprintf(server, sizeof(server), "198.18.%u.25", i);
		says.server = server;
		session(stage, says);
		says.at += every;
	}
}

static inline int compare(const void *a, const void *b)
{
	return activity_compare(a, b);
}

/* Plays all activities in their order; the best alert or NULL. */
static inline const struct alert *play(struct stage *stage)
{
	engine_free(stage->engine);
	stage->engine = engine_new(&stage->site, &stage->settings, &stage->seen);
	assert_non_null(stage->engine);
	qsort(stage->acts, stage->count, sizeof(*stage->acts), compare);
	for (size_t i = 0; i < stage->count; i++) {
		engine_take(stage->engine, &stage->acts[i]);
		activity_free(&stage->acts[i]);
	}
	stage->count = 0;
	engine_finish(stage->engine);
	return engine_alert(stage->engine, 0);
}

static inline const struct engine_role *role_of(const struct stage *stage, const char *address)
{
	struct address wanted = address_at(address);
	const struct engine_role *role;
	for (size_t i = 0; (role = engine_role(stage->engine, i)); i++)
		if (address_equal(&role->address, &wanted))
			return role;
	return NULL;
}

#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif

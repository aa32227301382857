/* An engine that has finished, for tests of the report: what it says is what the test puts in. It
 * stands for engine.c, so include it in one file of a test only. */
#ifndef MW_TEST_FAKE_ENGINE_H
#define MW_TEST_FAKE_ENGINE_H

#include "engine/engine.h"

struct engine {
	const struct alert *alerts;
	size_t alert_count;
	const struct engine_role *roles;
	size_t role_count;
	struct engine_summary summary;
	const struct alert_labels *labels[8]; /* what engine_label() was given */
};

const struct alert *engine_alert(const struct engine *engine, size_t index)
{
	return index < engine->alert_count ? &engine->alerts[index] : NULL;
}

void engine_label(struct engine *engine, size_t index, const struct alert_labels *labels)
{
	engine->labels[index] = labels;
}

const struct engine_role *engine_role(const struct engine *engine, size_t index)
{
	return index < engine->role_count ? &engine->roles[index] : NULL;
}

void engine_summary(const struct engine *engine, struct engine_summary *out)
{
	*out = engine->summary;
}

#endif

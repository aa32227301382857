/* What the tests of single modules share: cmocka, and a decoder of words with its texts. */
#ifndef MW_TESTS_HARNESS_H
#define MW_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>

#include "mime/words.h"

struct harness {
	struct words words;
	struct text text;
	struct anomalies seen;
	struct anomaly_totals totals;
	char string[TEXT_ROOM + 1];
};

static inline int harness_begin(void **state)
{
	struct harness *harness = calloc(1, sizeof *harness);
	assert_non_null(harness);
	harness->words.charsets = charsets_open();
	assert_non_null(harness->words.charsets);
	harness->seen.total = &harness->totals;
	harness->words.seen = &harness->seen;
	*state = harness;
	return 0;
}

static inline int harness_end(void **state)
{
	struct harness *harness = *state;
	charsets_close(harness->words.charsets);
	free(harness);
	return 0;
}

static inline void harness_clear(struct harness *harness)
{
	text_clear(&harness->text);
	memset(&harness->seen.set, 0, sizeof harness->seen.set);
}

static inline const char *harness_string(struct harness *harness, struct bytes in)
{
	memcpy(harness->string, in.at ? in.at : (const uint8_t *)"", bytes_size(in));
	harness->string[bytes_size(in)] = 0;
	return harness->string;
}

#endif

/* A message as the test writes it, cut at every byte: each piece lies in memory of its own, so that
 * the sanitizer sees a read behind its end. */
#ifndef MW_TESTS_CUT_H
#define MW_TESTS_CUT_H

#include <stdlib.h>
#include <string.h>

#include "base/anomaly.h"
#include "base/bytes.h"

#define BYTES(text) (text), sizeof(text) - 1
#define NONE ANOMALY_COUNT

static inline struct bytes cut_keep(struct bytes whole, size_t size)
{
	uint8_t *piece = malloc(size ? size : 1);
	if (piece && size)
		memcpy(piece, whole.at, size);
	return bytes_make(piece, size);
}

static inline void cut_free(struct bytes piece)
{
	uint8_t *at;
	memcpy(&at, &piece.at, sizeof(at));
	free(at);
}

/* Nothing but `kind` was counted, and that when it is one. */
static inline bool cut_only(const struct anomaly_totals *totals, enum anomaly kind)
{
	for (int i = 0; i < ANOMALY_COUNT; i++)
		if (i == (int)kind ? !totals->count[i] : totals->count[i])
			return false;
	return true;
}

#endif

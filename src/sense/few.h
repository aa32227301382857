/* How many different things came by, exactly up to FEW_MAX; further ones are not told apart. */
#ifndef MW_SENSE_FEW_H
#define MW_SENSE_FEW_H

#include <stdbool.h>
#include <stddef.h>

#include "model/recording.h"

#define FEW_MAX RECORDING_FEW

struct few { /* zeroed: none yet */
	unsigned count;
	uint64_t hash[2 * FEW_MAX]; /* open addressing, at most half full; 0: free */
};

bool few_add(struct few *few, const void *thing, size_t size); /* is it a new one? */

#endif

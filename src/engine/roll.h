/* The roll of roles: all machines that were taken for more than a client, and why. Made once, when
 * the input ended. */
#ifndef MW_ENGINE_ROLL_H
#define MW_ENGINE_ROLL_H

#include "detect/detector.h"
#include "engine/engine.h"

#define ROLL_MAX (16u * 1024 * 1024) /* bytes of roles and reasons */

struct roll;

struct roll *roll_make(const struct watch *watch); /* NULL: no memory */
void roll_free(struct roll *roll);
const struct engine_role *roll_at(
	const struct roll *roll, size_t index); /* NULL: behind the last */

#endif

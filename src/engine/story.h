/* One story of one host, while it is open, and how it is told. */
#ifndef MW_ENGINE_STORY_H
#define MW_ENGINE_STORY_H

#include "detect/detector.h"

#define STORY_QUIET DAY         /* without evidence: it ends */
#define STORY_RELATED (7 * DAY) /* the same kind again so soon: related */

struct story {
	int64_t opened; /* when it was certain */
	enum alert_kind opening;
	unsigned kinds; /* bits */
	int64_t last;   /* evidence */
	char related[UUID_TEXT];
	int64_t detected[ALERT_KINDS]; /* when each kind was first certain */
	struct finding best[ALERT_KINDS];
};

void story_id(const struct story *story, const struct address *key, char id[UUID_TEXT]);

/* Weighs it by the machine's role and by what still is one machine. NULL: nothing is left that
 * could be held against it, or *full.
 */
struct alert *story_tell(struct story *story, const struct watch *watch, struct host *host,
	struct arena *arena, bool *full);

#endif

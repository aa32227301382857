/* What a person wants to see of a suspect: a few answers that it got. At most ALERT_SAMPLES, copied
 * and bounded; refusals first, each server and code once, then deferrals, accepted messages, and
 * connections without answer. Which ones are kept depends on the order of activities only. */
#ifndef MW_DETECT_SAMPLES_H
#define MW_DETECT_SAMPLES_H

#include "model/activity.h"
#include "model/alert.h"

#define SAMPLE_NAME 64
#define SAMPLE_TEXT 200
#define SAMPLE_ABOUT 40 /* a longer local part is not kept */

struct sample {
	int64_t time;
	struct endpoint peer;
	int code;
	uint8_t rank; /* the lower, the more it tells */
	uint8_t name_size, text_size, about_size;
	/* the name only where the greeting begins with a full one: else it is a word of a sentence
	 */
	char name[SAMPLE_NAME], text[SAMPLE_TEXT], about[SAMPLE_ABOUT], session[UUID_TEXT];
};

struct samples {
	unsigned count;
	struct sample at[ALERT_SAMPLES]; /* by rank, then in the order of arrival */
};

void samples_session(struct samples *samples, const struct session *session);
void samples_join(struct samples *sum, const struct samples *from);
void samples_attempt(struct samples *samples, const struct attempt *attempt);

#endif

/* The book of stories: one open story a host; what detectors find about a host joins it. A story
 * ends after a day of quiet, when the input ends, or when too many are open; then it is weighed by
 * all that is known of the host, and becomes an alert or nothing. No clock. One thread at a time.
 */
#ifndef MW_ENGINE_BOOK_H
#define MW_ENGINE_BOOK_H

#include "detect/detector.h"

#define BOOK_ALERTS_MAX (256u * 1024 * 1024) /* bytes that alerts and their texts may take */

struct book;

/* NULL when the system has no memory. `watch` must live as long. */
struct book *book_new(const struct watch *watch);
void book_free(struct book *book);

/* What a detector said about a host, at the data time when it was certain. */
void book_note(struct book *book, struct host *host, const struct detector *detector,
	enum detector_says says, const struct finding *finding, int64_t time);

/* Closes all stories and sorts the alerts, worst first. */
void book_finish(struct book *book);

/* After finish; NULL behind the last. */
struct alert *book_alert(const struct book *book, size_t index);

#endif

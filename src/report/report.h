/* The answer for people: verdict first, suspects worst first, then what was seen, then what was not
 * understood, then the next command. All text passes through escape.h: a terminal gets no control
 * character of a stranger. Reads no clock and asks nobody: the same engine gives the same report.
 * One thread at a time. */
#ifndef MW_REPORT_REPORT_H
#define MW_REPORT_REPORT_H

#include <stdio.h>

#include "engine/engine.h"
#include "model/recording.h"

struct report_style {
	bool colour;
	bool utf8; /* the reader's terminal takes UTF-8; else all foreign letters are escaped */
	unsigned width;                      /* columns; at least 40 */
	bool verbose;                        /* every counter, every role */
	const struct pseudonyms *pseudonyms; /* NULL: true names and addresses */
};

struct report_evidence { /* what was written for the suspects, the worst first */
	const char *folder;
	const char *const *names; /* of files, without .txt and .pcapng */
	unsigned count;
	unsigned left_out; /* suspects without, for there were too many */
	bool failed;       /* it is not complete; why was told */
};

struct report_seen { /* what the sensor can tell, filled by app/ (report may not use sense) */
	const char *const *names;
	unsigned name_count;
	uint64_t packets, bytes, tcp, mail; /* of all, and packets that are TCP, of mail */
	int64_t first, last;
	unsigned troubles;                 /* files that could not be read to their end */
	bool stopped;                      /* somebody ended the reading before the input did */
	const struct recording *recording; /* how it was made; NULL: not known */
	const struct report_evidence *evidence; /* NULL: none was asked for */
	const char *vendors_missing; /* the folder without the lists that were needed; else NULL */
};

/* Writes it all; the caller looks at ferror(). The engine is finished. */
void report_write(FILE *out, const struct engine *engine, const struct site *site,
	const struct anomaly_totals *totals, const struct report_seen *seen,
	const struct report_style *style);

#endif

/* The text that goes with a suspect's packets to whoever owns the machine or the network: what it
 * did, the numbers and their limits, each connection with its ports and what was answered, and how
 * to look at the packets. Holds no mail address. */
#ifndef MW_REPORT_LETTER_H
#define MW_REPORT_LETTER_H

#include <stdio.h>

#include "model/exhibit.h"

#define LETTER_CONNECTIONS_MAX 500 /* listed; the file of packets holds the others, too */

struct letter {
	const char *program; /* "mailwarden 1.2.3" */
	const char *packets; /* the name of the file of packets beside it */
	const struct exhibit *exhibit;
	unsigned exhibits;    /* connections of which packets are in it */
	uint64_t connections; /* all */
	uint64_t kept, left_out;
};

/* The caller looks at ferror(). */
void letter_write(FILE *out, const struct alert *alert, const struct letter *letter);

#endif

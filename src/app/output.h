/* Where we speak to: standard output, buffered, with every failed write noticed, and lines for the
 * person on standard error. One thread at a time. */
#ifndef MW_APP_OUTPUT_H
#define MW_APP_OUTPUT_H

#include <stdio.h>

#include "app/status.h"
#include "base/bytes.h"
#include "base/error.h"

enum colour { COLOUR_AUTO = 1, COLOUR_ALWAYS, COLOUR_NEVER };

struct output {
	FILE *file; /* for the writers of text */
	int error;  /* errno of the first write that failed; 0: none */
	bool terminal, colour, utf8;
	unsigned width; /* columns of the terminal; 80 when it is none */
};

/* false: no memory. The output must stay where it is until it is closed. */
bool output_open(struct output *output, enum colour colour);
void output_line(struct output *output, struct bytes line); /* and a newline */

/* Writes out what waits. STATUS_SYSTEM, with the reason on standard error, when anything could not
 * be written; a closed pipe is no accident (`| head`) and is not spoken of. */
enum status output_close(struct output *output);

/* Says that memory is gone; is STATUS_SYSTEM. */
enum status output_no_memory(void);

/* Lines of a person's error, each with "mailwarden: " before it, on standard error. */
void output_error(const struct error *error);

#endif

/* The plain bytes of a file, a pipe or standard input, decompressed where the first bytes say that
 * they are compressed. Owns the descriptor. One thread at a time. */
#ifndef MW_SENSE_INPUT_H
#define MW_SENSE_INPUT_H

#include "base/bytes.h"
#include "base/error.h"

struct input;

/* "-" is standard input. NULL: error says why, beginning with `shown`. `name` and `shown` must live
 * as long. */
struct input *input_open(const char *name, const char *shown, struct error *error);
void input_close(struct input *input); /* NULL is fine */

enum input_step { INPUT_BYTES, INPUT_END, INPUT_ERROR };

/* Reads on into `out`: INPUT_BYTES when *got is at least 1. INPUT_ERROR: all before it was right;
 * error is "office.pcap.gz: compressed data (gzip) are damaged at offset 4711; WHERE; ...", where
 * `where` tells how far the caller came ("12 packets were read"). Only close it then. *cut: the
 * error is that the compressed data end early. */
enum input_step input_read(struct input *input, uint8_t *out, size_t room, size_t *got,
	const char *where, bool *cut, struct error *error);

bool input_reopens(const struct input *input);    /* a regular file, named: not a pipe */
uint64_t input_size(const struct input *input);   /* bytes in the file; 0: a pipe */
bool input_packed(const struct input *input);     /* known after the first read */
uint64_t input_offset(const struct input *input); /* bytes of the file that were used up */

#endif

/* One capture file (or pipe, or standard input): its bytes through one buffer, its packets one by
 * one. Used by files.c, which knows many. One thread at a time. */
#ifndef MW_SENSE_FILE_H
#define MW_SENSE_FILE_H

#include "sense/files.h"

struct file;

/* "-" is standard input. NULL: error says why. `name` must live as long. */
struct file *file_open(const char *name, struct error *error);
void file_close(struct file *file); /* NULL is fine */

/* As files_next(), of this file alone; after anything but FILES_PACKET only close it. */
enum files_step file_next(
	struct file *file, struct packet *out, struct anomalies *seen, struct error *error);

bool file_reopens(const struct file *file);      /* a regular file, named: not a pipe */
uint64_t file_size(const struct file *file);     /* bytes; 0: a pipe */
uint64_t file_dropped(const struct file *file);  /* packets, by its recorder; 0: none, or it does
						    not say */
uint64_t file_position(const struct file *file); /* bytes used up: of those that are not
						  compressed, whose packets were given */

#endif

/* One line for the person who runs us: where: what; what to do. Only app/ prints it and chooses the
 * exit code. */
#ifndef MW_BASE_ERROR_H
#define MW_BASE_ERROR_H

#include <stdbool.h>

struct error {
	char text[2048]; /* UTF-8, no newline at the end; several lines where several things are
			    wrong */
	bool no_memory;  /* the system failed, not the input */
};

/* Writes the line (cut at the end of `text`; control characters from outside are escaped) and is
 * false, so that `return error_set(...)` reads well. `error` may be NULL. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for memory that cannot be had: where: what; what to do. */
bool error_no_memory(struct error *error, const char *where);

/* Adds another line below those that are there (`error` must have been set, or be zeroed); is
 * false.
 */
bool error_add(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

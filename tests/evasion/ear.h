/* See ear.c. */
#ifndef MW_TESTS_EAR_H
#define MW_TESTS_EAR_H

#include "wire/smtp.h"

#define EAR_MAX 8192

struct ear {
	char text[2][EAR_MAX]; /* by enum smtp_side; a gap is "[gap]" */
	size_t size[2];
};

/* Of the connection that spoke last; it is the caller's (free). NULL: none since the last call. */
struct ear *ear_last(void);

#endif

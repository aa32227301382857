/* Time is data: microseconds since 1970-01-01 UTC in an int64_t, always taken from the input, never
 * from a clock. */
#ifndef MW_BASE_MOMENT_H
#define MW_BASE_MOMENT_H

#include <stdint.h>

#define SECOND ((int64_t)1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define MOMENT_TEXT 32 /* with NUL */
#define DURATION_TEXT 32

/* RFC 3339 in UTC with microseconds: "2026-03-01T09:30:00.000125Z"; years outside 0000..9999 are
 * clamped to them. */
const char *moment_text(int64_t moment, char text[MOMENT_TEXT]);

/* For people, in UTC, to the second: "2026-03-01 09:30:00". */
const char *moment_short(int64_t moment, char text[MOMENT_TEXT]);

/* For people, cut, not rounded: "0.8 s", "42 s", "12 min", "3 h 5 min", "2 d 4 h". */
const char *duration_text(int64_t duration, char text[DURATION_TEXT]);

#endif

/* Numbers and times as people read them. */
#ifndef MW_REPORT_NUMBER_H
#define MW_REPORT_NUMBER_H

#include <stdint.h>

#define NUMBER_TEXT 32 /* with NUL */
#define NUMBER_SPAN 96

const char *number_text(uint64_t number, char text[NUMBER_TEXT]); /* "1,234,567" */
const char *number_value(double value, char text[NUMBER_TEXT]);   /* "12", "0.25" */
const char *number_bytes(uint64_t bytes, char text[NUMBER_TEXT]); /* "812.3 MB" (10^6) */
const char *number_s(uint64_t count);                             /* "" for one, else "s" */

/* "2026-03-01 09:30:00 to 10:12:00 UTC (42 min)": the day again only when it is another one. */
const char *number_span(int64_t first, int64_t last, char text[NUMBER_SPAN]);

#endif

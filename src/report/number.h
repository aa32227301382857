/* Numbers as people read them. */
#ifndef MW_REPORT_NUMBER_H
#define MW_REPORT_NUMBER_H

#include <stdint.h>

#define NUMBER_TEXT 32 /* with NUL */

const char *number_text(uint64_t number, char text[NUMBER_TEXT]); /* "1,234,567" */
const char *number_value(double value, char text[NUMBER_TEXT]);   /* "12", "0.25" */
const char *number_bytes(uint64_t bytes, char text[NUMBER_TEXT]); /* "812.3 MB" (10^6) */
const char *number_s(uint64_t count);                             /* "" for one, else "s" */

#endif

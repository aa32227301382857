/* Time as text. The calendar is arithmetic of our own: gmtime_r() would do, but refuses years that
 * a hostile capture can name, and knows nothing of microseconds. */
#include "base/moment.h"

#include <inttypes.h>
#include <stdio.h>

#define YEAR_0 (INT64_C(-62167219200) * SECOND)                 /* 0000-01-01T00:00:00 */
#define YEAR_9999 (INT64_C(253402300799) * SECOND + SECOND - 1) /* its last microsecond */

#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DAYS_OF_ERA 146097  /* 400 years */

struct calendar {
	unsigned year, month, day, hour, minute, second, microsecond;
};

/* Years are counted from March, in eras of 400 years, so that a leap day is the last of its year
 * (H. Hinnant, "chrono-compatible low-level date algorithms", 2013). The count begins an era before
 * the year 0, so that nothing is negative. */
static struct calendar calendar_of(int64_t moment)
{
	if (moment < YEAR_0)
		moment = YEAR_0;
	if (moment > YEAR_9999)
		moment = YEAR_9999;
	uint64_t since = (uint64_t)(moment + (DAYS_TO_1970 + DAYS_OF_ERA) * DAY);
	uint64_t days = since / DAY, within = since % DAY;
	uint64_t day = days % DAYS_OF_ERA; /* of the era */
	uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100; /* of the year from March */
	uint64_t month = (5 * day + 2) / 153;      /* 0: March */
	day -= (153 * month + 2) / 5;
	year += days / DAYS_OF_ERA * 400 - 400 + (month >= 10);
	return (struct calendar){ (unsigned)year, (unsigned)(month < 10 ? month + 3 : month - 9),
		(unsigned)day + 1, (unsigned)(within / HOUR), (unsigned)(within / MINUTE % 60),
		(unsigned)(within / SECOND % 60), (unsigned)(within % SECOND) };
}

const char *moment_text(int64_t moment, char text[MOMENT_TEXT])
{
	struct calendar at = calendar_of(moment);
	snprintf(text, MOMENT_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", at.year % 10000,
		at.month % 100, at.day % 100, at.hour % 100, at.minute % 100, at.second % 100,
		at.microsecond % 1000000);
	return text;
}

const char *moment_short(int64_t moment, char text[MOMENT_TEXT])
{
	struct calendar at = calendar_of(moment);
	snprintf(text, MOMENT_TEXT, "%04u-%02u-%02u %02u:%02u:%02u", at.year % 10000,
		at.month % 100, at.day % 100, at.hour % 100, at.minute % 100, at.second % 100);
	return text;
}

/* "3 h 5 min", "3 h": the smaller unit only where it is not zero. */
static void two_units(char text[DURATION_TEXT], const char *sign, uint64_t large,
	const char *large_unit, uint64_t small, const char *small_unit)
{
	if (small)
		snprintf(text, DURATION_TEXT, "%s%" PRIu64 " %s %" PRIu64 " %s", sign, large,
			large_unit, small, small_unit);
	else
		snprintf(text, DURATION_TEXT, "%s%" PRIu64 " %s", sign, large, large_unit);
}

const char *duration_text(int64_t duration, char text[DURATION_TEXT])
{
	const char *sign = duration < 0 ? "-" : "";
	uint64_t size = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	if (size < 10 * SECOND)
		snprintf(text, DURATION_TEXT, "%s%" PRIu64 ".%" PRIu64 " s", sign, size / SECOND,
			size % SECOND / (SECOND / 10));
	else if (size < 2 * MINUTE)
		snprintf(text, DURATION_TEXT, "%s%" PRIu64 " s", sign, size / SECOND);
	else if (size < HOUR)
		snprintf(text, DURATION_TEXT, "%s%" PRIu64 " min", sign, size / MINUTE);
	else if (size < DAY)
		two_units(text, sign, size / HOUR, "h", size % HOUR / MINUTE, "min");
	else
		two_units(text, sign, size / DAY, "d", size % DAY / HOUR, "h");
	return text;
}

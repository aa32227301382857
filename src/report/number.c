/* Grouping by commas, whatever the locale: a report reads the same on every machine. Sizes are
 * decimal (IEC 80000-13), as file managers and disks count. */
#include "report/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/moment.h"

const char *number_text(uint64_t number, char text[NUMBER_TEXT])
{
	char digits[NUMBER_TEXT];
	size_t size = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number);
	size_t used = 0;
	for (size_t i = 0; i < size; i++) {
		if (i && (size - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

const char *number_value(double value, char text[NUMBER_TEXT])
{
	if (value >= 0 && value < 1e15 && value == (double)(uint64_t)value)
		return number_text((uint64_t)value, text);
	snprintf(text, NUMBER_TEXT, "%.3g", value);
	return text;
}

const char *number_bytes(uint64_t bytes, char text[NUMBER_TEXT])
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes / 1000;
	size_t unit = 0;
	if (bytes < 1000) {
		snprintf(text, NUMBER_TEXT, "%" PRIu64 " byte%s", bytes, number_s(bytes));
		return text;
	}
	for (; value >= 999.95 && unit + 1 < COUNT(units); unit++)
		value /= 1000;
	snprintf(text, NUMBER_TEXT, "%.1f %s", value, units[unit]);
	return text;
}

const char *number_s(uint64_t count)
{
	return count == 1 ? "" : "s";
}

const char *number_span(int64_t first, int64_t last, char text[NUMBER_SPAN])
{
	char from[MOMENT_TEXT], to[MOMENT_TEXT], span[DURATION_TEXT];
	size_t day = strlen("2026-03-01 ");
	moment_short(first, from);
	moment_short(last, to);
	snprintf(text, NUMBER_SPAN, "%s to %s UTC (%s)", from,
		strncmp(from, to, day) ? to : to + day, duration_text(last - first, span));
	return text;
}

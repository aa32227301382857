/* A date is read word by word, whatever their order: a number before a month is the day, one behind
 * it the year; commas and comments do not matter. */
#include "mime/date.h"

#include "base/moment.h"
#include "mime/mime.h"
#include "mime/text.h"

#define WORDS_MAX 16

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

static const struct {
	const char *name;
	int hours;
} zones[] = {
	{ "ut", 0 },
	{ "gmt", 0 },
	{ "utc", 0 },
	{ "est", -5 },
	{ "edt", -4 },
	{ "cst", -6 },
	{ "cdt", -5 },
	{ "mst", -7 },
	{ "mdt", -6 },
	{ "pst", -8 },
	{ "pdt", -7 },
};

struct date {
	int year, month, day, hour, minute, second, zone; /* -1: not yet; zone: minutes */
	bool has_time, has_zone;
};

static bool digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The digits in front, at most `most`, stepped over; -1: none. */
static int number(struct bytes *in, unsigned most)
{
	int value = -1;
	for (unsigned i = 0; i < most && in->at != in->end && digit(*in->at); i++)
		value = (value < 0 ? 0 : value) * 10 + (*bytes_take(in, 1) - '0');
	return value;
}

/* The next word, without commas and comments; empty at the end. */
static struct bytes word(struct bytes *in)
{
	unsigned depth = 0;
	struct bytes rest;
	while (in->at != in->end &&
		(depth || text_space(*in->at) || *in->at == ',' || *in->at == '(')) {
		uint8_t byte = *bytes_take(in, 1);
		depth += byte == '(';
		depth -= byte == ')' && depth;
	}
	rest = *in;
	while (rest.at != rest.end && !text_space(*rest.at) && *rest.at != ',' && *rest.at != '(')
		bytes_take(&rest, 1);
	return bytes_split(in, bytes_size(*in) - bytes_size(rest));
}

static int month(struct bytes in)
{
	if (bytes_size(in) < 3)
		return -1;
	bytes_limit(&in, 3);
	for (int i = 0; i < 12; i++)
		if (bytes_equal_case(in, bytes_make(months + 3 * i, 3)))
			return i;
	return -1;
}

static void read_time(struct date *date, struct bytes in)
{
	date->hour = number(&in, 2);
	date->second = 0;
	date->has_time = true;
	bytes_split(&in, 1);
	date->minute = number(&in, 2);
	if (in.at != in.end) {
		bytes_take(&in, 1);
		date->second = number(&in, 2);
	}
}

static void read_zone(struct date *date, struct bytes in)
{
	for (size_t i = 0; i < COUNT(zones); i++) {
		if (!bytes_equal_case(in, bytes_of(zones[i].name)))
			continue;
		date->zone = zones[i].hours * 60;
		date->has_zone = true;
	}
	if (in.at == in.end || (*in.at != '+' && *in.at != '-') || date->has_zone)
		return;
	int sign = *bytes_take(&in, 1) == '-' ? -1 : 1;
	int hours = number(&in, 2), minutes = number(&in, 2);
	date->has_zone = hours >= 0;
	if (hours >= 0)
		date->zone = sign * (hours * 60 + (minutes > 0 ? minutes : 0));
}

/* RFC 5322 4.3: two digits below 50 are 20xx, else 19xx, as are three. */
static int full_year(int year)
{
	if (year >= 1000)
		return year;
	return year < 50 ? year + 2000 : year + 1900;
}

static void read_word(struct date *date, struct bytes in)
{
	struct bytes rest = in;
	if (bytes_find(in, ':') && digit(*in.at) && !date->has_time) {
		read_time(date, in);
		return;
	}
	if (!digit(*in.at)) {
		if (date->month < 0)
			date->month = month(in);
		read_zone(date, in);
		return;
	}
	int value = number(&rest, 4);
	if (date->day < 0)
		date->day = value;
	else if (date->year < 0)
		date->year = full_year(value);
	if (rest.at != rest.end && *rest.at == '-' && date->month < 0) { /* 5-Oct-2009 */
		bytes_take(&rest, 1);
		date->month = month(rest);
		bytes_split(&rest, 4);
		value = number(&rest, 4);
		date->year = value < 0 ? -1 : full_year(value);
	}
}

/* Days since 1970 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms").
 */
static int64_t days(int year, int month_index, int day)
{
	int64_t y = year - (month_index < 2), era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * ((month_index + 10) % 12) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t date_read(struct bytes in)
{
	struct date date = { -1, -1, -1, -1, -1, -1, 0, false, false };
	for (unsigned i = 0; i < WORDS_MAX; i++) {
		struct bytes next = word(&in);
		if (next.at == next.end)
			break;
		read_word(&date, next);
	}
	if (date.year < 1000 || date.month < 0 || date.day < 1 || date.day > 31 || date.hour < 0 ||
		date.hour > 23 || date.minute < 0 || date.minute > 59 || date.second < 0 ||
		date.second > 60)
		return MIME_MOMENT_NONE;
	int64_t minutes = (days(date.year, date.month, date.day) * 24 + date.hour) * 60 +
			  date.minute - date.zone;
	return (minutes * 60 + date.second) * SECOND;
}

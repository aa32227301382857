/* The value of one setting, from text to its place in a struct. Each kind is read strictly and by
 * hand: strtod() and friends take more than people should write, and follow the locale. */
#include "base/setting.h"

#include <stdio.h>

#define SHOWN_MAX 64  /* bytes of a value in an error line */
#define DIGITS_MAX 15 /* of a NUMBER: so many a double holds exactly */

/* How to print bytes with "%.*s". */
static int shown_size(struct bytes text)
{
	return (int)(bytes_size(text) < SHOWN_MAX ? bytes_size(text) : SHOWN_MAX);
}

static const char *shown(struct bytes text)
{
	return text.at ? (const char *)text.at : "";
}

static bool is(struct bytes text, const char *word)
{
	return bytes_equal(text, bytes_of(word));
}

static bool set_flag(bool *out, struct bytes value, const char *where, struct error *error)
{
	static const struct {
		const char *word;
		bool meant;
	} words[] = { { "true", true }, { "yes", true }, { "on", true }, { "y", true },
		{ "1", true }, { "false", false }, { "no", false }, { "off", false },
		{ "n", false }, { "0", false } };
	*out = is(value, "true");
	if (*out || is(value, "false"))
		return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (bytes_equal_case(value, bytes_of(words[i].word)))
			return error_set(error, "%s: '%.*s' is not understood; write %s", where,
				shown_size(value), shown(value), words[i].meant ? "true" : "false");
	return error_set(error, "%s: '%.*s' is not understood; write true or false", where,
		shown_size(value), shown(value));
}

/* "a whole number of 1 to 500 connections": what COUNT and NUMBER want. */
static bool refuse_number(
	const struct setting *setting, struct bytes value, const char *where, struct error *error)
{
	return error_set(error,
		"%s: '%.*s' is not understood; write a %snumber of %.15g to %.15g%s%s", where,
		shown_size(value), shown(value), setting->kind == SETTING_COUNT ? "whole " : "",
		setting->min, setting->max, setting->unit ? " " : "",
		setting->unit ? setting->unit : "");
}

/* All of `text` as a number without sign. */
static bool read_digits(struct bytes text, uint64_t *out)
{
	uint64_t number = 0;
	bool ok = text.at != text.end;
	for (; ok && text.at != text.end; text.at++) {
		unsigned digit = (unsigned)*text.at - '0';
		ok = digit <= 9 && !__builtin_mul_overflow(number, 10, &number) &&
		     !__builtin_add_overflow(number, digit, &number);
	}
	*out = number;
	return ok;
}

static bool set_count(const struct setting *setting, uint64_t *out, struct bytes value,
	const char *where, struct error *error)
{
	uint64_t number;
	if (!read_digits(value, &number) || (double)number < setting->min ||
		(double)number > setting->max)
		return refuse_number(setting, value, where, error);
	*out = number;
	return true;
}

/* "12", "-0.5": no exponent, no infinity, no locale. */
static bool read_decimal(struct bytes text, double *out)
{
	char digits[DIGITS_MAX];
	size_t used = 0;
	double scale = 1;
	bool point = false, negative = text.at != text.end && *text.at == '-';
	uint64_t number;
	for (text.at += negative; text.at != text.end; text.at++) {
		if (*text.at == '.' && !point && used) {
			point = true;
			continue;
		}
		if (used == sizeof(digits))
			return false;
		digits[used++] = (char)*text.at;
		scale *= point ? 10 : 1;
	}
	if ((point && scale < 10) || !read_digits(bytes_make(digits, used), &number))
		return false;
	*out = (negative ? -1 : 1) * (double)number / scale;
	return true;
}

static bool set_number(const struct setting *setting, double *out, struct bytes value,
	const char *where, struct error *error)
{
	double number;
	if (!read_decimal(value, &number) || number < setting->min || number > setting->max)
		return refuse_number(setting, value, where, error);
	*out = number;
	return true;
}

static bool add_prefix(
	struct prefixes *list, struct bytes value, const char *where, struct error *error)
{
	struct prefix prefix;
	struct error why;
	if (!prefix_parse(value, &prefix, &why))
		return error_set(error, "%s: %s", where, why.text);
	return prefixes_add(list, prefix) || error_no_memory(error, where);
}

bool setting_set(const struct setting *setting, void *base, struct bytes value, const char *where,
	struct error *error)
{
	void *place = (char *)base + setting->offset;
	switch (setting->kind) {
	case SETTING_FLAG:
		return set_flag(place, value, where, error);
	case SETTING_COUNT:
		return set_count(setting, place, value, where, error);
	case SETTING_NUMBER:
		return set_number(setting, place, value, where, error);
	case SETTING_PREFIXES:
		return add_prefix(place, value, where, error);
	case SETTING_MAP:
		break;
	}
	return error_set(error,
		"%s: has keys of its own, not a value; write e.g. %s: on a line below", where,
		setting->keys->name);
}

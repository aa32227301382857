/* The table of detectors and what they share. */
#include "detect/detector.h"

#include <stdarg.h>
#include <stdio.h>

#include "detect/direct_to_mx.h"
#include "detect/policy_bypass.h"

const struct detector *const detectors[ALERT_KINDS] = {
	[ALERT_DIRECT_TO_MX] = &direct_to_mx,
	[ALERT_POLICY_BYPASS] = &policy_bypass,
};

const char detector_why_marked[] =
	"it rests on sessions that were seen in part only (one side, gaps, or cut)";

double detector_confidence(double lo, double hi, uint64_t threshold, unsigned x)
{
	return x < threshold ? 0 : lo + (hi - lo) * (1 - (double)threshold / x);
}

void sentence_add(struct sentence *sentence, const char *format, ...)
{
	size_t room = sizeof(sentence->text) - sentence->size;
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(sentence->text + sentence->size, room, format, arguments);
	va_end(arguments);
	if (size > 0)
		sentence->size += (size_t)size < room ? (size_t)size : room - 1;
}

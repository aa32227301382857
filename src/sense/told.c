/* A set that is emptied each minute of the data. */
#include "sense/told.h"

#include <string.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/moment.h"

static void begin_minute(struct told *told, int64_t minute)
{
	if (told->count)
		memset(told->hash, 0, sizeof(told->hash));
	told->count = 0;
	told->minute = minute;
}

bool told_news(struct told *told, uint64_t hash, int64_t time, struct anomalies *seen)
{
	size_t slot;
	if (!hash)
		hash = 1;
	if (time / MINUTE != told->minute)
		begin_minute(told, time / MINUTE);
	slot = hash % COUNT(told->hash);
	while (told->hash[slot] && told->hash[slot] != hash)
		slot = (slot + 1) % COUNT(told->hash);
	if (told->hash[slot])
		return false;
	if (told->count == TOLD_MAX || fault_limit())
		return anomaly(seen, NAMES_MANY);
	told->hash[slot] = hash;
	told->count++;
	return true;
}

/* A hash table from addresses to the records of a pool, and doubly linked lists through the
 * records. */
#include "detect/roster.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/pool.h"
#include "base/table.h"

struct roster {
	struct table *table; /* struct address -> uint32_t */
	struct pool *pool;
	uint32_t max;
	uint32_t newest[ROSTER_LISTS], oldest[ROSTER_LISTS], count[ROSTER_LISTS];
};

struct roster *roster_new(size_t record_size, uint32_t max)
{
	struct roster *roster = fault_call() ? NULL : calloc(1, sizeof(*roster));
	if (!roster)
		return NULL;
	roster->max = max;
	roster->table = table_new(sizeof(struct address), sizeof(uint32_t), max);
	roster->pool = pool_new(record_size, max);
	if (roster->table && roster->pool)
		return roster;
	roster_free(roster);
	return NULL;
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	table_free(roster->table);
	pool_free(roster->pool);
	free(roster);
}

static struct roster_entry *entry_at(const struct roster *roster, uint32_t index)
{
	return pool_at(roster->pool, index);
}

static void unlink_entry(struct roster *roster, struct roster_entry *entry)
{
	struct roster_entry *newer = entry_at(roster, entry->newer);
	struct roster_entry *older = entry_at(roster, entry->older);
	*(newer ? &newer->older : &roster->newest[entry->list]) = entry->older;
	*(older ? &older->newer : &roster->oldest[entry->list]) = entry->newer;
	roster->count[entry->list]--;
}

static void link_newest(struct roster *roster, struct roster_entry *entry, unsigned list)
{
	struct roster_entry *before = entry_at(roster, roster->newest[list]);
	entry->list = list;
	entry->newer = 0;
	entry->older = roster->newest[list];
	*(before ? &before->newer : &roster->oldest[list]) = entry->index;
	roster->newest[list] = entry->index;
	roster->count[list]++;
}

void *roster_find(const struct roster *roster, const struct address *address)
{
	const uint32_t *index = table_find(roster->table, address);
	return index ? entry_at(roster, *index) : NULL;
}

void *roster_add(struct roster *roster, const struct address *address, unsigned list)
{
	uint32_t index = pool_take(roster->pool);
	uint32_t *known = index ? table_insert(roster->table, address, NULL) : NULL;
	if (!known) {
		pool_give(roster->pool, index);
		return NULL;
	}
	*known = index;
	struct roster_entry *entry = entry_at(roster, index);
	entry->address = *address;
	entry->index = index;
	link_newest(roster, entry, list);
	return entry;
}

void roster_remove(struct roster *roster, void *record)
{
	struct roster_entry *entry = record;
	unlink_entry(roster, entry);
	table_remove(roster->table, &entry->address);
	pool_give(roster->pool, entry->index);
}

void roster_touch(struct roster *roster, void *record, unsigned list)
{
	unlink_entry(roster, record);
	link_newest(roster, record, list);
}

void *roster_oldest(const struct roster *roster, unsigned list)
{
	return entry_at(roster, roster->oldest[list]);
}

void *roster_newer(const struct roster *roster, const void *record)
{
	const struct roster_entry *entry = record;
	return entry_at(roster, entry->newer);
}

uint32_t roster_count(const struct roster *roster, unsigned list)
{
	return roster->count[list];
}

uint32_t roster_max(const struct roster *roster)
{
	return roster->max;
}

/* Of each address and of each MAC the newest name that each source told. A DHCP client says its
 * name under its MAC, the server's answer ties that to the address; so a name is found even where
 * the traffic itself passed a router. A lease to another MAC ends what an address was called. */
#include "report/names.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/pool.h"
#include "base/table.h"
#include "report/vendor.h"

struct key { /* of a known: an address, or a MAC in its first bytes */
	uint8_t byte[16];
	uint8_t is_mac;
};

struct known {
	struct key key;
	uint32_t next; /* the one made after it */
	bool has_mac;  /* of an address: its lease's */
	uint8_t mac[6];
	struct text name[NAME_SOURCES]; /* size 0: none */
};

struct names {
	struct table *table; /* struct key -> index */
	struct pool *pool;
	uint32_t first, last; /* in the order in which they were made */
	struct anomalies *seen;
	struct vendors *vendors;
	struct alert_labels *labels;
};

struct names *names_new(struct anomalies *seen)
{
	struct names *names = fault_call() ? NULL : calloc(1, sizeof(*names));
	if (!names)
		return NULL;
	names->seen = seen;
	names->table = table_new(sizeof(struct key), sizeof(uint32_t), NAMES_MAX);
	names->pool = pool_new(sizeof(struct known), NAMES_MAX);
	if (names->table && names->pool)
		return names;
	names_free(names);
	return NULL;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	table_free(names->table);
	pool_free(names->pool);
	vendors_free(names->vendors);
	free(names->labels);
	free(names);
}

static struct key key_of_address(const struct address *address)
{
	struct key key = { .is_mac = 0 };
	memcpy(key.byte, address->byte, sizeof(key.byte));
	return key;
}

static struct key key_of_mac(const uint8_t mac[6])
{
	struct key key = { .is_mac = 1 };
	memcpy(key.byte, mac, 6);
	return key;
}

static struct known *find(const struct names *names, const struct key *key)
{
	const uint32_t *index = table_find(names->table, key);
	return index ? pool_at(names->pool, *index) : NULL;
}

static void forget_oldest(struct names *names)
{
	uint32_t index = names->first;
	struct known *oldest = pool_at(names->pool, index);
	anomaly(names->seen, NAMES_FULL);
	if (!oldest)
		return;
	names->first = oldest->next;
	if (!names->first)
		names->last = 0;
	table_remove(names->table, &oldest->key);
	pool_give(names->pool, index);
}

static struct known *see(struct names *names, struct key key)
{
	struct known *known = find(names, &key);
	if (known)
		return known;
	if (table_count(names->table) == NAMES_MAX)
		forget_oldest(names);
	uint32_t index = pool_take(names->pool);
	uint32_t *slot = index ? table_insert(names->table, &key, NULL) : NULL;
	if (!slot) {
		anomaly(names->seen, NAMES_FULL);
		pool_give(names->pool, index);
		return NULL;
	}
	*slot = index;
	known = pool_at(names->pool, index);
	known->key = key;
	struct known *before = pool_at(names->pool, names->last);
	*(before ? &before->next : &names->first) = index;
	names->last = index;
	return known;
}

static void take_name(struct names *names, const struct naming *naming)
{
	struct known *by_address = NULL, *by_mac = NULL;
	if (!address_is_none(&naming->address))
		by_address = see(names, key_of_address(&naming->address));
	if (by_address)
		by_address->name[naming->source] = naming->name;
	if (naming->has_mac)
		by_mac = see(names, key_of_mac(naming->mac));
	if (by_mac)
		by_mac->name[naming->source] = naming->name;
}

static void take_lease(struct names *names, const struct neighbouring *lease)
{
	struct known *known = see(names, key_of_address(&lease->address));
	if (!known)
		return;
	if (known->has_mac && memcmp(known->mac, lease->mac, sizeof(known->mac)) != 0)
		memset(known->name, 0, sizeof(known->name));
	known->has_mac = true;
	memcpy(known->mac, lease->mac, sizeof(known->mac));
}

void names_take(struct names *names, const struct activity *activity)
{
	if (activity->kind == ACTIVITY_NAME)
		take_name(names, &activity->naming);
	else if (activity->kind == ACTIVITY_NEIGHBOUR && activity->neighbouring.assigned)
		take_lease(names, &activity->neighbouring);
}

static bool has_name(const struct alert_labels *labels, struct bytes name)
{
	for (unsigned i = 0; i < labels->names; i++)
		if (bytes_equal_case(labels->name[i].text, name))
			return true;
	return false;
}

static void add_name(
	struct alert_labels *labels, const struct known *known, enum name_source source)
{
	if (!known || !known->name[source].size || labels->names == ALERT_NAMES)
		return;
	struct bytes name = bytes_make(known->name[source].at, known->name[source].size);
	if (!has_name(labels, name))
		labels->name[labels->names++] = (struct alert_name){ source, name };
}

/* The best source first; of each the names of the addresses, then those of their MAC. */
static void join_names(
	const struct names *names, const struct alert *alert, struct alert_labels *labels)
{
	const struct known *known[2 * ALERT_ADDRESSES + 1];
	unsigned count = 0;
	for (unsigned i = 0; i < alert->addresses; i++) {
		struct key key = key_of_address(&alert->address[i]);
		known[count++] = find(names, &key);
	}
	for (unsigned i = 0; i < alert->addresses; i++) {
		struct key key = key_of_mac(known[i] ? known[i]->mac : alert->mac);
		known[count++] = known[i] && known[i]->has_mac ? find(names, &key) : NULL;
	}
	struct key key = key_of_mac(alert->mac);
	known[count++] = alert->has_mac ? find(names, &key) : NULL;
	for (enum name_source source = 0; source < NAME_SOURCES; source++)
		for (unsigned i = 0; i < count; i++)
			add_name(labels, known[i], source);
}

static bool has_vendor(const struct alert *alert)
{
	return alert->has_mac && !mac_is_local(alert->mac);
}

/* The lists are read when the first card is to be named. false: they are not there. */
static bool join_vendor(struct names *names, const struct alert *alert, const char *folder,
	struct alert_labels *labels)
{
	if (!names->vendors)
		names->vendors = vendors_read(folder);
	if (!names->vendors)
		return false;
	labels->vendor = vendors_find(names->vendors, alert->mac);
	return true;
}

bool names_join(struct names *names, struct engine *engine, const char *folder)
{
	const struct alert *alert;
	size_t count = 0;
	bool listed = true;
	while (engine_alert(engine, count))
		count++;
	free(names->labels);
	names->labels = fault_call() ? NULL : calloc(count + 1, sizeof(*names->labels));
	for (size_t i = 0; names->labels && (alert = engine_alert(engine, i)); i++) {
		join_names(names, alert, &names->labels[i]);
		if (listed && has_vendor(alert))
			listed = join_vendor(names, alert, folder, &names->labels[i]);
		engine_label(engine, i, &names->labels[i]);
	}
	return listed;
}

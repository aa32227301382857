/* Servers have a record in the table of roles, senders one in the host table; a machine can have
 * both, so the sorted roll drops what stands twice. */
#include "engine/roll.h"

#include <stdlib.h>

#include "base/fault.h"

struct roll {
	struct arena *arena;
	struct engine_role *at;
	size_t count, room;
};

void roll_free(struct roll *roll)
{
	if (!roll)
		return;
	arena_free(roll->arena);
	free(roll->at);
	free(roll);
}

static bool is_worth_telling(enum role role)
{
	return role != ROLE_UNKNOWN && role != ROLE_CLIENT;
}

static void add(struct roll *roll, const struct watch *watch, const struct address *address)
{
	struct role_view view;
	roles_view(watch->roles, address, watch->last - watch->first, &view);
	if (!is_worth_telling(view.role))
		return;
	if (roll->count == roll->room) {
		size_t room = roll->room ? 2 * roll->room : 16;
		struct engine_role *at =
			fault_call() ? NULL : reallocarray(roll->at, room, sizeof(*at));
		if (!at)
			return;
		roll->at = at;
		roll->room = room;
	}
	struct bytes reason = arena_keep(roll->arena, bytes_of(view.reason));
	roll->at[roll->count++] = (struct engine_role){ .address = *address,
		.inside = site_is_inside(watch->site, address),
		.configured = view.configured,
		.role = view.role,
		.reason = reason.at ? (const char *)reason.at : role_name(view.role) };
}

static int compare(const void *left, const void *right)
{
	const struct engine_role *a = left, *b = right;
	if (a->inside != b->inside)
		return a->inside ? -1 : 1;
	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	return address_compare(&a->address, &b->address);
}

static void drop_doubles(struct roll *roll)
{
	size_t kept = 0;
	for (size_t i = 0; i < roll->count; i++)
		if (!kept || !address_equal(&roll->at[kept - 1].address, &roll->at[i].address))
			roll->at[kept++] = roll->at[i];
	roll->count = kept;
}

struct roll *roll_make(const struct watch *watch)
{
	struct roll *roll = fault_call() ? NULL : calloc(1, sizeof(*roll));
	if (!roll)
		return NULL;
	roll->arena = arena_new(ROLL_MAX);
	if (!roll->arena) {
		roll_free(roll);
		return NULL;
	}
	for (const struct address *at = NULL; (at = roles_next(watch->roles, at));)
		add(roll, watch, at);
	for (struct host *host = NULL; (host = hosts_next(watch->hosts, host));)
		add(roll, watch, &host->entry.address);
	if (roll->count)
		qsort(roll->at, roll->count, sizeof(*roll->at), compare);
	drop_doubles(roll);
	return roll;
}

const struct engine_role *roll_at(const struct roll *roll, size_t index)
{
	return index < roll->count ? &roll->at[index] : NULL;
}

/* Activities in their total order: (time final, sensor, connection), so that any split of the input
 * gives the engine the same sequence. */
#include "model/activity.h"

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static unsigned part_of(const struct activity *activity)
{
	return activity->kind == ACTIVITY_SESSION ? activity->session->part : 0;
}

int activity_compare(const struct activity *a, const struct activity *b)
{
	int order = a->final < b->final ? -1 : a->final > b->final;
	if (!order)
		order = compare(a->sensor, b->sensor);
	if (!order)
		order = compare(a->connection, b->connection);
	if (!order)
		order = compare(a->kind, b->kind);
	return order ? order : compare(part_of(a), part_of(b));
}

const char *name_source_name(enum name_source source)
{
	static const char *const names[NAME_SOURCES] = {
		[NAME_DHCP] = "dhcp",
		[NAME_DHCPV6] = "dhcpv6",
		[NAME_MDNS] = "mdns",
		[NAME_LLMNR] = "llmnr",
		[NAME_NETBIOS] = "netbios",
	};
	return names[source];
}

void activity_free(struct activity *activity)
{
	if (activity->kind == ACTIVITY_SESSION)
		session_free(activity->session);
}

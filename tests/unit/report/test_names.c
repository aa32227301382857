/* Which names a suspect gets: by its address, by its MAC, by the MAC that its lease names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fake_engine.h"
#include "report/names.h"

#define OURS "\0\x0c\x29\x4d\x1f\xa6"
#define THEIRS "\0\x14\x22\x5e\1\x0a"
#define NOBODY "::"

struct desk {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct names *names;
	struct alert alert;
	struct engine engine;
};

static struct address address_at(const char *text)
{
	struct address address = { 0 };
	address_parse(bytes_of(text), &address);
	return address;
}

static int set_up(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	desk->seen.total = &desk->totals;
	desk->names = names_new(&desk->seen);
	desk->alert.address[0] = address_at("192.168.7.108");
	desk->alert.addresses = 1;
	desk->engine = (struct engine){ .alerts = &desk->alert, .alert_count = 1 };
	*state = desk;
	return desk->names ? 0 : -1;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;
	names_free(desk->names);
	free(desk);
	return 0;
}

static void name(struct desk *desk, const char *address, const char *mac, enum name_source source,
	const char *text)
{
	struct activity activity = { .kind = ACTIVITY_NAME,
		.naming = { .address = address_at(address), .has_mac = mac, .source = source } };
	if (mac)
		memcpy(activity.naming.mac, mac, 6);
	memcpy(activity.naming.name.at, text, strlen(text));
	activity.naming.name.size = (uint8_t)strlen(text);
	names_take(desk->names, &activity);
}

static void lease(struct desk *desk, const char *address, const char *mac, bool assigned)
{
	struct activity activity = { .kind = ACTIVITY_NEIGHBOUR,
		.neighbouring = { .address = address_at(address), .assigned = assigned } };
	memcpy(activity.neighbouring.mac, mac, 6);
	names_take(desk->names, &activity);
}

/* "name/source name/source" */
static const char *labels(struct desk *desk)
{
	static char text[600];
	size_t size = 0;
	text[0] = '\0';
	names_join(desk->names, &desk->engine, "/nowhere");
	const struct alert_labels *given = desk->engine.labels[0];
	assert_non_null(given);
	for (unsigned i = 0; i < given->names; i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%.*s/%s",
			i ? " " : "", (int)bytes_size(given->name[i].text),
			(const char *)given->name[i].text.at,
			name_source_name(given->name[i].source));
	return text;
}

static void test_by_address_and_mac(void **state)
{
	struct desk *desk = *state;
	assert_string_equal(labels(desk), "");
	name(desk, NOBODY, OURS, NAME_DHCP, "wxpanna");
	assert_string_equal(labels(desk), ""); /* whose MAC is it? */
	desk->alert.has_mac = true;
	memcpy(desk->alert.mac, OURS, 6);
	assert_string_equal(labels(desk), "wxpanna/dhcp");
	name(desk, "192.168.7.108", NULL, NAME_MDNS, "panna");
	name(desk, "192.168.7.108", NULL, NAME_NETBIOS, "WXPANNA"); /* the same */
	name(desk, "192.168.7.109", NULL, NAME_NETBIOS, "OTHER");
	assert_string_equal(labels(desk), "wxpanna/dhcp panna/mdns");
	name(desk, NOBODY, OURS, NAME_DHCP, "renamed");
	assert_string_equal(labels(desk), "renamed/dhcp panna/mdns WXPANNA/netbios");
	desk->alert.address[1] = address_at("fd00:7::1");
	desk->alert.addresses = 2;
	name(desk, "fd00:7::1", NULL, NAME_DHCPV6, "six");
	name(desk, "fd00:7::1", NULL, NAME_LLMNR, "more");
	assert_string_equal(labels(desk), "renamed/dhcp six/dhcpv6 panna/mdns more/llmnr");
}

/* The MAC in the traffic is a router's; the lease knows the machine's. */
static void test_by_lease(void **state)
{
	struct desk *desk = *state;
	name(desk, NOBODY, OURS, NAME_DHCP, "wxpanna");
	lease(desk, "192.168.7.108", OURS, false);
	assert_string_equal(labels(desk), "");
	lease(desk, "192.168.7.108", OURS, true);
	assert_string_equal(labels(desk), "wxpanna/dhcp");
	name(desk, "192.168.7.108", NULL, NAME_NETBIOS, "PANNA");
	assert_string_equal(labels(desk), "wxpanna/dhcp PANNA/netbios");
	lease(desk, "192.168.7.108", THEIRS, true); /* another machine now */
	assert_string_equal(labels(desk), "");
}

static void test_bounded(void **state)
{
	struct desk *desk = *state;
	char address[ADDRESS_TEXT];
	name(desk, "192.168.7.108", NULL, NAME_MDNS, "first");
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		snprintf(address, sizeof(address), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		name(desk, address, NULL, NAME_MDNS, "flood");
	}
	assert_int_equal(desk->totals.count[NAMES_FULL], 1);
	assert_string_equal(labels(desk), "");
	name(desk, "192.168.7.108", NULL, NAME_MDNS, "again");
	assert_string_equal(labels(desk), "again/mdns");
	assert_int_equal(desk->totals.count[NAMES_FULL], 2);
}

static void test_vendor_wanted(void **state)
{
	struct desk *desk = *state;
	assert_true(names_join(desk->names, &desk->engine, "/nowhere")); /* no MAC, no need */
	desk->alert.has_mac = true;
	memcpy(desk->alert.mac, "\2\0\0\0\0\1", 6);
	assert_true(names_join(desk->names, &desk->engine, "/nowhere")); /* nobody's block */
	memcpy(desk->alert.mac, OURS, 6);
	assert_false(names_join(desk->names, &desk->engine, "/nowhere"));
	assert_null(desk->engine.labels[0]->vendor.at);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_by_address_and_mac),
		TEST(test_by_lease),
		TEST(test_bounded),
		TEST(test_vendor_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

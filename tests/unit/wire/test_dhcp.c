/* DHCP of both families: who got what and is called how; options that lie about their length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/dhcp.h"

#define MAC "\0\x0c\x29\x4d\x1f\xa6"
#define IP6 "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7"
#define COOKIE "\x63\x82\x53\x63"

/* A message of DHCP for IPv4: fixed part, then options. */
struct boot {
	uint8_t at[600];
	size_t size;
};

static struct boot boot_of(uint8_t operation, const char *yours, const char *options, size_t size)
{
	struct boot boot = { .at = { operation, 1, 6, 0 }, .size = 240 + size };
	memcpy(boot.at + 16, yours, 4);
	memcpy(boot.at + 28, MAC, 6);
	memcpy(boot.at + 236, COOKIE, 4);
	memcpy(boot.at + 240, options, size);
	return boot;
}

static void check_name(const struct dhcp *dhcp, const char *name)
{
	assert_int_equal(dhcp->name.size, strlen(name));
	assert_memory_equal(dhcp->name.text, name, dhcp->name.size);
}

static const struct row {
	const char *options;
	size_t size;
	uint8_t message;
	const char *name; /* NULL: unreadable */
	enum anomaly anomaly;
} rows[] = {
	{ BYTES("\x35\1\5\x0c\7wxpanna\xff"), DHCP_ACK, "wxpanna", NONE },
	{ BYTES("\0\0\x35\1\5\0\x0c\7wxpanna\0\0"), DHCP_ACK, "wxpanna", NONE },
	{ BYTES("\x35\1\5\x0c\x08wxpanna\0\xff"), DHCP_ACK, "wxpanna", NONE },
	{ BYTES("\x35\1\3\x51\x0a\0\0\0wxpanna\xff"), DHCP_REQUEST, "wxpanna", NONE },
	{ BYTES("\x35\1\3\x51\x0c\4\0\0\7wxpanna\0\xff"), DHCP_REQUEST, "wxpanna", NONE },
	{ BYTES("\x35\1\3\x51\x0b\4\0\0\7wxpanna\xff"), DHCP_REQUEST, "wxpanna", NONE },
	{ BYTES("\x35\1\3\x51\x05\4\0\0\x07w\xff"), DHCP_REQUEST, "", NONE },
	{ BYTES("\x35\1\3\x51\2\0\0\xff"), DHCP_REQUEST, "", NONE },
	{ BYTES("\x35\1\3\x51\x06\0\0\0pc2\x0c\3pc1\xff"), DHCP_REQUEST, "pc1", NONE },
	{ BYTES("\x35\1\5\xff\x0c\7wxpanna"), DHCP_ACK, "", NONE }, /* behind the end */
	{ BYTES("\x35\2\5\5\xff"), 0, "", NONE },
	{ BYTES("\xff"), 0, "", NONE },
	{ BYTES(""), 0, "", NONE },
	{ BYTES("\x35\1\5\x0c\x20wxpanna\xff"), 0, NULL, DHCP_OPTION },
	{ BYTES("\x35\1\5\x0c"), 0, NULL, DHCP_OPTION },
	{ BYTES("\x35\1"), 0, NULL, DHCP_OPTION },
};

static bool decode(
	const struct boot *boot, size_t size, struct dhcp *out, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct bytes in = cut_keep(bytes_make(boot->at, boot->size), size);
	*totals = (struct anomaly_totals){ 0 };
	bool ok = dhcp_decode(in, out, &seen);
	cut_free(in);
	return ok;
}

static void test_options(void **state)
{
	struct anomaly_totals totals;
	struct dhcp dhcp;
	char text[ADDRESS_TEXT];
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct boot boot = boot_of(2, "\xc0\xa8\7\x6c", rows[i].options, rows[i].size);
		bool ok = decode(&boot, boot.size, &dhcp, &totals);
		if (ok != (rows[i].name != NULL) || !cut_only(&totals, rows[i].anomaly))
			fail_msg("row %zu", i);
		for (size_t size = 0; size < boot.size; size++) {
			struct dhcp cut;
			if (decode(&boot, size, &cut, &totals))
				assert_true(size >= 240);
		}
		if (!ok)
			continue;
		assert_int_equal(dhcp.message, rows[i].message);
		assert_true(dhcp.has_mac);
		assert_memory_equal(dhcp.mac, MAC, 6);
		assert_int_equal(dhcp.addresses, 1);
		assert_string_equal(address_text(&dhcp.address[0], text), "192.168.7.108");
		check_name(&dhcp, rows[i].name);
	}
}

static void test_fields(void **state)
{
	struct anomaly_totals totals;
	struct dhcp dhcp;
	struct boot boot = boot_of(1, "\0\0\0\0", BYTES("\x3d\7\1\2\2\2\2\2\2\xff"));
	assert_true(decode(&boot, boot.size, &dhcp, &totals));
	assert_int_equal(dhcp.addresses, 0);
	assert_memory_equal(dhcp.mac, MAC, 6);
	memcpy(boot.at + 12, "\xc0\xa8\7\x09", 4); /* renews: its own address */
	boot.at[2] = 0;                            /* no hardware address: then by its id */
	assert_true(decode(&boot, boot.size, &dhcp, &totals));
	assert_int_equal(dhcp.addresses, 1);
	assert_memory_equal(dhcp.mac, "\2\2\2\2\2\2", 6);
	boot.at[242] = 2; /* an id of another kind */
	assert_true(decode(&boot, boot.size, &dhcp, &totals));
	assert_false(dhcp.has_mac);
	boot.at[0] = 3;
	assert_false(decode(&boot, boot.size, &dhcp, &totals));
	assert_true(cut_only(&totals, DHCP_OPTION));
	assert_false(decode(&boot, 239, &dhcp, &totals));
	assert_true(cut_only(&totals, DHCP_SHORT));
}

/* Options go on in the fields for a file's and a server's name; these cannot send us on again. */
static void test_overload(void **state)
{
	struct anomaly_totals totals;
	struct dhcp dhcp;
	struct boot boot = boot_of(2, "\xc0\xa8\7\x6c", BYTES("\x34\1\3\xff"));
	memcpy(boot.at + 108, "\x35\1\5\x34\1\3\xff", 7);
	memcpy(boot.at + 44, "\x0c\7wxpanna\xff", 10);
	assert_true(decode(&boot, boot.size, &dhcp, &totals));
	assert_int_equal(dhcp.message, DHCP_ACK);
	check_name(&dhcp, "wxpanna");
	boot.at[45] = 200;
	assert_true(decode(&boot, boot.size, &dhcp, &totals));
	check_name(&dhcp, "");
	assert_true(cut_only(&totals, DHCP_OPTION));
}

#define REPLY "\7\1\2\3"
#define DUID_LL "\0\1\0\x0a\0\3\0\1" MAC
#define DUID_LLT "\0\1\0\x0e\0\1\0\1\x12\x34\x56\x78" MAC
#define IA_ADDRESS(life) "\0\5\0\x18" IP6 "\0\0\x0e\x10" life
#define IA_NA "\0\3\0\x28\0\0\0\1\0\0\0\0\0\0\0\0" IA_ADDRESS("\0\0\x1c\x20")
#define FQDN "\0\x27\0\x0a\1\7wxpanna\0"
#define RELAY(type, size) type "\0" IP6 IP6 "\0\x12\0\1i\0\x09\0" size

static const struct row6 {
	const char *message;
	size_t size;
	uint8_t type; /* 0: unreadable */
	bool has_mac;
	unsigned addresses;
	const char *name;
	enum anomaly anomaly;
} rows6[] = {
	{ BYTES(REPLY DUID_LL IA_NA FQDN), DHCPV6_REPLY, true, 1, "wxpanna", NONE },
	{ BYTES(REPLY DUID_LLT FQDN IA_NA), DHCPV6_REPLY, true, 1, "wxpanna", NONE },
	{ BYTES("\1\1\2\3" DUID_LL FQDN), 1, true, 0, "wxpanna", NONE },
	{ BYTES(REPLY "\0\1\0\6\0\2\0\0\0\1"), DHCPV6_REPLY, false, 0, "", NONE },
	{ BYTES(REPLY "\0\1\0\4\0\3\0\1"), DHCPV6_REPLY, false, 0, "", NONE },
	{ BYTES(REPLY "\0\3\0\x28\0\0\0\1\0\0\0\0\0\0\0\0" IA_ADDRESS("\0\0\0\0")), DHCPV6_REPLY,
		false, 0, "", NONE },
	{ BYTES(REPLY "\0\4\0\x20\0\0\0\1" IA_ADDRESS("\0\0\0\1")), DHCPV6_REPLY, false, 1, "",
		NONE },
	{ BYTES(REPLY "\0\3\0\4\0\0\0\1"), DHCPV6_REPLY, false, 0, "", DHCP_OPTION },
	{ BYTES(REPLY "\0\3\0\x10\0\0\0\1\0\0\0\0\0\0\0\0\0\5\0\xff"), DHCPV6_REPLY, false, 0, "",
		DHCP_OPTION },
	{ BYTES(REPLY DUID_LL "\0\x27\0\xff\1\7wxpanna\0"), DHCPV6_REPLY, true, 0, "",
		DHCP_OPTION },
	{ BYTES(REPLY DUID_LL "\0\x27"), DHCPV6_REPLY, true, 0, "", DHCP_OPTION },
	{ BYTES(REPLY "\0\x27\0\4\1\7wx"), DHCPV6_REPLY, false, 0, "", NONE },
	{ BYTES(RELAY("\x0c", "\x20") "\1\1\2\3" DUID_LL FQDN), 1, true, 0, "wxpanna", NONE },
	{ BYTES(RELAY("\x0d", "\x4b") RELAY("\x0d", "\x20") REPLY DUID_LL FQDN), DHCPV6_REPLY, true,
		0, "wxpanna", NONE },
	{ BYTES(RELAY("\x0c", "\x40") "\1\1\2\3" DUID_LL), 0, false, 0, "", DHCP_OPTION },
	{ BYTES("\x0c\0" IP6 IP6 "\0\x12\0\1i"), 0, false, 0, "", NONE },
	{ BYTES("\x0c\0" IP6), 0, false, 0, "", DHCP_SHORT },
	{ BYTES("\7\1\2"), 0, false, 0, "", DHCP_SHORT },
	{ "", 0, 0, false, 0, "", DHCP_SHORT },
};

static bool decode_v6(
	const struct row6 *row, size_t size, struct dhcp *out, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct bytes in = cut_keep(bytes_make(row->message, row->size), size);
	*totals = (struct anomaly_totals){ 0 };
	bool ok = dhcp_decode_v6(in, out, &seen);
	cut_free(in);
	return ok;
}

static void test_v6(void **state)
{
	struct anomaly_totals totals;
	struct dhcp dhcp, cut;
	char text[ADDRESS_TEXT];
	for (size_t i = 0; i < COUNT(rows6); i++) {
		const struct row6 *row = &rows6[i];
		bool ok = decode_v6(row, row->size, &dhcp, &totals);
		if (ok != (row->type > 0) || !cut_only(&totals, row->anomaly))
			fail_msg("row %zu", i);
		for (size_t size = 0; size < row->size; size++)
			decode_v6(row, size, &cut, &totals);
		if (!ok)
			continue;
		assert_int_equal(dhcp.message, row->type);
		assert_int_equal(dhcp.has_mac, row->has_mac);
		if (row->has_mac)
			assert_memory_equal(dhcp.mac, MAC, 6);
		assert_int_equal(dhcp.addresses, row->addresses);
		if (row->addresses)
			assert_string_equal(address_text(&dhcp.address[0], text), "2001:db8::7");
		if (row->name[0] || row->anomaly == NONE)
			check_name(&dhcp, row->name);
	}
}

/* Relays in relays, more than there may be. */
static void test_relays_bounded(void **state)
{
	uint8_t message[38 * 12 + 4];
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct dhcp dhcp;
	for (size_t i = 0; i < 12; i++) {
		size_t inner = sizeof(message) - 38 * (i + 1);
		uint8_t *at = message + 38 * i;
		memset(at, 0, 38);
		at[0] = 12;
		at[35] = 9;
		at[36] = (uint8_t)(inner >> 8);
		at[37] = (uint8_t)inner;
	}
	memcpy(message + 38 * 12, REPLY, 4);
	assert_false(dhcp_decode_v6(bytes_make(message, sizeof(message)), &dhcp, &seen));
	assert_true(cut_only(&totals, DHCP_OPTION));
	assert_true(dhcp_decode_v6(
		bytes_make(message + 38 * 4, sizeof(message) - 38 * 4), &dhcp, &seen));
	assert_int_equal(dhcp.message, DHCPV6_REPLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_overload),
		cmocka_unit_test(test_v6),
		cmocka_unit_test(test_relays_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Lists of vendors: quoting, blocks of three sizes, lists that are absent, damaged or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "report/vendor.h"

#define HEADING "Registry,Assignment,Organization Name,Organization Address\r\n"

static char folder[] = "/tmp/vendor-XXXXXX";

static void write_list(const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
	FILE *file = text ? fopen(path, "w") : NULL;
	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static int set_up(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	write_list("oui.csv", NULL);
	write_list("mam.csv", NULL);
	write_list("oui36.csv", NULL);
	return rmdir(folder);
}

static bool is_by(const struct vendors *vendors, const char *mac, const char *name)
{
	uint8_t byte[6];
	memcpy(byte, mac, sizeof(byte));
	struct bytes found = vendors_find(vendors, byte);
	return bytes_equal(found, bytes_of(name)) && !*name == !found.at;
}

static void test_blocks(void **state)
{
	write_list("oui.csv", HEADING
		"MA-L,0055DA,IEEE Registration Authority,\"445 Hoes Lane, NJ US \"\r\n"
		"MA-L,000C29,\"VMware, Inc.\",3401 Hillview Avenue Palo Alto CA US 94304 \r\n"
		"MA-L,000c29,Second,\r\n"
		"MA-L,080030,,\r\n"
		"MA-L,0800ZZ,Nobody,\r\n"
		"MA-L,08003,Nobody,\r\n"
		"\r\n,,\r\n\"\r\n\"\"\r\nMA-L\r\n"
		"MA-L,001422,Dell Inc.");
	write_list("mam.csv", HEADING "MA-M,0055DA1,KoolPOS Inc.,Toronto\r\n");
	write_list("oui36.csv", HEADING "MA-S,0055DA123,Tiny GmbH,Wien\r\n");
	struct vendors *vendors = vendors_read(folder);
	assert_non_null(vendors);
	assert_true(is_by(vendors, "\0\x0c\x29\x4d\x1f\xa6", "VMware, Inc."));
	assert_true(is_by(vendors, "\0\x14\x22\xff\xff\xff", "Dell Inc."));
	assert_true(is_by(vendors, "\0\x55\xda\x20\0\1", "IEEE Registration Authority"));
	assert_true(is_by(vendors, "\0\x55\xda\x13\0\1", "KoolPOS Inc."));
	assert_true(is_by(vendors, "\0\x55\xda\x12\x3f\xff", "Tiny GmbH"));
	assert_true(is_by(vendors, "\0\x55\xda\x12\x4f\xff", "KoolPOS Inc."));
	assert_true(is_by(vendors, "\x08\0\x30\0\0\1", ""));
	assert_true(is_by(vendors, "\xff\xff\xff\xff\xff\xff", ""));
	vendors_free(vendors);
}

static void test_absent(void **state)
{
	assert_null(vendors_read("/nowhere"));
	write_list("oui.csv", NULL);
	write_list("mam.csv", "");
	write_list("oui36.csv", HEADING);
	assert_null(vendors_read(folder));
	write_list("mam.csv", HEADING "MA-M,0055DA1,KoolPOS Inc.,Toronto\r\n");
	struct vendors *vendors = vendors_read(folder); /* one is enough */
	assert_non_null(vendors);
	assert_true(is_by(vendors, "\0\x55\xda\x13\0\1", "KoolPOS Inc."));
	vendors_free(vendors);
	vendors_free(NULL);
}

static void test_short(void **state)
{
	static const struct {
		const char *vendor, *name;
	} rows[] = {
		{ "VMware, Inc.", "VMware" },
		{ "Dell Inc.", "Dell" },
		{ "Hewlett Packard", "Hewlett Packard" },
		{ "HUAWEI TECHNOLOGIES CO.,LTD", "HUAWEI" },
		{ "Intel Corporate", "Intel" },
		{ "Apple, Inc.", "Apple" },
		{ "AVM GmbH", "AVM" },
		{ "Inc.", "Inc" },
		{ "", "" },
		{ ",", "" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!bytes_equal(vendor_short(bytes_of(rows[i].vendor)), bytes_of(rows[i].name)))
			fail_msg("%s", rows[i].vendor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_short),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

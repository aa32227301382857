/* address: text in and out (RFC 4291, 5952), prefixes, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/address.h"
#include "base/fault.h"

static struct address address_of(const char *text)
{
	struct address address;
	if (!address_parse(bytes_of(text), &address))
		fail_msg("%s: cannot be read", text);
	return address;
}

static struct prefix prefix_of(const char *text)
{
	struct prefix prefix;
	struct error error;
	if (!prefix_parse(bytes_of(text), &prefix, &error))
		fail_msg("%s", error.text);
	return prefix;
}

static void test_text(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: the same */
	} cases[] = {
		{ "0.0.0.0", NULL },
		{ "192.0.2.1", NULL },
		{ "255.255.255.255", NULL },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::FFFF:c000:201", "192.0.2.1" },
		{ "::", NULL },
		{ "::1", NULL },
		{ "1::", NULL },
		{ "2001:db8::1", NULL },
		{ "2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1",
			NULL }, /* one zero group is not shortened: RFC 5952 4.2.2 */
		{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },       /* the longest run: 4.2.3 */
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" }, /* the first of equals */
		{ "0:0:1:2:3:4:5:6", "::1:2:3:4:5:6" },
		{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
		{ "1:2:3:4:5:6:7:8", NULL },
		{ "1::8", NULL },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:192.0.2.33", "1:2:3:4:5:6:c000:221" },
		{ "::192.0.2.33", "::c000:221" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL },
		{ "fe80::abcd:ef01", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct address address = address_of(cases[i].in);
		char text[ADDRESS_TEXT];
		assert_string_equal(
			address_text(&address, text), cases[i].out ? cases[i].out : cases[i].in);
	}
}

static void test_refused(void **state)
{
	static const char *const cases[] = { "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256",
		"1.2.3.-4", "1.2.3.4 ", " 1.2.3.4", "01.2.3.4", "1.2.3.00", "1.2.3.", ".1.2.3",
		"1..2.3", "0x1.2.3.4", "99999999999.1.1.1", "1.2.3.4/24", ":", ":::", "1",
		"1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8:", "1::2::3", "1:2:3:4:5:6:7::8", "::1:2:3:4:5:6:7:8",
		"12345::", "g::", "fe80::1%eth0", "[::1]", "::1.2.3", "::1.2.3.4:5",
		"1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "::256.1.1.1", "1:::2", "::1 ",
		"-1::", "2001:db8" };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct address address;
		if (address_parse(bytes_of(cases[i]), &address))
			fail_msg("'%s' was read", cases[i]);
	}
	assert_false(address_parse(bytes_make("1.2.3.4\0", 8), &(struct address){ 0 }));
	assert_false(address_parse((struct bytes){ NULL, NULL }, &(struct address){ 0 }));
}

static void test_kinds(void **state)
{
	static const uint8_t v4[] = { 192, 0, 2, 1 };
	struct address a = address_v4(v4), b = address_of("2001:db8::1"), none = { { 0 } };
	struct address again = address_v6(b.byte), c = address_of("::1"),
		       d = address_of("10.0.0.1");
	assert_true(address_is_v4(&a) && !address_is_v4(&b) && !address_is_v4(&none));
	assert_true(address_is_none(&none) && !address_is_none(&a) && !address_is_none(&d));
	assert_true(address_equal(&b, &again) && !address_equal(&a, &b));
	assert_true(address_compare(&a, &b) < 0 && address_compare(&b, &a) > 0);
	assert_true(address_compare(&a, &c) < 0 && address_compare(&c, &a) > 0);
	assert_true(address_compare(&d, &a) < 0 && address_compare(&a, &a) == 0);
	assert_true(address_compare(&c, &b) < 0);
}

static void test_prefixes(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: the same */
	} good[] = {
		{ "192.0.2.0/24", NULL },
		{ "192.0.2.1", "192.0.2.1/32" },
		{ "192.0.2.1/32", NULL },
		{ "0.0.0.0/0", NULL },
		{ "10.0.0.0/7", NULL },
		{ "128.0.0.0/1", NULL },
		{ "::/0", NULL },
		{ "2001:db8::/32", NULL },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "2001:db8:8000::/33", NULL },
		{ "::ffff:192.0.2.0/120", "192.0.2.0/24" },
		{ "::ffff:0:0/96", "0.0.0.0/0" },
	};
	static const struct {
		const char *in, *error;
	} bad[] = {
		{ "192.0.2.1/24", "192.0.2.1/24 has bits set behind /24; write 192.0.2.0/24" },
		{ "2001:db8::1/64", "2001:db8::1/64 has bits set behind /64; write 2001:db8::/64" },
		{ "128.0.0.0/0", "128.0.0.0/0 has bits set behind /0; write 0.0.0.0/0" },
		{ "::ffff:1.2.3.4/95",
			"::ffff:1.2.3.4/95 has bits set behind /95; write ::fffe:0:0/95" },
		{ "192.0.2.0/33",
			"'192.0.2.0/33' has no length of 0 to 32 behind the /; write one" },
		{ "192.0.2.0/", "'192.0.2.0/' has no length of 0 to 32 behind the /; write one" },
		{ "192.0.2.0/024",
			"'192.0.2.0/024' has no length of 0 to 32 behind the /; write one" },
		{ "10.0.0.0/8/8",
			"'10.0.0.0/8/8' has no length of 0 to 32 behind the /; write one" },
		{ "10.0.0.0/8x", "'10.0.0.0/8x' has no length of 0 to 32 behind the /; write one" },
		{ "::/129", "'::/129' has no length of 0 to 128 behind the /; write one" },
		{ "::/99999999999",
			"'::/99999999999' has no length of 0 to 128 behind the /; write one" },
		{ "", "'' is no address or prefix; write it like 192.0.2.0/24 or 2001:db8::/32" },
		{ "/8", "'/8' is no address or prefix; write it like 192.0.2.0/24 or "
			"2001:db8::/32" },
		{ "10/8", "'10/8' is no address or prefix; write it like 192.0.2.0/24 or "
			  "2001:db8::/32" },
		{ "x\n", "'x\\x0a' is no address or prefix; write it like 192.0.2.0/24 or "
			 "2001:db8::/32" },
	};
	for (size_t i = 0; i < COUNT(good); i++) {
		struct prefix prefix = prefix_of(good[i].in);
		char text[PREFIX_TEXT];
		assert_string_equal(
			prefix_text(&prefix, text), good[i].out ? good[i].out : good[i].in);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct prefix prefix;
		struct error error;
		assert_false(prefix_parse(bytes_of(bad[i].in), &prefix, &error));
		assert_string_equal(error.text, bad[i].error);
		assert_false(prefix_parse(bytes_of(bad[i].in), &prefix, NULL));
	}
}

static void test_has(void **state)
{
	static const struct {
		const char *prefix, *address;
		bool has;
	} cases[] = {
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "192.0.2.1/32", "192.0.2.1", true },
		{ "192.0.2.1/32", "192.0.2.0", false },
		{ "0.0.0.0/0", "255.1.2.3", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "192.0.2.1", false },
		{ "2001:db8::/33", "2001:db8:7fff::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix prefix = prefix_of(cases[i].prefix);
		struct address address = address_of(cases[i].address);
		assert_int_equal(prefix_has(&prefix, &address), cases[i].has);
	}
}

static void test_of_address(void **state)
{
	struct address v4 = address_of("192.0.2.77"), v6 = address_of("2001:db8:1:2:3::4");
	struct prefix a = address_prefix(&v4, 24, 64), b = address_prefix(&v6, 24, 48);
	struct prefix all = address_prefix(&v4, 99, 64);
	char text[PREFIX_TEXT];
	assert_string_equal(prefix_text(&a, text), "192.0.2.0/24");
	assert_string_equal(prefix_text(&b, text), "2001:db8:1::/48");
	assert_string_equal(prefix_text(&all, text), "192.0.2.77/32");
}

static void test_list(void **state)
{
	struct prefixes list = { NULL, 0 };
	struct address in = address_of("10.9.8.7"), out = address_of("2001:db9::");
	assert_false(prefixes_has(&list, &in));
	assert_true(prefixes_add(&list, prefix_of("192.0.2.0/24")));
	assert_false(prefixes_has(&list, &in));
	assert_true(prefixes_add(&list, prefix_of("10.0.0.0/8")));
	assert_true(prefixes_add(&list, prefix_of("2001:db8::/32")));
	assert_true(prefixes_has(&list, &in));
	assert_false(prefixes_has(&list, &out));
	if (fault_arm("fail@1"))
		assert_false(prefixes_add(&list, prefix_of("::/0")));
	assert_int_equal(list.count, 3);
	prefixes_free(&list);
	assert_false(prefixes_has(&list, &in));
}

static void test_mac(void **state)
{
	static const uint8_t mac[] = { 0, 0x0c, 0x29, 0xff, 2, 3 };
	char text[MAC_TEXT];
	assert_string_equal(mac_text(mac, text), "00:0c:29:ff:02:03");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_of_address),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_mac),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

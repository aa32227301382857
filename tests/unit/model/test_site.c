/* What is inside: configured, or guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "model/site.h"

static bool inside(const struct site *site, const char *text)
{
	struct address address;
	assert_true(address_parse(bytes_of(text), &address));
	return site_is_inside(site, &address);
}

static void test_guessed(void **state)
{
	static const struct {
		const char *address;
		bool inside;
	} cases[] = {
		{ "10.0.0.1", true },
		{ "11.0.0.1", false },
		{ "100.63.255.255", false },
		{ "100.64.0.0", true },
		{ "100.127.255.255", true },
		{ "100.128.0.0", false },
		{ "169.254.1.1", true },
		{ "172.15.255.255", false },
		{ "172.16.0.0", true },
		{ "172.31.255.255", true },
		{ "172.32.0.0", false },
		{ "192.168.0.0", true },
		{ "192.169.0.0", false },
		{ "127.0.0.1", false },
		{ "198.51.100.7", false },
		{ "fc00::1", true },
		{ "fdff::1", true },
		{ "fe00::1", false },
		{ "fe80::1", true },
		{ "febf::1", true },
		{ "fec0::1", false },
		{ "2001:db8::1", false },
	};
	const struct site site = { 0 };
	assert_true(site_inside_guessed(&site));
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(inside(&site, cases[i].address), cases[i].inside);
}

static void test_configured(void **state)
{
	struct site site = { 0 };
	struct error error;
	for (const struct setting *row = site_settings; row->name; row++)
		assert_true(
			setting_set(row, &site, bytes_of("198.51.100.0/24"), row->name, &error));
	assert_false(site_inside_guessed(&site));
	assert_true(inside(&site, "198.51.100.7"));
	assert_false(inside(&site, "192.168.7.108"));
	assert_int_equal(site.inside.count, 1);
	assert_int_equal(site.mail_servers.count, 1);
	assert_int_equal(site.smarthosts.count, 1);
	assert_int_equal(site.allowed_servers.count, 1);
	assert_int_equal(site.allow.count, 1);
	site_free(&site);
	assert_null(site.allow.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guessed),
		cmocka_unit_test(test_configured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* nearest: what was probably meant, and when to be silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/nearest.h"

static void test_names(void **state)
{
	static const char *const names[] = { "inside", "mail_servers", "smarthosts", "allow",
		"allowed_servers", "ip" };
	static const struct {
		const char *word, *name; /* NULL: nothing is near */
	} cases[] = {
		{ "inside", "inside" },
		{ "insid", "inside" },
		{ "isnide", "inside" },
		{ "INSIDE", "inside" },
		{ "insides", "inside" },
		{ "out", NULL },
		{ "outside", NULL },
		{ "mail-servers", "mail_servers" },
		{ "mailservers", "mail_servers" },
		{ "mail", "mail_servers" },
		{ "smarthost", "smarthosts" },
		{ "allows", "allow" },
		{ "allowed",
			"allow" }, /* two letters more; allowed_servers is as near, but later */
		{ "allowed_server", "allowed_servers" },
		{ "i", NULL },
		{ "on", NULL }, /* two letters of two changed */
		{ "ib", "ip" },
		{ "", NULL },
		{ "inside_and_many_more_letters_than_any", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct nearest nearest;
		nearest_init(&nearest, cases[i].word);
		for (size_t j = 0; j < COUNT(names); j++)
			nearest_offer(&nearest, names[j]);
		if (cases[i].name) {
			assert_non_null(nearest.name);
			assert_string_equal(nearest.name, cases[i].name);
		} else {
			assert_null(nearest.name);
		}
	}
}

static void test_edges(void **state)
{
	struct nearest nearest;
	nearest_init(&nearest, "abcdefghijklmnopqrstuvwxyz01234"); /* the longest */
	nearest_offer(&nearest, "");
	nearest_offer(&nearest, "abcdefghijklmnopqrstuvwxyz0123456789");
	assert_null(nearest.name);
	nearest_offer(&nearest, "abcdefghijklmnopqrstuvwxyz01235");
	assert_non_null(nearest.name);
	assert_int_equal(nearest.distance, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_edges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

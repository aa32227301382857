/* The table of parameters says what the defaults are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "detect/members.h"
#include "detect/settings.h"

static unsigned check(const struct setting *keys, const struct detect_settings *settings)
{
	unsigned count = 0;
	for (const struct setting *row = keys; row->name; row++) {
		const void *at = (const char *)settings + row->offset;
		if (row->kind == SETTING_MAP) {
			count += check(row->keys, settings);
			continue;
		}
		count++;
		assert_non_null(row->help);
		if (row->kind == SETTING_FLAG) {
			assert_string_equal(row->normal, *(const bool *)at ? "true" : "false");
			continue;
		}
		uint64_t value = *(const uint64_t *)at;
		assert_int_equal(value, strtoull(row->normal, NULL, 10));
		assert_in_range(value, row->min, row->max);
	}
	return count;
}

static void test_defaults(void **state)
{
	struct detect_settings settings;
	detect_settings_init(&settings);
	assert_int_equal(check(detect_settings, &settings), 6);
}

/* Beyond MEMBERS_MAX nothing is counted exactly. */
static void test_thresholds_are_exact(void **state)
{
	for (const struct setting *row = detect_settings[0].keys; row->name; row++)
		assert_true(row->max < MEMBERS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_thresholds_are_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* setting: values of all kinds, files with all mistakes, and the sentences about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/fault.h"
#include "base/setting.h"

struct site {
	struct prefixes inside, mail_servers;
};

struct settings {
	bool quiet;
	struct site site;
	uint64_t networks;
	double share, offset;
};

static const struct setting site_keys[] = {
	{ .name = "inside", .kind = SETTING_PREFIXES, .offset = offsetof(struct site, inside) },
	{ .name = "mail_servers",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, mail_servers) },
	{ .name = NULL },
};

static const struct setting keys[] = {
	{ .name = "quiet", .kind = SETTING_FLAG, .offset = offsetof(struct settings, quiet) },
	{ .name = "site",
		.kind = SETTING_MAP,
		.offset = offsetof(struct settings, site),
		.keys = site_keys },
	{ .name = "networks",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct settings, networks),
		.min = 1,
		.max = 500,
		.unit = "networks" },
	{ .name = "share",
		.kind = SETTING_NUMBER,
		.offset = offsetof(struct settings, share),
		.min = 0,
		.max = 1 },
	{ .name = "offset",
		.kind = SETTING_NUMBER,
		.offset = offsetof(struct settings, offset),
		.min = -10,
		.max = 1e12,
		.unit = "s" },
	{ .name = NULL },
};

static void settings_free(struct settings *settings)
{
	prefixes_free(&settings->site.inside);
	prefixes_free(&settings->site.mail_servers);
}

static void test_flag(void **state)
{
	static const struct {
		const char *text, *error; /* NULL: fine */
		bool value;
	} cases[] = {
		{ "true", NULL, true },
		{ "false", NULL, false },
		{ "yes", "w: 'yes' is not understood; write true", false },
		{ "True", "w: 'True' is not understood; write true", false },
		{ "ON", "w: 'ON' is not understood; write true", false },
		{ "no", "w: 'no' is not understood; write false", false },
		{ "0", "w: '0' is not understood; write false", false },
		{ "maybe", "w: 'maybe' is not understood; write true or false", false },
		{ "", "w: '' is not understood; write true or false", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct settings settings = { .quiet = !cases[i].value };
		struct error error;
		bool ok = setting_set(&keys[0], &settings, bytes_of(cases[i].text), "w", &error);
		assert_int_equal(ok, !cases[i].error);
		if (ok)
			assert_int_equal(settings.quiet, cases[i].value);
		else
			assert_string_equal(error.text, cases[i].error);
	}
}

static void test_count(void **state)
{
	static const char *const bad[] = { "", "0", "501", "-1", "+1", "1.0", "1e2", " 1", "1 ",
		"0x1", "18446744073709551616", "99999999999999999999999", "1,000", "abc" };
	struct setting widest = keys[2];
	struct settings settings = { 0 };
	struct error error;
	assert_true(setting_set(&keys[2], &settings, bytes_of("1"), "w", &error));
	assert_int_equal(settings.networks, 1);
	assert_true(setting_set(&keys[2], &settings, bytes_of("0500"), "w", &error));
	assert_int_equal(settings.networks, 500);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(setting_set(&keys[2], &settings, bytes_of(bad[i]), "w", &error));
	assert_string_equal(error.text,
		"w: 'abc' is not understood; write a whole number of 1 to 500 networks");
	assert_int_equal(settings.networks, 500);
	widest.max = 18446744073709551615.0;
	assert_true(setting_set(&widest, &settings, bytes_of("18446744073709551615"), "w", &error));
	assert_true(settings.networks == UINT64_MAX);
}

static void test_number(void **state)
{
	static const struct {
		const char *text;
		double value;
	} good[] = { { "0", 0 }, { "1", 1 }, { "12.5", 12.5 }, { "-0.25", -0.25 }, { "-10", -10 },
		{ "0.1", 0.1 }, { "999999999999", 999999999999.0 }, { "00001.50", 1.5 },
		{ "1.00000000000001", 1.00000000000001 } };
	static const char *const bad[] = { "", "-", ".", "5.", ".5", "-.5", "1..2", "1.2.3", "1e3",
		"inf", "nan", "0x10", "+1", "--1", "1-", "-10.5", "1000000000001", "1,5", " 1",
		"1.000000000000001", "1000000000000000" };
	struct settings settings = { 0 };
	struct error error;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(setting_set(&keys[4], &settings, bytes_of(good[i].text), "w", &error));
		assert_true(settings.offset == good[i].value);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (setting_set(&keys[4], &settings, bytes_of(bad[i]), "w", &error))
			fail_msg("'%s' was read as %g", bad[i], settings.offset);
	setting_set(&keys[4], &settings, bytes_of("1e3"), "w", &error);
	assert_string_equal(
		error.text, "w: '1e3' is not understood; write a number of -10 to 1000000000000 s");
}

static void test_prefix(void **state)
{
	struct site site = { 0 };
	struct error error;
	assert_true(setting_set(&site_keys[0], &site, bytes_of("10.0.0.0/8"), "w", &error));
	assert_true(setting_set(&site_keys[0], &site, bytes_of("2001:db8::1"), "w", &error));
	assert_false(setting_set(&site_keys[0], &site, bytes_of("10.0.0.1/8"), "w", &error));
	assert_string_equal(error.text, "w: 10.0.0.1/8 has bits set behind /8; write 10.0.0.0/8");
	assert_int_equal(site.inside.count, 2);
	if (fault_arm("fail@1")) {
		assert_false(setting_set(&site_keys[0], &site, bytes_of("::1"), "w", &error));
		assert_string_equal(error.text,
			"w: the system gives no more memory; end other programs, then try again");
	}
	prefixes_free(&site.inside);
	assert_false(setting_set(&keys[1], &site, bytes_of("x"), "w", &error));
	assert_string_equal(error.text,
		"w: has keys of its own, not a value; write e.g. inside: on a line below");
}

static void test_good_files(void **state)
{
	static const char *const empty[] = { "", "\n", "# nothing\n", "---\n", "site:\n", "{}",
		"~x: ", "\xef\xbb\xbf" };
	static const char file[] = "# a comment\n"
				   "site:\n"
				   "  inside: [ 10.0.0.0/8, \"2001:db8::/32\" ]\n"
				   "  mail_servers:\n"
				   "    - 192.0.2.1\n"
				   "    - 192.0.2.2\n"
				   "'quiet': true\n"
				   "networks: 12\n"
				   "share: 0.5\n";
	struct settings settings = { 0 };
	struct error error;
	assert_true(setting_read_bytes(bytes_of(file), "f", keys, &settings, &error));
	assert_int_equal(settings.site.inside.count, 2);
	assert_int_equal(settings.site.mail_servers.count, 2);
	assert_true(settings.quiet && settings.networks == 12 && settings.share == 0.5);
	assert_true(setting_read_bytes(
		bytes_of("site: {mail_servers: 192.0.2.3}"), "f", keys, &settings, &error));
	assert_int_equal(settings.site.mail_servers.count, 3);
	settings_free(&settings);
	for (size_t i = 0; i < COUNT(empty); i++)
		assert_int_equal(
			setting_read_bytes(bytes_of(empty[i]), "f", keys, &settings, &error),
			i != 6);
	assert_true(setting_read_bytes((struct bytes){ NULL, NULL }, "f", keys, &settings, &error));
}

/* Each file, and the whole sentence about it. */
static const struct {
	const char *file, *error;
} mistakes[] = {
	{ "site:\n  insid: 10.0.0.0/8\n",
		"f: line 2: site.insid: no such key; did you mean inside?" },
	{ "mail: 1", "f: line 1: mail: no such key; there are quiet, site, networks, share, "
		     "offset" },
	{ "x\\n: {a: [b, {c: d}]}\nquiet: x",
		"f: line 1: x\\n: no such key; there are quiet, site, networks, share, "
		"offset\n"
		"f: line 2: quiet: 'x' is not understood; write true or false" },
	{ "\"qu\\x1biet\": true", "f: line 1: qu\\x1biet: no such key; did you mean quiet?" },
	{ "quiet: true\nshare: 1\nquiet: false",
		"f: line 3: quiet: is there twice, first in line 1; leave one out" },
	{ "site: 10.0.0.0/8", "f: line 1: site: has keys of its own, not a value; write e.g. "
			      "inside: on a line below" },
	{ "site: ''", "f: line 1: site: has keys of its own, not a value; write e.g. inside: on "
		      "a line below" },
	{ "site:\n- inside: ::/0",
		"f: line 1: site: is a list (-); write its keys without the dashes" },
	{ "quiet: [true]", "f: line 1: quiet: is a list; write one value behind the colon" },
	{ "quiet: {a: b}", "f: line 1: quiet: has no keys of its own; write its value "
			   "behind the colon" },
	{ "quiet:", "f: line 1: quiet: has no value; write one, or leave the key out" },
	{ "site:\n  inside:\n", "f: line 2: site.inside: has no value; write one, or leave the "
				"key out" },
	{ "site:\n  inside:\n  - 10.0.0.0/8\n  - [a]\n  - b\n",
		"f: line 4: site.inside: a list of values holds no further list or keys\n"
		"f: line 5: site.inside: 'b' is no address or prefix; write it like "
		"192.0.2.0/24 "
		"or 2001:db8::/32" },
	{ "quiet: &a true\nshare: *a\nnetworks: !!int 5",
		"f: line 1: quiet: an anchor (&) is not allowed; leave it out\n"
		"f: line 2: share: an alias (*) is not allowed; write the value out\n"
		"f: line 3: networks: a tag (!) is not allowed; leave it out" },
	{ "site: &a {inside: x}", "f: line 1: site: an anchor (&) is not allowed; leave it out" },
	{ "&a quiet: true", "f: line 1: an anchor (&) is not allowed; leave it out" },
	{ "&a\nquiet: true", "f: line 1: an anchor (&) is not allowed; leave it out" },
	{ "? [a, b]\n: c\nshare: 7", "f: line 1: a key must be a name; write NAME: VALUE\n"
				     "f: line 3: share: '7' is not understood; write a number of "
				     "0 to 1" },
	{ "- a\n- b", "f: line 1: no keys here; write lines like NAME: VALUE" },
	{ "inside", "f: line 1: no keys here; write lines like NAME: VALUE" },
	{ "quiet: true\n---\nquiet: false",
		"f: line 2: a second document (---) begins; write one only" },
	{ "quiet: true\n  share: 1",
		"f: line 1: quiet: 'true share' is not understood; write true or false\n"
		"f: line 2: mapping values are not allowed in this context; check "
		"indentation, "
		"colons and quotes" },
	{ "quiet: 'x", "f: line 1: found unexpected end of stream while scanning a quoted "
		       "scalar; check indentation, colons and quotes" },
	{ "\tquiet: true", "f: line 1: found character that cannot start any token while scanning "
			   "for the next token; check indentation, colons and quotes" },
	{ "quiet: true\nx: \xff",
		"f: line 2: invalid leading UTF-8 octet; save the file as UTF-8 text" },
	{ "quiet: true\n\nx: \x01", "f: line 3: control characters are not allowed; save "
				    "the file as UTF-8 text" },
};

static void test_mistakes(void **state)
{
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		struct settings settings = { 0 };
		struct error error;
		assert_false(setting_read_bytes(
			bytes_of(mistakes[i].file), "f", keys, &settings, &error));
		assert_string_equal(error.text, mistakes[i].error);
		settings_free(&settings);
		assert_false(
			setting_read_bytes(bytes_of(mistakes[i].file), "f", keys, &settings, NULL));
		settings_free(&settings);
	}
}

static size_t count_lines(const char *text)
{
	size_t lines = *text ? 1 : 0;
	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void test_bounds(void **state)
{
	struct settings settings = { 0 };
	struct error error;
	static char file[6144];
	size_t used = 0;
	for (unsigned i = 0; i < 100; i++)
		used += (size_t)snprintf(file + used, sizeof(file) - used, "qiet: %u\n", i);
	assert_false(setting_read_bytes(bytes_of(file), "f", keys, &settings, &error));
	assert_int_equal(count_lines(error.text), 20);
	assert_memory_equal(error.text, "f: line 1: qiet: no such key; did you mean quiet?\n", 50);
	memset(file, '[', 5000);
	memcpy(file, "x: ", 3);
	file[5000] = '\0';
	assert_false(setting_read_bytes(bytes_of(file), "f", keys, &settings, &error));
	assert_non_null(
		strstr(error.text, "f: line 1: nested too deep; nothing that can be set is"));
	memset(file, 'k', 5000);
	memcpy(file + 4990, ": x", 4);
	assert_false(setting_read_bytes(bytes_of(file), "f", keys, &settings, &error));
}

static void read_text(const char *text, size_t repeat, struct error *error, bool expected)
{
	char path[] = "/tmp/mailwarden-test-XXXXXX";
	struct settings settings = { 0 };
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	for (size_t i = 0; i < repeat; i++)
		fputs(text, file);
	fclose(file);
	assert_int_equal(setting_read(path, keys, &settings, error), expected);
	unlink(path);
	settings_free(&settings);
}

static void test_files(void **state)
{
	struct settings settings = { 0 };
	struct error error;
	assert_false(setting_read("/nowhere/mailwarden.yaml", keys, &settings, &error));
	assert_string_equal(error.text,
		"/nowhere/mailwarden.yaml: No such file or directory; check "
		"the name and the rights");
	assert_false(setting_read("/", keys, &settings, &error));
	assert_string_equal(error.text, "/: Is a directory; check that it is a file, and the disk");
	read_text("networks: 7\n", 1, &error, true);
	read_text("# 16 bytes long\n", 65536, &error, true);
	read_text("# 16 bytes long\n", 65537, &error, false);
	assert_non_null(strstr(error.text, ": larger than 1 MiB; name the configuration file"));
	for (unsigned n = 1; n <= 2; n++) {
		if (!fault_arm(n == 1 ? "fail@1" : "fail@2"))
			skip();
		read_text("networks: 7\n", 1, &error, false);
		assert_non_null(strstr(error.text, ": the system gives no more memory"));
	}
	fault_arm("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flag),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_good_files),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* DNS messages: names with and without pointers, those that never end, records that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "cut.h"
#include "wire/dns.h"

#define QUERY "\x12\x34\1\0\0\1\0\0\0\0\0\0"
#define ANSWER "\0\0\x84\0\0\0\0\1\0\0\0\0"
#define LABEL63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LONG "\x3f" LABEL63

static const struct row {
	const char *message;
	size_t size;
	const char *name; /* of the first item; NULL: none can be read */
	uint16_t type;
	enum anomaly anomaly;
} rows[] = {
	{ BYTES(QUERY "\4ibis\7example\0\0\x0f\0\1"), "ibis.example", DNS_MX, NONE },
	{ BYTES(QUERY "\0\0\2\0\1"), "", 2, NONE },
	{ BYTES(QUERY "\4ibis\7example\0\0\x0f\0"), NULL, 0, DNS_SHORT },
	{ BYTES(QUERY "\4ibis\7example"), NULL, 0, DNS_NAME },
	{ BYTES(QUERY "\4ib"), NULL, 0, DNS_NAME },
	{ BYTES(QUERY "\x40 extended label\0\0\1\0\1"), NULL, 0, DNS_NAME },
	{ BYTES(QUERY "\xc0\x0c\0\1\0\1"), NULL, 0, DNS_NAME },         /* at itself */
	{ BYTES(QUERY "\1a\xc0\x0c\0\1\0\1"), NULL, 0, DNS_NAME },      /* at its own start */
	{ BYTES(QUERY "\xc0\x0e\xc0\x0c\0\1\0\1"), NULL, 0, DNS_NAME }, /* in a circle */
	{ BYTES(QUERY "\xc0\x10\0\1\0\1\1a\0"), NULL, 0, DNS_NAME },    /* forward */
	{ BYTES(QUERY "\xc0\x02\0\1\0\1"), NULL, 0, DNS_NAME },         /* into the header */
	{ BYTES(QUERY "\xff\xff\0\1\0\1"), NULL, 0, DNS_NAME },
	{ BYTES(QUERY "\xc0"), NULL, 0, DNS_NAME },
	{ BYTES(QUERY LONG LONG LONG "\x3d"
				     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
				     "\0\0\1\0\1"),
		LABEL63 "." LABEL63 "." LABEL63
			".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi",
		DNS_A, NONE },
	{ BYTES(QUERY LONG LONG LONG LONG "\0\0\1\0\1"), NULL, 0, DNS_NAME },
	{ BYTES(ANSWER "\2pc\5local\0\0\1\x80\1\0\0\0\x78\0\4\xc0\xa8\7\x6c"), "pc.local", DNS_A,
		NONE },
	{ BYTES(ANSWER "\2pc\5local\0\0\1\x80\1\0\0\0\x78\0\5\xc0\xa8\7\x6c"), NULL, 0, DNS_SHORT },
	{ BYTES(ANSWER "\2pc\5local\0\0\1\x80\1\0\0\0\x78"), NULL, 0, DNS_SHORT },
	{ BYTES(ANSWER "\2pc\5local\0\0\x0c\0\1\0\0\0\x78\0\2\xc0\x0c"), "pc.local", DNS_PTR,
		NONE },
	{ BYTES(ANSWER "\2pc\5local\0\0\x0c\0\1\0\0\0\x78\0\1\xc0"), NULL, 0, DNS_NAME },
	{ BYTES(ANSWER "\2pc\5local\0\0\x0c\0\1\0\0\0\x78\0\0"), NULL, 0, DNS_NAME },
	{ BYTES("\x12\x34\1\0\0\1\0\0\0\0\0"), NULL, 0, DNS_SHORT },
	{ BYTES("\x12\x34\1\0\0\0\0\0\0\0\0\0"), NULL, 0, NONE },
	{ "", 0, NULL, 0, DNS_SHORT },
};

static bool first_item(struct bytes in, struct dns_item *item, struct anomaly_totals *totals)
{
	struct anomalies seen = { .total = totals };
	struct dns dns;
	*totals = (struct anomaly_totals){ 0 };
	return dns_decode(in, &dns, &seen) && dns_next(&dns, item, &seen);
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct anomaly_totals totals;
		struct dns_item item;
		struct bytes in = cut_keep(bytes_make(rows[i].message, rows[i].size), rows[i].size);
		bool ok = first_item(in, &item, &totals);
		if (ok != (rows[i].name != NULL) || !cut_only(&totals, rows[i].anomaly))
			fail_msg("row %zu", i);
		if (ok) {
			assert_int_equal(item.name.size, strlen(rows[i].name));
			assert_memory_equal(item.name.text, rows[i].name, item.name.size);
			assert_int_equal(item.type, rows[i].type);
		}
		cut_free(in);
	}
}

static void test_cut_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t size = 0; size < rows[i].size; size++) {
			struct anomaly_totals totals;
			struct dns_item item;
			struct bytes in = cut_keep(bytes_make(rows[i].message, rows[i].size), size);
			if (first_item(in, &item, &totals) && rows[i].name)
				assert_int_equal(item.name.size, strlen(rows[i].name));
			cut_free(in);
		}
	}
}

/* What dnsmasq answers: a question, a record that points at it, one that points at a part of it. */
static void test_answer(void **state)
{
	static const char answer[] = "\xa5\xcd\x85\x80\0\1\0\1\0\0\0\1"
				     "\7kestrel\7example\0\0\x0f\0\1"
				     "\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0\7\0\x0a\2mx\xc0\x0c"
				     "\xc0\x2f\0\1\0\1\0\0\0\x3c\0\4\xc6\x12\1\x19";
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct dns dns;
	struct dns_item item;
	char text[ADDRESS_TEXT];
	assert_true(dns_decode(bytes_make(BYTES(answer)), &dns, &seen));
	assert_true(dns.response);
	assert_int_equal(dns.id, 0xa5cd);
	assert_true(dns_next(&dns, &item, &seen) && item.question);
	assert_int_equal(item.type, DNS_MX);
	assert_true(dns_next(&dns, &item, &seen) && !item.question);
	assert_int_equal(item.name.size, strlen("kestrel.example"));
	assert_int_equal(item.ttl, 60);
	assert_true(dns_next(&dns, &item, &seen));
	assert_int_equal(item.name.size, strlen("mx.kestrel.example"));
	assert_memory_equal(item.name.text, "mx.kestrel.example", item.name.size);
	assert_string_equal(address_text(&item.address, text), "198.18.1.25");
	assert_false(dns_next(&dns, &item, &seen));
	assert_true(cut_only(&totals, NONE));
}

static void test_many(void **state)
{
	uint8_t message[12 + 5 * 100] = { 0, 0, 1, 0, 0, 100 };
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct dns dns;
	struct dns_item item;
	unsigned count = 0;
	assert_true(dns_decode(bytes_make(message, sizeof(message)), &dns, &seen));
	while (dns_next(&dns, &item, &seen))
		count++;
	assert_int_equal(count, DNS_ITEMS_MAX);
	assert_int_equal(totals.count[DNS_MANY], 1);
}

static void test_labels(void **state)
{
	static const struct {
		const char *in;
		size_t size;
		const char *name; /* NULL: damaged */
	} cases[] = {
		{ BYTES("\7wxpanna\6office\7example\0"), "wxpanna.office.example" },
		{ BYTES("\7wxpanna"), "wxpanna" },
		{ BYTES("\7wxpanna\0rest"), "wxpanna" },
		{ "", 0, "" },
		{ BYTES("\7wx"), NULL },
		{ BYTES("\7wxpanna\xc0\0"), NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dns_name name;
		bool ok = dns_labels(bytes_make(cases[i].in, cases[i].size), &name);
		assert_int_equal(ok, cases[i].name != NULL);
		if (!ok)
			continue;
		assert_int_equal(name.size, strlen(cases[i].name));
		assert_memory_equal(name.text, cases[i].name, name.size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* spot: what is found in free text, what is let be; and that nobody can make it slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/spot.h"

/* The text with what is found marked: (ip 192.0.2.1). */
static void mark_up(struct bytes text, struct bytes about, char *out, size_t room)
{
	static const char *const names[] = { "", "ip ", "net ", "mac ", "host ", "mail " };
	struct spot spot;
	struct spotted spotted;
	size_t used = 0;
	spot_init(&spot, text, about);
	while (spot_next(&spot, &spotted)) {
		bool plain = spotted.kind == SPOT_PLAIN;
		assert_true(bytes_size(spotted.text) > 0);
		used += (size_t)snprintf(out + used, room - used, "%s%s%.*s%s", plain ? "" : "(",
			names[spotted.kind], (int)bytes_size(spotted.text),
			(const char *)spotted.text.at, plain ? "" : ")");
		assert_true(used < room);
	}
}

struct text_case {
	const char *text, *marked; /* NULL: nothing is found */
};

static void assert_marked(const struct text_case *cases, size_t count)
{
	char marked[512];
	for (size_t i = 0; i < count; i++) {
		marked[0] = '\0';
		mark_up(bytes_of(cases[i].text), (struct bytes){ 0 }, marked, sizeof marked);
		assert_string_equal(marked, cases[i].marked ? cases[i].marked : cases[i].text);
	}
}

static void test_addresses(void **state)
{
	static const struct text_case cases[] = {
		{ "192.0.2.1", "(ip 192.0.2.1)" },
		{ "from 192.0.2.1.", "from (ip 192.0.2.1)." },
		{ "[192.0.2.1]:25", "[(ip 192.0.2.1)]:25" },
		{ "192.0.2.1:587, 192.0.2.2", "(ip 192.0.2.1):587, (ip 192.0.2.2)" },
		{ "192.0.2.1.25 > x", "(ip 192.0.2.1).25 > x" },
		{ "192.0.2.1-192.0.2.9", "(ip 192.0.2.1)-(ip 192.0.2.9)" },
		{ "ip=192.000.002.001;", "ip=(ip 192.000.002.001);" },
		{ "v192.0.2.1", "v(ip 192.0.2.1)" },
		{ "ip-192-0-2-1", "ip-(ip 192-0-2-1)" },
		{ "300.192.0.2.1", "300.(ip 192.0.2.1)" },
		{ "192.0.2.0/24", "(net 192.0.2.0/24)" },
		{ "192.0.2.1/32", "(ip 192.0.2.1/32)" },
		{ "192.0.2.1/33", "(ip 192.0.2.1)/33" },
		{ "192.0.2.1/query", "(ip 192.0.2.1)/query" },
		{ "192.0.2.256", NULL },
		{ "192.0.2", NULL },
		{ "1.2.3.4567", NULL },
		{ "2001:db8::1", "(ip 2001:db8::1)" },
		{ "[IPv6:2001:db8::1]", "[IPv6:(ip 2001:db8::1)]" },
		{ "at 2001:DB8::1: refused", "at (ip 2001:DB8::1): refused" },
		{ "2001:db8::1...", "(ip 2001:db8::1)..." },
		{ "[2001:db8::1]:25", "[(ip 2001:db8::1)]:25" },
		{ "2001:db8:1:2:3:4:5:6:25", "(ip 2001:db8:1:2:3:4:5:6):25" },
		{ "fe80::1%eth0 x", "(ip fe80::1%eth0) x" },
		{ "fe80::1% x", "(ip fe80::1)% x" },
		{ "::1", "(ip ::1)" },
		{ "::ffff:192.0.2.1", "(ip ::ffff:192.0.2.1)" },
		{ "2001:db8::/32", "(net 2001:db8::/32)" },
		{ "x=fe80::1,y", "x=(ip fe80::1),y" },
		{ "db8::1xyz", NULL },
		{ "2001:db8:0:1::1xyz", "(ip 2001:db8:0:1::1)xyz" },
		{ "MIME::Lite 3.0", NULL },
		{ "std::abc ::", NULL },
		{ "09:30:00 12:00", NULL },
		{ "00:0c:29:01:02:03", "(mac 00:0c:29:01:02:03)" },
		{ "(00-0C-29-01-02-03)", "((mac 00-0C-29-01-02-03))" },
		{ "000c.2901.0203", "(mac 000c.2901.0203)" },
		{ "abcd.ef01.2345", "(mac abcd.ef01.2345)" },
		{ "00:0c:29:01:02", NULL },
		{ "00:0c:29:01:02:0", NULL },
	};
	assert_marked(cases, COUNT(cases));
}

static void test_names(void **state)
{
	static const struct text_case cases[] = {
		{ "mail.example.com ESMTP", "(host mail.example.com) ESMTP" },
		{ "example.com.", "(host example.com)." },
		{ "(mx.example.com[192.0.2.1])", "((host mx.example.com)[(ip 192.0.2.1)])" },
		{ "https://www.example.com/query/ip/192.0.2.1",
			"https://(host www.example.com)/query/ip/(ip 192.0.2.1)" },
		{ "192.0.2.1.dynamic.example", "(host 192.0.2.1.dynamic.example)" },
		{ "smtp.example.com.25", "(host smtp.example.com).25" },
		{ "Rejected...mail.example.com", "Rejected...(host mail.example.com)" },
		{ "_dmarc.example.com", "(host _dmarc.example.com)" },
		{ "b\xc3\xbc"
		  "cher.example",
			"(host b\xc3\xbc"
			"cher.example)" },
		{ "xn--bcher-kva.example,", "(host xn--bcher-kva.example)," },
		{ "pc1.site2", "(host pc1.site2)" },
		{ "-host.example-", "(host -host.example)-" },
		{ "@example.com", "@(host example.com)" },
		{ "@localhost", "@(host localhost)" },
		{ "e.g. this, i.e. that", NULL },
		{ "5.7.1 550 1.2", NULL },
		{ "Postfix 3.7.11", NULL },
		{ "Version: 6.0.3790.4675", NULL },
		{ "text/plain; multipart/mixed", NULL },
		{ "localhost", NULL },
		{ "... .. .", NULL },
		{ "a..b", NULL },
		{ "", "" },
		{ "spf=pass smtp.mailfrom=a@b.example",
			"spf=pass smtp.mailfrom=(mail a@b.example)" },
		{ "dkim=pass header.d=example.com header.i=@example.com",
			"dkim=pass header.d=(host example.com) header.i=@(host example.com)" },
		{ "smtp.mailfrom", "(host smtp.mailfrom)" },
	};
	assert_marked(cases, COUNT(cases));
}

static void test_mailboxes(void **state)
{
	static const struct text_case cases[] = {
		{ "jsmith@example.com", "(mail jsmith@example.com)" },
		{ "<jsmith@example.com>: no", "<(mail jsmith@example.com)>: no" },
		{ "to:jsmith@example.com.", "to:(mail jsmith@example.com)." },
		{ "mailto:j.s+x@example.com?", "mailto:(mail j.s+x@example.com)?" },
		{ "root@localhost", "(mail root@localhost)" },
		{ "O'Brien@example.com", "(mail O'Brien@example.com)" },
		{ "'jsmith@example.com'", "'(mail jsmith@example.com)'" },
		{ "jsmith@[192.0.2.1]", "(mail jsmith@[192.0.2.1])" },
		{ "jsmith@[IPv6:2001:db8::1]!", "(mail jsmith@[IPv6:2001:db8::1])!" },
		{ "jsmith=example.com@list.example", "(mail jsmith=example.com@list.example)" },
		{ "SRS0=a=b=example.com=u@f.example", "(mail SRS0=a=b=example.com=u@f.example)" },
		{ "a%b.example@c.example", "(mail a%b.example@c.example)" },
		{ "jsmith%b.example", "(mail jsmith%b.example)" },
		{ "jsmith%40b.example,", "(mail jsmith%40b.example)," },
		{ "host!jsmith", "(mail host!jsmith)" },
		{ "/G=John/S=Smith/@gw.example", "/(mail G=John/S=Smith/@gw.example)" },
		{ "\"john smith\"@example.com x", "(mail \"john smith\"@example.com) x" },
		{ "\"a\\\"b@c\"@example.com", "(mail \"a\\\"b@c\"@example.com)" },
		{ "say \"hello\" @ you", NULL },
		{ "\"open", NULL },
		{ "\"", NULL },
		{ "@a.example,@b.example:u@c.example",
			"@(host a.example),@(host b.example):(mail u@c.example)" },
		{ "a@b@c", "(mail a@b)@(host c)" },
		{ "a@@b", "a@@(host b)" },
		{ "a@", NULL },
		{ "@", NULL },
		{ "100% sure, really!", NULL },
		{ "<jsmith>: unknown", "<(mail jsmith)>: unknown" },
		{ "<mx.example.com>", "<(host mx.example.com)>" },
		{ "<192.0.2.1>", "<(ip 192.0.2.1)>" },
		{ "a < b > c <>", NULL },
		{ "j\xc3\xbcrgen@example.com", "(mail j\xc3\xbcrgen@example.com)" },
		{ "\xff@\xfe.example", "(mail \xff@\xfe.example)" },
	};
	assert_marked(cases, COUNT(cases));
}

static void test_about(void **state)
{
	static const struct {
		const char *text, *about, *marked;
	} cases[] = {
		{ "User jsmith unknown", "jsmith", "User (mail jsmith) unknown" },
		{ "jsmith... User unknown", "jsmith", "(mail jsmith)... User unknown" },
		{ "john.smith: no", "john.smith", "(mail john.smith): no" },
		{ "no JSmith here", "jsmith", "no (mail JSmith) here" },
		{ "jsmithson", "jsmith", "jsmithson" },
		{ "xjsmith", "jsmith", "xjsmith" },
		{ "jsmith@b.example", "jsmith", "(mail jsmith@b.example)" },
		{ "a word", "a", "a word" },
		{ "x", "", "x" },
	};
	char marked[256];
	for (size_t i = 0; i < COUNT(cases); i++) {
		mark_up(bytes_of(cases[i].text), bytes_of(cases[i].about), marked, sizeof marked);
		assert_string_equal(marked, cases[i].marked);
	}
}

static void test_values(void **state)
{
	struct spot spot;
	struct spotted spotted;
	char text[PREFIX_TEXT];
	spot_init(&spot, bytes_of("192.0.2.77/24"), (struct bytes){ 0 });
	assert_true(spot_next(&spot, &spotted));
	assert_string_equal(prefix_text(&spotted.prefix, text), "192.0.2.0/24");
	spot_init(&spot, bytes_of("192-000-02-1"), (struct bytes){ 0 });
	assert_true(spot_next(&spot, &spotted));
	assert_string_equal(address_text(&spotted.prefix.address, text), "192.0.2.1");
	spot_init(&spot, bytes_of("000C.2901.02fF"), (struct bytes){ 0 });
	assert_true(spot_next(&spot, &spotted));
	assert_string_equal(mac_text(spotted.mac, text), "00:0c:29:01:02:ff");
	assert_false(spot_next(&spot, &spotted));
	spot_init(&spot, (struct bytes){ NULL, NULL }, (struct bytes){ 0 });
	assert_false(spot_next(&spot, &spotted));
}

static size_t pieces(struct bytes text)
{
	struct spot spot;
	struct spotted spotted;
	size_t count = 0;
	const uint8_t *at = text.at;
	spot_init(&spot, text, bytes_of("ab"));
	for (; spot_next(&spot, &spotted); count++) {
		assert_ptr_equal(spotted.text.at, at); /* nothing lost, nothing twice */
		at = spotted.text.end;
	}
	assert_ptr_equal(at, text.end);
	return count;
}

/* What is repeated in 1 MB: were it quadratic, each would take minutes. */
static void test_hostile(void **state)
{
	static const char *const parts[] = { "a", "a@", "a.", "..", "a..", "\"", "\"a", "\\", "@",
		"a@b", "a@-", "1.", "1.1.1.1", "1.1.1.1-", ":", "::", "1:", "f:", "1::", "::1", "%",
		"a%", "a%a", "a!", "!", "-", "_a", "<", "<a", "<a>", "[", "a@[", "=",
		"smtp.mailfrom=", "ab ", "\xff", "\xc3\xa4", "a.b@c.d ", "00:0c:29:01:02:03", "1/1",
		"aa.1", "\0" };
	size_t size = 1 << 20;
	char *text = malloc(size);
	assert_non_null(text);
	for (size_t i = 0; i < COUNT(parts); i++) {
		size_t part = strlen(parts[i]) ? strlen(parts[i]) : 1;
		for (size_t at = 0; at < size; at++)
			text[at] = parts[i][at % part];
		clock_t began = clock();
		assert_true(pieces(bytes_make(text, size)) > 0);
		assert_true(clock() - began < 20 * CLOCKS_PER_SEC);
	}
	free(text);
}

/* Whatever the bytes are, and wherever they end. */
static void test_random(void **state)
{
	static const char alphabet[] = "aZ09.-_@:%!\"\\[]<>/= ,\xc3\xa4";
	uint32_t seed = 1;
	for (unsigned round = 0; round < 20000; round++) {
		char text[40];
		for (size_t i = 0; i < sizeof text; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		char *copy = malloc(round % sizeof text + 1); /* to the byte, for the sanitizer */
		assert_non_null(copy);
		memcpy(copy, text, round % sizeof text + 1);
		pieces(bytes_make(copy, round % sizeof text + 1));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_mailboxes),
		cmocka_unit_test(test_about),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

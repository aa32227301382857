/* pseudonym: the form of each, the same for the same, another under another key; none shared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/pseudonym.h"

static const struct pseudonyms first = { { 1, 2 } }, second = { { 1, 3 } };

/* All pieces, with NUL. */
static const char *shown(const struct pseudonyms *by, enum pseudonym_kind kind, const char *text,
	const char *about, char *out)
{
	struct pseudonym pseudonym;
	struct bytes piece;
	size_t used = 0;
	pseudonym_open(&pseudonym, by, kind, bytes_of(text), bytes_of(about));
	while (pseudonym_next(&pseudonym, &piece)) {
		memcpy(out + used, piece.at, bytes_size(piece));
		used += bytes_size(piece);
	}
	out[used] = '\0';
	return out;
}

/* Where a token begins: bytes of its head, and of what the key made. */
static bool is_token(const char *at, size_t *head, size_t *made)
{
	static const char *const heads[] = { "net-", "u-", "h-", "d-", "s-",
		"02:", "2001:db8:4::", "2001:db8:6:" };
	for (size_t i = 0; i < COUNT(heads); i++) {
		*head = strlen(heads[i]);
		if (strncmp(at, heads[i], *head) != 0)
			continue;
		const char *set = i < 5 ? "abcdefghijklmnopqrstuvwxyz234567" : "0123456789abcdef:";
		*made = strspn(at + *head, set);
		return i < 5 ? *made == 12 : *made > 0;
	}
	return false;
}

/* What the key made is shown as #. */
static void shape(char *text)
{
	char *to = text;
	size_t head, made;
	for (const char *from = text; *from;) {
		if (!is_token(from, &head, &made)) {
			*to++ = *from++;
			continue;
		}
		memmove(to, from, head);
		to += head;
		*to++ = '#';
		from += head + made;
	}
	*to = '\0';
}

static const struct {
	enum pseudonym_kind kind;
	const char *text, *shape;
} shapes[] = {
	{ PSEUDONYM_TEXT, "", "" },
	{ PSEUDONYM_TEXT, "Ok", "Ok" },
	{ PSEUDONYM_TEXT, "[192.0.2.1] x", "[2001:db8:4::#] x" },
	{ PSEUDONYM_TEXT, "2001:db8::1%eth0", "2001:db8:6:#" },
	{ PSEUDONYM_TEXT, "192.0.2.0/24", "net-#/24" },
	{ PSEUDONYM_TEXT, "2001:db8::/32", "net-#/32" },
	{ PSEUDONYM_TEXT, "192.0.2.1/32", "2001:db8:4::#" },
	{ PSEUDONYM_TEXT, "00:0c:29:01:02:03", "02:#" },
	{ PSEUDONYM_TEXT, "a b@c.example, d", "a u-#@d-#.invalid, d" },
	{ PSEUDONYM_TEXT, "<b>", "<u-#>" },
	{ PSEUDONYM_TEXT, "www.example.com", "h-#.d-#.invalid" },
	{ PSEUDONYM_TEXT, "application/vnd.ms-excel", "application/d-#.invalid" },
	{ PSEUDONYM_TYPE, "application/vnd.ms-excel", "application/vnd.ms-excel" },
	{ PSEUDONYM_TYPE, "mixed(text/plain,x/vnd.a.b)", "mixed(text/plain,x/vnd.a.b)" },
	{ PSEUDONYM_TYPE, "text/www.example.com", "text/h-#.d-#.invalid" },
	{ PSEUDONYM_SENTENCE, "192.0.2.1, see site.mail_servers, a.example",
		"2001:db8:4::#, see site.mail_servers, d-#.invalid" },
	{ PSEUDONYM_GREETING, "mail ESMTP at mx.example.com", "h-# ESMTP at h-#.d-#.invalid" },
	{ PSEUDONYM_GREETING, "mx.example.com\nhello", "h-#.d-#.invalid\nhello" },
	{ PSEUDONYM_GREETING, " mail", " mail" },
	{ PSEUDONYM_GREETING, "", "" },
	{ PSEUDONYM_HOST, "", "" },
	{ PSEUDONYM_HOST, "wxpanna", "h-#" },
	{ PSEUDONYM_HOST, "Anna's PC", "h-#" },
	{ PSEUDONYM_HOST, "example.com", "d-#.invalid" },
	{ PSEUDONYM_HOST, "a.b.example.com", "h-#.d-#.invalid" },
	{ PSEUDONYM_HOST, "example.co.uk", "d-#.invalid" },
	{ PSEUDONYM_HOST, "www.example.co.uk", "h-#.d-#.invalid" },
	{ PSEUDONYM_HOST, "*.example.com", "*.d-#.invalid" },
	{ PSEUDONYM_HOST, "192.0.2.1", "2001:db8:4::#" },
	{ PSEUDONYM_HOST, "[192.0.2.1]", "[IPv6:2001:db8:4::#]" },
	{ PSEUDONYM_HOST, "[IPv6:2001:db8::1]", "[IPv6:2001:db8:6:#]" },
	{ PSEUDONYM_HOST, "[x]", "h-#" },
	{ PSEUDONYM_HOST, "[", "h-#" },
	{ PSEUDONYM_HOST, ".", "d-#.invalid" },
	{ PSEUDONYM_HOST, "..", "d-#.invalid" },
	{ PSEUDONYM_HOST, "*.", "*.h-#" },
	{ PSEUDONYM_MAILBOX, "", "" },
	{ PSEUDONYM_MAILBOX, "jsmith", "u-#" },
	{ PSEUDONYM_MAILBOX, "OFFICE\\jsmith", "u-#" },
	{ PSEUDONYM_MAILBOX, "jsmith@example.com", "u-#@d-#.invalid" },
	{ PSEUDONYM_MAILBOX, "jsmith@mail.example.com", "u-#@h-#.d-#.invalid" },
	{ PSEUDONYM_MAILBOX, "jsmith@localhost", "u-#@h-#" },
	{ PSEUDONYM_MAILBOX, "jsmith@[192.0.2.1]", "u-#@[IPv6:2001:db8:4::#]" },
	{ PSEUDONYM_MAILBOX, "<1.2@example.com>", "<u-#@d-#.invalid>" },
	{ PSEUDONYM_MAILBOX, "\"a b@c\"@example.com", "u-#@d-#.invalid" },
	{ PSEUDONYM_MAILBOX, "@a,@b.example:c@d.example", "u-#@d-#.invalid" },
	{ PSEUDONYM_MAILBOX, "@", "@" },
	{ PSEUDONYM_MAILBOX, "a@", "u-#@" },
	{ PSEUDONYM_MAILBOX, "<>", "<>" },
	{ PSEUDONYM_WORDS, "", "" },
	{ PSEUDONYM_WORDS, "Anna Smith", "s-#" },
	{ PSEUDONYM_WORDS, "invoice.pdf", "s-#" },
};

static void test_shapes(void **state)
{
	char text[512];
	for (size_t i = 0; i < COUNT(shapes); i++) {
		shown(&first, shapes[i].kind, shapes[i].text, "", text);
		shape(text);
		assert_string_equal(text, shapes[i].shape);
		assert_string_equal(
			shown(NULL, shapes[i].kind, shapes[i].text, "", text), shapes[i].text);
	}
}

/* What is one must stay one, wherever it stands; what is not must not become it. */
static void test_relations(void **state)
{
	static const struct {
		enum pseudonym_kind kind[2];
		const char *text[2];
		bool same;
	} cases[] = {
		{ { PSEUDONYM_HOST, PSEUDONYM_TEXT }, { "mx.example.com", "mx.example.com" },
			true },
		{ { PSEUDONYM_HOST, PSEUDONYM_TEXT }, { "MX.Example.COM.", "mx.example.com" },
			true },
		{ { PSEUDONYM_HOST, PSEUDONYM_HOST }, { "mx.example.com", "my.example.com" },
			false },
		{ { PSEUDONYM_HOST, PSEUDONYM_HOST }, { "wxp", "WXP" }, true },
		{ { PSEUDONYM_MAILBOX, PSEUDONYM_TEXT }, { "a@x.example", "a@X.example" }, true },
		{ { PSEUDONYM_MAILBOX, PSEUDONYM_MAILBOX }, { "a@x.example", "A@x.example" },
			false },
		{ { PSEUDONYM_MAILBOX, PSEUDONYM_MAILBOX }, { "\"a\"@x.example", "a@x.example" },
			true },
		{ { PSEUDONYM_MAILBOX, PSEUDONYM_MAILBOX },
			{ "@r.example:a@x.example", "a@x.example" }, true },
		{ { PSEUDONYM_HOST, PSEUDONYM_TEXT }, { "192.0.2.1", "::ffff:192.0.2.1" }, true },
		{ { PSEUDONYM_TEXT, PSEUDONYM_TEXT }, { "192.0.2.1", "192-0-2-001" }, true },
		{ { PSEUDONYM_TEXT, PSEUDONYM_TEXT }, { "2001:db8::1", "2001:DB8:0::0:1" }, true },
		{ { PSEUDONYM_TEXT, PSEUDONYM_TEXT }, { "192.0.2.0/24", "192.0.2.0/25" }, false },
		{ { PSEUDONYM_TEXT, PSEUDONYM_TEXT }, { "00:0c:29:01:02:03", "00-0C-29-01-02-03" },
			true },
		{ { PSEUDONYM_WORDS, PSEUDONYM_WORDS }, { "Hello", "hello" }, false },
		{ { PSEUDONYM_WORDS, PSEUDONYM_HOST }, { "hello", "hello" }, false },
	};
	char one[128], other[128];
	for (size_t i = 0; i < COUNT(cases); i++) {
		shown(&first, cases[i].kind[0], cases[i].text[0], "", one);
		shown(&first, cases[i].kind[1], cases[i].text[1], "", other);
		assert_int_equal(!strcmp(one, other), cases[i].same);
		shown(&second, cases[i].kind[0], cases[i].text[0], "", other);
		assert_string_not_equal(one, other);
	}
	/* Of one domain; below a country's registry too. */
	shown(&first, PSEUDONYM_HOST, "example.co.uk", "", one);
	shown(&first, PSEUDONYM_HOST, "www.example.co.uk", "", other);
	assert_non_null(strstr(other, one));
	shown(&first, PSEUDONYM_HOST, "www.other.co.uk", "", other);
	assert_null(strstr(other, one));
	/* The person is the same in a refusal. */
	shown(&first, PSEUDONYM_MAILBOX, "jsmith", "", one);
	shown(&first, PSEUDONYM_TEXT, "no jsmith here", "jsmith@example.com", other);
	assert_non_null(strstr(other, one));
	assert_null(strstr(other, "jsmith"));
}

/* They are an interface, the same on every machine: who changes one parts old from new output. */
static void test_fixed(void **state)
{
	static const struct {
		enum pseudonym_kind kind;
		const char *text, *pseudonym;
	} cases[] = {
		{ PSEUDONYM_TEXT, "192.0.2.1", "2001:db8:4::9fc3:fea" },
		{ PSEUDONYM_TEXT, "2001:db8::1", "2001:db8:6:0:3de3:4031:6f7d:c5d6" },
		{ PSEUDONYM_TEXT, "192.0.2.0/24", "net-kn2lw2ecyovv/24" },
		{ PSEUDONYM_TEXT, "00:0c:29:01:02:03", "02:25:ed:5f:38:c7" },
		{ PSEUDONYM_HOST, "mx.example.com", "h-rm6gmtfaqpuw.d-htovkxeeyh3q.invalid" },
		{ PSEUDONYM_MAILBOX, "a@example.com", "u-zxhtu54ehqja@d-htovkxeeyh3q.invalid" },
		{ PSEUDONYM_WORDS, "Hello", "s-mhxjebc7lrhr" },
		{ PSEUDONYM_ID, "464bd4e5-b324-5911-9b4e-29f7678335a7",
			"74673830-e950-8099-ad45-847251258f93" },
	};
	char text[128];
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
			shown(&first, cases[i].kind, cases[i].text, "", text), cases[i].pseudonym);
}

static void test_texts(void **state)
{
	static const uint8_t mac[6] = { 0, 0x0c, 0x29, 1, 2, 3 };
	char text[PREFIX_TEXT], address[ADDRESS_TEXT], room[PSEUDONYM_ROOM];
	struct prefix prefix;
	assert_true(prefix_parse(bytes_of("192.0.2.1"), &prefix, NULL));
	assert_string_equal(pseudonym_prefix_text(NULL, &prefix, text), "192.0.2.1/32");
	assert_string_equal(pseudonym_address_text(NULL, &prefix.address, address), "192.0.2.1");
	pseudonym_address_text(&first, &prefix.address, address);
	assert_memory_equal(pseudonym_prefix_text(&first, &prefix, text), address, strlen(address));
	assert_string_equal(text + strlen(address), "/128");
	assert_string_equal(pseudonym_mac_text(NULL, mac, text), "00:0c:29:01:02:03");
	assert_memory_equal(pseudonym_mac_text(&first, mac, text), "02:", 3);
	assert_null(pseudonym_value(&first, PSEUDONYM_HOST, (struct bytes){ 0 }, room).at);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

static void assert_all_differ(struct address *at, size_t count)
{
	qsort(at, count, sizeof *at, compare);
	for (size_t i = 1; i < count; i++)
		assert_false(address_equal(&at[i - 1], &at[i]));
}

/* A /16 and as many IPv6 neighbours: all different, all documentation addresses. */
static void test_shared_by_none(void **state)
{
	const size_t count = 65536;
	struct address *at = calloc(count, sizeof *at);
	struct prefix documentation;
	assert_non_null(at);
	assert_true(prefix_parse(bytes_of("2001:db8::/32"), &documentation, NULL));
	for (unsigned family = 4; family <= 6; family += 2) {
		for (size_t i = 0; i < count; i++) {
			const uint8_t v4[4] = { 10, 0, (uint8_t)(i >> 8), (uint8_t)i };
			struct address true_one = address_v4(v4);
			if (family == 6)
				true_one.byte[0] = 0x20;
			at[i] = pseudonym_address(&first, &true_one);
			assert_true(prefix_has(&documentation, &at[i]));
			assert_int_equal(at[i].byte[5], family);
		}
		assert_all_differ(at, count);
	}
	free(at);
}

/* Names of any length are folded and hashed to their end. */
static void test_long(void **state)
{
	char name[1001], one[128], other[128];
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	for (size_t size = 1; size < sizeof name; size += 37) {
		char end = name[size];
		name[size] = '\0';
		shown(&first, PSEUDONYM_HOST, name, "", one);
		name[size - 1] = 'A';
		assert_string_equal(shown(&first, PSEUDONYM_HOST, name, "", other), one);
		name[size - 1] = 'b';
		assert_string_not_equal(shown(&first, PSEUDONYM_HOST, name, "", other), one);
		name[size - 1] = 'a';
		name[size] = end;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_shared_by_none),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

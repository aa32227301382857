/* Hosts of links, in all their spellings; A-labels from RFC 3492 section 7.1 and IANA's test names.
 */
#include "harness.h"

#include "mime/authority.h"

static void test_hosts(void **state)
{
	static const struct {
		const char *authority, *host; /* "": names none */
	} cases[] = {
		{ "", "" },
		{ "example.org", "example.org" },
		{ "EXAMPLE.Org.", "example.org" },
		{ "example.org:8080", "example.org" },
		{ "user:pass@example.org", "example.org" },
		{ "www.bank.example@evil.example", "evil.example" },
		{ "a@b@evil.example:80", "evil.example" },
		{ "ex%61mple%2Eorg", "example.org" },
		{ "evil.example%2F.bank.example", "evil.example" },
		{ "evil.example%00.bank.example", "evil.example" },
		{ "[2001:DB8::1]:80", "2001:db8::1" },
		{ "[::ffff:192.0.2.1]", "192.0.2.1" },
		{ "[.]", "" },
		{ "example[.]com", "" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "3221225985", "192.0.2.1" },
		{ "0xC0000201", "192.0.2.1" },
		{ "0300.0.02.1", "192.0.2.1" },
		{ "192.0.513", "192.0.2.1" },
		{ "256.0.0.1", "" },
		{ "1.2.3.4.5", "" },
		{ "99999999999999999999", "" },
		{ "b\xC3\xBC"
		  "cher.example",
			"xn--bcher-kva.example" },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "b%C3%BCcher.example", "xn--bcher-kva.example" },
		{ "\xE4\xBE\x8B\xE5\xAD\x90.\xE6\xB5\x8B\xE8\xAF\x95", "xn--fsqu00a.xn--0zwm56d" },
		{ "example\xE3\x80\x82org", "example.org" },
		{ "\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF"
		  "\xB4\xE4"
		  "\xB8\xAD\xE6\x96\x87.example",
			"xn--ihqwcrb4cv8a8dqg056pqjye.example" },
		{ "b\xFC"
		  "cher.example",
			"" },
		{ "localhost", "" },
		{ "example.1", "" },
		{ "a..example", "" },
		{ "a b.example", "" },
		{ "example.org!!!", "example.org" },
		{ "exa_mple-1.org", "exa_mple-1.org" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t host[MIME_HOST_MAX + 1] = { 0 };
		size_t size = authority_host(bytes_of(cases[i].authority), host);
		host[size] = 0;
		assert_string_equal((const char *)host, cases[i].host);
	}
}

/* 63 characters a label, 253 a name; A-labels that grow beyond it name nobody. */
static void test_limits(void **state)
{
	uint8_t host[MIME_HOST_MAX + 1];
	char name[600];
	memset(name, 'a', sizeof name);
	for (size_t i = 63; i < sizeof name; i += 64)
		name[i] = '.';
	assert_int_equal(authority_host(bytes_make(name, 253), host), 253);
	assert_int_equal(authority_host(bytes_make(name, 254), host), 0);
	assert_int_equal(authority_host(bytes_make(name, 600), host), 0);
	name[63] = 'a';
	assert_int_equal(authority_host(bytes_make(name, 70), host), 0);
	for (size_t i = 0; i < 500; i++)
		memcpy(name + i, i % 5 == 4 ? "." : "\xF0\x9F\x93\xA7", i % 5 == 4 ? 1 : 4);
	assert_true(authority_host(bytes_make(name, 500), host) <= MIME_HOST_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

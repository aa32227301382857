/* Whose network: names under the public suffix list, and what is no name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "acts.h"
#include "detect/network.h"

static void test_domain(void **state)
{
	static const struct {
		const char *name, *domain; /* NULL: none */
	} cases[] = {
		{ "mx.example.com", "example.com" },
		{ "MX01.Mail.Example.COM.", "example.com" },
		{ "example.com", "example.com" },
		{ "p3plsmtpa06-08.prod.phx3.secureserver.net", "secureserver.net" },
		{ "mail.example.co.uk", "example.co.uk" },
		{ "x202.secure.ne.jp", "secure.ne.jp" },
		{ "co.uk", NULL },
		{ "com", NULL },
		{ "a.b.github.io", "github.io" }, /* the private part of the list is not used */
		{ "mx.kestrel.example", "kestrel.example" },
		{ "mail", NULL },
		{ "localhost", NULL },
		{ "localhost.localdomain", NULL },
		{ "mail.local", NULL },
		{ "1.2.0.192.in-addr.arpa", NULL },
		{ "[192.0.2.1]", NULL },
		{ "192.0.2.1", NULL },
		{ "mx..example.com", NULL },
		{ ".example.com", NULL },
		{ "mx.ex ample.com", NULL },
		{ "mx.\xc3\xa9xample.com", NULL },
		{ "mx.xn--xample-9ua.com", "xn--xample-9ua.com" },
		{ "", NULL },
		{ ".", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char domain[NETWORK_NAME];
		bool is = network_domain(bytes_of(cases[i].name), domain);
		if (cases[i].domain) {
			assert_true(is);
			assert_string_equal(domain, cases[i].domain);
		} else {
			assert_false(is);
		}
	}
}

static void test_long_names(void **state)
{
	char name[400], domain[NETWORK_NAME];
	memset(name, 'a', sizeof(name));
	assert_false(network_domain(bytes_make(name, sizeof(name)), domain));
	memcpy(&name[63], ".example.com", 12);
	assert_true(network_domain(bytes_make(name, 75), domain));
	memcpy(&name[64], ".example.com", 12);
	name[63] = 'a';
	assert_false(network_domain(bytes_make(name, 76), domain));
	memset(name, 'a', sizeof(name));
	for (size_t i = 1; i < 253; i += 2)
		name[i] = '.';
	assert_true(network_domain(bytes_make(name, 253), domain));
	assert_false(network_domain(bytes_make(name, 255), domain));
}

static uint64_t net(const char *server, const char *greeting)
{
	struct address address = address_at(server);
	return network_of(&address, bytes_of(greeting));
}

static void test_keys(void **state)
{
	assert_true(net("192.0.2.1", "mx1.example.com ESMTP") ==
		    net("198.51.100.1", "MX2.EXAMPLE.com ready"));
	assert_true(net("192.0.2.1", "mx1.example.com\nsecond line") ==
		    net("198.51.100.1", "example.com"));
	assert_true(net("192.0.2.1", "mx1.example.com") != net("192.0.2.1", "mx1.example.org"));
	assert_true(net("192.0.2.1", "ESMTP") == net("192.0.2.200", "[192.0.2.200] hi"));
	assert_true(net("192.0.2.1", "ESMTP") != net("192.0.3.1", "ESMTP"));
	assert_true(net("192.0.2.1", "") == net("192.0.2.2", "localhost ESMTP"));
	assert_true(net("2001:db8:1:2::1", "") == net("2001:db8:1:ffff::1", ""));
	assert_true(net("2001:db8:1::1", "") != net("2001:db8:2::1", ""));
	struct address a = address_at("192.0.65.1"), b = address_at("192.0.97.1");
	assert_true(network_peer_key(&a) != network_peer_key(&b));
	assert_true(network_text_key(bytes_of("PC")) == network_text_key(bytes_of("pc")));
	assert_true(network_text_key(bytes_of("")) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

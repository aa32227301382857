/* Marks of TLS hellos: the client's against the examples of its definition, the server's against
 * digests made by hand; and the names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/fault.h"
#include "model/tls_mark.h"
#include "model/tls_name.h"

#define CODES(name)                                                                                \
	{                                                                                          \
		name, COUNT(name)                                                                  \
	}

/* The example of https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md. */
static const uint16_t ciphers[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
	0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035 };
static const uint16_t extensions[] = { 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d,
	0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015 };
static const uint16_t signatures[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806,
	0x0601 };

static struct tls_client_hello example(void)
{
	return (struct tls_client_hello){ .version = 0x0304,
		.sni = bytes_of("example.com"),
		.alpn = { { bytes_of("h2"), bytes_of("http/1.1") }, 2 },
		.ciphers = CODES(ciphers),
		.extensions = CODES(extensions),
		.signatures = CODES(signatures) };
}

static void expect(const struct tls_client_hello *hello, const char *wanted)
{
	char mark[TLS_CLIENT_MARK_TEXT];
	assert_true(tls_client_mark(hello, mark));
	assert_string_equal(mark, wanted);
}

static void test_definition(void **state)
{
	struct tls_client_hello hello = example();
	expect(&hello, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	hello.signatures.count = 0;
	expect(&hello, "t13d1516h2_8daaf6152771_6d807ffa2a79");
	hello.ciphers.count = hello.extensions.count = hello.alpn.count = 0;
	expect(&hello, "t13i000000_000000000000_000000000000");
}

static void test_only_name_and_protocol(void **state)
{
	static const uint16_t bare[] = { 0x0010, 0x0000 };
	struct tls_client_hello hello = example();
	hello.extensions = (struct tls_codes)CODES(bare);
	expect(&hello, "t13d1502h2_8daaf6152771_000000000000");
}

static void test_versions(void **state)
{
	static const struct {
		uint16_t version;
		const char *mark;
	} rows[] = { { 0x0304, "t13" }, { 0x0303, "t12" }, { 0x0302, "t11" }, { 0x0301, "t10" },
		{ 0x0300, "ts3" }, { 0x0002, "ts2" }, { 0x7f1c, "t00" }, { 0, "t00" } };
	struct tls_client_hello hello = example();
	for (size_t i = 0; i < COUNT(rows); i++) {
		char mark[TLS_CLIENT_MARK_TEXT];
		hello.version = rows[i].version;
		assert_true(tls_client_mark(&hello, mark));
		assert_memory_equal(mark, rows[i].mark, 3);
	}
}

static void test_protocols(void **state)
{
	static const struct {
		const char *name, *mark;
	} rows[] = {
		{ "http/1.1", "h1" },
		{ "x", "xx" },
		{ "", "00" },
		{ "\xab", "ab" },
		{ "\xab\xcd", "ad" },
		{ "\x30\xab", "3b" },
		{ "\x30\x31\xab\xcd", "3d" },
		{ "\x30\xab\xcd\x31", "01" },
		{ "Z9", "Z9" },
	};
	struct tls_client_hello hello = example();
	for (size_t i = 0; i < COUNT(rows); i++) {
		char mark[TLS_CLIENT_MARK_TEXT];
		hello.alpn.at[0] = bytes_of(rows[i].name);
		assert_true(tls_client_mark(&hello, mark));
		assert_memory_equal(&mark[8], rows[i].mark, 2);
	}
}

static void test_many(void **state)
{
	static uint16_t codes[8000];
	struct tls_client_hello hello = { .version = 0x0303, .ciphers = CODES(codes) };
	expect(&hello, "t12i990000_eabaf1269735_000000000000");
}

static void test_server(void **state)
{
	static const uint16_t order[] = { 0xff01, 0x0000, 0x000b };
	struct tls_server_hello hello = { .version = 0x0303, .cipher = 0xc030 };
	char mark[TLS_SERVER_MARK_TEXT];
	assert_true(tls_server_mark(&hello, mark)); /* SHA-256 of "12,c030" */
	assert_string_equal(mark, "s12-5cf2a661e00b");
	hello.extensions = (struct tls_codes)CODES(order);
	assert_true(tls_server_mark(&hello, mark)); /* of "12,c030_ff01,0000,000b" */
	assert_string_equal(mark, "s12-d208ef54dbbf");
}

static void test_no_memory(void **state)
{
	struct tls_client_hello hello = example();
	char mark[TLS_CLIENT_MARK_TEXT] = "x";
	if (!fault_arm("fail@1"))
		skip();
	assert_false(tls_client_mark(&hello, mark));
	assert_string_equal(mark, "");
	fault_arm("");
}

static void test_names(void **state)
{
	char text[TLS_NUMBER_TEXT];
	assert_string_equal(tls_version_name(0x0304, text), "TLS 1.3");
	assert_string_equal(tls_version_name(0x7f1c, text), "0x7F1C");
	assert_string_equal(tls_cipher_name(0xc030, text), "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	assert_string_equal(tls_cipher_name(0x0000, text), "0x0000");
	assert_string_equal(tls_alert_name(48), "unknown_ca");
	assert_null(tls_alert_name(255));
	assert_string_equal(tls_alert_level_name(2), "fatal");
	assert_null(tls_alert_level_name(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_only_name_and_protocol),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

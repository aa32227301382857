/* TLS: handshakes of both sides as tables. Each is fed whole, byte by byte, cut at every place, and
 * ended at every place: the same facts, or fewer, and never a byte read that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/moment.h"
#include "spelled.h"
#include "wire/tls.h"

#define RANDOM "32*77"
#define RETRY "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
#define SNI "0000 2(2(00 2('mx.kestrel.example')))"
#define ALPN "0010 2(2(1('smtp') 1('h2')))"
#define SIGNATURES "000d 2(2(0403 0a0a 0804))"
#define VERSIONS "002b 2(1(6a6a 0304 0303))"
#define CHOSEN "002b 2(0304)"
#define CIPHERS "2(0a0a c030 002f 00ff)"
#define CLIENT_HELLO                                                                               \
	"01 3(0303 " RANDOM " 1() " CIPHERS " 1(00) 2(1a1a 2() " SNI ALPN SIGNATURES "))"
#define SERVER_HELLO "02 3(0303 " RANDOM " 1(8*99) c030 00 2(ff01 2(1()) 0010 2(2(1('smtp')))))"

#define NAME(common) "30{31{30{0603550406 1302'AT'}} 31{30{0603550403 0c{'" common "'}}}}"
#define ISSUER "30{31{30{060355040a 0c{'Kestrel'}}} 31{30{0603550403 13{'Kestrel CA'}}}}"
#define TIMES "30{17{'250101000000Z'} 18{'20600229235959Z'}}"
#define KEY "30{0500}"
#define ALTERNATIVES "30{0603551d11 0101ff 04{30{82{'a.example'} 87{c0000219} 82{'b.example'}}}}"
#define EXTENSIONS "a3{30{30{0603551d13 04{3000}}" ALTERNATIVES "}}"
#define CERTIFICATE                                                                                \
	"30{30{a0{020102} 0201 01 30{06022a03}" ISSUER TIMES NAME("mx.example") KEY EXTENSIONS     \
		"} 30{06022a03} 03020001}"
#define CHAIN "0b 3(3(3(" CERTIFICATE ") 3(30{3000})))"

struct run {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct arena *arena;
	struct tls *tls;
	bool refused[2]; /* tls_feed() was false, once */
};

static struct run *run_new(void)
{
	struct run *run = calloc(1, sizeof *run);
	assert_non_null(run);
	run->seen.total = &run->totals;
	run->arena = arena_new(256 * 1024);
	run->tls = tls_init(run->arena, &run->seen);
	assert_non_null(run->tls);
	return run;
}

static void run_free(struct run *run)
{
	arena_free(run->arena);
	free(run);
}

/* From memory of its own, so that nothing beside it can be read. */
static void feed(struct run *run, enum tls_side side, const uint8_t *at, size_t size)
{
	uint8_t *copy = malloc(size);
	assert_true(copy || !size);
	if (size)
		memcpy(copy, at, size);
	if (!tls_feed(run->tls, side, bytes_make(copy, size))) {
		assert_false(run->refused[side]);
		run->refused[side] = true;
	}
	free(copy);
}

static void put_text(FILE *out, const char *name, struct bytes text)
{
	if (text.at)
		fprintf(out, " %s=%.*s", name, (int)bytes_size(text), (const char *)text.at);
}

static void put_codes(FILE *out, struct tls_codes codes)
{
	fputc(' ', out);
	for (size_t i = 0; i < codes.count; i++)
		fprintf(out, "%s%04x", i ? "," : "", codes.at[i]);
	if (!codes.count)
		fputc('-', out);
}

static void put_names(FILE *out, const struct tls_names *names)
{
	for (unsigned i = 0; i < names->count && i < TLS_NAMES_MAX; i++)
		put_text(out, "name", names->at[i]);
	if (names->count > TLS_NAMES_MAX)
		fprintf(out, " names=%u", names->count);
}

static void put_certificate(FILE *out, const struct tls_certificate *certificate)
{
	char from[MOMENT_TEXT], to[MOMENT_TEXT];
	fputs("X", out);
	put_text(out, "subject", certificate->subject);
	put_names(out, &certificate->names);
	put_text(out, "issuer", certificate->issuer);
	put_text(out, "organization", certificate->issuer_organization);
	if (certificate->dated)
		fprintf(out, " %s..%s", moment_short(certificate->not_before, from),
			moment_short(certificate->not_after, to));
	fputs("; ", out);
}

static char *facts_text(const struct run *run, bool with_anomalies)
{
	const struct tls_facts *facts = tls_facts(run->tls);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	if (facts->client) {
		fprintf(out, "C %04x", facts->client->version);
		put_codes(out, facts->client->ciphers);
		put_codes(out, facts->client->extensions);
		put_codes(out, facts->client->signatures);
		put_text(out, "sni", facts->client->sni);
		put_names(out, &facts->client->alpn);
		fputs("; ", out);
	}
	if (facts->server) {
		fprintf(out, "S %04x %04x", facts->server->version, facts->server->cipher);
		put_codes(out, facts->server->extensions);
		put_text(out, "alpn", facts->server->alpn);
		fputs("; ", out);
	}
	if (facts->certificate)
		put_certificate(out, facts->certificate);
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++)
		if (facts->alert[side].seen)
			fprintf(out, "alert %d %u %u; ", side, facts->alert[side].level,
				facts->alert[side].code);
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++) {
		if (tls_bytes(run->tls, side))
			fprintf(out, "bytes %d %u; ", side, (unsigned)tls_bytes(run->tls, side));
		if (run->refused[side])
			fprintf(out, "no TLS %d; ", side);
	}
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT && with_anomalies; kind++)
		if (run->totals.count[kind])
			fprintf(out, "%s %u; ", anomaly_name(kind),
				(unsigned)run->totals.count[kind]);
	fclose(out);
	return text;
}

/* All of the client, then all of the server, in pieces of at most `piece` bytes, cut at `cut`, and
 * nothing behind `end`; places count over both sides. */
static char *facts_of(const struct spelled *const said[2], size_t piece, size_t cut, size_t end)
{
	struct run *run = run_new();
	size_t place = 0;
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++) {
		for (size_t at = 0; at < said[side]->size && place < end;) {
			size_t size = said[side]->size - at;
			size = size < piece ? size : piece;
			if (cut > place && cut < place + size)
				size = cut - place;
			if (size > end - place)
				size = end - place;
			feed(run, side, &said[side]->at[at], size);
			at += size;
			place += size;
		}
	}
	char *text = facts_text(run, true);
	run_free(run);
	return text;
}

static void expect(const char *name, const char *how, size_t place, const char *wanted, char *got)
{
	if (strcmp(wanted, got))
		print_error("# %s, %s %zu\n# expected %s\n# got      %s\n", name, how, place,
			wanted, got);
	assert_string_equal(wanted, got);
	free(got);
}

#define HELLO_FACTS                                                                                \
	"C 0303 c030,002f,00ff 0000,0010,000d 0403,0804 sni=mx.kestrel.example name=smtp "         \
	"name=h2; "
#define SERVER_FACTS "S 0303 c030 ff01,0010 alpn=smtp; "
#define CHAIN_FACTS                                                                                \
	"X subject=mx.example name=a.example name=b.example issuer=Kestrel CA "                    \
	"organization=Kestrel 2025-01-01 00:00:00..2060-02-29 23:59:59; "

static const struct {
	const char *name, *client, *server, *facts;
} cases[] = {
	{ "a handshake of TLS 1.2",
		"16 0301 2(" CLIENT_HELLO ") 16 0303 2(10 3(20*33)) 14 0303 2(01) 16 0303 2(40*01) "
		"17 0303 2(30*02)",
		"16 0303 2(" SERVER_HELLO CHAIN "0e 3()) 14 0303 2(01) 16 0303 2(40*0b) 17 0303 "
		"2(50*02)",
		HELLO_FACTS SERVER_FACTS CHAIN_FACTS "bytes 0 30; bytes 1 50; " },
	{ "of TLS 1.3: the certificate is encrypted",
		"16 0301 2(01 3(0303 " RANDOM " 1(32*44) 2(1301) 1(00) 2(" VERSIONS "))) "
		"14 0303 2(01) 17 0303 2(70*11)",
		"16 0303 2(02 3(0303 " RANDOM " 1(32*44) 1301 00 2(" CHOSEN "0033 2(001d 2())))) "
		"14 0303 2(01) 16 0303 2(" CHAIN ") 17 0303 2(90*11)",
		"C 0304 1301 002b -; S 0304 1301 002b,0033; bytes 0 70; bytes 1 90; " },
	{ "a hello that is asked for again: the first one counts",
		"16 0301 2(01 3(0303 " RANDOM " 1() 2(1301) 1(00) 2(" VERSIONS "))) 14 0303 2(01) "
		"16 0303 2(01 3(0303 " RANDOM " 1() 2(1302) 1(00) 2(" VERSIONS ")))",
		"16 0303 2(02 3(0303 " RETRY " 1() 1302 00 2(" CHOSEN "))) 14 0303 2(01) "
		"16 0303 2(02 3(0303 " RANDOM " 1() 1301 00 2(" CHOSEN ")))",
		"C 0304 1301 002b -; S 0304 1301 002b; " },
	{ "asked for twice", "",
		"16 0303 2(02 3(0303 " RETRY " 1() 1302 00 2(" CHOSEN ")) 02 3(0303 " RETRY
		" 1() 1302 00 2(" CHOSEN ")) 02 3(0303 " RANDOM " 1() 1301 00 2(" CHOSEN ")))",
		"tls_hello_bad 1; " },
	{ "SSL 3.0, without extensions", "16 0300 2(01 3(0300 " RANDOM " 1() 2(000a 0005) 1(00)))",
		"16 0300 2(02 3(0300 " RANDOM " 1() 0005 00))",
		"C 0300 000a,0005 - -; S 0300 0005 -; " },
	{ "a hello in the form of SSLv2",
		"80 1(01 0301 0009 0000 0010 000035 0700c0 00000a 16*63) 16 0301 2(10 3(8*41)) 17 "
		"0301 "
		"2(4*42)",
		"", "C 0301 0035,000a - -; bytes 0 4; " },
	{ "of SSL 2.0 itself", "80 1(01 0002 0003 0000 0010 0700c0 16*63)", "", "C 0002 - - -; " },
	{ "of SSLv2, broken", "80 1(01 0301 0007 0000 0000 7*00)", "", "tls_hello_bad 1; " },
	{ "of SSLv2, too short", "80 1(01 0301) 17 0301 2(4*42)", "",
		"bytes 0 4; tls_hello_bad 1; " },
	{ "of SSLv2, without a size", "8000 01 0301 17 0301 2(4*42)", "",
		"bytes 0 4; tls_hello_bad 1; " },
	{ "records of one byte",
		"16 0301 2(01) 16 0301 2(00) 16 0301 2(00) 16 0301 2(29) 16 0301 2(03) 16 0301 "
		"2(03) "
		"16 0301 2(" RANDOM ") 16 0301 2(00) 16 0301 2(00) 16 0301 2(02) 16 0301 2(00) "
		"16 0301 2(2f) 16 0301 2(01) 16 0301 2(00)",
		"", "C 0303 002f - -; " },
	{ "two messages in one record, and one in two records", "",
		"16 0303 2(00 3() " SERVER_HELLO " 0b) 16 0303 2(3(3(3(" CERTIFICATE "))))",
		SERVER_FACTS CHAIN_FACTS },
	{ "alerts: the last one of each side", "15 0301 2(01 5a) 15 0301 2(02 30) 15 0301 2(26*00)",
		"15 0301 2(01 00)", "alert 0 2 48; alert 1 1 0; " },
	{ "an alert inside of a message",
		"16 0301 2(0100) 15 0301 2(0128) 16 0301 2(0029 0303 " RANDOM " 00 0002 002f 0100)",
		"", "C 0303 002f - -; alert 0 1 40; " },
	{ "an alert in two records is none", "15 0301 2(02) 15 0301 2(28)", "", "" },
	{ "heartbeats are stepped over", "18 0301 2(01 4000 16*00) 17 0303 2(01)", "",
		"bytes 0 1; " },
	{ "no TLS", "'EHLO x'", "'220 mx ESMTP'", "no TLS 0; no TLS 1; " },
	{ "no TLS behind a record", "17 0303 2(01) 'EHLO x'", "", "bytes 0 1; tls_record_bad 1; " },
	{ "a record of an absurd size", "16 0301 ffff 01", "17 0303 4801 01",
		"tls_record_bad 2; " },
	{ "the greatest record", "17 0303 2(18432*01)", "", "bytes 0 18432; " },
	{ "empty records",
		"16 0301 2() 17 0301 2() 16 0301 2(01 3(0303 " RANDOM " 1() 2(002f) 1(00)))", "",
		"C 0303 002f - -; tls_record_bad 1; " },
	{ "a message that promises too much", "16 0301 2(01 ffffff 0303) 17 0303 2(01)", "",
		"bytes 0 1; tls_handshake_long 1; " },
	{ "the longest hello that is read",
		"16 0301 2(01 004000 0303 " RANDOM " 00 0002 002f 0100 3fd5 0015 3fd1 16000*00) "
		"16 0301 2(337*00)",
		"", "C 0303 002f 0015 -; " },
	{ "one byte more", "16 0301 2(01 004001 0303 " RANDOM " 00 0002 002f 0100)", "",
		"tls_handshake_long 1; " },
	{ "what does not begin with a hello is not read", "16 0303 2(10 3(20*01) " CLIENT_HELLO ")",
		"16 0303 2(" CHAIN SERVER_HELLO ")", "" },
	{ "nor what is encrypted", "14 0303 2(01) 16 0303 2(" CLIENT_HELLO ")",
		"14 0303 2(01) 16 0303 2(" SERVER_HELLO ")", "" },
	{ "an empty hello", "16 0301 2(01 3())", "16 0301 2(02 3())", "tls_hello_bad 2; " },
	{ "ciphers that are cut", "16 0301 2(01 3(0303 " RANDOM " 1() 0006 002f))", "",
		"tls_hello_bad 1; " },
	{ "half a cipher", "16 0301 2(01 3(0303 " RANDOM " 1() 2(002f 00) 1(00)))", "",
		"tls_hello_bad 1; " },
	{ "an extension longer than all",
		"16 0301 2(01 3(0303 " RANDOM " 1() 2(002f) 1(00) 2(0000 0009 00)))", "",
		"tls_hello_bad 1; " },
	{ "bytes behind the extensions",
		"16 0301 2(01 3(0303 " RANDOM " 1() 2(002f) 1(00) 2(0017 2()) 00))", "",
		"C 0303 002f 0017 -; tls_hello_bad 1; " },
	{ "extensions with broken content: each is left out",
		"16 0301 2(01 3(0303 " RANDOM
		" 1() 2(002f) 1(00) 2(0000 2(2(01 2('x'))) 0010 2(2(05 "
		"'x')) 000d 2(2(040308)) 002b 2(0403 04))))",
		"16 0301 2(02 3(0303 " RANDOM
		" 1() 002f 00 2(002b 2(03) 0010 2(2(1('a') 1('b'))))))",
		"C 0303 002f 0000,0010,000d,002b -; S 0303 002f 002b,0010 alpn=a; tls_hello_bad "
		"6; " },
	{ "the first of two",
		"16 0301 2(01 3(0303 " RANDOM " 1() 2(002f) 1(00) 2(" SNI
		" 0000 2(2(00 2('other'))))))",
		"", "C 0303 002f 0000,0000 - sni=mx.kestrel.example; tls_hello_bad 1; " },
	{ "more protocols than are kept, one of them GREASE",
		"16 0301 2(01 3(0303 " RANDOM " 1() 2(002f) 1(00) 2(0010 2(2(1(0a0a) 1('a') 1('b') "
		"1('c') 1('d') 1('e') 1('f') 1('g') 1('h') 1('i'))))))",
		"",
		"C 0303 002f 0010 - name=a name=b name=c name=d name=e name=f name=g name=h "
		"names=9; " },
	{ "a certificate longer than its chain", "",
		"16 0303 2(" SERVER_HELLO " 0b 3(000009 000007 3*30))",
		SERVER_FACTS "tls_certificate_bad 1; " },
	{ "no certificate in the chain", "", "16 0303 2(" SERVER_HELLO " 0b 3(3()) 0e 3())",
		SERVER_FACTS "tls_certificate_bad 1; " },
	{ "a certificate that is too long", "", "16 0303 2(" SERVER_HELLO " 0b 3(3(3(16379*30))))",
		SERVER_FACTS "tls_handshake_long 1; " },
	{ "a hello of the wrong side", "16 0301 2(" SERVER_HELLO ")", "16 0301 2(" CLIENT_HELLO ")",
		"" },
};

static void test_handshakes(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name, *facts = cases[i].facts;
		struct spelled *said[2] = { spell(cases[i].client), spell(cases[i].server) };
		const struct spelled *const both[2] = { said[0], said[1] };
		size_t size = said[0]->size + said[1]->size;
		size_t step = size < 3000 ? 1 : 997;
		expect(name, "whole", 0, facts, facts_of(both, SIZE_MAX, 0, SIZE_MAX));
		expect(name, "byte by byte", 0, facts, facts_of(both, 1, 0, SIZE_MAX));
		for (size_t cut = 1; cut < size; cut += step)
			expect(name, "cut at", cut, facts, facts_of(both, SIZE_MAX, cut, SIZE_MAX));
		for (size_t end = 1; end < size; end += step)
			free(facts_of(both, SIZE_MAX, 0, end));
		free(said[0]);
		free(said[1]);
	}
}

/* What a hello without its end would tell is not known; with it, all is. */
static void test_truncation(void **state)
{
	struct spelled *hello = spell("16 0301 2(" CLIENT_HELLO ")");
	struct spelled *silence = spell("");
	const struct spelled *const both[2] = { hello, silence };
	for (size_t end = 0; end < hello->size; end++)
		expect("a hello", "ended at", end, "", facts_of(both, 1, 0, end));
	free(hello);
	free(silence);
}

static void test_gaps(void **state)
{
	struct spelled *hello = spell("16 0301 2(" CLIENT_HELLO ") 17 0303 2(10*01)");
	for (size_t at = 5; at + 4 < hello->size - 15; at++) { /* within the hello: no facts */
		struct run *run = run_new();
		feed(run, TLS_CLIENT, hello->at, at);
		tls_gap(run->tls, TLS_CLIENT, 4);
		feed(run, TLS_CLIENT, &hello->at[at + 4], hello->size - at - 4);
		expect("a gap", "at", at, "bytes 0 10; ", facts_text(run, true));
		run_free(run);
	}
	static const uint64_t sizes[] = { 0, 4, UINT64_MAX };
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct run *run = run_new();
		feed(run, TLS_CLIENT, hello->at, hello->size - 6);
		tls_gap(run->tls, TLS_CLIENT, sizes[i]);
		feed(run, TLS_CLIENT, &hello->at[hello->size - 2], 2);
		expect("a gap in data", "of", sizes[i],
			sizes[i] == 4 ? HELLO_FACTS "bytes 0 10; " : HELLO_FACTS "bytes 0 4; ",
			facts_text(run, true));
		run_free(run);
	}
	free(hello);
}

static void test_certificates(void **state)
{
#define BEGIN "30{30{a0{020102} 020101 30{06022a03}"
#define END "} 30{06022a03} 03020001}"
#define SHORT_FACTS "X subject=x issuer=Kestrel CA organization=Kestrel "
	static const struct {
		const char *text, *facts;
	} rows[] = {
		{ CERTIFICATE, CHAIN_FACTS },
		{ "30{30{020101 30{06022a03}" ISSUER TIMES NAME("x") KEY END, /* version 1 */
			SHORT_FACTS "2025-01-01 00:00:00..2060-02-29 23:59:59; " },
		{ BEGIN ISSUER "30{17{'491231235959Z'} 17{'500101000000Z'}}" NAME("x") KEY END,
			SHORT_FACTS "2049-12-31 23:59:59..1950-01-01 00:00:00; " },
		{ BEGIN ISSUER "30{18{'00000101000000Z'} 18{'99991231235959Z'}}" NAME("x") KEY END,
			SHORT_FACTS "0000-01-01 00:00:00..9999-12-31 23:59:59; " },
		{ BEGIN ISSUER "30{17{'250101000000Z'} 17{'251301000000Z'}}" NAME("x") KEY END,
			"X subject=x issuer=Kestrel CA organization=Kestrel; tls_certificate_bad "
			"1; " },
		{ BEGIN ISSUER "30{17{'2501010000Z'} 17{'251201000000Z'}}" NAME("x") KEY END,
			"X subject=x issuer=Kestrel CA organization=Kestrel; tls_certificate_bad "
			"1; " },
		{ BEGIN "3000" TIMES "3000" KEY END,
			"X 2025-01-01 00:00:00..2060-02-29 23:59:59; " },
		{ BEGIN "30{31{30{0603550403 0c{'a'}} 30{0603550403 0c{'b'}}}}" TIMES
			"3000" KEY END,
			"X issuer=b 2025-01-01 00:00:00..2060-02-29 23:59:59; " },
		{ BEGIN "30{31{30{0603550403 0c7f}}}" TIMES NAME("x") KEY END,
			"X subject=x 2025-01-01 00:00:00..2060-02-29 23:59:59; tls_certificate_bad "
			"1; " },
		{ BEGIN "3000" TIMES "3000" KEY
			"a3{30{30{0603551d11 04{30{82{'a'} 82{'b'} 82{'c'} 82{'d'} "
			"82{'e'} 82{'f'} 82{'g'} 82{'h'} 82{'i'}}}}}}" END,
			"X name=a name=b name=c name=d name=e name=f name=g name=h names=9 "
			"2025-01-01 "
			"00:00:00..2060-02-29 23:59:59; " },
		{ BEGIN "3000" TIMES "3000" KEY "a3{30{30{0603551d11 04{30{82{'a'} 827f}}}}}" END,
			"X name=a 2025-01-01 00:00:00..2060-02-29 23:59:59; tls_certificate_bad "
			"1; " },
		{ BEGIN "3000" TIMES "3000" KEY "a3{30{30{0603551d11}}}" END,
			"X 2025-01-01 00:00:00..2060-02-29 23:59:59; tls_certificate_bad 1; " },
		{ BEGIN ISSUER TIMES "}}", "tls_certificate_bad 1; " },
		{ "30 80 0201", "tls_certificate_bad 1; " },
		{ "30 85 0000000001 00", "tls_certificate_bad 1; " },
		{ "30 84 ffffffff 00", "tls_certificate_bad 1; " },
		{ "3f 01 00", "tls_certificate_bad 1; " },
		{ "30", "tls_certificate_bad 1; " },
	};
	char text[2000];
	for (size_t i = 0; i < COUNT(rows); i++) {
		char wanted[400];
		snprintf(text, sizeof text, "16 0303 2(" SERVER_HELLO " 0b 3(3(3(%s))))",
			rows[i].text);
		snprintf(wanted, sizeof wanted, SERVER_FACTS "%s", rows[i].facts);
		struct spelled *server = spell(text), *client = spell("");
		const struct spelled *const both[2] = { client, server };
		expect(rows[i].text, "row", i, wanted, facts_of(both, SIZE_MAX, 0, SIZE_MAX));
		free(server);
		free(client);
	}
}

/* Any one byte wrong, or the end missing: something is counted or told, and nothing more. */
static void test_damage(void **state)
{
	struct spelled *whole = spell(CERTIFICATE);
	for (size_t at = 0; at < whole->size; at++) {
		static const uint8_t with[] = { 0x00, 0x30, 0x7f, 0x80, 0x84, 0xff };
		for (size_t i = 0; i < COUNT(with); i++) {
			struct run *run = run_new();
			size_t size = i ? whole->size : at;
			uint8_t *copy = malloc(size);
			assert_true(copy || !size);
			if (size)
				memcpy(copy, whole->at, size);
			if (i)
				copy[at] = with[i];
			struct tls_certificate *out = tls_certificate_decode(
				bytes_make(copy, size), run->arena, &run->seen);
			assert_true(out || anomaly_is(&run->seen, TLS_CERTIFICATE_BAD));
			free(copy);
			run_free(run);
		}
	}
	free(whole);
}

static void test_long_names(void **state)
{
	struct spelled *whole = spell(
		"30{30{020101 30{06022a03} 30{31{30{0603550403 0c{300*61}}}}" TIMES "3000" KEY END);
	struct run *run = run_new();
	struct tls_certificate *out =
		tls_certificate_decode(bytes_make(whole->at, whole->size), run->arena, &run->seen);
	assert_non_null(out);
	assert_int_equal(bytes_size(out->issuer), TLS_NAME_MAX);
	run_free(run);
	free(whole);
}

/* An arena that is too small, or a limit that is hit: counted, and the records are followed on. */
static void test_limits(void **state)
{
	struct spelled *hello = spell("16 0301 2(" CLIENT_HELLO ") 17 0303 2(10*01)");
	struct anomaly_totals totals = { { 0 } };
	struct anomalies seen = { .total = &totals };
	struct arena *arena = arena_new(1024);
	struct tls *tls = tls_init(arena, &seen);
	assert_non_null(tls);
	while (arena_take(arena, 16))
		;
	for (size_t i = 0; i < hello->size; i++)
		assert_true(tls_feed(tls, TLS_CLIENT, bytes_make(&hello->at[i], 1)));
	assert_null(tls_facts(tls)->client);
	assert_true(anomaly_is(&seen, SMTP_ARENA_FULL));
	assert_int_equal(tls_bytes(tls, TLS_CLIENT), 10);
	assert_null(tls_init(arena, &seen));
	arena_free(arena);
	if (fault_arm("limit@1")) {
		struct run *run = run_new();
		feed(run, TLS_CLIENT, hello->at, hello->size);
		expect("a hello", "limit", 1, "bytes 0 10; tls_handshake_long 1; ",
			facts_text(run, true));
		run_free(run);
		fault_arm("");
	}
	free(hello);
}

/* The most that both sides can make us keep, byte by byte so that nothing is read where it lies. */
static void test_worst(void **state)
{
	static const char *const said[2] = {
		"16 0301 2(01 3(0303 " RANDOM
		" 1() 2(12000*55) 1(00) 2(000d 2(2(2000*55)) 2200*00)))",
		"16 0303 2(02 3(0303 " RETRY
		" 1() 0035 00 2(16000*00))) 16 0303 2(02 3(0303 " RANDOM
		" 1() 0035 00 2(16000*00))) 16 0303 2(0b 3(3(3(30{30{020101 30{06022a03} " ISSUER
			TIMES "30{31{30{0603550403 0c{15000*61}}}}}}))))",
	};
	struct run *run = run_new();
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++) {
		struct spelled *all = spell(said[side]);
		for (size_t i = 0; i < all->size; i++)
			feed(run, side, &all->at[i], 1);
		free(all);
	}
	assert_int_equal(tls_facts(run->tls)->client->ciphers.count, 6000);
	assert_int_equal(tls_facts(run->tls)->server->extensions.count, 4000);
	assert_int_equal(bytes_size(tls_facts(run->tls)->certificate->subject), TLS_NAME_MAX);
	assert_false(anomaly_is(&run->seen, SMTP_ARENA_FULL));
	assert_true(arena_size(run->arena) <= 160 * 1024);
	run_free(run);
}

static void test_begins(void **state)
{
	static const struct {
		const char *text;
		enum tls_side side;
		bool middle;
		int begins;
	} rows[] = {
		{ "", TLS_CLIENT, false, 0 },
		{ "16", TLS_CLIENT, false, 0 },
		{ "1603", TLS_CLIENT, false, 1 },
		{ "1604", TLS_CLIENT, false, -1 },
		{ "1703", TLS_CLIENT, false, -1 },
		{ "17", TLS_SERVER, true, 0 },
		{ "1703", TLS_SERVER, true, 1 },
		{ "1303", TLS_SERVER, true, -1 },
		{ "1803", TLS_SERVER, true, -1 },
		{ "'2'", TLS_SERVER, true, -1 },
		{ "802e", TLS_CLIENT, false, 0 },
		{ "802e01", TLS_CLIENT, false, 0 },
		{ "802e02", TLS_CLIENT, false, -1 },
		{ "802e0103", TLS_CLIENT, false, 1 },
		{ "802e0102", TLS_CLIENT, false, -1 },
		{ "802e0100", TLS_CLIENT, false, 0 },
		{ "802e010002", TLS_CLIENT, false, 1 },
		{ "802e010003", TLS_CLIENT, false, -1 },
		{ "802e", TLS_SERVER, false, -1 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct spelled *first = spell(rows[i].text);
		assert_int_equal(tls_begins(bytes_make(first->at, first->size), rows[i].side,
					 rows[i].middle),
			rows[i].begins);
		free(first);
	}
}

static void test_grease(void **state)
{
	unsigned count = 0;
	for (unsigned code = 0; code < 0x10000; code++)
		count += tls_is_grease((uint16_t)code);
	assert_int_equal(count, 16);
	assert_true(tls_is_grease(0x0a0a) && tls_is_grease(0xfafa));
	assert_false(tls_is_grease(0x0a1a) || tls_is_grease(0x0b0b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshakes),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_worst),
		cmocka_unit_test(test_begins),
		cmocka_unit_test(test_grease),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What hostile messages cost: every limit driven past its end, with the work counted. Twice the
 * message may take at most 2.3 times the steps. */
#include "told.h"

#include "base/fault.h"

struct made {
	size_t size, room;
	char *text;
};

static void put(struct made *made, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct made *made, const char *format, ...)
{
	va_list list;
	if (made->room - made->size < 4096) {
		made->room = made->room ? made->room * 2 : 65536;
		made->text = realloc(made->text, made->room);
		assert_non_null(made->text);
	}
	va_start(list, format);
	made->size += (size_t)vsnprintf(made->text + made->size, 4096, format, list);
	va_end(list);
}

static void many(struct made *made, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(made, "%s", text);
}

static void nested_multiparts(struct made *made, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(made, "Content-Type: multipart/mixed; boundary=b%zu\n\n--b%zu\n", i, i);
}

static void nested_messages(struct made *made, size_t n)
{
	many(made, "Content-Type: message/rfc822\n\n", n);
}

static void many_parts(struct made *made, size_t n)
{
	put(made, "Content-Type: multipart/mixed; boundary=b\n\n");
	many(made, "--b\n\nx\n", n);
}

static void many_fields(struct made *made, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(made, "To: a%zu@example.org\n", i);
}

static void many_received(struct made *made, size_t n)
{
	many(made, "Received: from a (b [192.0.2.1]) by c; Tue, 24 Nov 2026 10:00:00 +0100\n", n);
}

static void long_field(struct made *made, size_t n)
{
	put(made, "To: ");
	many(made, "a@example.org, ", n);
}

static void long_line(struct made *made, size_t n)
{
	put(made, "Subject: ");
	many(made, "aaaaaaaa", n);
}

static void pieces(struct made *made, size_t n)
{
	put(made, "Content-Disposition: attachment");
	for (size_t i = n; i-- > 0;)
		put(made, ";\n filename*%zu=a", i);
	put(made, "\n\n");
}

static void no_equals(struct made *made, size_t n)
{
	put(made, "Content-Type: text/plain");
	many(made, ";a", n);
	put(made, "\n\n");
}

static void endless_words(struct made *made, size_t n)
{
	put(made, "Subject: ");
	many(made, "=?utf-8?Q?", n);
	put(made, "\n\n");
}

static void empty_words(struct made *made, size_t n)
{
	put(made, "Subject: ");
	many(made,
		"=?utf-8?Q?"
		"?= ",
		n);
	put(made, "\n\n");
}

static void dashes(struct made *made, size_t n)
{
	nested_multiparts(made, 31);
	put(made, "\n");
	many(made, "--\n--b\n", n);
}

static void dash_lines(struct made *made, size_t n)
{
	put(made, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n");
	many(made, "--------", n);
}

static void many_links(struct made *made, size_t n)
{
	put(made, "\n");
	many(made, "http://", n);
}

static void different_links(struct made *made, size_t n)
{
	put(made, "\n");
	for (size_t i = 0; i < n; i++)
		put(made, "http://h%zu.example/ ", i);
}

static void long_link(struct made *made, size_t n)
{
	put(made, "\nhttp://");
	many(made, "aaaaaaa%2", n);
}

static void entities(struct made *made, size_t n)
{
	put(made, "Content-Type: text/html\n\n");
	many(made, "&&#x&amp", n);
}

static void junk_base64(struct made *made, size_t n)
{
	put(made, "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n");
	many(made, "*=*A==*\n", n);
}

static void bad_quoted(struct made *made, size_t n)
{
	put(made, "Content-Transfer-Encoding: quoted-printable\n\n");
	many(made, "===4=\r=", n);
}

static void begins(struct made *made, size_t n)
{
	put(made, "\n");
	many(made, "begin 644 a\n", n);
}

static void blocks(struct made *made, size_t n)
{
	put(made, "\n");
	many(made, "begin 644 a\n#0V%T\nend\n", n);
}

static const struct {
	void (*make)(struct made *made, size_t n);
	size_t n;
	enum anomaly limit; /* that must be named; ANOMALY_COUNT: none */
} generators[] = {
	{ nested_multiparts, 5000, MIME_TOO_DEEP },
	{ nested_messages, 5000, MIME_TOO_DEEP },
	{ many_parts, 50000, MIME_PARTS_MANY },
	{ many_fields, 50000, MIME_HEADER_LONG },
	{ many_received, 20000, MIME_HEADER_LONG },
	{ long_field, 50000, MIME_FIELD_LONG },
	{ long_line, 200000, MIME_FIELD_LONG },
	{ pieces, 2000, MIME_PARAMETERS_MANY },
	{ no_equals, 20000, MIME_PARAMETERS_MANY },
	{ endless_words, 5000, ANOMALY_COUNT },
	{ empty_words, 4000, ANOMALY_COUNT },
	{ dashes, 50000, MIME_AMBIGUOUS },
	{ dash_lines, 50000, ANOMALY_COUNT },
	{ many_links, 50000, ANOMALY_COUNT },
	{ different_links, 20000, MIME_LINKS_MANY },
	{ long_link, 50000, ANOMALY_COUNT },
	{ entities, 50000, ANOMALY_COUNT },
	{ junk_base64, 50000, MIME_BASE64_JUNK },
	{ bad_quoted, 50000, MIME_QP_BAD },
	{ begins, 50000, ANOMALY_COUNT },
	{ blocks, 20000, MIME_PARTS_MANY },
};

static uint64_t steps(struct told *told, size_t generator, size_t n)
{
	struct made made = { 0 };
	generators[generator].make(&made, n);
	told_of(told, bytes_make(made.text, made.size), 0, 1460);
	free(made.text);
	return mime_steps(told->mime);
}

static void test_linear(void **state)
{
	struct told *told = *state;
	for (size_t i = 0; i < COUNT(generators); i++) {
		uint64_t once = steps(told, i, generators[i].n);
		uint64_t twice = steps(told, i, 2 * generators[i].n);
		print_message("generator %zu: %llu steps, %llu\n", i, (unsigned long long)once,
			(unsigned long long)twice);
		assert_true((double)twice <= 2.3 * (double)once);
		if (generators[i].limit != ANOMALY_COUNT)
			assert_true(anomaly_is(&told->seen, generators[i].limit));
	}
}

/* Counts what is told of a message that a generator makes. */
static size_t told_lines(struct told *told, size_t generator, size_t n, const char *begin)
{
	size_t lines = 0, size = strlen(begin);
	steps(told, generator, n);
	for (const char *at = told->text; *at; at++)
		if ((at == told->text || at[-1] == '\n') && !strncmp(at, begin, size))
			lines++;
	return lines;
}

static size_t generator(void (*make)(struct made *made, size_t n))
{
	size_t i = 0;
	while (generators[i].make != make)
		i++;
	return i;
}

static void test_limits(void **state)
{
	struct told *told = *state;
	assert_int_equal(told_lines(told, generator(nested_multiparts), 100, "part "), 32);
	assert_int_equal(told_lines(told, generator(nested_multiparts), 100, "end "), 32);
	assert_int_equal(told_lines(told, generator(nested_messages), 100, "part "), 32);
	assert_int_equal(told_lines(told, generator(many_parts), 1500, "part "), MIME_PARTS_MAX);
	assert_non_null(memmem(told->text, told->size, "parts=1501 ", 11));
	assert_int_equal(
		told_lines(told, generator(different_links), 1500, "link "), MIME_LINKS_MAX);
	assert_non_null(memmem(told->text, told->size, "links=1500 ", 11));
	assert_int_equal(
		told_lines(told, generator(long_field), 3000, "to:  <"), MIME_ADDRESSES_MAX);
	assert_true(anomaly_is(&told->seen, MIME_ADDRESSES_MANY));
	assert_int_equal(
		told_lines(told, generator(many_fields), 1500, "to: a"), MIME_HEADER_LINES_MAX);
}

/* 2,000 characters are shown, however many bytes they take. */
static void test_text(void **state)
{
	static const struct {
		const char *character;
		size_t count, shown;
	} cases[] = {
		{ "a", 1999, 1999 },
		{ "a", 2001, 2000 },
		{ "\xC3\xBC", 2001, 4000 },
		{ "\xF0\x9F\x93\xA7", 2001, 8000 },
		{ "\xFF", 2001, 2000 },
	};
	struct told *told = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct made made = { 0 };
		put(&made, "Subject: ");
		many(&made, cases[i].character, cases[i].count);
		told_of(told, bytes_make(made.text, made.size), 0, 1460);
		const char *shown = told->text + strlen("subject: ");
		size_t size = strcspn(shown, cases[i].character[0] == '\xFF' ? " " : "\n");
		assert_int_equal(size, cases[i].shown);
		free(made.text);
	}
}

/* Nothing of a body ever leaves. */
static void test_canary(void **state)
{
	static const char *const encodings[] = { "7bit", "quoted-printable", "x-uuencode" };
	struct told *told = *state;
	for (size_t i = 0; i < COUNT(encodings); i++) {
		struct made made = { 0 };
		put(&made,
			"Content-Type: multipart/mixed; boundary=b\n\npreamble canary\n--b\n"
			"Content-Type: text/html\nContent-Transfer-Encoding: %s\n\n"
			"<p>the canary sings www.example.org/canary?canary#canary\n"
			"begin 644 x\n#0V%%T\ncanary\n--b--\ncanary\n",
			encodings[i]);
		for (size_t cut = 0; cut < made.size; cut++) {
			told_of(told, bytes_make(made.text, made.size), cut, SIZE_MAX);
			assert_null(memmem(told->text, told->size, "canary", 6));
		}
		free(made.text);
	}
}

/* Each limit hit early once: the message still comes to its end, with as many ends as begins. */
static void test_limit_faults(void **state)
{
	static const char message[] =
		"To: a@example.org, b@example.org\nSubject: x\n"
		"Content-Type: multipart/mixed; a=1; boundary=b\n\n--b\n\n"
		"http://a.example http://b.example\nbegin 644 a\n#0V%T\nend\n--b\n"
		"Content-Type: message/rfc822\n\n\nx\n--b--\n";
	struct told *told = *state;
	if (!fault_arm("count"))
		skip();
	for (unsigned n = 1; n < 60; n++) {
		char fault[20];
		size_t begins = 0, ends = 0;
		snprintf(fault, sizeof fault, "limit@%u", n);
		assert_true(fault_arm(fault));
		told_of(told, bytes_of(message), 0, 7);
		for (const char *at = told->text; (at = strchr(at, '\n')); at++) {
			begins += !strncmp(at + 1, "part ", 5);
			ends += !strncmp(at + 1, "end ", 4);
		}
		assert_int_equal(begins, ends);
		assert_non_null(strstr(told->text, "\ntotal "));
	}
	assert_true(fault_arm("count"));
}

/* Memory that cannot be had: no scanner, and nothing left behind. */
static void test_memory_faults(void **state)
{
	if (!fault_arm("count"))
		skip();
	for (unsigned n = 1; n < 20; n++) {
		char fault[20];
		snprintf(fault, sizeof fault, "fail@%u", n);
		assert_true(fault_arm(fault));
		struct mime_tools *tools = mime_tools_open();
		struct mime *mime = tools ? mime_new(tools, MIME_DIGESTS) : NULL;
		assert_true(mime || n < 12);
		mime_free(mime);
		mime_tools_close(tools);
	}
	assert_true(fault_arm("count"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_canary),
		cmocka_unit_test(test_limit_faults),
		cmocka_unit_test(test_memory_faults),
	};
	return cmocka_run_group_tests(tests, told_begin, told_end);
}

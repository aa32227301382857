/* Words into lines: nothing wider than the width, nothing lost, labels where they belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/wrap.h"

struct page {
	struct wrap wrap;
	char *text;
	size_t size;
};

static void page_open(struct page *page, unsigned width, bool colour)
{
	wrap_init(&page->wrap, open_memstream(&page->text, &page->size), width, colour, true);
}

static void page_is(struct page *page, const char *expected)
{
	assert_int_equal(fclose(page->wrap.out), 0);
	assert_string_equal(page->text, expected);
	free(page->text);
}

static void test_paragraph(void **state)
{
	struct page page;
	page_open(&page, 40, false);
	wrap_item(&page.wrap, 0, NULL, 2, "%s",
		"A machine that is no mail server  hands its mail to one, and does not deliver.");
	page_is(&page, "  A machine that is no mail server hands\n"
		       "  its mail to one, and does not deliver.\n");
}

static void test_labels(void **state)
{
	struct page page;
	page_open(&page, 40, false);
	wrap_item(&page.wrap, 2, "When", 10, "from the first packet to the last one");
	wrap_item(&page.wrap, 2, "2001:db8::1234", 10, "a label that is too long");
	page_is(&page, "  When    from the first packet to the\n"
		       "          last one\n"
		       "  2001:db8::1234\n"
		       "          a label that is too long\n");
}

/* The pieces of a word may come from several calls. */
static void test_pieces(void **state)
{
	struct page page;
	struct pseudonym answer;
	pseudonym_open(&answer, NULL, PSEUDONYM_TEXT, bytes_of("no\nsuch user here"),
		(struct bytes){ NULL, NULL });
	page_open(&page, 40, false);
	wrap_open(&page.wrap, 0, NULL, 0);
	wrap_print(&page.wrap, "mx.example.org answered 550 and (");
	wrap_string(&page.wrap, "192.0.2.1");
	wrap_print(&page.wrap, "), then ");
	wrap_quote(&page.wrap, &answer, 7);
	wrap_close(&page.wrap);
	page_is(&page, "mx.example.org answered 550 and\n"
		       "(192.0.2.1), then \"no\\x0asuch\"...\n");
}

/* Only what others said is replaced, and cut behind what is shown of it. */
static void test_pseudonyms(void **state)
{
	static const struct pseudonyms by = { { 1, 2 } };
	struct page page;
	struct pseudonym answer;
	page_open(&page, 80, false);
	page.wrap.pseudonyms = &by;
	pseudonym_open(&answer, &by, PSEUDONYM_TEXT, bytes_of("a@example.com: no such user"),
		bytes_of("a@example.com"));
	wrap_open(&page.wrap, 0, NULL, 0);
	wrap_print(&page.wrap, "office.pcap: ");
	wrap_value(&page.wrap, PSEUDONYM_HOST, bytes_of("mx.example.com"));
	wrap_print(&page.wrap, " ");
	wrap_quote(&page.wrap, &answer, 40);
	wrap_close(&page.wrap);
	page_is(&page, "office.pcap: h-rm6gmtfaqpuw.d-htovkxeeyh3q.invalid\n"
		       "\"u-zxhtu54ehqja@d-htovkxeeyh3q.invalid: n\"...\n");
}

static void test_long_word(void **state)
{
	struct page page;
	char word[101] = "";
	memset(word, 'x', 100);
	page_open(&page, 40, false);
	wrap_item(&page.wrap, 0, NULL, 4, "see %s there", word);
	page_is(&page, "    see\n"
		       "    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
		       "    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
		       "    xxxxxxxxxxxxxxxxxxxxxxxxxxxx there\n");
}

/* Colours take no columns, and go only where they are wanted. */
static void test_tones(void **state)
{
	for (int colour = 0; colour < 2; colour++) {
		struct page page;
		page_open(&page, 40, colour);
		wrap_open(&page.wrap, 0, NULL, 0);
		wrap_tone(&page.wrap, TONE_BAD);
		wrap_print(&page.wrap, "1 machine sends mail by itself:");
		wrap_tone(&page.wrap, TONE_PLAIN);
		wrap_print(&page.wrap, " 10.0.0.7");
		wrap_close(&page.wrap);
		page_is(&page,
			colour ? "\033[1;31m1 machine sends mail by itself:\033[0m 10.0.0.7\n"
			       : "1 machine sends mail by itself: 10.0.0.7\n");
	}
}

static void test_line(void **state)
{
	struct page page;
	page_open(&page, 40, false);
	wrap_line(&page.wrap, 4, "a command of more than forty columns is  %s", "never broken");
	page_is(&page, "    a command of more than forty columns is  never broken\n");
}

static void widest(const char *text, size_t width)
{
	for (const char *end; *text; text = end + 1) {
		end = strchr(text, '\n');
		assert_non_null(end);
		assert_in_range(end - text, 0, width);
	}
}

/* Any bytes, any pieces: no line is wider than the width. */
static void test_any(void **state)
{
	uint32_t seed = 1;
	for (unsigned round = 0; round < 300; round++) {
		struct page page;
		unsigned width = 40 + round % 50;
		page_open(&page, width, false);
		page.wrap.utf8 = false;
		wrap_open(&page.wrap, 2, round % 2 ? "label" : NULL, 15);
		for (unsigned i = 0; i < 200; i++) {
			uint8_t piece[3];
			for (unsigned k = 0; k < 3; k++)
				piece[k] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
			wrap_bytes(&page.wrap, bytes_make(piece, seed >> 30));
		}
		wrap_close(&page.wrap);
		assert_int_equal(fclose(page.wrap.out), 0);
		widest(page.text, width);
		free(page.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paragraph),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_pseudonyms),
		cmocka_unit_test(test_long_word),
		cmocka_unit_test(test_tones),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_any),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

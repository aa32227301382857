/* Mailboxes of address fields; some from RFC 5322 appendix A. */
#include "harness.h"

#include <stdio.h>

#include "mime/mailbox.h"

static void test_mailboxes(void **state)
{
	static const struct {
		const char *field, *told; /* "name <address>|" each */
	} cases[] = {
		{ "", "" },
		{ " , ;", "" },
		{ "a@example.org", " <a@example.org>|" },
		{ "<a@example.org>", " <a@example.org>|" },
		{ "A B <a@example.org>", "A B <a@example.org>|" },
		{ "\"B, A\" <a@example.org>, c@example.org",
			"B, A <a@example.org>| <c@example.org>|" },
		{ "\"Joe \\\"Q\\\" Public\" <joe@example.org>",
			"Joe \"Q\" Public <joe@example.org>|" },
		{ "a@example.org (A (B) C)", "A (B) C <a@example.org>|" },
		{ "(c) a@example.org", "c <a@example.org>|" },
		{ "A Group:Ed <ed@example.org>,joe@example.org;, x@example.org",
			"Ed <ed@example.org>| <joe@example.org>| <x@example.org>|" },
		{ "Undisclosed recipients:;", "" },
		{ "<@a,@b:x@example.org>", " <x@example.org>|" },
		{ "=?utf-8?Q?J=C3=BCrgen?= <j@example.org>", "J\xC3\xBCrgen <j@example.org>|" },
		{ "\"=?utf-8?Q?a=2Cb?=\" <j@example.org>", "a,b <j@example.org>|" },
		{ "open \"quote <a@example.org>, b", " <open \"quote <a@example.org>, b>|" },
		{ "<a@example.org", " <a@example.org>|" },
		{ "A <>, B", "A <>| <B>|" },
		{ "\"a@b\" <c@example.org>", "a@b <c@example.org>|" },
		{ "<dgo@example.org> (D)", "D <dgo@example.org>|" },
		{ "a;b", " <a>| <b>|" },
	};
	struct harness *harness = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char told[512] = "";
		struct bytes in = bytes_of(cases[i].field);
		struct mailbox mailbox;
		while (mailbox_next(&in, &mailbox)) {
			size_t size = strlen(told);
			harness_clear(harness);
			mailbox_name(&mailbox, &harness->words, &harness->text);
			snprintf(told + size, sizeof told - size, "%.100s <%.*s>|",
				harness_string(harness, text_bytes(&harness->text)),
				(int)bytes_size(mailbox.address), (const char *)mailbox.address.at);
		}
		assert_string_equal(told, cases[i].told);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_mailboxes) };
	return cmocka_run_group_tests(tests, harness_begin, harness_end);
}

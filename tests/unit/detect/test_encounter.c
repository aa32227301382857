/* From dialogue to evidence: what counts, what never does, and the odd shapes of transactions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "acts.h"
#include "detect/encounter.h"

static struct anomaly_totals totals;
static const struct site site; /* all private ranges are inside */

static struct encounter read_it(struct activity *activity)
{
	struct encounter out;
	encounter_read(&out, activity->session, activity->final, &site);
	return out;
}

static void test_rows(void **state)
{
	static const struct {
		struct says says;
		uint32_t messages, accepted, refused;
		bool mail, marked, relay;
	} rows[] = {
		{ { .mails = 3 }, 3, 3, 0, true, false, true },
		{ { .mail_code = 530 }, 1, 0, 1, true, false, true },
		{ { .rcpt_code = 550 }, 1, 0, 1, true, false, true },
		{ { .rcpt_code = 450 }, 1, 0, 0, true, false, true },
		{ { .final_code = 554 }, 1, 0, 1, true, false, true },
		{ { .final_code = 451 }, 1, 0, 0, true, false, true },
		{ { .from = NULL_SENDER, .mails = 2 }, 0, 0, 0, false, false, true },
		{ { .no_mail = true }, 0, 0, 0, false, false, true },
		{ { .marks = MARK_GAP }, 1, 1, 0, true, true, true },
		{ { .port = 587 }, 1, 1, 0, true, false, false },
		{ { .port = 80 }, 1, 1, 0, true, false, true },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct says says = rows[i].says;
		says.client = "192.168.7.108";
		says.server = "198.18.1.25";
		struct activity activity = act_session(says, &totals);
		struct encounter encounter = read_it(&activity);
		assert_int_equal(encounter.messages, rows[i].messages);
		assert_int_equal(encounter.accepted, rows[i].accepted);
		assert_int_equal(encounter.refused, rows[i].refused);
		assert_int_equal(encounter.mail, rows[i].mail);
		assert_int_equal(encounter.marked, rows[i].marked);
		assert_int_equal(encounter.relay, rows[i].relay);
		assert_true(encounter.client_inside && !encounter.server_inside);
		activity_free(&activity);
	}
}

static void test_odd_transactions(void **state)
{
	struct says says = { .client = "192.168.7.108", .server = "198.18.1.25" };
	struct activity activity = act_session(says, &totals);
	struct transaction *mail = activity.session->transactions;

	mail->code = 0; /* MAIL never answered: weaker */
	mail->accepted = false;
	assert_true(read_it(&activity).mail);
	assert_true(read_it(&activity).marked);

	mail->reverse_path = (struct bytes){ NULL, NULL }; /* RCPT without MAIL */
	assert_false(read_it(&activity).mail);

	mail->code = 250; /* its path had no room */
	assert_true(read_it(&activity).mail);

	mail->reverse_path = bytes_of(""); /* a bounce carried over from the part before */
	activity.session->counters.transactions = 0;
	activity.session->counters.recipients = 0;
	assert_int_equal(read_it(&activity).messages, 0);
	assert_int_equal(read_it(&activity).recipients, 0);
	activity_free(&activity);
}

static void test_names(void **state)
{
	struct says says = { .client = "192.168.7.108",
		.server = "198.18.1.25",
		.helo = "Mail.Office.example",
		.from = "Jana@Office.example" };
	struct activity activity = act_session(says, &totals);
	struct encounter one = read_it(&activity);
	assert_true(one.helo_full && !one.helo_changed && !one.sender_changed);
	activity_free(&activity);
	says.from = "jan@office.EXAMPLE";
	says.helo = "[192.168.7.108]";
	activity = act_session(says, &totals);
	struct encounter two = read_it(&activity);
	assert_true(two.sender_domain == one.sender_domain);
	assert_true(two.helo != one.helo);
	assert_false(two.helo_full);
	struct session_helo second = { .argument = bytes_of("other.example") };
	activity.session->helo->next = &second;
	assert_true(read_it(&activity).helo_changed);
	activity_free(&activity);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_odd_transactions),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which answers are shown of a suspect: the telling ones, whatever the number of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "acts.h"
#include "detect/samples.h"

static struct anomaly_totals totals;

static void see(struct samples *samples, struct says says)
{
	says.client = "192.168.7.108";
	struct activity activity = act_session(says, &totals);
	samples_session(samples, activity.session);
	activity_free(&activity);
}

static void test_order(void **state)
{
	static struct samples samples;
	struct activity tried = act_attempt("192.168.7.108", "198.18.9.25", 0, NULL);
	samples_attempt(&samples, &tried.attempt);
	see(&samples, (struct says){ .server = "198.18.1.25" });
	see(&samples, (struct says){ .server = "198.18.2.25", .rcpt_code = 450 });
	see(&samples, (struct says){ .server = "198.18.3.25", .mail_code = 550, .text = "no" });
	see(&samples, (struct says){ .server = "198.18.4.25", .final_code = 554, .text = "spam" });
	see(&samples, (struct says){ .server = "198.18.5.25", .tls = 900 });
	static const int codes[] = { 550, 554, 450, 250, 0, 0 };
	assert_int_equal(samples.count, COUNT(codes));
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_int_equal(samples.at[i].code, codes[i]);
	assert_memory_equal(samples.at[0].name, "mx.d4611.example", 16); /* 18 << 8 | 3 */
	assert_int_equal(samples.at[0].name_size, 16);
	assert_memory_equal(samples.at[0].text, "no", 2);
	assert_int_equal(samples.at[0].time, BEGIN + SECOND);
	assert_int_equal(samples.at[4].peer.ip.byte[14], 9);
	assert_string_equal(samples.at[4].session, "");
}

static void test_same_words_once(void **state)
{
	static struct samples samples;
	static const struct {
		const char *server, *text;
		unsigned count; /* afterwards */
	} cases[] = {
		{ "198.18.1.25", "<a@b.example>: User unknown 17", 1 },
		{ "198.18.2.25", "<c@d.example>: User unknown 4", 1 },
		{ "198.18.3.25", "<c@d.example>: user banned", 2 },
		{ "198.18.3.25", "something else of the same server and code", 2 },
		{ "198.18.4.25", "<c@d", 3 },
		{ "198.18.5.25", "[192.0.2.1", 3 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		see(&samples, (struct says){ .server = cases[i].server,
				      .rcpt_code = 550,
				      .text = cases[i].text });
		assert_int_equal(samples.count, cases[i].count);
	}
}

static void test_refusals_push_out_the_rest(void **state)
{
	static struct samples samples;
	char server[ADDRESS_TEXT], text[16];
	for (unsigned i = 0; i < 20; i++) {
		snprintf(server, sizeof(server), "198.18.%u.25", i);
		see(&samples, (struct says){ .server = server });
	}
	assert_int_equal(samples.count, ALERT_SAMPLES);
	assert_int_equal(samples.at[7].peer.ip.byte[14], 7);
	for (unsigned i = 0; i < 20; i++) {
		snprintf(server, sizeof(server), "198.18.%u.25", 20 + i);
		snprintf(text, sizeof(text), "no %c", 'a' + i);
		see(&samples, (struct says){ .server = server, .rcpt_code = 550, .text = text });
	}
	for (unsigned i = 0; i < ALERT_SAMPLES; i++)
		assert_int_equal(samples.at[i].text[3], 'a' + i);
}

static void test_long_and_odd(void **state)
{
	static struct samples samples;
	char text[1000];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	see(&samples, (struct says){ .server = "198.18.1.25",
			      .rcpt_code = 550,
			      .text = text,
			      .greeting = "Welcome to our server" });
	assert_int_equal(samples.at[0].text_size, SAMPLE_TEXT);
	assert_int_equal(samples.at[0].name_size, 0);
	see(&samples,
		(struct says){ .server = "198.18.2.25", .from = NULL_SENDER, .mail_code = 550 });
	see(&samples, (struct says){ .server = "198.18.3.25", .no_mail = true });
	assert_int_equal(samples.count, 1);
	see(&samples, (struct says){ .server = "198.18.4.25",
			      .no_mail = true,
			      .greeting_code = 554,
			      .greeting = "go away" });
	assert_int_equal(samples.count, 2);
	assert_memory_equal(samples.at[1].text, "go away", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_same_words_once),
		cmocka_unit_test(test_refusals_push_out_the_rest),
		cmocka_unit_test(test_long_and_odd),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What one connection shows: the answer that tells most, and whether the detectors count it. */
#include "stage.h"

/* What is shown of a session in a site with or without a rule; the engine is finished. */
static struct exhibit shown(struct stage *stage, struct says says)
{
	struct exhibit exhibit;
	struct activity activity = act_session(says, &stage->totals);
	play(stage);
	assert_true(engine_exhibit(stage->engine, &activity, &exhibit));
	activity_free(&activity);
	return exhibit;
}

static void test_answers(void **state)
{
	static const struct {
		struct says says;
		enum exhibit_outcome outcome;
		int code;
		const char *name, *answer;
	} cases[] = {
		{ { .server = "198.18.1.25", .final_code = 554, .text = "go away, bob@b.example" },
			EXHIBIT_ANSWERED, 554, "mx.d4609.example", "go away, ..." },
		{ { .server = "198.18.2.25", .text = "queued" }, EXHIBIT_ANSWERED, 250,
			"mx.d4610.example", "queued" },
		{ { .server = "198.18.3.25", .no_mail = true }, EXHIBIT_ANSWERED, 220,
			"mx.d4611.example", "mx.d4611.example ESMTP" },
		{ { .server = "198.18.4.25", .no_mail = true, .tls = 9000 }, EXHIBIT_ENCRYPTED, 0,
			"mx.d4612.example", "" },
		{ { .server = "198.18.5.25", .no_mail = true, .greeting = "" }, EXHIBIT_SILENT, 0,
			"", "" },
		{ { .server = "198.18.6.25", .greeting = "Hello world" }, EXHIBIT_ANSWERED, 250, "",
			NULL },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct says says = cases[i].says;
		says.client = BOT;
		struct exhibit exhibit = shown(stage, says);
		assert_int_equal(exhibit.outcome, cases[i].outcome);
		assert_int_equal(exhibit.code, cases[i].code);
		assert_string_equal(exhibit.name, cases[i].name);
		if (cases[i].answer)
			assert_string_equal(exhibit.answer, cases[i].answer);
		struct address client = address_at(BOT), server = address_at(says.server);
		assert_true(address_equal(&exhibit.client.ip, &client));
		assert_true(address_equal(&exhibit.server.ip, &server));
	}
}

static void test_what_counts(void **state)
{
	static const struct {
		struct says says;
		unsigned kinds;
	} cases[] = {
		{ { .client = BOT, .server = "198.18.1.25" },
			1u << ALERT_DIRECT_TO_MX | 1u << ALERT_POLICY_BYPASS },
		{ { .client = BOT, .server = "198.18.1.25", .no_mail = true },
			1u << ALERT_POLICY_BYPASS },
		{ { .client = BOT, .server = "198.18.1.25", .port = 587 }, 0 },
		{ { .client = BOT, .server = "203.0.113.25" }, 0 },
		{ { .client = BOT, .server = "192.168.7.25" }, 0 },
		{ { .client = "192.168.7.26", .server = "198.18.1.25" }, 0 },
		{ { .client = "198.18.9.9", .server = "198.18.1.25" }, 0 },
		{ { .client = BOT, .server = "198.18.1.25", .witness = WITNESS_NONE }, 0 },
	};
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	stage->site.allow = prefixes_at("192.168.7.26");
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned kinds = shown(stage, cases[i].says).kinds;
		if (kinds != cases[i].kinds)
			fail_msg("case %zu: %x", i, kinds);
	}
}

static void test_attempts(void **state)
{
	struct stage *stage = *state;
	struct exhibit exhibit;
	struct activity activity = act_attempt(BOT, "198.18.1.25", 0, NULL);
	play(stage);
	assert_true(engine_exhibit(stage->engine, &activity, &exhibit));
	assert_int_equal(exhibit.outcome, EXHIBIT_UNANSWERED);
	assert_int_equal(exhibit.kinds, 1u << ALERT_DIRECT_TO_MX);
	activity.attempt.refused = true;
	activity.attempt.server.port = 465;
	assert_true(engine_exhibit(stage->engine, &activity, &exhibit));
	assert_int_equal(exhibit.outcome, EXHIBIT_REFUSED);
	assert_int_equal(exhibit.kinds, 0);
	activity.kind = ACTIVITY_HANDSHAKE;
	assert_false(engine_exhibit(stage->engine, &activity, &exhibit));
}

int main(void)
{
	const struct CMUnitTest tests[] = { STAGE_TEST(test_answers), STAGE_TEST(test_what_counts),
		STAGE_TEST(test_attempts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

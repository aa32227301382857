/* policy-bypass: the site's rule, what breaks it, and what it says then. */
#include "stage.h"

static void test_what_is_allowed(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	stage->site.smarthosts = prefixes_at("203.0.113.26");
	stage->site.mail_servers = prefixes_at("192.168.7.25");
	session(stage, (struct says){ .client = BOT, .server = "203.0.113.25" });
	session(stage, (struct says){ .client = BOT, .server = "203.0.113.26" });
	session(stage, (struct says){ .client = BOT, .server = "192.168.7.25" });
	session(stage, (struct says){ .client = "192.168.7.25", .server = "198.18.1.25" });
	session(stage, (struct says){ .client = BOT, .server = "198.18.1.25", .port = 587 });
	attempt(stage, BOT, 1, 0, NULL);
	assert_null(play(stage));
}

static void test_one_session_breaks_it(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	attempt(stage, BOT, 1, 0, NULL);
	session(stage, (struct says){ .client = BOT, .server = "198.18.1.25", .no_mail = true });
	const struct alert *alert = play(stage);
	assert_int_equal(alert->kind, ALERT_POLICY_BYPASS);
	assert_int_equal(alert->level, LEVEL_BLOCK);
	assert_true(alert->fact);
	assert_true(alert->confidence > 0.949 && alert->confidence < 0.951);
	assert_string_equal(alert->sentence,
		"192.168.7.108 used a mail server that the site's rule does not allow: 198.18.1.25 "
		"port 25 (1 session; site.allowed_servers: 203.0.113.25). If it may be used, add "
		"it there: --allowed-server 198.18.1.25.");
	assert_int_equal(alert->measures, 2);
	assert_string_equal(alert->measure[1].name, "denied");
	struct engine_summary summary;
	engine_summary(stage->engine, &summary);
	assert_int_equal(summary.denied, 1);
	assert_false(summary.policy_off);
}

static void test_half_seen(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	session(stage, (struct says){ .client = BOT, .server = "198.18.1.25", .marks = MARK_CUT });
	const struct alert *alert = play(stage);
	assert_false(alert->fact);
	assert_true(alert->capped && alert->confidence == 0.5);
	assert_int_equal(alert->level, LEVEL_NOTICE);
}

static void test_submission_has_its_own_switch(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	stage->settings.foreign_submission = true;
	session(stage, (struct says){ .client = BOT,
			       .server = "198.18.1.25",
			       .port = 465,
			       .greeting = "",
			       .tls = 2000 });
	const struct alert *alert = play(stage);
	assert_int_equal(alert->kind, ALERT_POLICY_BYPASS);
	assert_int_equal(alert->level, LEVEL_NOTICE);
	assert_false(alert->fact);
}

static void test_both_kinds_join(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	spread(stage, (struct says){ .client = BOT }, 1, 12, MINUTE);
	const struct alert *alert = play(stage);
	assert_null(engine_alert(stage->engine, 1));
	assert_int_equal(alert->kind, ALERT_POLICY_BYPASS);
	assert_int_equal(alert->kinds, 3);
	assert_int_equal(alert->families, 1u << FAMILY_ROUTE);
	assert_int_equal(alert->level, LEVEL_BLOCK);
	assert_non_null(strstr(alert->sentence, " It delivered mail by itself to 11 outside "));
	assert_true(alert->detect_time == BEGIN + 12 * SECOND);
}

static void test_policy_is_off_without_a_rule(void **state)
{
	struct stage *stage = *state;
	struct engine_summary summary;
	session(stage, (struct says){ .client = BOT, .server = "198.18.1.25" });
	assert_null(play(stage));
	engine_summary(stage->engine, &summary);
	assert_true(summary.policy_off);
	assert_int_equal(summary.sessions, 1);
	assert_int_equal(summary.messages_accepted, 1);
	assert_int_equal(summary.inside_clients, 1);
	assert_int_equal(summary.outside_servers, 1);
	assert_true(summary.inside_seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_what_is_allowed),
		STAGE_TEST(test_one_session_breaks_it),
		STAGE_TEST(test_half_seen),
		STAGE_TEST(test_submission_has_its_own_switch),
		STAGE_TEST(test_both_kinds_join),
		STAGE_TEST(test_policy_is_off_without_a_rule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

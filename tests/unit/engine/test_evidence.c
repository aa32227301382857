/* direct-to-mx: who is named, and above all who is not. */
#include "stage.h"

/* Ten networks; each row is excused by one thing. */
static const struct innocent {
	const char *why;
	const char *mail_server, *smarthost, *allow, *inside;
	struct says says;
} innocents[] = {
	{ .why = "own server", .says = { .client = BOT }, .mail_server = "192.168.7.108" },
	{ .why = "inside smarthost", .says = { .client = BOT }, .smarthost = "192.168.7.0/24" },
	{ .why = "allow list", .says = { .client = BOT }, .allow = "192.168.7.108" },
	{ .why = "allowed servers", .says = { .client = BOT }, .allow = "198.18.0.0/16" },
	{ .why = "through smarthosts", .says = { .client = BOT }, .smarthost = "198.18.0.0/16" },
	{ .why = "own servers outside", .says = { .client = BOT }, .mail_server = "198.18.0.0/16" },
	{ .why = "all inside", .says = { .client = BOT }, .inside = "0.0.0.0/0" },
	{ .why = "not inside", .says = { .client = BOT }, .inside = "10.0.0.0/8" },
	{ .why = "monitor", .says = { .client = BOT, .no_mail = true } },
	{ .why = "bounces", .says = { .client = BOT, .from = NULL_SENDER } },
	{ .why = "submission", .says = { .client = BOT, .port = 587 } },
	{ .why = "old submission", .says = { .client = BOT, .port = 465, .tls = 90000 } },
	{ .why = "other submission", .says = { .client = BOT, .port = 2525 } },
	{ .why = "login on 25", .says = { .client = BOT, .login = true } },
	{ .why = "monitor with TLS", .says = { .client = BOT, .tls = 511 } },
	{ .why = "one provider",
		.says = { .client = BOT, .greeting = "mx.provider.example ESMTP" } },
	{ .why = "never greeted", .says = { .client = BOT, .greeting = "" } },
	{ .why = "unproven", .says = { .client = BOT, .witness = WITNESS_NONE } },
	{ .why = "disputed", .says = { .client = BOT, .marks = MARK_OVERLAP_CONFLICT } },
	{ .why = "disputed and more",
		.says = { .client = BOT, .marks = MARK_OVERLAP_CONFLICT | MARK_GAP } },
};

static void test_innocents(void **state)
{
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(innocents); i++) {
		const struct innocent *row = &innocents[i];
		site_free(&stage->site);
		stage->site = (struct site){ 0 };
		if (row->mail_server)
			stage->site.mail_servers = prefixes_at(row->mail_server);
		if (row->smarthost)
			stage->site.smarthosts = prefixes_at(row->smarthost);
		if (row->allow)
			stage->site.allow = prefixes_at(row->allow);
		if (row->inside)
			stage->site.inside = prefixes_at(row->inside);
		spread(stage, row->says, 1, 11, MINUTE);
		if (play(stage))
			fail_msg("named although: %s", row->why);
	}
}

static void test_guilty(void **state)
{
	static const struct {
		const char *why;
		struct says says;
	} rows[] = {
		{ "deferred", { .client = BOT, .rcpt_code = 450 } },
		{ "refused", { .client = BOT, .mail_code = 530 } },
		{ "encrypted", { .client = BOT, .tls = 512 } },
		{ "odd port", { .client = BOT, .port = 3535 } },
		{ "midstream", { .client = BOT, .witness = WITNESS_MIDSTREAM } },
		{ "literal greeting", { .client = BOT, .greeting = "[mx] ESMTP" } },
		{ "IPv6", { .client = "fd00::7:108" } },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		spread(stage, rows[i].says, 1, 6, MINUTE);
		if (!play(stage))
			fail_msg("not named although: %s", rows[i].why);
		assert_null(engine_alert(stage->engine, 1));
	}
}

static void test_windows(void **state)
{
	static const struct {
		unsigned networks;
		int64_t every;
		bool named;
	} cases[] = {
		{ 4, MINUTE, false }, { 5, MINUTE, true }, { 5, 14 * MINUTE, true }, /* 56 min */
		{ 5, 15 * MINUTE, false },                            /* the fifth after 60 min */
		{ 9, 30 * MINUTE, false }, { 10, 30 * MINUTE, true }, /* the window of a day */
		{ 10, 2 * HOUR + 30 * MINUTE, true },                 /* within 22.5 h */
		{ 10, 2 * HOUR + 42 * MINUTE, false },                /* 24.3 h */
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		spread(stage, (struct says){ .client = BOT }, 1, 1 + cases[i].networks,
			cases[i].every);
		const struct alert *alert = play(stage);
		assert_int_equal(alert != NULL, cases[i].named);
		if (alert && cases[i].networks == 10)
			assert_true(alert->measure[0].window == DAY);
	}
}

static void test_marked_evidence_is_capped(void **state)
{
	static const unsigned marks[] = { MARK_ONE_SIDED, MARK_GAP, MARK_CUT };
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(marks); i++) {
		spread(stage, (struct says){ .client = BOT }, 1, 5, MINUTE);
		spread(stage, (struct says){ .client = BOT, .marks = marks[i], .at = 9 * MINUTE },
			5, 12, MINUTE);
		const struct alert *alert = play(stage);
		assert_true(alert->confidence == 0.5);
		assert_true(alert->capped);
		assert_non_null(strstr(alert->why_capped, "seen in part"));
		assert_non_null(alert->not_visible);
		assert_true(alert->measure[0].value == 11);
	}
	spread(stage, (struct says){ .client = BOT }, 1, 6, MINUTE);
	spread(stage, (struct says){ .client = BOT, .marks = MARK_GAP }, 6, 12, MINUTE);
	const struct alert *alert = play(stage);
	assert_false(alert->capped);
	assert_true(alert->confidence == 0.55);
	assert_true(alert->measure[0].value == 5);
}

static void test_client_side_alone(void **state)
{
	struct stage *stage = *state;
	struct says says = { .client = BOT, .marks = MARK_ONE_SIDED, .greeting = "" };
	spread(stage, says, 1, 8, MINUTE);
	const struct alert *alert = play(stage);
	assert_true(alert->capped);
	assert_true(alert->confidence == 0.5);
}

static void test_many_networks(void **state)
{
	struct stage *stage = *state;
	spread(stage, (struct says){ .client = BOT }, 0, 200, 5 * SECOND);
	const struct alert *alert = play(stage);
	assert_true(alert->measure[0].value == 64);
	assert_non_null(strstr(alert->sentence, "to 64 or more outside networks within 1 h"));
	assert_in_range(alert->networks, 170, 230);
	assert_in_range(alert->peers, 170, 230);
	assert_true(alert->confidence > 0.78 && alert->confidence < 0.8);
	assert_true(stage->totals.count[HOST_MEMBERS_FULL] > 0);
}

static void test_tries_need_proof(void **state)
{
	static const struct {
		const char *why, *client, *mac;
		int64_t at; /* of the proof; negative: none */
		bool named;
	} cases[] = {
		{ "no proof", BOT, "macbot", -1, false },
		{ "before", BOT, "macbot", 11 * MINUTE, true },
		{ "behind", BOT, "macbot", 29 * MINUTE, true },
		{ "long before", BOT, "macbot", 9 * MINUTE, false },
		{ "long behind", BOT, "macbot", 32 * MINUTE, false },
		{ "by its MAC", "192.168.7.109", "macbot", 29 * MINUTE, true },
		{ "by another MAC", "192.168.7.109", "macoth", 29 * MINUTE, false },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (unsigned n = 0; n < 31; n++)
			attempt(stage, BOT, n, 20 * MINUTE + n * SECOND, "macbot");
		if (cases[i].at >= 0)
			add(stage, act_handshake(cases[i].client, cases[i].at, cases[i].mac));
		const struct alert *alert = play(stage);
		if ((alert != NULL) != cases[i].named)
			fail_msg("wrong: %s", cases[i].why);
		if (!alert)
			continue;
		assert_string_equal(alert->sentence,
			BOT " tried 31 networks on port 25 within 1 h without any answer (limit "
			    "20): it looks like a bot behind a firewall that blocks port 25.");
		assert_true(alert->attempts_only);
		assert_true(alert->confidence > 0.53 && alert->confidence < 0.54);
		assert_int_equal(alert->attempts, 31);
		assert_int_equal(alert->sessions, 0);
		assert_true(alert->event_time == BEGIN + 20 * MINUTE);
	}
}

static void test_router_proves_nothing(void **state)
{
	struct stage *stage = *state;
	for (unsigned addresses = 8; addresses <= 9; addresses++) {
		char other[ADDRESS_TEXT];
		for (unsigned i = 1; i < addresses; i++) {
			snprintf(other, sizeof(other), "192.168.7.%u", i);
			add(stage, act_handshake(other, MINUTE, "router"));
		}
		for (unsigned n = 0; n < 31; n++)
			attempt(stage, BOT, n, 2 * MINUTE + n * SECOND, "router");
		assert_int_equal(play(stage) != NULL, addresses == 8);
	}
	/* it turns out a router only later */
	add(stage, act_handshake("192.168.7.1", MINUTE, "router"));
	for (unsigned n = 0; n < 31; n++)
		attempt(stage, BOT, n, 2 * MINUTE + n * SECOND, "router");
	for (unsigned i = 2; i < 10; i++) {
		char other[ADDRESS_TEXT];
		snprintf(other, sizeof(other), "192.168.7.%u", i);
		add(stage, act_handshake(other, HOUR, "router"));
	}
	assert_null(play(stage));
}

static void test_silent_connections_are_tries(void **state)
{
	struct stage *stage = *state;
	for (unsigned n = 0; n < 25; n++) {
		char server[ADDRESS_TEXT];
		snprintf(server, sizeof(server), "198.19.%u.25", n);
		struct activity activity = act_session((struct says){ .client = BOT,
							       .server = server,
							       .greeting = "",
							       .no_mail = true,
							       .at = n * SECOND },
			&stage->totals);
		activity.session->helo = NULL;
		activity.session->counters = (struct session_counters){ 0 };
		add(stage, activity);
	}
	const struct alert *alert = play(stage);
	assert_true(alert->attempts_only);
	assert_int_equal(alert->attempts, 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_innocents),
		STAGE_TEST(test_guilty),
		STAGE_TEST(test_windows),
		STAGE_TEST(test_marked_evidence_is_capped),
		STAGE_TEST(test_client_side_alone),
		STAGE_TEST(test_many_networks),
		STAGE_TEST(test_tries_need_proof),
		STAGE_TEST(test_router_proves_nothing),
		STAGE_TEST(test_silent_connections_are_tries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

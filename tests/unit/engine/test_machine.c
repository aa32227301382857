/* One machine, several addresses: when they are one suspect, when they are not, and what becomes of
 * it when a MAC turns out a router's. And the mail servers that a machine looked up. */
#include "stage.h"

#define OURS "\0\14\51\115\37\246"
#define THEIRS "\0\24\42\136\1\12"
#define TEMPORARY "fd00:7::5c1f:93ab:77e2:1a04"

static void hear(struct stage *stage, const char *address, const char *mac, int64_t at)
{
	add(stage, act_neighbour(address, at, mac));
}

static bool has_address(const struct alert *alert, const char *address)
{
	struct address wanted = address_at(address);
	for (unsigned i = 0; i < alert->addresses; i++)
		if (address_equal(&alert->address[i], &wanted))
			return true;
	return false;
}

/* Three networks by each of two addresses: one suspect, or none. */
static const struct alert *play_two(struct stage *stage, int64_t heard_at)
{
	struct says bot = { .client = BOT, .mac = OURS };
	spread(stage, bot, 1, 4, SECOND);
	bot.client = TEMPORARY;
	bot.at = MINUTE;
	spread(stage, bot, 3, 7, SECOND); /* one of them the same */
	if (heard_at >= 0) {
		hear(stage, BOT, OURS, heard_at);
		hear(stage, TEMPORARY, OURS, heard_at);
	}
	return play(stage);
}

static void test_two_addresses_are_one(void **state)
{
	struct stage *stage = *state;
	assert_null(play_two(stage, -1)); /* the MAC alone does not say so */
	const struct alert *alert = play_two(stage, 0);
	assert_non_null(alert);
	assert_null(engine_alert(stage->engine, 1));
	assert_int_equal(alert->addresses, 2);
	assert_true(has_address(alert, BOT) && has_address(alert, TEMPORARY));
	assert_true(alert->measure[0].value == 6);
	assert_int_equal(alert->networks, 6);
	assert_int_equal(alert->sessions, 7);
	assert_int_equal(alert->accepted, 7);
	assert_true(alert->event_time == BEGIN);
	assert_true(alert->samples >= 3);
	struct engine_summary summary;
	engine_summary(stage->engine, &summary);
	assert_int_equal(summary.inside_clients, 1);
}

/* Each is a suspect before it shows that they are one. */
static void test_late_tie_joins_stories(void **state)
{
	struct stage *stage = *state;
	for (int i = 0; i < 2; i++) { /* with and without more evidence */
		struct says bot = { .client = BOT, .mac = OURS };
		spread(stage, bot, 1, 8, SECOND);
		bot.client = TEMPORARY;
		bot.at = MINUTE;
		spread(stage, bot, 5, 14, SECOND);
		hear(stage, BOT, OURS, 5 * MINUTE);
		hear(stage, TEMPORARY, OURS, 5 * MINUTE);
		bot.at = 6 * MINUTE;
		if (i)
			spread(stage, bot, 14, 15, SECOND);
		const struct alert *alert = play(stage);
		assert_non_null(alert);
		assert_null(engine_alert(stage->engine, 1));
		assert_int_equal(alert->addresses, 2);
		assert_true(alert->address[0].byte[0] == 0xfd); /* the busier */
		assert_int_equal(alert->networks, i ? 14 : 13);
		assert_true(alert->measure[0].value == (i ? 14 : 9));
		assert_true(alert->event_time == BEGIN);
		assert_true(alert->detect_time == BEGIN + 4 * SECOND + 12 * SECOND);
	}
}

static void test_claims_that_tie_nothing(void **state)
{
	struct stage *stage = *state;
	hear(stage, BOT, THEIRS, 0); /* said to be elsewhere too */
	assert_null(play_two(stage, 0));
	hear(stage, TEMPORARY, THEIRS, HOUR); /* even if only later */
	assert_null(play_two(stage, 0));
}

/* A bot says that everybody's address is its own. */
static void test_claims_of_others_addresses(void **state)
{
	struct stage *stage = *state;
	struct says bot = { .client = BOT, .mac = OURS };
	struct says victim = { .client = "192.168.7.50", .mac = THEIRS };
	spread(stage, bot, 1, 8, SECOND);
	spread(stage, victim, 1, 3, SECOND);
	hear(stage, BOT, OURS, 0);
	for (unsigned i = 40; i < 60; i++) {
		char address[ADDRESS_TEXT];
		snprintf(address, sizeof(address), "192.168.7.%u", i);
		hear(stage, address, OURS, i * SECOND);
	}
	add(stage, act_attempt("192.168.7.50", "198.18.9.25", 2 * MINUTE, OURS)); /* forged */
	add(stage, act_attempt(BOT, "198.18.9.25", 2 * MINUTE, THEIRS));
	const struct alert *alert = play(stage);
	assert_int_equal(alert->addresses, 1);
	assert_true(has_address(alert, BOT));
	assert_true(alert->has_mac && !memcmp(alert->mac, OURS, 6));
	assert_null(engine_alert(stage->engine, 1));
}

static void say_there(struct stage *stage, unsigned number, int64_t at)
{
	char address[ADDRESS_TEXT];
	snprintf(address, sizeof(address), "192.168.8.%u", number);
	hear(stage, address, OURS, at);
	add(stage, act_handshake(address, at, OURS));
}

/* Who answers for many addresses is a router: nothing of one is held against another, whenever that
 * shows. */
static void test_router_ties_nothing(void **state)
{
	struct stage *stage = *state;
	for (int late = 0; late < 2; late++) {
		for (unsigned i = 1; i <= 9; i++)
			say_there(stage, i, late && i > 4 ? HOUR : 0);
		for (unsigned i = 1; i <= 4; i++) {
			char address[ADDRESS_TEXT];
			snprintf(address, sizeof(address), "192.168.8.%u", i);
			struct says says = { .client = address, .mac = OURS, .at = MINUTE };
			spread(stage, says, 2 * i, 2 * i + 2, SECOND);
		}
		assert_null(play(stage));
	}
}

static void test_bot_behind_router(void **state)
{
	struct stage *stage = *state;
	for (int late = 0; late < 2; late++) {
		for (unsigned i = 1; i <= 9; i++)
			say_there(stage, i, late && i > 3 ? HOUR : 0);
		struct says says = { .client = "192.168.8.1", .mac = OURS, .at = MINUTE };
		spread(stage, says, 1, 4, SECOND); /* opens the story, with the next */
		says.client = "192.168.8.2";
		says.at = 2 * MINUTE;
		spread(stage, says, 3, 10, SECOND);
		const struct alert *alert = play(stage);
		assert_non_null(alert);
		assert_null(engine_alert(stage->engine, 1));
		assert_int_equal(alert->addresses, 1);
		assert_true(has_address(alert, "192.168.8.2"));
		assert_true(alert->measure[0].value == 7);
		assert_int_equal(alert->networks, 7);
		assert_true(alert->event_time >= BEGIN + 2 * MINUTE);
	}
}

static void test_policy_of_one_machine(void **state)
{
	struct stage *stage = *state;
	stage->site.allowed_servers = prefixes_at("203.0.113.25");
	hear(stage, BOT, OURS, 0);
	hear(stage, TEMPORARY, OURS, 0);
	spread(stage, (struct says){ .client = BOT, .mac = OURS }, 1, 2, SECOND);
	spread(stage, (struct says){ .client = TEMPORARY, .mac = OURS, .at = MINUTE }, 2, 4,
		SECOND);
	const struct alert *alert = play(stage);
	assert_int_equal(alert->kind, ALERT_POLICY_BYPASS);
	assert_int_equal(alert->addresses, 2);
	assert_true(alert->measure[0].value == 3);
	assert_null(engine_alert(stage->engine, 1));
}

/* A mail server by one of its addresses is one by all. */
static void test_role_of_one_machine(void **state)
{
	struct stage *stage = *state;
	stage->site.mail_servers = prefixes_at(BOT);
	assert_null(play_two(stage, 0));
}

static void test_tries_of_one_machine(void **state)
{
	struct stage *stage = *state;
	for (int joined = 0; joined < 2; joined++) {
		add(stage, act_handshake(BOT, 0, OURS));
		add(stage, act_handshake(TEMPORARY, 0, OURS));
		for (unsigned net = 1; net <= 12; net++)
			attempt(stage, BOT, net, net * SECOND, OURS);
		for (unsigned net = 11; net <= 22; net++)
			attempt(stage, TEMPORARY, net, net * SECOND, OURS);
		if (joined) {
			hear(stage, BOT, OURS, 0);
			hear(stage, TEMPORARY, OURS, 0);
		}
		const struct alert *alert = play(stage);
		assert_int_equal(alert != NULL, joined);
		if (!joined)
			continue;
		assert_true(alert->attempts_only);
		assert_true(alert->measure[0].value == 22);
		assert_int_equal(alert->attempts, 24);
	}
}

/* Two addresses of one machine are not two machines that share a smarthost. */
static void test_no_smarthost_of_one_client(void **state)
{
	struct stage *stage = *state;
	hear(stage, TEMPORARY, OURS, 0);
	hear(stage, "fd00:7::1", OURS, 0);
	session(stage, (struct says){ .client = TEMPORARY, .server = "2001:db8::25", .mac = OURS });
	session(stage, (struct says){ .client = "fd00:7::1",
			       .server = "2001:db8::25",
			       .mac = OURS,
			       .at = SECOND });
	play(stage);
	assert_null(role_of(stage, "2001:db8::25"));
}

static void look_up(struct stage *stage, const char *client, unsigned domains, const char *mac)
{
	char domain[32];
	for (unsigned i = 0; i < domains; i++) {
		snprintf(domain, sizeof(domain), i % 2 ? "d%u.example" : "D%u.EXAMPLE", i);
		add(stage, act_mx_query(client, domain, i, mac));
		snprintf(domain, sizeof(domain), "d%u.example", i);
		add(stage, act_mx_query(client, domain, MINUTE + i, mac)); /* the same again */
	}
}

static void test_lookups_add_to_networks(void **state)
{
	static const struct {
		unsigned networks, domains;
		const char *client, *mac;
		int64_t later;
		bool named;
	} rows[] = {
		{ 2, 6, BOT, OURS, 0, true },
		{ 2, 5, BOT, OURS, 0, false },
		{ 2, 64, BOT, OURS, 0, true },
		{ 1, 64, BOT, OURS, 0, false }, /* three at most */
		{ 4, 2, BOT, OURS, 0, true },
		{ 4, 1, BOT, OURS, 0, false },
		{ 4, 4, BOT, NULL, 0, true },
		{ 4, 4, BOT, THEIRS, 0, false }, /* another's frames */
		{ 4, 4, "192.168.7.9", OURS, 0, false },
		{ 4, 4, BOT, OURS, 2 * HOUR, false },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		look_up(stage, rows[i].client, rows[i].domains, rows[i].mac);
		spread(stage,
			(struct says){
				.client = BOT, .mac = OURS, .at = 2 * MINUTE + rows[i].later },
			1, 1 + rows[i].networks, SECOND);
		const struct alert *alert = play(stage);
		if ((alert != NULL) != rows[i].named)
			fail_msg("row %zu", i);
		if (!alert)
			continue;
		assert_true(alert->measure[0].value == rows[i].networks);
		assert_string_equal(alert->measure[2].name, "lookups");
		assert_true(alert->measure[2].threshold == 0);
		assert_non_null(strstr(alert->sentence, "looked up the mail servers of"));
	}
}

/* Queries alone accuse nobody, and make nobody known: a resolver asks for all. */
static void test_lookups_alone(void **state)
{
	struct stage *stage = *state;
	look_up(stage, BOT, 64, OURS);
	look_up(stage, "198.18.1.1", 64, OURS);
	for (unsigned net = 1; net <= 30; net++)
		attempt(stage, BOT, net, 3 * MINUTE + net * SECOND, OURS);
	assert_null(play(stage)); /* the tries are not proven either */
	stage->site.allow = prefixes_at(BOT);
	look_up(stage, BOT, 64, OURS);
	assert_null(play(stage));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_two_addresses_are_one),
		STAGE_TEST(test_late_tie_joins_stories),
		STAGE_TEST(test_claims_that_tie_nothing),
		STAGE_TEST(test_claims_of_others_addresses),
		STAGE_TEST(test_router_ties_nothing),
		STAGE_TEST(test_bot_behind_router),
		STAGE_TEST(test_policy_of_one_machine),
		STAGE_TEST(test_role_of_one_machine),
		STAGE_TEST(test_tries_of_one_machine),
		STAGE_TEST(test_no_smarthost_of_one_client),
		STAGE_TEST(test_lookups_add_to_networks),
		STAGE_TEST(test_lookups_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

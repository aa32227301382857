/* From activities to alerts: numbers, ids, roles, stories, order, and a full table. */
#include "stage.h"

static void test_bot_is_named(void **state)
{
	struct stage *stage = *state;
	struct says bot = { .client = BOT, .mails = 2, .mac = "\0\14\51\115\37\246" };
	spread(stage, bot, 1, 8, 20 * SECOND);
	bot.at = 7 * 20 * SECOND;
	bot.mails = 1;
	bot.rcpt_code = 554;
	bot.text = "5.7.1 Service unavailable; blocked using zen.blocklist.example";
	spread(stage, bot, 8, 13, 20 * SECOND);
	const struct alert *alert = play(stage);
	assert_non_null(alert);
	assert_null(engine_alert(stage->engine, 1));
	assert_string_equal(alert->sentence,
		"192.168.7.108 delivered mail by itself to 12 outside networks within 1 h (limit "
		"5): 14 messages accepted, 5 refused; it is not a known mail server.");
	assert_int_equal(alert->kind, ALERT_DIRECT_TO_MX);
	assert_int_equal(alert->kinds, 1u << ALERT_DIRECT_TO_MX);
	assert_int_equal(alert->families, 1u << FAMILY_ROUTE);
	assert_int_equal(alert->level, LEVEL_NOTICE);
	assert_true(alert->confidence > 0.695 && alert->confidence < 0.696); /* 0.55+0.25*7/12 */
	assert_false(alert->capped);
	assert_false(alert->fact);
	assert_false(alert->attempts_only);
	assert_int_equal(alert->role, ROLE_CLIENT);
	assert_true(alert->event_time == BEGIN);
	assert_true(alert->detect_time == BEGIN + 4 * 20 * SECOND + 12 * SECOND);
	assert_true(alert->cease_time == BEGIN + 11 * 20 * SECOND + 2 * SECOND);
	assert_int_equal(alert->sessions, 12);
	assert_int_equal(alert->messages, 19);
	assert_int_equal(alert->accepted, 14);
	assert_int_equal(alert->refused, 5);
	assert_int_equal(alert->recipients, 19);
	assert_int_equal(alert->networks, 12);
	assert_int_equal(alert->peers, 12);
	assert_true(alert->has_mac);
	assert_string_equal(alert->measure[0].name, "networks");
	assert_true(alert->measure[0].value == 12 && alert->measure[0].threshold == 5);
	assert_true(alert->measure[0].window == HOUR);
	assert_null(alert->not_visible);
	assert_int_equal(alert->samples, 6); /* the same refusal is told once */
	assert_int_equal(alert->sample[0].code, 554);
	assert_int_equal(alert->sample[1].code, 250);
}

static void test_id_is_derived(void **state)
{
	struct stage *stage = *state;
	char id[UUID_TEXT];
	spread(stage, (struct says){ .client = BOT }, 1, 6, SECOND);
	memcpy(id, play(stage)->id, UUID_TEXT);
	assert_int_equal(id[14], '5');
	spread(stage, (struct says){ .client = BOT }, 1, 9, SECOND);
	assert_string_equal(play(stage)->id, id);
	spread(stage, (struct says){ .client = "192.168.7.109" }, 1, 6, SECOND);
	assert_string_not_equal(play(stage)->id, id);
}

static void add_pair(struct stage *stage, struct says first, struct says second)
{
	session(stage, first);
	session(stage, second);
}

/* Equal times: only the connection's number orders them. */
static void test_ties_do_not_matter(void **state)
{
	struct stage *stage = *state;
	char id[UUID_TEXT], sentence[512];
	struct says a = { .client = BOT, .server = "198.18.20.25" }, b = a;
	b.server = "198.18.21.25";
	b.final_code = 550;
	spread(stage, (struct says){ .client = BOT }, 1, 6, 0);
	add_pair(stage, a, b);
	const struct alert *alert = play(stage);
	memcpy(id, alert->id, UUID_TEXT);
	snprintf(sentence, sizeof(sentence), "%s", alert->sentence);
	add_pair(stage, b, a);
	spread(stage, (struct says){ .client = BOT }, 1, 6, 0);
	alert = play(stage);
	assert_string_equal(alert->id, id);
	assert_string_equal(alert->sentence, sentence);
}

static void receive(struct stage *stage, unsigned messages, int64_t every)
{
	for (unsigned i = 0; i < messages; i++) {
		char client[ADDRESS_TEXT];
		snprintf(client, sizeof(client), "203.0.%u.9", 1 + i % 5);
		session(stage, (struct says){ .client = client, .server = BOT, .at = i * every });
	}
}

static void test_roles_learned(void **state)
{
	struct stage *stage = *state;
	receive(stage, 12, 15 * MINUTE); /* over 2 h 45 min */
	spread(stage, (struct says){ .client = BOT, .at = HOUR }, 1, 12, MINUTE);
	assert_null(play(stage));
	const struct engine_role *role = role_of(stage, BOT);
	assert_int_equal(role->role, ROLE_SERVER);
	assert_false(role->configured);
	assert_true(role->inside);
	assert_string_equal(role->reason,
		"it accepted 12 messages from 3 or more outside networks over 2 h 45 min");

	receive(stage, 1, MINUTE);
	spread(stage, (struct says){ .client = BOT, .at = HOUR }, 1, 12, MINUTE);
	const struct alert *alert = play(stage);
	assert_int_equal(alert->role, ROLE_SERVER_PRESUMED);
	assert_true(alert->confidence == 0.5 && alert->capped);
	assert_non_null(strstr(alert->why_capped, "--mail-server"));
	assert_string_equal(alert->role_reason, "it accepted a message from outside");

	receive(stage, 1, MINUTE); /* one message is not enough in three hours */
	spread(stage, (struct says){ .client = BOT, .at = 3 * HOUR }, 1, 12, MINUTE);
	assert_false(play(stage)->capped);
}

static void test_sender_that_looks_like_a_server(void **state)
{
	struct stage *stage = *state;
	struct says says = {
		.client = BOT, .helo = "mail.office.example", .from = "jana@office.example"
	};
	spread(stage, says, 1, 12, MINUTE);
	const struct alert *alert = play(stage);
	assert_int_equal(alert->role, ROLE_SERVER_PRESUMED);
	assert_true(alert->confidence == 0.5);
	assert_non_null(strstr(alert->sentence, "it is a mail server or a bot"));
	spread(stage, says, 1, 12, MINUTE);
	says.from = "winner@prize.example";
	spread(stage, says, 12, 13, MINUTE);
	assert_int_equal(play(stage)->role, ROLE_CLIENT);
}

static void test_smarthost_learned(void **state)
{
	struct stage *stage = *state;
	struct says says = { .client = "192.168.7.1", .server = "203.0.113.25" };
	session(stage, says);
	says.client = "192.168.7.2";
	session(stage, says);
	play(stage);
	const struct engine_role *role = role_of(stage, "203.0.113.25");
	assert_int_equal(role->role, ROLE_SMARTHOST);
	assert_false(role->inside);

	/* what two bots share is none */
	for (unsigned i = 1; i <= 2; i++) {
		char client[ADDRESS_TEXT];
		snprintf(client, sizeof(client), "192.168.7.%u", i);
		spread(stage, (struct says){ .client = client, .at = i * SECOND }, 1, 7,
			6 * MINUTE);
	}
	play(stage);
	assert_non_null(engine_alert(stage->engine, 1));
	assert_null(role_of(stage, "198.18.1.25"));
}

static void test_stories(void **state)
{
	struct stage *stage = *state;
	spread(stage, (struct says){ .client = BOT }, 1, 7, MINUTE);
	spread(stage, (struct says){ .client = BOT, .at = 20 * HOUR }, 1, 2, MINUTE);
	spread(stage, (struct says){ .client = BOT, .at = 50 * HOUR }, 1, 9, MINUTE);
	const struct alert *second = play(stage), *first = engine_alert(stage->engine, 1);
	assert_non_null(first);
	assert_null(engine_alert(stage->engine, 2));
	assert_true(first->cease_time == BEGIN + 20 * HOUR + 2 * SECOND);
	assert_string_equal(first->related, "");
	assert_true(second->event_time == BEGIN + 50 * HOUR);
	assert_string_equal(second->related, first->id);
	assert_string_not_equal(second->id, first->id);

	spread(stage, (struct says){ .client = BOT }, 1, 7, MINUTE);
	spread(stage, (struct says){ .client = BOT, .at = 8 * DAY }, 1, 9, MINUTE);
	assert_string_equal(play(stage)->related, "");
}

static void test_order_of_alerts(void **state)
{
	struct stage *stage = *state;
	spread(stage, (struct says){ .client = "192.168.7.9" }, 1, 7, MINUTE);
	spread(stage, (struct says){ .client = "192.168.7.8" }, 1, 7, MINUTE);
	spread(stage, (struct says){ .client = "192.168.7.7" }, 1, 12, MINUTE);
	play(stage);
	static const char *const order[] = { "192.168.7.7", "192.168.7.8", "192.168.7.9" };
	for (size_t i = 0; i < COUNT(order); i++) {
		char text[ADDRESS_TEXT];
		const struct alert *alert = engine_alert(stage->engine, i);
		assert_string_equal(address_text(&alert->address[0], text), order[i]);
	}
}

/* More suspects than the table holds: the bot that goes on is still named, and it is told what was
 * given up. */
static void test_full_table(void **state)
{
	struct stage *stage = *state;
	stage->settings.hosts = 16;
	for (unsigned i = 0; i < 120; i++) {
		char client[ADDRESS_TEXT];
		snprintf(client, sizeof(client), "192.168.9.%u", i);
		add(stage, act_handshake(client, i * SECOND, NULL));
		attempt(stage, client, 1, 200 * SECOND, NULL);
		spread(stage, (struct says){ .client = client, .at = 300 * SECOND + i * SECOND }, 1,
			7, SECOND / 100);
	}
	spread(stage, (struct says){ .client = BOT, .at = HOUR }, 1, 20, SECOND);
	const struct alert *alert = play(stage);
	char text[ADDRESS_TEXT];
	assert_string_equal(address_text(&alert->address[0], text), BOT);
	assert_true(stage->totals.count[HOSTS_FULL] > 0);
	assert_true(stage->totals.count[STORIES_FULL] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(test_bot_is_named),
		STAGE_TEST(test_id_is_derived),
		STAGE_TEST(test_ties_do_not_matter),
		STAGE_TEST(test_roles_learned),
		STAGE_TEST(test_sender_that_looks_like_a_server),
		STAGE_TEST(test_smarthost_learned),
		STAGE_TEST(test_stories),
		STAGE_TEST(test_order_of_alerts),
		STAGE_TEST(test_full_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

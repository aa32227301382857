/* The whole way from activities to alerts: who is named, with which numbers, and above all who is
 * not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../detect/acts.h"
#include "engine/engine.h"

#define BOT "192.168.7.108"
#define ACTS_MAX 4096

struct stage {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct site site;
	struct detect_settings settings;
	struct engine *engine;
	struct activity acts[ACTS_MAX];
	size_t count;
};

static int set_up(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	stage->seen.total = &stage->totals;
	detect_settings_init(&stage->settings);
	*state = stage;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *stage = *state;
	engine_free(stage->engine);
	site_free(&stage->site);
	free(stage);
	return 0;
}

static void add(struct stage *stage, struct activity activity)
{
	assert(stage->count < ACTS_MAX);
	stage->acts[stage->count++] = activity;
}

static void session(struct stage *stage, struct says says)
{
	add(stage, act_session(says, &stage->totals));
}

static void attempt(
	struct stage *stage, const char *client, unsigned net, int64_t at, const char *mac)
{
	char server[ADDRESS_TEXT];
	snprintf(server, sizeof(server), "198.19.%u.25", net);
	add(stage, act_attempt(client, server, at, mac));
}

/* `client` gives mail to the networks from..to-1, one each `every`. */
static void spread(struct stage *stage, struct says says, unsigned from, unsigned to, int64_t every)
{
	char server[ADDRESS_TEXT];
	for (unsigned i = from; i < to; i++) {
		snprintf(server, sizeof(server), "198.18.%u.25", i);
		says.server = server;
		session(stage, says);
		says.at += every;
	}
}

static int compare(const void *a, const void *b)
{
	return activity_compare(a, b);
}

/* Plays all activities in their order; the best alert or NULL. */
static const struct alert *play(struct stage *stage)
{
	engine_free(stage->engine);
	stage->engine = engine_new(&stage->site, &stage->settings, &stage->seen);
	assert_non_null(stage->engine);
	qsort(stage->acts, stage->count, sizeof(*stage->acts), compare);
	for (size_t i = 0; i < stage->count; i++) {
		engine_take(stage->engine, &stage->acts[i]);
		activity_free(&stage->acts[i]);
	}
	stage->count = 0;
	engine_finish(stage->engine);
	return engine_alert(stage->engine, 0);
}

static const struct engine_role *role_of(const struct stage *stage, const char *address)
{
	struct address wanted = address_at(address);
	const struct engine_role *role;
	for (size_t i = 0; (role = engine_role(stage->engine, i)); i++)
		if (address_equal(&role->address, &wanted))
			return role;
	return NULL;
}

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

static void test_policy(void **state)
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

	session(stage, (struct says){ .client = BOT, .server = "198.18.1.25", .marks = MARK_CUT });
	alert = play(stage);
	assert_false(alert->fact);
	assert_true(alert->capped && alert->confidence == 0.5);
	assert_int_equal(alert->level, LEVEL_NOTICE);

	stage->settings.foreign_submission = true;
	session(stage, (struct says){ .client = BOT,
			       .server = "198.18.1.25",
			       .port = 465,
			       .greeting = "",
			       .tls = 2000 });
	alert = play(stage);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_bot_is_named),
		TEST(test_id_is_derived),
		TEST(test_ties_do_not_matter),
		TEST(test_innocents),
		TEST(test_guilty),
		TEST(test_windows),
		TEST(test_marked_evidence_is_capped),
		TEST(test_client_side_alone),
		TEST(test_many_networks),
		TEST(test_tries_need_proof),
		TEST(test_router_proves_nothing),
		TEST(test_silent_connections_are_tries),
		TEST(test_roles_learned),
		TEST(test_sender_that_looks_like_a_server),
		TEST(test_smarthost_learned),
		TEST(test_policy),
		TEST(test_both_kinds_join),
		TEST(test_policy_is_off_without_a_rule),
		TEST(test_stories),
		TEST(test_order_of_alerts),
		TEST(test_full_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The host table: who is given up first, what stays of a demoted host, and that a small table costs
 * little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "acts.h"
#include "detect/host.h"

struct ground {
	struct anomaly_totals totals;
	struct anomalies seen;
	struct hosts *hosts;
	struct site site;
};

static int set_up(void **state)
{
	struct ground *ground = calloc(1, sizeof(*ground));
	ground->seen.total = &ground->totals;
	ground->hosts = hosts_new(16, &ground->seen);
	*state = ground;
	return ground->hosts ? 0 : -1;
}

static int tear_down(void **state)
{
	struct ground *ground = *state;
	hosts_free(ground->hosts);
	free(ground);
	return 0;
}

static struct host *see(struct ground *ground, unsigned number, bool proven)
{
	char text[ADDRESS_TEXT];
	snprintf(text, sizeof(text), "192.168.7.%u", number);
	struct endpoint end = end_at(text, 0, NULL);
	struct host *host = hosts_see(ground->hosts, &end, proven);
	if (host && proven)
		hosts_prove(ground->hosts, host, BEGIN);
	return host;
}

static bool known(const struct ground *ground, unsigned number)
{
	char text[ADDRESS_TEXT];
	snprintf(text, sizeof(text), "192.168.7.%u", number);
	struct address address = address_at(text);
	return hosts_find(ground->hosts, &address);
}

static void reach(struct ground *ground, struct host *host, unsigned net, int64_t at)
{
	char text[ADDRESS_TEXT];
	struct encounter encounter;
	snprintf(text, sizeof(text), "198.18.%u.25", net);
	struct activity activity =
		act_session((struct says){ .client = "192.168.7.1", .server = text, .at = at },
			&ground->totals);
	encounter_read(&encounter, activity.session, activity.final, &ground->site);
	hosts_reach(ground->hosts, host, &encounter);
	activity_free(&activity);
}

static void test_order_of_giving_up(void **state)
{
	struct ground *ground = *state;
	for (unsigned i = 1; i <= 4; i++)
		see(ground, i, false);
	for (unsigned i = 5; i <= 16; i++)
		see(ground, i, true);
	struct host *suspect = see(ground, 5, true); /* promoted, and used last but one */
	for (unsigned net = 1; net <= 3; net++)
		reach(ground, suspect, net, net * SECOND);
	assert_int_equal(suspect->entry.list, HOST_PROMOTED);
	see(ground, 1, false); /* 2 is the oldest unproven now */
	for (unsigned i = 17; i <= 20; i++) {
		see(ground, i, true);
		assert_true(known(ground, i));
	}
	for (unsigned i = 1; i <= 4; i++)
		assert_false(known(ground, i));
	assert_int_equal(ground->totals.count[HOSTS_UNPROVEN_FULL], 4);
	assert_int_equal(ground->totals.count[HOSTS_FULL], 0);
	for (unsigned i = 21; i <= 35; i++)
		see(ground, i, true);
	assert_true(known(ground, 5));
	assert_false(known(ground, 6));
	assert_false(known(ground, 20));
	assert_int_equal(ground->totals.count[HOSTS_FULL], 15);
}

static void test_held_stay(void **state)
{
	struct ground *ground = *state;
	for (unsigned i = 1; i <= 16; i++) {
		struct host *host = see(ground, i, true);
		host->story = 1;
		hosts_hold(ground->hosts, host);
	}
	assert_null(see(ground, 17, true));
	struct host *oldest = hosts_held_too_many(ground->hosts);
	assert_int_equal(oldest->entry.address.byte[15], 1);
	hosts_release(ground->hosts, oldest);
	assert_int_equal(oldest->entry.list, HOST_SMALL);
	assert_non_null(see(ground, 17, true));
	assert_false(known(ground, 1));
}

static void test_demoted_host_keeps_two_networks(void **state)
{
	struct ground *ground = *state;
	struct host *hosts[6];
	for (unsigned i = 0; i < COUNT(hosts); i++) {
		hosts[i] = see(ground, 1 + i, true);
		for (unsigned net = 1; net <= 4; net++)
			reach(ground, hosts[i], net, net * SECOND);
	}
	assert_int_equal(ground->totals.count[HOSTS_DEMOTED], 2);
	assert_int_equal(hosts[0]->entry.list, HOST_SMALL);
	assert_int_equal(hosts_networks(ground->hosts, hosts[0]), 2);
	assert_int_equal(hosts_count(ground->hosts, hosts[0], MEMBERS_HOUR).clean, 2);
	assert_int_equal(hosts_networks(ground->hosts, hosts[5]), 4);
	assert_int_equal(hosts_count(ground->hosts, hosts[5], MEMBERS_HOUR).clean, 4);
	assert_int_equal(hosts_peers(ground->hosts, hosts[5]), 4);
	reach(ground, hosts[0], 7, 9 * SECOND);
	assert_int_equal(hosts_networks(ground->hosts, hosts[0]), 3);
}

static void test_late_news(void **state)
{
	struct ground *ground = *state;
	struct host *host = see(ground, 1, true);
	reach(ground, host, 1, 2 * HOUR);
	reach(ground, host, 2, 0); /* a long session that ended first is told last */
	assert_int_equal(hosts_count(ground->hosts, host, MEMBERS_HOUR).clean, 1);
	assert_int_equal(hosts_count(ground->hosts, host, MEMBERS_DAY).clean, 2);
	assert_true(host->evidence_first == BEGIN);
	assert_true(host->evidence_last == BEGIN + 2 * HOUR + 2 * SECOND);
}

static void test_tries_of_many_unproven(void **state)
{
	struct ground *ground = *state;
	for (unsigned i = 1; i <= 15; i++) {
		char client[ADDRESS_TEXT];
		snprintf(client, sizeof(client), "192.168.7.%u", i);
		struct activity activity = act_attempt(client, "198.18.1.25", 0, NULL);
		struct host *host = see(ground, i, false);
		hosts_try(ground->hosts, host, &activity.attempt);
		assert_non_null(hosts_tries_of(ground->hosts, host));
		assert_int_equal(hosts_tries(ground->hosts, host, MEMBERS_HOUR), 0);
	}
	assert_int_equal(ground->totals.count[HOSTS_UNPROVEN_FULL], 11);
	struct host *last = see(ground, 15, true);
	assert_int_equal(hosts_tries(ground->hosts, last, MEMBERS_HOUR), 1);
	assert_true(hosts_tries_settled(ground->hosts, last));
	assert_false(hosts_tries_settled(ground->hosts, last));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_order_of_giving_up),
		TEST(test_held_stay),
		TEST(test_demoted_host_keeps_two_networks),
		TEST(test_late_news),
		TEST(test_tries_of_many_unproven),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

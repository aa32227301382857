/* The defaults of the detectors and the table that documents them: docs/detection.md says where
 * each comes from. A threshold stays below MEMBERS_MAX (detect/members.h), for up to there distinct
 * counts are exact. */
#include "detect/settings.h"

#define NETWORKS_MAX 63
#define HOSTS_MAX 1000000

static const struct setting direct_to_mx[] = {
	{ .name = "networks_hour",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct detect_settings, direct_hour),
		.min = 2,
		.max = NETWORKS_MAX,
		.unit = "networks",
		.normal = "5",
		.help = "so many networks given mail in 1 h name a machine that is no mail "
			"server" },
	{ .name = "networks_day",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct detect_settings, direct_day),
		.min = 2,
		.max = NETWORKS_MAX,
		.unit = "networks",
		.normal = "10",
		.help = "the same in 24 h" },
	{ .name = "attempts_hour",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct detect_settings, attempt_hour),
		.min = 2,
		.max = NETWORKS_MAX,
		.unit = "networks",
		.normal = "20",
		.help = "so many networks tried on port 25 in vain in 1 h do too" },
	{ .name = "attempts_day",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct detect_settings, attempt_day),
		.min = 2,
		.max = NETWORKS_MAX,
		.unit = "networks",
		.normal = "40",
		.help = "the same in 24 h" },
	{ .name = NULL },
};

static const struct setting policy_bypass[] = {
	{ .name = "foreign_submission",
		.kind = SETTING_FLAG,
		.offset = offsetof(struct detect_settings, foreign_submission),
		.normal = "false",
		.help = "notice mail submission (465, 587, 2525) to servers that are not allowed, "
			"too" },
	{ .name = NULL },
};

const struct setting detect_settings[] = {
	{ .name = "direct_to_mx",
		.kind = SETTING_MAP,
		.help = "does a machine that is no mail server deliver to the world by itself?",
		.keys = direct_to_mx },
	{ .name = "policy_bypass",
		.kind = SETTING_MAP,
		.help = "was a server used that site.allowed_servers does not name?",
		.keys = policy_bypass },
	{ .name = "hosts",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct detect_settings, hosts),
		.min = 16,
		.max = 100 * HOSTS_MAX,
		.unit = "hosts",
		.normal = "1000000",
		.help = "so many machines are remembered at most; the least useful go first" },
	{ .name = NULL },
};

void detect_settings_init(struct detect_settings *settings)
{
	*settings = (struct detect_settings){
		.direct_hour = 5,
		.direct_day = 10,
		.attempt_hour = 20,
		.attempt_day = 40,
		.hosts = HOSTS_MAX,
	};
}

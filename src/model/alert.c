/* The names of alerts and their CSV record. Names are an interface (docs/alerts.md): they are only
 * added to. */
#include "model/alert.h"

#include "base/moment.h"

static const struct {
	const char *name, *category;
} kinds[] = {
	[ALERT_DIRECT_TO_MX] = { "direct-to-mx", "Abusive.Spam" },
	[ALERT_POLICY_BYPASS] = { "policy-bypass", "Anomaly.Connection" },
};
_Static_assert(COUNT(kinds) == ALERT_KINDS, "a name for each kind");

static const char *const families[] = {
	[FAMILY_ROUTE] = "route",
	[FAMILY_FAILURES] = "failures",
	[FAMILY_VOLUME] = "volume",
	[FAMILY_IDENTITY] = "identity",
	[FAMILY_REPETITION] = "repetition",
	[FAMILY_RECIPIENTS] = "recipients",
	[FAMILY_TRAP] = "trap",
	[FAMILY_LISTED] = "listed",
};
_Static_assert(COUNT(families) == FAMILY_COUNT, "a name for each family");

static const char *const roles[] = {
	[ROLE_UNKNOWN] = "unknown",
	[ROLE_CLIENT] = "client",
	[ROLE_SERVER] = "server",
	[ROLE_SERVER_PRESUMED] = "server (presumed)",
	[ROLE_SMARTHOST] = "smarthost",
	[ROLE_NAT] = "nat",
	[ROLE_RESOLVER] = "resolver",
	[ROLE_MONITOR] = "monitor",
	[ROLE_NEWSLETTER] = "newsletter",
};

const char *alert_kind_name(enum alert_kind kind)
{
	return kinds[kind].name;
}

const char *alert_kind_category(enum alert_kind kind)
{
	return kinds[kind].category;
}

const char *family_name(enum family family)
{
	return families[family];
}

const char *role_name(enum role role)
{
	return roles[role];
}

const char *level_name(enum alert_level level)
{
	return level == LEVEL_BLOCK ? "block" : "notice";
}

static const char *const columns[] = { "sensor", "id", "address", "mac", "kind", "level",
	"confidence", "fact", "capped", "role", "detect_time", "event_time", "cease_time",
	"sessions", "attempts", "messages", "accepted", "refused", "recipients", "networks",
	"peers", "sentence", "hostname", "vendor" };

void alert_csv_header(struct csv *csv)
{
	csv_begin(csv);
	for (size_t i = 0; i < COUNT(columns); i++)
		csv_string(csv, columns[i]);
}

static void csv_time(struct csv *csv, int64_t time)
{
	char text[MOMENT_TEXT];
	csv_string(csv, moment_text(time, text));
}

static void csv_subject(const struct alert *alert, struct csv *csv)
{
	csv_address(csv, alert->addresses ? &alert->address[0] : NULL);
	csv_mac(csv, alert->has_mac ? alert->mac : NULL);
}

struct bytes alert_csv(const struct alert *alert, const char *sensor, struct csv *csv)
{
	csv_begin(csv);
	csv_string(csv, sensor);
	csv_value(csv, PSEUDONYM_ID, bytes_of(alert->id));
	csv_subject(alert, csv);
	csv_string(csv, alert_kind_name(alert->kind));
	csv_string(csv, level_name(alert->level));
	csv_fixed(csv, alert->confidence, 2);
	csv_string(csv, alert->fact ? "true" : "false");
	csv_string(csv, alert->capped ? "true" : "false");
	csv_string(csv, role_name(alert->role));
	csv_time(csv, alert->detect_time);
	csv_time(csv, alert->event_time);
	csv_time(csv, alert->cease_time);
	const uint64_t numbers[] = { alert->sessions, alert->attempts, alert->messages,
		alert->accepted, alert->refused, alert->recipients, alert->networks, alert->peers };
	for (size_t i = 0; i < COUNT(numbers); i++)
		csv_uint(csv, numbers[i]);
	csv_value(csv, PSEUDONYM_SENTENCE,
		alert->sentence ? bytes_of(alert->sentence) : (struct bytes){ NULL, NULL });
	const struct alert_labels none = { .names = 0 };
	const struct alert_labels *labels = alert->labels ? alert->labels : &none;
	csv_value(csv, PSEUDONYM_HOST, labels->name[0].text);
	csv_text(csv, labels->vendor);
	return csv_end(csv);
}

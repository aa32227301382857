/* The alert as an IDEA0 document (CESNET's Intrusion Detection Extensible Alert). What IDEA has a
 * key for stands there; all that explains the verdict stands below _Mailwarden, for IDEA lets
 * unknown keys through. No CreateTime: it would be a clock, and the same input has to give the same
 * line. Fields: docs/alerts.md. */
#include "model/alert.h"

#include "base/moment.h"

static void put_string(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_uint(struct json *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_uint(json, number);
}

static void put_time(struct json *json, const char *key, int64_t time)
{
	char text[MOMENT_TEXT];
	put_string(json, key, moment_text(time, text));
}

/* "IP4": ["192.0.2.1"], "IP6": [...]; a key without members is left out. */
static void put_addresses(struct json *json, const struct address *at, unsigned count, bool v4)
{
	bool any = false;
	for (unsigned i = 0; i < count; i++) {
		struct address shown = pseudonym_address(json->pseudonyms, &at[i]);
		if (address_is_v4(&shown) != v4)
			continue;
		if (!any) {
			json_key(json, v4 ? "IP4" : "IP6");
			json_array(json);
		}
		any = true;
		json_address(json, &at[i]);
	}
	if (any)
		json_array_end(json);
}

static void put_list(struct json *json, const char *key, const char *first, const char *second)
{
	json_key(json, key);
	json_array(json);
	json_string(json, first);
	if (second)
		json_string(json, second);
	json_array_end(json);
}

/* Tried in vain is no spam yet: without a dialogue the document says no more than that. */
static const char *category(const struct alert *alert, enum alert_kind kind)
{
	return alert->attempts_only && kind == ALERT_DIRECT_TO_MX ? "Anomaly.Connection"
								  : alert_kind_category(kind);
}

static void put_categories(struct json *json, const struct alert *alert)
{
	const char *said = category(alert, alert->kind);
	json_key(json, "Category");
	json_array(json);
	json_string(json, said);
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++)
		if (alert->kinds >> kind & 1 && strcmp(category(alert, kind), said))
			json_string(json, category(alert, kind));
	json_array_end(json);
}

static void put_hostnames(struct json *json, const struct alert_labels *labels)
{
	if (!labels || !labels->names)
		return;
	json_key(json, "Hostname");
	json_array(json);
	for (unsigned i = 0; i < labels->names; i++)
		json_value(json, PSEUDONYM_HOST, labels->name[i].text);
	json_array_end(json);
}

static void put_source(struct json *json, const struct alert *alert)
{
	json_key(json, "Source");
	json_array(json);
	json_object(json);
	put_addresses(json, alert->address, alert->addresses, true);
	put_addresses(json, alert->address, alert->addresses, false);
	if (alert->has_mac) {
		json_key(json, "MAC");
		json_array(json);
		json_mac(json, alert->mac);
		json_array_end(json);
	}
	put_hostnames(json, alert->labels);
	json_object_end(json);
	json_array_end(json);
}

static void put_target(struct json *json, const struct address *address, uint16_t port)
{
	json_object(json);
	if (address) {
		put_addresses(json, address, 1, true);
		put_addresses(json, address, 1, false);
	}
	json_key(json, "Port");
	json_array(json);
	json_uint(json, port);
	json_array_end(json);
	put_list(json, "Proto", "tcp", "smtp");
	json_object_end(json);
}

static bool same_peer(const struct alert_sample *a, const struct alert_sample *b)
{
	return address_equal(&a->peer.ip, &b->peer.ip) && a->peer.port == b->peer.port;
}

static bool seen_before(const struct alert *alert, unsigned sample)
{
	for (unsigned i = 0; i < sample; i++)
		if (same_peer(&alert->sample[i], &alert->sample[sample]))
			return true;
	return false;
}

static void put_targets(struct json *json, const struct alert *alert)
{
	json_key(json, "Target");
	json_array(json);
	for (unsigned i = 0; i < alert->samples; i++)
		if (!seen_before(alert, i))
			put_target(json, &alert->sample[i].peer.ip, alert->sample[i].peer.port);
	if (!alert->samples)
		put_target(json, NULL, 25);
	json_array_end(json);
}

/* IDEA wants lower-case labels of letters, digits and _ that are joined by dots. */
static void put_node(struct json *json, const char *sensor)
{
	char name[64] = "mailwarden.";
	size_t size = strlen(name);
	for (; *sensor && size + 1 < sizeof(name); sensor++) {
		uint8_t byte = byte_lower((uint8_t)*sensor);
		bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
		name[size++] = plain ? (char)byte : '_';
	}
	json_key(json, "Node");
	json_array(json);
	json_object(json);
	put_string(json, "Name", name);
	put_list(json, "Type", "Protocol", NULL);
	put_list(json, "SW", "mailwarden", NULL);
	json_object_end(json);
	json_array_end(json);
}

static void put_names(struct json *json, const struct alert *alert)
{
	json_key(json, "Kinds");
	json_array(json);
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++)
		if (alert->kinds >> kind & 1)
			json_string(json, alert_kind_name(kind));
	json_array_end(json);
	json_key(json, "Families");
	json_array(json);
	for (unsigned family = 0; family < FAMILY_COUNT; family++)
		if (alert->families >> family & 1)
			json_string(json, family_name(family));
	json_array_end(json);
}

static void put_measure(struct json *json, const struct alert_measure *measure)
{
	json_object(json);
	put_string(json, "Kind", alert_kind_name(measure->kind));
	put_string(json, "Name", measure->name);
	json_key(json, "Value");
	json_fixed(json, measure->value, 0);
	json_key(json, "Threshold");
	json_fixed(json, measure->threshold, 0);
	json_key(json, "Normal");
	json_fixed(json, measure->normal, 0);
	put_string(json, "Unit", measure->unit);
	if (measure->window) {
		put_uint(json, "WindowSeconds", (uint64_t)(measure->window / SECOND));
		put_time(json, "WindowEnd", measure->window_end);
	}
	json_object_end(json);
}

static struct bytes text_of(const char *text)
{
	return text ? bytes_of(text) : (struct bytes){ NULL, NULL };
}

/* Empty: none. */
static struct bytes id_of(const char *id)
{
	return text_of(*id ? id : NULL);
}

static void put_sample(struct json *json, const struct alert_sample *sample)
{
	json_object(json);
	put_time(json, "Time", sample->time);
	json_key(json, "IP");
	json_address(json, &sample->peer.ip);
	put_uint(json, "Port", sample->peer.port);
	json_key(json, "Name");
	json_value(json, PSEUDONYM_HOST, sample->name);
	json_key(json, "Code");
	if (sample->code)
		json_int(json, sample->code);
	else
		json_null(json);
	json_key(json, "Text");
	json_answer(json, sample->text, sample->about);
	json_key(json, "Session");
	json_value(json, PSEUDONYM_ID, id_of(sample->session));
	json_object_end(json);
}

static void put_counts(struct json *json, const struct alert *alert)
{
	put_uint(json, "Sessions", alert->sessions);
	put_uint(json, "Attempts", alert->attempts);
	put_uint(json, "Messages", alert->messages);
	put_uint(json, "Accepted", alert->accepted);
	put_uint(json, "Refused", alert->refused);
	put_uint(json, "Recipients", alert->recipients);
	put_uint(json, "Networks", alert->networks);
	put_uint(json, "Peers", alert->peers);
}

static void put_labels(struct json *json, const struct alert_labels *labels)
{
	json_key(json, "Vendor");
	json_text(json, labels ? labels->vendor : (struct bytes){ NULL, NULL });
	json_key(json, "Names");
	json_array(json);
	for (unsigned i = 0; labels && i < labels->names; i++) {
		json_object(json);
		json_key(json, "Name");
		json_value(json, PSEUDONYM_HOST, labels->name[i].text);
		put_string(json, "Source", name_source_name(labels->name[i].source));
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_own(struct json *json, const struct alert *alert)
{
	json_key(json, "_Mailwarden");
	json_object(json);
	put_string(json, "Kind", alert_kind_name(alert->kind));
	put_names(json, alert);
	put_string(json, "Level", level_name(alert->level));
	json_key(json, "Confidence");
	json_fixed(json, alert->confidence, 4);
	json_key(json, "Fact");
	json_bool(json, alert->fact);
	json_key(json, "AttemptsOnly");
	json_bool(json, alert->attempts_only);
	json_key(json, "Capped");
	json_bool(json, alert->capped);
	put_string(json, "WhyCapped", alert->why_capped);
	put_string(json, "Role", role_name(alert->role));
	json_key(json, "RoleReason");
	json_value(json, PSEUDONYM_SENTENCE, text_of(alert->role_reason));
	put_labels(json, alert->labels);
	put_counts(json, alert);
	json_key(json, "Measures");
	json_array(json);
	for (unsigned i = 0; i < alert->measures; i++)
		put_measure(json, &alert->measure[i]);
	json_array_end(json);
	json_key(json, "Samples");
	json_array(json);
	for (unsigned i = 0; i < alert->samples; i++)
		put_sample(json, &alert->sample[i]);
	json_array_end(json);
	put_string(json, "NotVisible", alert->not_visible);
	put_string(json, "InnocentIf", alert->innocent_if);
	json_object_end(json);
}

struct bytes alert_json(const struct alert *alert, const char *sensor, struct json *json)
{
	json_begin(json);
	json_object(json);
	put_string(json, "Format", "IDEA0");
	json_key(json, "ID");
	json_value(json, PSEUDONYM_ID, id_of(alert->id));
	if (alert->related[0]) {
		json_key(json, "RelID");
		json_array(json);
		json_value(json, PSEUDONYM_ID, id_of(alert->related));
		json_array_end(json);
	}
	put_time(json, "DetectTime", alert->detect_time);
	put_time(json, "EventTime", alert->event_time);
	put_time(json, "CeaseTime", alert->cease_time);
	put_categories(json, alert);
	json_key(json, "Confidence");
	json_fixed(json, alert->confidence, 2);
	put_uint(json, "ConnCount", alert->sessions + alert->attempts);
	json_key(json, "Description");
	json_value(json, PSEUDONYM_SENTENCE, text_of(alert->sentence));
	put_source(json, alert);
	put_targets(json, alert);
	put_node(json, sensor);
	put_own(json, alert);
	json_object_end(json);
	return json_end(json);
}

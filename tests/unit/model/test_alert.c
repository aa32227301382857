/* Alerts in the open: the IDEA document as a whole, its rules on a hostile one, and CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "model/alert.h"

#define BEGIN (INT64_C(1772357400) * SECOND)

static struct address address_of(const char *text)
{
	struct address address;
	assert_true(address_parse(bytes_of(text), &address));
	return address;
}

static struct alert bot(void)
{
	struct alert alert = {
		.id = "6ba7b811-9dad-51d1-80b4-00c04fd430c8",
		.kinds = 1u << ALERT_DIRECT_TO_MX | 1u << ALERT_POLICY_BYPASS,
		.families = 1u << FAMILY_ROUTE,
		.confidence = 0.6958,
		.address = { address_of("192.168.7.108") },
		.addresses = 1,
		.has_mac = true,
		.mac = { 0x00, 0x0c, 0x29, 0x4d, 0x1f, 0xa6 },
		.event_time = BEGIN,
		.detect_time = BEGIN + MINUTE,
		.cease_time = BEGIN + HOUR,
		.role = ROLE_CLIENT,
		.role_reason = "it only sends",
		.sentence = "It \"delivers\".",
		.innocent_if = "it is a server",
		.sessions = 12,
		.attempts = 3,
		.messages = 19,
		.accepted = 14,
		.refused = 5,
		.recipients = 21,
		.networks = 11,
		.peers = 13,
		.measures = 1,
		.measure = { { .name = "networks",
			.value = 11,
			.threshold = 5,
			.normal = 1,
			.unit = "networks",
			.window = HOUR,
			.window_end = BEGIN + HOUR } },
		.samples = 2,
	};
	for (unsigned i = 0; i < alert.samples; i++)
		alert.sample[i] = (struct alert_sample){ .time = BEGIN + i * SECOND,
			.peer = { .ip = address_of("198.51.100.9"), .port = 25 } };
	alert.sample[0].code = 550;
	alert.sample[0].name = bytes_of("mx.example");
	alert.sample[0].text = bytes_of("5.7.1 no\nno");
	return alert;
}

static struct alert_labels named(void)
{
	return (struct alert_labels){
		.name = { { NAME_DHCP, bytes_of("wxpanna") }, { NAME_MDNS, bytes_of("a\n\"b") } },
		.names = 2,
		.vendor = bytes_of("VMware, Inc."),
	};
}

static const char whole[] =
	"{\"Format\":\"IDEA0\",\"ID\":\"6ba7b811-9dad-51d1-80b4-00c04fd430c8\","
	"\"DetectTime\":\"2026-03-01T09:31:00.000000Z\","
	"\"EventTime\":\"2026-03-01T09:30:00.000000Z\","
	"\"CeaseTime\":\"2026-03-01T10:30:00.000000Z\","
	"\"Category\":[\"Abusive.Spam\",\"Anomaly.Connection\"],\"Confidence\":0.70,"
	"\"ConnCount\":15,\"Description\":\"It \\\"delivers\\\".\","
	"\"Source\":[{\"IP4\":[\"192.168.7.108\"],\"MAC\":[\"00:0c:29:4d:1f:a6\"]}],"
	"\"Target\":[{\"IP4\":[\"198.51.100.9\"],\"Port\":[25],\"Proto\":[\"tcp\",\"smtp\"]}],"
	"\"Node\":[{\"Name\":\"mailwarden.file\",\"Type\":[\"Protocol\"],"
	"\"SW\":[\"mailwarden\"]}],"
	"\"_Mailwarden\":{\"Kind\":\"direct-to-mx\","
	"\"Kinds\":[\"direct-to-mx\",\"policy-bypass\"],\"Families\":[\"route\"],"
	"\"Level\":\"notice\",\"Confidence\":0.6958,\"Fact\":false,\"AttemptsOnly\":false,"
	"\"Capped\":false,"
	"\"WhyCapped\":null,\"Role\":\"client\",\"RoleReason\":\"it only sends\","
	"\"Vendor\":null,\"Names\":[],"
	"\"Sessions\":12,\"Attempts\":3,\"Messages\":19,\"Accepted\":14,\"Refused\":5,"
	"\"Recipients\":21,\"Networks\":11,\"Peers\":13,"
	"\"Measures\":[{\"Kind\":\"direct-to-mx\",\"Name\":\"networks\",\"Value\":11,"
	"\"Threshold\":5,\"Normal\":1,\"Unit\":\"networks\",\"WindowSeconds\":3600,"
	"\"WindowEnd\":\"2026-03-01T10:30:00.000000Z\"}],"
	"\"Samples\":[{\"Time\":\"2026-03-01T09:30:00.000000Z\",\"IP\":\"198.51.100.9\","
	"\"Port\":25,\"Name\":\"mx.example\",\"Code\":550,\"Text\":\"5.7.1 no\\u000ano\","
	"\"Session\":null},"
	"{\"Time\":\"2026-03-01T09:30:01.000000Z\",\"IP\":\"198.51.100.9\",\"Port\":25,"
	"\"Name\":null,\"Code\":null,\"Text\":null,\"Session\":null}],"
	"\"NotVisible\":null,\"InnocentIf\":\"it is a server\"}}";

static void test_document(void **state)
{
	struct alert alert = bot();
	struct json json = { 0 };
	struct bytes line = alert_json(&alert, "file", &json);
	assert_int_equal(bytes_size(line), strlen(whole));
	assert_memory_equal(line.at, whole, strlen(whole));
	json_free(&json);
}

static bool has(struct bytes line, const char *text)
{
	return memmem(line.at, bytes_size(line), text, strlen(text));
}

static void test_labels(void **state)
{
	struct alert alert = bot();
	const struct alert_labels labels = named();
	struct json json = { 0 };
	alert.labels = &labels;
	struct bytes line = alert_json(&alert, "file", &json);
	assert_true(has(line, "\"MAC\":[\"00:0c:29:4d:1f:a6\"],"
			      "\"Hostname\":[\"wxpanna\",\"a\\u000a\\\"b\"]}]"));
	assert_true(has(line, "\"Vendor\":\"VMware, Inc.\","
			      "\"Names\":[{\"Name\":\"wxpanna\",\"Source\":\"dhcp\"},"
			      "{\"Name\":\"a\\u000a\\\"b\",\"Source\":\"mdns\"}]"));
	json_free(&json);
}

static void test_variants(void **state)
{
	struct alert alert = bot();
	struct json json = { 0 };
	alert.attempts_only = true;
	alert.kinds = 1u << ALERT_DIRECT_TO_MX;
	alert.address[0] = address_of("2001:db8::7:108");
	alert.has_mac = false;
	alert.samples = 0;
	alert.capped = true;
	alert.why_capped = "it was seen in part";
	memcpy(alert.related, alert.id, UUID_TEXT);
	struct bytes line = alert_json(&alert, "Eth0/Uplink", &json);
	assert_true(has(line, "\"Category\":[\"Anomaly.Connection\"]"));
	assert_true(has(line, "\"Source\":[{\"IP6\":[\"2001:db8::7:108\"]}]"));
	assert_true(has(line, "\"Target\":[{\"Port\":[25],\"Proto\":[\"tcp\",\"smtp\"]}]"));
	assert_true(has(line, "\"Name\":\"mailwarden.eth0_uplink\""));
	assert_true(has(line, "\"RelID\":[\"6ba7b811-9dad-51d1-80b4-00c04fd430c8\"]"));
	assert_true(has(line, "\"Capped\":true,\"WhyCapped\":\"it was seen in part\""));
	json_free(&json);
}

/* All that a stranger chose is at its longest and worst: one line, within the limit. */
static void test_hostile(void **state)
{
	static char text[200], name[64];
	struct alert alert = bot();
	struct json json = { 0 };
	memset(text, 0x1b, sizeof(text));
	memset(name, 0xff, sizeof(name));
	alert.samples = ALERT_SAMPLES;
	alert.measures = ALERT_MEASURES;
	for (unsigned i = 0; i < ALERT_SAMPLES; i++) {
		alert.measure[i] = alert.measure[0];
		alert.sample[i] = alert.sample[0];
		alert.sample[i].peer.ip.byte[15] = (uint8_t)i;
		alert.sample[i].text = bytes_make(text, sizeof(text));
		alert.sample[i].name = bytes_make(name, sizeof(name));
	}
	struct bytes line = alert_json(&alert, "file", &json);
	assert_in_range(bytes_size(line), 1000, 64 * 1024);
	for (size_t i = 0; i < bytes_size(line); i++)
		assert_in_range(line.at[i], 0x20, 0x7e);
	json_free(&json);
}

static unsigned fields(struct bytes record)
{
	unsigned count = 1;
	bool quoted = false;
	for (size_t i = 0; i < bytes_size(record); i++) {
		quoted ^= record.at[i] == '"';
		count += !quoted && record.at[i] == ',';
	}
	return count;
}

static void test_csv(void **state)
{
	struct alert alert = bot();
	struct csv csv = { 0 };
	alert_csv_header(&csv);
	unsigned count = fields(csv_end(&csv));
	struct bytes record = alert_csv(&alert, "file", &csv);
	assert_int_equal(fields(record), count);
	assert_true(has(record,
		"file,6ba7b811-9dad-51d1-80b4-00c04fd430c8,192.168.7.108,00:0c:29:4d:1f:a6,"
		"direct-to-mx,notice,0.70,false,false,client,2026-03-01T09:31:00.000000Z,"));
	assert_true(has(record, ",12,3,19,14,5,21,11,13,\"It \"\"delivers\"\".\",,\r\n"));
	const struct alert_labels labels = named();
	alert.labels = &labels;
	record = alert_csv(&alert, "file", &csv);
	assert_int_equal(fields(record), count);
	assert_true(has(record, "\".\",wxpanna,\"VMware, Inc.\"\r\n"));
	csv_free(&csv);
}

/* IDEA: categories are X or X.Y of letters, digits, _ and -. */
static void test_names(void **state)
{
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		const char *category = alert_kind_category(kind);
		assert_non_null(alert_kind_name(kind));
		assert_int_equal(strspn(category, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
						  "uvwxyz."),
			strlen(category));
	}
	for (unsigned family = 0; family < FAMILY_COUNT; family++)
		assert_non_null(family_name(family));
	for (unsigned role = 0; role <= ROLE_NEWSLETTER; role++)
		assert_non_null(role_name(role));
	assert_string_equal(level_name(LEVEL_BLOCK), "block");
	assert_string_equal(level_name(LEVEL_NOTICE), "notice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

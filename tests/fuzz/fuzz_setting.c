/* Settings from hostile YAML: all kinds of keys, and maps within maps. A refusal must say why. */
#include "base/setting.h"

#include <assert.h>

struct settings {
	struct prefixes prefixes;
	uint64_t count;
	double number;
	bool flag;
};

static const struct setting leaves[] = {
	{ .name = "prefixes",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct settings, prefixes) },
	{ .name = "count",
		.kind = SETTING_COUNT,
		.offset = offsetof(struct settings, count),
		.min = 1,
		.max = 500,
		.unit = "s" },
	{ .name = "number",
		.kind = SETTING_NUMBER,
		.offset = offsetof(struct settings, number),
		.min = -1,
		.max = 1 },
	{ .name = "flag", .kind = SETTING_FLAG, .offset = offsetof(struct settings, flag) },
	{ .name = NULL },
};
static const struct setting inner[] = {
	{ .name = "inner", .kind = SETTING_MAP, .keys = leaves },
	{ .name = "prefixes",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct settings, prefixes) },
	{ .name = NULL },
};
static const struct setting keys[] = {
	{ .name = "site", .kind = SETTING_MAP, .keys = inner },
	{ .name = "flag", .kind = SETTING_FLAG, .offset = offsetof(struct settings, flag) },
	{ .name = NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings settings = { .count = 1 };
	struct error error;
	bool ok = setting_read_bytes(bytes_make(data, size), "fuzz.yaml", keys, &settings, &error);
	assert(ok == !*error.text);
	assert(settings.count >= 1 && settings.count <= 500);
	assert(settings.number >= -1 && settings.number <= 1);
	for (size_t i = 0; i < settings.prefixes.count; i++)
		assert(settings.prefixes.at[i].length <= 128);
	prefixes_free(&settings.prefixes);
	return 0;
}

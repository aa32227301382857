/* A whole capture file through the tap: every activity is taken and written as JSON, all memory is
 * given back, the order of activities holds, and no more of a packet is shown than there is. */
#include <assert.h>
#include <stdlib.h>

#include "sense/shown.h"
#include "sense/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drain(struct tap *tap, int64_t *last, struct json *json)
{
	struct activity activity;
	while (tap_next(tap, &activity)) {
		assert(activity.final >= *last);
		*last = activity.final;
		if (activity.kind == ACTIVITY_SESSION)
			session_json(activity.session, "fuzz", json);
		activity_free(&activity);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct shown shown = { .mail = false };
	struct tap *tap = tap_new(
		&(struct tap_settings){ .verify_checksums = size % 2, .shown = &shown }, &seen);
	struct capture *capture = calloc(1, sizeof(*capture));
	struct json json = { 0 };
	struct bytes in = bytes_make(data, size);
	struct packet packet;
	struct error error;
	struct recording recording;
	size_t need;
	int64_t last = INT64_MIN;
	assert(tap && capture);
	capture_init(capture);
	while (capture_next(capture, &in, &packet, &need, "fuzz", &seen, &error) ==
		CAPTURE_PACKET) {
		tap_packet(tap, &packet);
		assert(!shown.mail || shown.size <= bytes_size(packet.data));
		drain(tap, &last, &json);
	}
	tap_finish(tap);
	drain(tap, &last, &json);
	tap_recording(tap, &recording);
	tap_free(tap);
	free(capture);
	json_free(&json);
	return 0;
}

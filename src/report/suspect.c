/* A suspect's block is read by somebody who has to walk to that desk: what it is accused of comes
 * first, then what proves it, then what would clear it, and last what to do there. The engine gives
 * sentences and numbers; here they are only put in order. */
#include "report/suspect.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/moment.h"
#include "base/utf8.h"
#include "report/locate.h"
#include "report/number.h"
#include "report/vendor.h"

#define INDENT 2
#define TEXT 15         /* column of what stands behind a label */
#define MEASURE 24      /* column of what was measured */
#define NAMED 4         /* suspects whose names are in the verdict */
#define REPLY_SHOWN 300 /* bytes of a server's answer */
#define HOST_SHOWN 80   /* bytes of a server's name */

/* What the verdict says: by the worst that a machine did and by how sure it is. */
static const struct deed {
	enum alert_kind kind;
	bool sure, in_vain;
	const char *one, *many;
} deeds[] = {
	{ ALERT_DIRECT_TO_MX, true, false, "sends mail by itself", "send mail by themselves" },
	{ ALERT_POLICY_BYPASS, true, false, "uses mail servers that the site does not allow",
		"use mail servers that the site does not allow" },
	{ ALERT_DIRECT_TO_MX, false, false, "may be sending mail by itself",
		"may be sending mail by themselves" },
	{ ALERT_POLICY_BYPASS, false, false,
		"may be using mail servers that the site does not allow",
		"may be using mail servers that the site does not allow" },
	{ ALERT_DIRECT_TO_MX, true, true, "tries in vain to send mail by itself",
		"try in vain to send mail by themselves" },
	{ ALERT_DIRECT_TO_MX, false, true, "may be trying in vain to send mail by itself",
		"may be trying in vain to send mail by themselves" },
};

static const struct certainty {
	double least;
	const char *words;
} certainties[] = {
	{ 0.95, "Practically certain" },
	{ 0.9, "Very likely" },
	{ 0.7, "Likely" },
	{ 0.5, "Possible" },
	{ 0, "A weak sign" },
};

static const char *const consequences[] = {
	[LEVEL_NOTICE] = "have a look at this machine; this alone is too little to block it",
	[LEVEL_BLOCK] = "strong enough to block this machine",
};

struct title {
	char *text; /* SUSPECT_NAME bytes */
	size_t size;
	const struct pseudonyms *by;
};

static void title_add(struct title *title, struct bytes piece)
{
	size_t room = SUSPECT_NAME - 1 - title->size;
	size_t size = bytes_size(piece) < room ? bytes_size(piece) : room;
	if (size)
		memcpy(title->text + title->size, piece.at, size);
	title->size += size;
	title->text[title->size] = '\0';
}

static bool is_plain(struct bytes name)
{
	for (const uint8_t *byte; (byte = bytes_take(&name, 1));) {
		uint8_t lower = byte_lower(*byte);
		if (!(lower >= 'a' && lower <= 'z') && !(*byte >= '0' && *byte <= '9') &&
			*byte != '.' && *byte != '-' && *byte != '_')
			return false;
	}
	return true;
}

static void title_name(struct title *title, struct bytes name)
{
	char shown[PSEUDONYM_ROOM], room[UTF8_SHOW];
	name = pseudonym_value(title->by, PSEUDONYM_HOST, name, shown);
	bool plain = is_plain(name);
	title_add(title, bytes_of(plain ? "" : "\""));
	while (bytes_size(name))
		title_add(title, *name.at == '"' ? (bytes_take(&name, 1), bytes_of("\\\""))
						 : utf8_show(&name, room));
	title_add(title, bytes_of(plain ? "" : "\""));
}

static void title_card(struct title *title, const struct alert *alert)
{
	char mac[MAC_TEXT];
	struct bytes vendor = { NULL, NULL };
	title_add(title, bytes_of(pseudonym_mac_text(title->by, alert->mac, mac)));
	if (alert->labels)
		vendor = vendor_short(alert->labels->vendor);
	if (mac_is_local(alert->mac))
		title_add(title, bytes_of(", a random or virtual address"));
	title_add(title, bytes_of(bytes_size(vendor) ? " " : ""));
	title_add(title, vendor);
}

const char *suspect_name(
	const struct alert *alert, const struct pseudonyms *by, char text[SUSPECT_NAME])
{
	char address[ADDRESS_TEXT];
	struct title title = { .text = text, .by = by };
	bool named = alert->labels && alert->labels->names;
	title_add(&title, bytes_of(pseudonym_address_text(by, &alert->address[0], address)));
	if (!named && !alert->has_mac)
		return text;
	title_add(&title, bytes_of(" ("));
	if (named)
		title_name(&title, alert->labels->name[0].text);
	if (named && alert->has_mac)
		title_add(&title, bytes_of(", "));
	if (alert->has_mac)
		title_card(&title, alert);
	title_add(&title, bytes_of(")"));
	return text;
}

static bool did(const struct alert *alert, const struct deed *deed)
{
	bool in_vain = alert->kind == ALERT_DIRECT_TO_MX && alert->attempts_only;
	return alert->kind == deed->kind && in_vain == deed->in_vain &&
	       (alert->confidence > 0.5) == deed->sure;
}

static void deed_write(
	const struct engine *engine, const struct deed *deed, unsigned count, struct wrap *wrap)
{
	char name[SUSPECT_NAME];
	const struct alert *alert;
	unsigned named = 0;
	wrap_open(wrap, 0, NULL, 0);
	wrap_tone(wrap, TONE_BAD);
	wrap_print(wrap, "%u machine%s %s:", count, number_s(count),
		count == 1 ? deed->one : deed->many);
	wrap_tone(wrap, TONE_PLAIN);
	for (size_t i = 0; named < NAMED && (alert = engine_alert(engine, i)); i++)
		if (did(alert, deed))
			wrap_print(wrap, "%s %s", named++ ? "," : "",
				suspect_name(alert, wrap->pseudonyms, name));
	if (count > named)
		wrap_print(wrap, " and %u more", count - named);
	wrap_print(wrap, ".");
	wrap_close(wrap);
}

void suspect_verdict(const struct engine *engine, struct wrap *wrap)
{
	const struct alert *alert;
	for (size_t d = 0; d < COUNT(deeds); d++) {
		unsigned count = 0;
		for (size_t i = 0; (alert = engine_alert(engine, i)); i++)
			count += did(alert, &deeds[d]);
		if (count)
			deed_write(engine, &deeds[d], count, wrap);
	}
}

static void certainty_write(const struct alert *alert, struct wrap *wrap)
{
	size_t i = 0;
	while (i + 1 < COUNT(certainties) && alert->confidence < certainties[i].least)
		i++;
	wrap_open(wrap, 0, NULL, INDENT);
	wrap_tone(wrap, alert->level == LEVEL_BLOCK ? TONE_BAD : TONE_HEAD);
	wrap_print(wrap, "%s", certainties[i].words);
	wrap_tone(wrap, TONE_PLAIN);
	wrap_print(wrap, " (%.2f of 1): %s.", alert->confidence, consequences[alert->level]);
	if (alert->capped && alert->why_capped) {
		wrap_print(wrap, " Held down, because ");
		wrap_string(wrap, alert->why_capped);
		wrap_print(wrap, ".");
	}
	wrap_close(wrap);
}

static void title_write(const struct alert *alert, size_t number, struct wrap *wrap)
{
	char name[SUSPECT_NAME], label[SUSPECT_NAME + 16], other[ADDRESS_TEXT], count[24] = "";
	if (number)
		snprintf(count, sizeof count, "%zu. ", number);
	snprintf(label, sizeof label, "%s%s", count, suspect_name(alert, wrap->pseudonyms, name));
	wrap_heading(wrap, label);
	if (alert->addresses < 2)
		return;
	wrap_open(wrap, INDENT, "Also known as", TEXT + 2);
	for (unsigned i = 1; i < alert->addresses; i++)
		wrap_print(wrap, "%s%s", i > 1 ? ", " : "",
			pseudonym_address_text(wrap->pseudonyms, &alert->address[i], other));
	wrap_close(wrap);
}

/* All that it was called, and by whom: where sources disagree, a person should see it. */
static void names_write(const struct alert_labels *labels, struct wrap *wrap)
{
	if (!labels || labels->names < 2)
		return;
	wrap_open(wrap, INDENT, "Called", TEXT);
	for (unsigned i = 0; i < labels->names; i++) {
		struct pseudonym name;
		pseudonym_open(&name, wrap->pseudonyms, PSEUDONYM_HOST, labels->name[i].text,
			(struct bytes){ NULL, NULL });
		wrap_print(wrap, "%s", i ? ", " : "");
		wrap_quote(wrap, &name, ACTIVITY_TEXT);
		wrap_print(wrap, " (%s)", name_source_name(labels->name[i].source));
	}
	wrap_close(wrap);
}

static void what_write(const struct alert *alert, struct wrap *wrap)
{
	wrap_open(wrap, INDENT, "Found by", TEXT);
	for (unsigned i = 0, n = 0; i < ALERT_KINDS; i++)
		if (alert->kinds >> i & 1)
			wrap_print(
				wrap, "%s%s", n++ ? ", " : "", alert_kind_name((enum alert_kind)i));
	wrap_print(wrap, "; evidence:");
	for (unsigned i = 0, n = 0; i < FAMILY_COUNT; i++)
		if (alert->families >> i & 1)
			wrap_print(wrap, "%s %s", n++ ? "," : "", family_name((enum family)i));
	if (alert->fact)
		wrap_print(wrap, " (a fact, not an estimate)");
	wrap_close(wrap);
}

static void history_write(const struct alert *alert, struct wrap *wrap)
{
	char span[NUMBER_SPAN], detect[MOMENT_TEXT], number[3][NUMBER_TEXT];
	wrap_item(wrap, INDENT, "When", TEXT, "%s; certain since %s",
		number_span(alert->event_time, alert->cease_time, span),
		moment_short(alert->detect_time, detect));
	wrap_item(wrap, INDENT, "Connections", TEXT,
		"%s with a mail dialogue, %s that nobody answered; %s mail server%s reached",
		number_text(alert->sessions, number[0]), number_text(alert->attempts, number[1]),
		number_text(alert->peers, number[2]), number_s(alert->peers));
	if (!alert->attempts_only) {
		wrap_item(wrap, INDENT, "Messages", TEXT, "%s offered, to %s recipient%s",
			number_text(alert->messages, number[0]),
			number_text(alert->recipients, number[1]), number_s(alert->recipients));
		wrap_item(wrap, INDENT, "Answers", TEXT, "%s accepted, %s refused",
			number_text(alert->accepted, number[0]),
			number_text(alert->refused, number[1]));
	}
	wrap_open(wrap, INDENT, "Taken for", TEXT);
	wrap_print(wrap, "%s", role_name(alert->role));
	if (alert->role_reason) {
		wrap_print(wrap, ": ");
		wrap_value(wrap, PSEUDONYM_SENTENCE, bytes_of(alert->role_reason));
	}
	wrap_close(wrap);
}

static void measure_write(const struct alert_measure *measure, struct wrap *wrap)
{
	char seen[NUMBER_TEXT], limit[NUMBER_TEXT], usual[NUMBER_TEXT], span[DURATION_TEXT];
	char label[4 * NUMBER_TEXT];
	snprintf(label, sizeof label, "%6s %6s %6s", number_value(measure->value, seen),
		number_value(measure->threshold, limit), number_value(measure->normal, usual));
	wrap_open(wrap, INDENT, label, MEASURE);
	wrap_string(wrap, measure->unit ? measure->unit : measure->name);
	if (measure->window)
		wrap_print(wrap, " within %s", duration_text(measure->window, span));
	wrap_close(wrap);
}

/* Numbers first and words last: so the words may wrap, and the numbers stand below each other. */
static void measures_write(const struct alert *alert, struct wrap *wrap)
{
	if (!alert->measures)
		return;
	wrap_blank(wrap);
	wrap_item(wrap, INDENT, "  seen  limit  usual", MEASURE, "of what");
	for (unsigned i = 0; i < alert->measures; i++)
		measure_write(&alert->measure[i], wrap);
}

static void sample_write(const struct alert_sample *sample, bool verbose, struct wrap *wrap)
{
	char time[MOMENT_TEXT], address[ADDRESS_TEXT], room[PSEUDONYM_ROOM];
	const struct pseudonyms *by = wrap->pseudonyms;
	struct bytes name = pseudonym_value(by, PSEUDONYM_HOST, sample->name, room);
	wrap_open(wrap, INDENT + 2, moment_short(sample->time, time), INDENT + 4 + 19);
	bool named = bytes_size(name) > 0;
	wrap_bytes(wrap, bytes_split(&name, HOST_SHOWN));
	wrap_print(wrap, "%s%s%s, port %u%s", bytes_size(name) ? "..." : "", named ? " (" : "",
		pseudonym_address_text(by, &sample->peer.ip, address), sample->peer.port,
		named ? ")" : "");
	if (sample->code)
		wrap_print(wrap, ": %d", sample->code);
	else
		wrap_print(wrap, ": no answer");
	if (bytes_size(sample->text)) {
		struct pseudonym text;
		pseudonym_open(&text, by, PSEUDONYM_TEXT, sample->text, sample->about);
		wrap_print(wrap, " ");
		wrap_quote(wrap, &text, REPLY_SHOWN);
	}
	if (verbose && sample->session[0]) {
		wrap_print(wrap, " [session ");
		wrap_value(wrap, PSEUDONYM_ID, bytes_of(sample->session));
		wrap_print(wrap, "]");
	}
	wrap_close(wrap);
}

static void samples_write(const struct alert *alert, bool verbose, struct wrap *wrap)
{
	if (!alert->samples)
		return;
	wrap_blank(wrap);
	wrap_item(wrap, 0, NULL, INDENT,
		"%s (UTC):", alert->attempts_only ? "Whom it tried" : "What servers answered");
	for (unsigned i = 0; i < alert->samples; i++)
		sample_write(&alert->sample[i], verbose, wrap);
}

static void remark_write(const char *label, const char *text, struct wrap *wrap)
{
	if (!text)
		return;
	wrap_open(wrap, INDENT, label, TEXT);
	wrap_string(wrap, text);
	wrap_close(wrap);
}

static void ids_write(const struct alert *alert, struct wrap *wrap)
{
	wrap_open(wrap, INDENT, "Alert", TEXT);
	wrap_value(wrap, PSEUDONYM_ID, bytes_of(alert->id));
	wrap_print(wrap, "%s", alert->related[0] ? "; follows " : "");
	wrap_value(wrap, PSEUDONYM_ID, bytes_of(alert->related));
	wrap_close(wrap);
}

void suspect_facts(const struct alert *alert, size_t number, bool verbose, struct wrap *wrap)
{
	title_write(alert, number, wrap);
	certainty_write(alert, wrap);
	wrap_open(wrap, 0, NULL, INDENT);
	wrap_value(wrap, PSEUDONYM_SENTENCE, bytes_of(alert->sentence));
	wrap_close(wrap);
	wrap_blank(wrap);
	names_write(alert->labels, wrap);
	what_write(alert, wrap);
	history_write(alert, wrap);
	if (alert->related[0])
		wrap_item(wrap, INDENT, "Again", TEXT, "%s",
			"the same was seen within the 7 days before");
	if (verbose)
		ids_write(alert, wrap);
	measures_write(alert, wrap);
}

void suspect_remarks(const struct alert *alert, struct wrap *wrap)
{
	remark_write("Not visible", alert->not_visible, wrap);
	remark_write("Innocent if", alert->innocent_if, wrap);
}

static void suspect_write(const struct alert *alert, size_t number, bool verbose, struct wrap *wrap)
{
	suspect_facts(alert, number, verbose, wrap);
	samples_write(alert, verbose, wrap);
	if (alert->not_visible || alert->innocent_if)
		wrap_blank(wrap);
	suspect_remarks(alert, wrap);
	wrap_blank(wrap);
}

void suspect_list(const struct engine *engine, bool verbose, struct wrap *wrap)
{
	struct locate told = { .count = 0 }, wanted;
	char address[ADDRESS_TEXT] = "";
	const struct alert *alert;
	for (size_t i = 0; (alert = engine_alert(engine, i)); i++) {
		suspect_write(alert, i + 1, verbose, wrap);
		locate_init(&wanted, alert);
		if (locate_equal(&told, &wanted)) {
			wrap_item(wrap, 0, NULL, INDENT,
				"To find the program, run there what is shown for %s above.",
				address);
			continue;
		}
		locate_write(&wanted, wrap, INDENT);
		pseudonym_address_text(wrap->pseudonyms, &alert->address[0], address);
		told = wanted;
	}
}

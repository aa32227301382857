/* The order of the page: verdict, suspects, what was seen, what was not understood, what to do
 * next. Who stops reading after the first line has read the right thing; who doubts it finds below
 * what it rests on. */
#include "report/report.h"

#include "report/gaps.h"
#include "report/number.h"
#include "report/seen.h"
#include "report/suspect.h"
#include "report/tapcheck.h"
#include "report/wrap.h"

/* It is only good where the recording is. */
static void good_write(struct wrap *wrap, bool good, const char *text)
{
	wrap_open(wrap, 0, NULL, 0);
	wrap_tone(wrap, good ? TONE_GOOD : TONE_PLAIN);
	wrap_string(wrap, text);
	wrap_tone(wrap, TONE_PLAIN);
	wrap_close(wrap);
}

/* Nobody is accused: but was there anything to accuse somebody of? */
static void clear_write(const struct tapcheck *check, struct wrap *wrap)
{
	const struct engine_summary *sum = check->sum;
	const struct report_seen *seen = check->seen;
	char number[NUMBER_TEXT];
	bool mail = sum->sessions || sum->attempts;
	if (!seen->packets)
		wrap_item(wrap, 0, NULL, 0, "Nothing can be said: no packet was read.");
	else if (!mail)
		wrap_item(wrap, 0, NULL, 0,
			"No mail traffic was seen: none of %s packet%s belongs to a mail "
			"connection.",
			number_text(seen->packets, number), number_s(seen->packets));
	else if (!sum->inside_seen)
		wrap_item(wrap, 0, NULL, 0, "%s",
			"Nothing can be said about your machines: no inside address was seen. "
			"--inside PREFIX says which addresses are yours.");
	else
		good_write(wrap, !tapcheck_matters(check),
			"No machine was seen sending mail by itself.");
}

static void verdict_write(
	const struct engine *engine, const struct tapcheck *check, struct wrap *wrap)
{
	if (engine_alert(engine, 0))
		suspect_verdict(engine, wrap);
	else
		clear_write(check, wrap);
	if (check->seen->stopped)
		wrap_item(wrap, 0, NULL, 0, "%s",
			"Reading was stopped before the end: this is what was seen until then.");
	seen_blind(engine, check->totals, check->seen, wrap);
}

/* A file's name, if it can be put into a command as it is; else what stands for it. */
static const char *file_word(const struct report_seen *seen)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._/+,:=@%-";
	const char *name = seen->name_count == 1 ? seen->names[0] : "";
	return *name && *name != '-' && !name[strspn(name, plain)] ? name : "FILE...";
}

#define EVIDENCE_SHOWN 4 /* suspects whose files are named */

static void evidence_write(const struct report_evidence *evidence, struct wrap *wrap)
{
	unsigned shown = evidence->count < EVIDENCE_SHOWN ? evidence->count : EVIDENCE_SHOWN;
	if (evidence->failed)
		wrap_item(wrap, 0, NULL, 2, "%s",
			"The evidence is not complete: what went wrong was told.");
	else if (!evidence->count)
		wrap_item(wrap, 0, NULL, 2, "%s",
			"No evidence was written, for there is no suspect.");
	if (!evidence->count)
		return;
	wrap_item(wrap, 0, NULL, 2, "%s",
		"Send the evidence to whoever owns the machine or the network: a text, and the "
		"packets, for Wireshark. Messages and logins are cut out of them.");
	for (unsigned i = 0; i < shown; i++) {
		wrap_line(wrap, 4, "%s/%s.txt", evidence->folder, evidence->names[i]);
		wrap_line(wrap, 4, "%s/%s.pcapng", evidence->folder, evidence->names[i]);
	}
	if (evidence->count > shown)
		wrap_item(wrap, 4, NULL, 4, "and those of %u more", evidence->count - shown);
	if (evidence->left_out)
		wrap_item(wrap, 0, NULL, 2,
			"%u further suspect%s left out; --inside ADDRESS reads for one alone.",
			evidence->left_out, evidence->left_out == 1 ? " was" : "s were");
}

static void next_write(const struct engine *engine, const struct engine_summary *sum,
	const struct report_seen *seen, struct wrap *wrap)
{
	char address[ADDRESS_TEXT];
	const char *key = wrap->pseudonyms ? "--pseudonyms KEYFILE " : "";
	const struct alert *worst = engine_alert(engine, 0);
	wrap_heading(wrap, "What to do next");
	if (seen->evidence)
		evidence_write(seen->evidence, wrap);
	if (worst) {
		pseudonym_address_text(wrap->pseudonyms, &worst->address[0], address);
		wrap_item(
			wrap, 0, NULL, 2, "See every mail dialogue of %s, as JSON lines:", address);
		wrap_line(wrap, 4, "mailwarden read %s--emit activities %s | grep -F '\"%s\"'", key,
			file_word(seen), address);
	} else if (sum->sessions && !sum->inside_seen) {
		wrap_item(wrap, 0, NULL, 2, "Say which addresses are yours, for example:");
		wrap_line(wrap, 4, "mailwarden read --inside 198.51.100.0/24 %s", file_word(seen));
	} else if (sum->sessions) {
		wrap_item(wrap, 0, NULL, 2, "See every mail dialogue, as JSON lines:");
		wrap_line(wrap, 4, "mailwarden read %s--emit activities %s", key, file_word(seen));
	} else {
		wrap_item(wrap, 0, NULL, 2, "%s",
			"Record where all mail passes, best for a working day, and read that:");
		wrap_line(wrap, 4, "tcpdump -i eth0 -s 0 -w office.pcap '%s'",
			"tcp port 25 or 465 or 587");
		wrap_line(wrap, 4, "mailwarden read office.pcap");
	}
}

void report_write(FILE *out, const struct engine *engine, const struct site *site,
	const struct anomaly_totals *totals, const struct report_seen *seen,
	const struct report_style *style)
{
	struct engine_summary sum;
	struct wrap wrap;
	const struct tapcheck check = { seen->recording, site, &sum, totals, seen };
	engine_summary(engine, &sum);
	wrap_init(&wrap, out, style->width, style->colour, style->utf8);
	wrap.pseudonyms = style->pseudonyms;
	verdict_write(engine, &check, &wrap);
	tapcheck_write(&check, true, &wrap);
	suspect_list(engine, style->verbose, &wrap);
	seen_write(engine, site, seen, style->verbose, &wrap);
	gaps_write(totals, style->verbose, &wrap);
	tapcheck_write(&check, false, &wrap);
	next_write(engine, &sum, seen, &wrap);
}

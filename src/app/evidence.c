/* Two readings, because who is a suspect is known only at the end, and keeping all that somebody
 * might turn out to have sent is not for a program that reads days of a network. The second one
 * ends where the first one did: a recording may have grown, and Ctrl-C is no end of a file. */
#include "app/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/folder.h"
#include "app/progress.h"
#include "base/fault.h"
#include "report/letter.h"
#include "sense/evidence.h"
#include "sense/files.h"

#define PROGRAM "mailwarden " MAILWARDEN_VERSION

struct job {
	const struct options *options;
	const struct engine *engine;
	const struct alert **alerts;
	unsigned count;
	struct evidence *evidence;
	struct evidence_files *out;
	int folder;
	struct error error; /* the newest */
};

bool evidence_possible(const struct options *options, struct error *error)
{
	struct stat status;
	for (unsigned i = 0; i < options->file_count; i++) {
		const char *name = options->files[i];
		bool input = !strcmp(name, "-");
		bool there = !input && !stat(name, &status);
		if (input || (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
			return error_set(error,
				"--evidence: %s cannot be read twice; store it in a file first, "
				"then read that",
				input ? "standard input" : name);
	}
	if (!*options->evidence || (!stat(options->evidence, &status) && !S_ISDIR(status.st_mode)))
		return error_set(error, "--evidence: %s: no folder; name one, it may be new",
			options->evidence);
	return true;
}

/* What `error` says. */
static void fail(struct job *job, enum status status)
{
	output_error(&job->error);
	job->out->report.failed = true;
	if (status > job->out->status)
		job->out->status = status;
}

static void fail_memory(struct job *job)
{
	error_no_memory(&job->error, job->options->evidence);
	fail(job, STATUS_SYSTEM);
}

static void exhibits_take(struct job *job, struct tap *tap)
{
	struct activity activity;
	struct exhibit exhibit;
	while (tap_next(tap, &activity)) {
		if (engine_exhibit(job->engine, &activity, &exhibit))
			evidence_exhibit(job->evidence, &activity, &exhibit);
		activity_free(&activity);
	}
}

/* What is wrong with a file was told in the first reading. */
static uint64_t packets_take(struct job *job, struct files *files, struct tap *tap,
	const struct shown *shown, uint64_t wanted)
{
	struct progress progress;
	struct packet packet;
	enum files_step step;
	uint64_t taken = 0;
	progress_init(&progress, job->options->quiet);
	while (taken < wanted && (step = files_next(files, &packet, &job->error)) != FILES_END) {
		if (step == FILES_ERROR) {
			if (job->error.no_memory)
				job->out->status = STATUS_SYSTEM;
			continue;
		}
		taken++;
		tap_packet(tap, &packet);
		evidence_packet(job->evidence, &packet, shown);
		exhibits_take(job, tap);
		progress_step(&progress, files);
	}
	progress_erase(&progress);
	tap_finish(tap);
	exhibits_take(job, tap);
	return taken;
}

/* What was wrong with a file in this reading, if anything, may be why. */
static void fail_changed(struct job *job, uint64_t taken, uint64_t wanted)
{
	if (*job->error.text)
		output_error(&job->error);
	error_set(&job->error,
		"--evidence: of %" PRIu64 " packets only %" PRIu64
		" were there when they were read "
		"again; read a copy that nobody changes",
		wanted, taken);
	fail(job, STATUS_INPUT);
}

static void read_again(
	struct job *job, const struct tap_settings *settings, const struct tap *before)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct shown shown = { .mail = false };
	struct tap_settings again = *settings;
	struct tap_counts counts;
	again.shown = &shown;
	again.keep = KEEP_ENVELOPE;
	tap_counts(before, &counts);
	struct tap *tap = tap_new(&again, &seen);
	struct files *files = files_open(job->options->files, job->options->file_count, &seen);
	if (tap && files) {
		tap_again(tap, before);
		uint64_t taken = packets_take(job, files, tap, &shown, counts.packets);
		if (taken < counts.packets)
			fail_changed(job, taken, counts.packets);
	} else {
		fail_memory(job);
	}
	if (files)
		files_close(files);
	tap_free(tap);
}

/* From addresses and our own words alone: nothing of a stranger's is ever a file's name. */
static void name_make(struct job *job, unsigned suspect)
{
	const struct alert *alert = job->alerts[suspect];
	char address[ADDRESS_TEXT], *name = job->out->name[suspect];
	unsigned same = 1;
	pseudonym_address_text(NULL, &alert->address[0], address);
	for (char *at = address; *at; at++)
		*at = *at == ':' ? '-' : *at;
	for (unsigned i = 0; i < suspect; i++)
		same += job->alerts[i]->kind == alert->kind &&
			address_equal(&job->alerts[i]->address[0], &alert->address[0]);
	int size = snprintf(name, EVIDENCE_NAME, "%s-%s", address, alert_kind_name(alert->kind));
	if (same > 1)
		snprintf(name + size, EVIDENCE_NAME - (size_t)size, "-%u", same);
	job->out->names[suspect] = name;
}

static bool file_write(struct job *job, unsigned suspect, const char *ending, struct bytes content)
{
	char name[EVIDENCE_NAME + 8];
	snprintf(name, sizeof(name), "%s%s", job->out->name[suspect], ending);
	if (!content.at)
		fail_memory(job);
	else if (!folder_write(job->folder, job->options->evidence, name, content, &job->error))
		fail(job, STATUS_SYSTEM);
	return !job->out->report.failed;
}

static bool text_write(struct job *job, unsigned suspect)
{
	char packets[EVIDENCE_NAME + 8], *text = NULL;
	struct evidence_part part;
	size_t size = 0;
	FILE *file = fault_call() ? NULL : open_memstream(&text, &size);
	snprintf(packets, sizeof(packets), "%s.pcapng", job->out->name[suspect]);
	evidence_part(job->evidence, suspect, &part);
	const struct letter letter = { .program = PROGRAM,
		.packets = packets,
		.exhibit = part.exhibit,
		.exhibits = part.exhibits,
		.connections = part.connections,
		.kept = part.packets,
		.left_out = part.left_out };
	bool whole = file;
	if (file) {
		letter_write(file, job->alerts[suspect], &letter);
		whole = !ferror(file);
		whole = !fclose(file) && whole;
	}
	bool ok = file_write(
		job, suspect, ".txt", whole ? bytes_make(text, size) : (struct bytes){ 0 });
	free(text);
	return ok;
}

static void files_write(struct job *job)
{
	job->folder = folder_open(job->options->evidence, &job->error);
	if (job->folder < 0) {
		fail(job, STATUS_SYSTEM);
		return;
	}
	for (unsigned i = 0; i < job->count; i++) {
		name_make(job, i);
		struct bytes packets = evidence_pcapng(job->evidence, i, PROGRAM);
		if (!file_write(job, i, ".pcapng", packets) || !text_write(job, i))
			return;
		job->out->report.count++;
	}
}

static bool job_open(struct job *job)
{
	size_t room = job->count;
	job->alerts = fault_call() ? NULL : calloc(room, sizeof(*job->alerts));
	job->out->name = fault_call() ? NULL : calloc(room, sizeof(*job->out->name));
	job->out->names = fault_call() ? NULL : calloc(room, sizeof(*job->out->names));
	if (!job->alerts || !job->out->name || !job->out->names)
		return false;
	for (unsigned i = 0; i < job->count; i++)
		job->alerts[i] = engine_alert(job->engine, i);
	job->evidence = evidence_new(job->alerts, job->count);
	return job->evidence;
}

static unsigned count_alerts(const struct engine *engine)
{
	unsigned count = 0;
	while (engine_alert(engine, count))
		count++;
	return count;
}

void evidence_write(const struct options *options, const struct tap_settings *settings,
	const struct tap *tap, const struct engine *engine, struct evidence_files *out)
{
	struct job job = { .options = options, .engine = engine, .out = out, .folder = -1 };
	*out = (struct evidence_files){ .report.folder = options->evidence };
	job.count = count_alerts(engine);
	if (!job.count)
		return;
	if (job.count > EVIDENCE_SUSPECTS_MAX) {
		out->report.left_out = job.count - EVIDENCE_SUSPECTS_MAX;
		job.count = EVIDENCE_SUSPECTS_MAX;
	}
	if (job_open(&job)) {
		read_again(&job, settings, tap);
		files_write(&job);
	} else {
		fail_memory(&job);
	}
	out->report.names = out->names;
	folder_close(job.folder);
	evidence_free(job.evidence);
	free(job.alerts);
}

void evidence_close(struct evidence_files *files)
{
	free(files->name);
	free(files->names);
}

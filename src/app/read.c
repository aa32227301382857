/* The whole pipeline in one process and one loop: files, tap, engine, report. A file that ends
 * badly is told of at once and ends itself only; what was read before counts. Ctrl-C ends the
 * reading, not the work: what was seen until then is reported. A second one ends the program. */
#include "app/read.h"

#include <signal.h>

#include "app/evidence.h"
#include "app/options.h"
#include "app/progress.h"
#include "report/names.h"
#include "report/report.h"
#include "report/vendor.h"
#include "sense/tap.h"

#define SENSOR "file" /* how alerts and sessions name where they come from */

struct run {
	const struct options *options;
	struct output output;
	struct progress progress;
	struct files *files;
	struct tap_settings tap_settings;
	struct tap *tap;
	struct engine *engine;
	struct names *names;
	struct anomaly_totals totals;
	struct anomalies seen;
	struct json json;
	struct csv csv;
	unsigned troubles; /* files that ended badly */
	struct evidence_files evidence;
	bool memory_gone;   /* a line could not be built */
	bool system_failed; /* so that a file could not be read */
	bool vendors_missing;
	bool stopped;
};

/* The one thing that C lets a signal handler write. */
static volatile sig_atomic_t stop_asked;

static void on_stop(int number)
{
	stop_asked = 1;
}

/* Once: a second signal ends the program, also while it waits for a silent pipe. */
static void stop_listen(void)
{
	struct sigaction action = { .sa_handler = on_stop, .sa_flags = SA_RESETHAND };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void line_write(struct run *run, struct bytes line)
{
	if (!line.at)
		run->memory_gone = true;
	else if (run->options->format == FORMAT_CSV) /* brings its own line end */
		fwrite(line.at, 1, bytes_size(line), run->output.file);
	else
		output_line(&run->output, line);
}

static void session_write(struct run *run, const struct session *session)
{
	if (run->options->format == FORMAT_CSV)
		line_write(run, session_csv(session, SENSOR, &run->csv));
	else
		line_write(run, session_json(session, SENSOR, &run->json));
}

static void header_write(struct run *run)
{
	if (run->options->format != FORMAT_CSV)
		return;
	if (run->options->emit == EMIT_ACTIVITIES)
		session_csv_header(&run->csv);
	else
		alert_csv_header(&run->csv);
	line_write(run, csv_end(&run->csv));
}

static void activities_take(struct run *run)
{
	struct activity activity;
	while (tap_next(run->tap, &activity)) {
		engine_take(run->engine, &activity);
		names_take(run->names, &activity);
		if (run->options->emit == EMIT_ACTIVITIES && activity.kind == ACTIVITY_SESSION)
			session_write(run, activity.session);
		activity_free(&activity);
	}
}

static void trouble_tell(struct run *run, const struct error *error)
{
	run->troubles++;
	run->system_failed |= error->no_memory;
	progress_erase(&run->progress);
	output_error(error);
}

static void packets_read(struct run *run)
{
	struct packet packet;
	struct error error;
	enum files_step step;
	while (!stop_asked && !run->output.error &&
		(step = files_next(run->files, &packet, &error)) != FILES_END) {
		if (step == FILES_ERROR) {
			trouble_tell(run, &error);
			continue;
		}
		tap_packet(run->tap, &packet);
		activities_take(run);
		progress_step(&run->progress, run->files);
	}
	progress_erase(&run->progress);
	run->stopped = stop_asked;
}

static void report_print(struct run *run)
{
	const struct options *options = run->options;
	struct tap_counts counts;
	struct recording recording;
	tap_counts(run->tap, &counts);
	tap_recording(run->tap, &recording);
	recording.dropped = files_dropped(run->files);
	const struct report_seen seen = {
		.names = options->files,
		.name_count = options->file_count,
		.packets = counts.packets,
		.bytes = counts.bytes,
		.tcp = counts.tcp,
		.mail = counts.mail,
		.first = counts.first,
		.last = counts.last,
		.troubles = run->troubles,
		.stopped = run->stopped,
		.recording = &recording,
		.evidence = options->evidence ? &run->evidence.report : NULL,
		.vendors_missing = run->vendors_missing ? VENDOR_FOLDER : NULL,
	};
	const struct report_style style = {
		.colour = run->output.colour,
		.utf8 = run->output.utf8,
		.width = options->width ? options->width : run->output.width,
		.verbose = options->verbose,
		.pseudonyms = options_pseudonyms(options),
	};
	report_write(run->output.file, run->engine, &options->site, &run->totals, &seen, &style);
}

static void alerts_write(struct run *run)
{
	const struct alert *alert;
	for (size_t i = 0; (alert = engine_alert(run->engine, i)); i++) {
		if (run->options->format == FORMAT_CSV)
			line_write(run, alert_csv(alert, SENSOR, &run->csv));
		else
			line_write(run, alert_json(alert, SENSOR, &run->json));
	}
}

static void input_finish(struct run *run)
{
	tap_finish(run->tap);
	activities_take(run);
	engine_finish(run->engine);
	bool alerts = run->options->emit == EMIT_ALERTS;
	if (alerts || run->options->evidence)
		run->vendors_missing = !names_join(run->names, run->engine, VENDOR_FOLDER);
	if (run->options->evidence)
		evidence_write(
			run->options, &run->tap_settings, run->tap, run->engine, &run->evidence);
	if (!alerts)
		return;
	if (run->options->format == FORMAT_TEXT)
		report_print(run);
	else
		alerts_write(run);
}

static bool run_open(struct run *run, const struct options *options)
{
	*run = (struct run){ .options = options };
	run->tap_settings = (struct tap_settings){
		.ports = options->port,
		.port_count = options->ports,
		.keep = options->keep ? (enum keep)(options->keep - 1) : KEEP_HEADERS,
		.verify_checksums = !options->believe_checksums,
		.site = &options->site,
	};
	run->seen.total = &run->totals;
	if (!output_open(&run->output, (enum colour)options->colour))
		return false;
	run->json.pseudonyms = run->csv.pseudonyms = options_pseudonyms(options);
	progress_init(&run->progress, options->quiet);
	run->files = files_open(options->files, options->file_count, &run->seen);
	run->tap = tap_new(&run->tap_settings, &run->seen);
	run->engine = engine_new(&options->site, &options->detect, &run->seen);
	run->names = names_new(&run->seen);
	return run->files && run->tap && run->engine && run->names;
}

static void run_free(struct run *run)
{
	engine_free(run->engine);
	names_free(run->names);
	tap_free(run->tap);
	if (run->files)
		files_close(run->files);
	json_free(&run->json);
	csv_free(&run->csv);
	evidence_close(&run->evidence);
}

static enum status verdict_status(const struct run *run)
{
	if (run->system_failed || run->evidence.status == STATUS_SYSTEM)
		return STATUS_SYSTEM;
	if (run->troubles || run->evidence.status == STATUS_INPUT)
		return STATUS_INPUT;
	if (run->options->exit_code && engine_alert(run->engine, 0))
		return STATUS_SUSPECTS;
	return STATUS_FINE;
}

static enum status run_all(const struct options *options)
{
	struct run run;
	enum status status = STATUS_SYSTEM, written = STATUS_FINE;
	bool ready = run_open(&run, options);
	if (ready) {
		stop_listen();
		header_write(&run);
		packets_read(&run);
		input_finish(&run);
		status = verdict_status(&run);
	}
	if (run.output.file)
		written = output_close(&run.output);
	if (!ready || run.memory_gone)
		status = output_no_memory();
	if (run.stopped)
		fputs("mailwarden: stopped before the end of the input; what was read until then "
		      "is reported\n",
			stderr);
	run_free(&run);
	return written == STATUS_FINE ? status : written;
}

static enum status refuse(const struct error *error)
{
	output_error(error);
	return error->no_memory ? STATUS_SYSTEM : STATUS_USAGE;
}

enum status read_command(int argc, char **argv)
{
	struct options options;
	struct error error = { .text = "" };
	enum status status = STATUS_USAGE;
	bool usable = options_read(&options, argc, argv, &error);
	if (usable && !options.help && options.evidence)
		usable = evidence_possible(&options, &error);
	if (!usable)
		status = refuse(&error);
	else if (options.help)
		status = read_help();
	else
		status = run_all(&options);
	options_free(&options);
	return status;
}

static const struct example {
	const char *words, *line;
} examples[] = {
	{ "Who sends mail that should not?", "mailwarden read office.pcap" },
	{ "Slices of one recording, with your own servers named:",
		"mailwarden read --inside 192.0.2.0/24 --mail-server 192.0.2.25 day-*.pcap" },
	{ "A recording while it is made, until Ctrl-C:",
		"tcpdump -i eth0 -s 0 -U -w - 'tcp port 25 or 465 or 587' | mailwarden read -" },
	{ "In a script: 1 when there are suspects, and who they are:",
		"mailwarden read --exit-code --format jsonl office.pcap" },
	{ "Packets and a text about each suspect, to send to the owner:",
		"mailwarden read --evidence evidence office.pcap" },
	{ "Every mail dialogue, for a spreadsheet:",
		"mailwarden read --emit activities --format csv office.pcap > sessions.csv" },
};

enum status read_help(void)
{
	struct output output;
	struct wrap wrap;
	if (!output_open(&output, COLOUR_AUTO))
		return output_no_memory();
	wrap_init(&wrap, output.file, output.width, output.colour, output.utf8);
	wrap_item(&wrap, 0, NULL, 0, "Usage: mailwarden read [OPTION]... FILE...");
	wrap_blank(&wrap);
	wrap_item(&wrap, 0, NULL, 0, "%s",
		"Reads packet captures (pcap or pcapng, also compressed; - is standard input), "
		"rebuilds the mail "
		"dialogues in them, and reports the machines that send mail they should not.");
	options_help(&wrap);
	wrap_heading(&wrap, "Examples");
	for (size_t i = 0; i < COUNT(examples); i++) {
		wrap_item(&wrap, 0, NULL, 2, "%s", examples[i].words);
		wrap_line(&wrap, 4, "%s", examples[i].line);
	}
	wrap_heading(&wrap, "Exit codes");
	wrap_item(&wrap, 0, NULL, 2, "%s",
		"0 fine; 1 suspects (with --exit-code); 2 wrong usage; 3 some input could not be "
		"read; 4 the system failed");
	return output_close(&output);
}

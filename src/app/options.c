/* One table says what each option is called, takes, does and is good for; parsing and --help are
 * loops over it. The site's options are its settings (model/site.h) under the same names: what the
 * configuration file takes, the command line takes, and both add up. */
#include "app/options.h"

#include <getopt.h>
#include <stdio.h>

#include "app/key.h"
#include "base/nearest.h"

#define LETTER_FIRST 256 /* getopt's value of row 0; below are the short letters */
#define HELP_INDENT 2
#define HELP_TEXT 30
#define HELP_KEY 8 /* names of keys are long: their help stands below them */

struct row;
typedef bool row_set(
	struct options *options, const struct row *row, const char *value, struct error *error);

static row_set set_flag, set_choice, set_width, set_ports, set_site, set_config, set_pseudonyms,
	set_evidence;

struct row {
	const char *name, *other; /* `other`: another spelling, or NULL */
	char letter;
	const char *argument; /* NULL: takes none */
	row_set *set;
	size_t offset;              /* in struct options: of a flag or a choice */
	const char *const *choices; /* ends with NULL */
	const char *setting;        /* of the site, whose help stands for ours */
	const char *help;
};

static const char *const formats[] = { "text", "jsonl", "csv", NULL };
static const char *const emits[] = { "alerts", "activities", NULL };
static const char *const keeps[] = { "envelope", "headers", "digests", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

#define AT(field) offsetof(struct options, field)
static const struct row rows[] = {
	{ .name = "config",
		.argument = "FILE",
		.set = set_config,
		.help = "read settings from FILE (YAML); see below, and mailwarden.yaml(5)" },
	{ .name = "inside", .argument = "PREFIX", .set = set_site, .setting = "inside" },
	{ .name = "mail-servers",
		.other = "mail-server",
		.argument = "ADDRESS",
		.set = set_site,
		.setting = "mail_servers" },
	{ .name = "smarthosts",
		.other = "smarthost",
		.argument = "ADDRESS",
		.set = set_site,
		.setting = "smarthosts" },
	{ .name = "allowed-servers",
		.other = "allowed-server",
		.argument = "ADDRESS",
		.set = set_site,
		.setting = "allowed_servers" },
	{ .name = "allow", .argument = "ADDRESS", .set = set_site, .setting = "allow" },
	{ .name = "port",
		.argument = "N",
		.set = set_ports,
		.help = "a further mail port, beside 25, 465, 587 and 2525" },
	{ .name = "format",
		.argument = "FORMAT",
		.set = set_choice,
		.offset = AT(format),
		.choices = formats,
		.help = "text (default), jsonl or csv" },
	{ .name = "emit",
		.argument = "WHAT",
		.set = set_choice,
		.offset = AT(emit),
		.choices = emits,
		.help = "alerts (default), or activities: one line for each mail session, as jsonl "
			"(default) or csv" },
	{ .name = "keep",
		.argument = "DEPTH",
		.set = set_choice,
		.offset = AT(keep),
		.choices = keeps,
		.help = "the most that may be written of a message: envelope, headers (default) or "
			"digests (MD5 and SHA-256 of attachments). Its text is never kept" },
	{ .name = "pseudonyms",
		.argument = "KEYFILE",
		.set = set_pseudonyms,
		.help = "replace mail and IP addresses, names of machines and people by what the "
			"key in KEYFILE makes of them; make one with: head -c 32 /dev/urandom > "
			"KEYFILE" },
	{ .name = "evidence",
		.argument = "DIR",
		.set = set_evidence,
		.help = "for each suspect write its packets, without messages and logins, and a "
			"text to send to the owner into the folder DIR" },
	{ .name = "exit-code",
		.set = set_flag,
		.offset = AT(exit_code),
		.help = "end with 1 when there are suspects" },
	{ .name = "no-checksums",
		.set = set_flag,
		.offset = AT(believe_checksums),
		.help = "believe packets with bad checksums, as recorded on the sending machine" },
	{ .name = "colour",
		.other = "color",
		.argument = "WHEN",
		.set = set_choice,
		.offset = AT(colour),
		.choices = colours,
		.help = "auto (default: on a terminal, unless NO_COLOR is set), always or never" },
	{ .name = "width",
		.argument = "N",
		.set = set_width,
		.help = "columns of the report, 40 to 1000; default: the terminal's, at most 100" },
	{ .name = "verbose",
		.letter = 'v',
		.set = set_flag,
		.offset = AT(verbose),
		.help = "show all: every counter by name, every role, the ids" },
	{ .name = "quiet",
		.letter = 'q',
		.set = set_flag,
		.offset = AT(quiet),
		.help = "no progress line" },
	{ .name = "help", .letter = 'h', .set = set_flag, .offset = AT(help), .help = "show this" },
};

static const struct setting config[] = {
	{ .name = "site", .kind = SETTING_MAP, .offset = AT(site), .keys = site_settings },
	{ .name = "detectors", .kind = SETTING_MAP, .offset = AT(detect), .keys = detect_settings },
	{ .name = NULL },
};
#undef AT

static bool set_flag(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	*(bool *)((char *)options + row->offset) = true;
	return true;
}

static bool set_choice(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	for (unsigned i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], value) != 0)
			continue;
		*(unsigned *)((char *)options + row->offset) = i + 1;
		return true;
	}
	return error_set(error, "--%s: %.60s is no %s; see mailwarden read --help", row->name,
		value, row->argument);
}

static bool number_read(struct bytes text, unsigned least, unsigned most, unsigned *out)
{
	unsigned number = 0;
	if (!bytes_size(text) || bytes_size(text) > 6)
		return false;
	for (const uint8_t *digit; (digit = bytes_take(&text, 1));) {
		if (*digit < '0' || *digit > '9')
			return false;
		number = number * 10 + (*digit - '0');
	}
	*out = number;
	return number >= least && number <= most;
}

static bool set_width(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	return number_read(bytes_of(value), WRAP_WIDTH_MIN, WRAP_WIDTH_MAX, &options->width) ||
	       error_set(error, "--width: %s is no number from %u to %u", value, WRAP_WIDTH_MIN,
		       WRAP_WIDTH_MAX);
}

/* The next of a comma list, stepped over; false behind the last. An empty list has one empty item,
 * which whoever reads it refuses. */
static bool list_next(struct bytes *list, struct bytes *item)
{
	if (!list->at)
		return false;
	const uint8_t *comma = bytes_find(*list, ',');
	*item = bytes_split(list, comma ? (size_t)(comma - list->at) : bytes_size(*list));
	if (!bytes_take(list, 1))
		*list = (struct bytes){ NULL, NULL };
	return true;
}

static bool set_ports(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	struct bytes list = bytes_of(value), item;
	unsigned port;
	while (list_next(&list, &item)) {
		if (!number_read(item, 1, 65535, &port))
			return error_set(error, "--port: %s is no port; use 1 to 65535", value);
		if (options->ports == OPTIONS_PORTS_MAX)
			return error_set(error, "--port: more than %u ports; leave some out",
				OPTIONS_PORTS_MAX);
		options->port[options->ports++] = (uint16_t)port;
	}
	return true;
}

/* Every name in the table above is a key of the site. */
static const struct setting *site_setting(const char *name)
{
	const struct setting *setting = site_settings;
	while (strcmp(setting->name, name) != 0)
		setting++;
	return setting;
}

static bool set_site(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	struct bytes list = bytes_of(value), item;
	const struct setting *setting = site_setting(row->setting);
	char where[40];
	snprintf(where, sizeof where, "--%s", row->name);
	while (list_next(&list, &item))
		if (!setting_set(setting, &options->site, item, where, error))
			return false;
	return true;
}

static bool set_config(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	return setting_read(value, config, options, error);
}

static bool set_pseudonyms(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	options->key_file = value;
	return key_read(value, &options->pseudonyms, error);
}

static bool set_evidence(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	options->evidence = value;
	return true;
}

/* getopt's sign for "not understood": which of its three reasons was it? */
static bool refuse(char **argv, int at, struct error *error)
{
	const char *word = argv[at - 1];
	struct nearest nearest;
	if (optopt >= LETTER_FIRST || (optopt && !strncmp(word, "--", 2)))
		return error_set(error, "%.60s: takes no value", word);
	if (optopt)
		return error_set(error, "-%c: no such option; see mailwarden read --help", optopt);
	nearest_init(&nearest, word + 2);
	for (size_t i = 0; i < COUNT(rows); i++) {
		nearest_offer(&nearest, rows[i].name);
		if (rows[i].other)
			nearest_offer(&nearest, rows[i].other);
	}
	if (nearest.name)
		return error_set(
			error, "%.60s: no such option; did you mean --%s?", word, nearest.name);
	return error_set(error, "%.60s: no such option; see mailwarden read --help", word);
}

static const struct row *row_find(int letter)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return letter >= LETTER_FIRST ? &rows[letter - LETTER_FIRST] : NULL;
}

static struct option option_make(size_t row, const char *name)
{
	return (struct option){ .name = name,
		.has_arg = rows[row].argument ? required_argument : no_argument,
		.val = rows[row].letter ? rows[row].letter : LETTER_FIRST + (int)row };
}

static bool arguments_read(struct options *options, int argc, char **argv, struct error *error)
{
	struct option known[2 * COUNT(rows) + 1] = { { .name = NULL } };
	size_t used = 0;
	int letter;
	for (size_t i = 0; i < COUNT(rows); i++) {
		known[used++] = option_make(i, rows[i].name);
		if (rows[i].other)
			known[used++] = option_make(i, rows[i].other);
	}
	optind = 0; /* from the start, whoever parsed before */
	while ((letter = getopt_long(argc, argv, ":hvq", known, NULL)) != -1) {
		if (letter == '?')
			return refuse(argv, optind, error);
		if (letter == ':')
			return error_set(error, "%s: a value is missing", argv[optind - 1]);
		const struct row *row = row_find(letter);
		if (!row->set(options, row, optarg, error))
			return false;
	}
	options->files = (const char *const *)argv + optind;
	options->file_count = (unsigned)(argc - optind);
	return true;
}

static bool combination_check(struct options *options, struct error *error)
{
	bool activities = options->emit == EMIT_ACTIVITIES;
	if (!options->format)
		options->format = activities ? FORMAT_JSONL : FORMAT_TEXT;
	if (activities && options->format == FORMAT_TEXT)
		return error_set(error, "--emit activities: there is no text for them; use "
					"--format jsonl or csv");
	if (options->evidence && options->key_file)
		return error_set(error, "--evidence and --pseudonyms: packets hold true addresses; "
					"use one of the two");
	if (!options->file_count && !options->help)
		return error_set(error, "which file? Record one with: tcpdump -i eth0 -s 0 -w "
					"office.pcap 'tcp port "
					"25 or 465 or 587', then: mailwarden read office.pcap");
	return true;
}

bool options_read(struct options *options, int argc, char **argv, struct error *error)
{
	*options = (struct options){ .colour = COLOUR_AUTO, .emit = EMIT_ALERTS };
	detect_settings_init(&options->detect);
	return arguments_read(options, argc, argv, error) && combination_check(options, error);
}

void options_free(struct options *options)
{
	explicit_bzero(&options->pseudonyms, sizeof options->pseudonyms);
	site_free(&options->site);
}

const struct pseudonyms *options_pseudonyms(const struct options *options)
{
	return options->key_file ? &options->pseudonyms : NULL;
}

static void row_help(const struct row *row, struct wrap *wrap)
{
	char label[64], letter[5] = "";
	if (row->letter)
		snprintf(letter, sizeof letter, "-%c, ", row->letter);
	snprintf(label, sizeof label, "%4s--%s %s", letter, row->name,
		row->argument ? row->argument : "");
	wrap_open(wrap, HELP_INDENT, label, HELP_TEXT);
	wrap_string(wrap, row->setting ? site_setting(row->setting)->help : row->help);
	wrap_close(wrap);
}

/* The keys of a map and of the maps in it, by their full names. */
static void keys_help(const char *path, const struct setting *keys, struct wrap *wrap)
{
	char label[80];
	for (const struct setting *key = keys; key->name; key++) {
		snprintf(label, sizeof label, "%s%s%s", path, *path ? "." : "", key->name);
		if (key->kind == SETTING_MAP) {
			keys_help(label, key->keys, wrap);
			continue;
		}
		wrap_open(wrap, HELP_INDENT, label, HELP_KEY);
		wrap_string(wrap, key->help);
		wrap_print(wrap, " (%s%sdefault: %s)", key->unit ? key->unit : "",
			key->unit ? "; " : "", key->normal);
		wrap_close(wrap);
	}
}

void options_help(struct wrap *wrap)
{
	wrap_heading(wrap, "Options");
	for (size_t i = 0; i < COUNT(rows); i++)
		row_help(&rows[i], wrap);
	wrap_item(wrap, 0, NULL, HELP_INDENT, "%s",
		"Those that take addresses take a list, too (a,b,c), and may be given several "
		"times; --mail-server, --smarthost, --allowed-server and --color are understood.");
	wrap_heading(wrap, "Keys of the configuration file");
	keys_help("", config, wrap);
}

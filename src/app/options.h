/* What `mailwarden read` was asked to do: its options, and the configuration file that some of them
 * name. */
#ifndef MW_APP_OPTIONS_H
#define MW_APP_OPTIONS_H

#include "app/output.h"
#include "base/pseudonym.h"
#include "detect/settings.h"
#include "model/site.h"
#include "report/wrap.h"

#define OPTIONS_PORTS_MAX 64

enum format { FORMAT_TEXT = 1, FORMAT_JSONL, FORMAT_CSV };
enum emit { EMIT_ALERTS = 1, EMIT_ACTIVITIES };

struct options {
	struct site site;
	struct detect_settings detect;
	uint16_t port[OPTIONS_PORTS_MAX]; /* mail ports beside the usual ones */
	unsigned ports;
	unsigned format, emit, keep, colour; /* one of their choices, from 1; enum format, ... */
	unsigned width;                      /* 0: as wide as the terminal */
	const char *key_file;                /* of the pseudonyms; NULL: none are wanted */
	struct pseudonyms pseudonyms;
	const char *evidence; /* the folder for it; NULL: none is wanted */
	bool exit_code, believe_checksums, verbose, quiet, help;
	const char *const *files; /* behind the options, in argv */
	unsigned file_count;
};

/* Reads the arguments behind the command's name (argv[0]) and orders argv: files last. false: wrong
 * usage, a configuration that cannot be used among it. Free in either case. */
bool options_read(struct options *options, int argc, char **argv, struct error *error);
void options_free(struct options *options);

const struct pseudonyms *options_pseudonyms(const struct options *options); /* NULL: none */

/* The options and the keys of the configuration file, each with its help. */
void options_help(struct wrap *wrap);

#endif

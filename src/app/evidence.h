/* `--evidence DIR`: after the verdict the input is read once more, and for each suspect a file of
 * packets and a text are written. */
#ifndef MW_APP_EVIDENCE_H
#define MW_APP_EVIDENCE_H

#include "app/options.h"
#include "app/status.h"
#include "engine/engine.h"
#include "report/report.h"
#include "sense/tap.h"

#define EVIDENCE_NAME 96 /* with NUL: an address, a kind and a number */

struct evidence_files {
	struct report_evidence report; /* what became of it; free with evidence_close() */
	char (*name)[EVIDENCE_NAME];
	const char **names;
	enum status status;
};

/* Can the input be read twice, and written to there? false: wrong usage. */
bool evidence_possible(const struct options *options, struct error *error);

/* `tap` has read the input with `settings`, `engine` is finished. Tells what goes wrong on standard
 * error. */
void evidence_write(const struct options *options, const struct tap_settings *settings,
	const struct tap *tap, const struct engine *engine, struct evidence_files *out);
void evidence_close(struct evidence_files *files);

#endif

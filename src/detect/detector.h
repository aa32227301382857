/* What a detector is: one question, one file, one row in the table. It sees each activity in the
 * total order, keeps its state in the host's record, and says what it found; the engine's book
 * makes stories of findings. A new detector is a new file, a row in detector.c, a kind in
 * model/alert.h and a section in docs/detection.md. */
#ifndef MW_DETECT_DETECTOR_H
#define MW_DETECT_DETECTOR_H

#include "detect/host.h"
#include "detect/role.h"
#include "detect/settings.h"
#include "model/alert.h"

#define FINDING_MEASURES 3
#define SENTENCE_MAX 512 /* with NUL */

struct watch { /* what all detectors look at */
	const struct site *site;
	const struct detect_settings *settings;
	struct hosts *hosts;
	struct roles *roles;
	struct anomalies *seen;
	int64_t first, last; /* of the data so far */
};

struct finding {
	double confidence;
	unsigned addresses;     /* of the machine whose evidence it is */
	const char *why_capped; /* a mark holds it down; NULL: none does */
	bool fact, attempts_only;
	int64_t first, last;  /* evidence */
	struct endpoint peer; /* where one server is the point */
	struct alert_measure measure[FINDING_MEASURES];
	unsigned measures;
};

enum detector_says {
	DETECTOR_NOTHING,
	DETECTOR_EVIDENCE, /* adds to a story that is open; opens none */
	DETECTOR_FIRED
};

struct sentence {
	char text[SENTENCE_MAX];
	size_t size;
};

void sentence_add(struct sentence *sentence, const char *format, ...)
	__attribute__((format(printf, 2, 3))); /* cut at the end of the room */

struct detector {
	enum alert_kind kind;
	enum family family;

	/* A session of a machine inside with a server outside. Fills `out` unless NOTHING. */
	enum detector_says (*session)(const struct watch *watch, struct host *client,
		const struct encounter *encounter, struct finding *out);

	/* A try in vain of a machine inside; NULL: proof came for earlier ones. */
	enum detector_says (*tried)(const struct watch *watch, struct host *client,
		const struct attempt *attempt, struct finding *out);

	/* The same by what is remembered now: the machine's addresses turned out not to be one. */
	enum detector_says (*again)(
		const struct watch *watch, struct host *client, struct finding *out);

	/* Does such a session, or try in vain, count? By what is known of roles now; of a machine
	 * inside with a server outside. */
	bool (*counts)(const struct watch *watch, const struct encounter *encounter);
	bool (*counts_try)(const struct watch *watch, const struct attempt *attempt);

	/* What a person reads first; `total` is the machine's (hosts_total). */
	void (*describe)(const struct watch *watch, const struct host *total,
		const struct role_view *role, const struct finding *finding, struct sentence *out);
	const char *innocent_if;
};

extern const struct detector *const detectors[ALERT_KINDS]; /* by kind */

/* lo + (hi - lo)(1 - threshold/x); 0 below the threshold. */
double detector_confidence(double lo, double hi, uint64_t threshold, unsigned x);

/* Evidence that was seen in part can lead to no more than this. */
#define CONFIDENCE_CAPPED 0.5
extern const char detector_why_marked[];

#endif

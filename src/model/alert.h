/* "This is wrong": a conclusion about a host with its evidence: one story a host. In the open it is
 * an IDEA0 document (docs/alerts.md, schema of CESNET's IDEA) with our own object _Mailwarden.
 * Texts are the engine's, valid as long as it lives. */
#ifndef MW_MODEL_ALERT_H
#define MW_MODEL_ALERT_H

#include "model/activity.h"

#define ALERT_NAMES 4
#define ALERT_SAMPLES 8
#define ALERT_MEASURES 8
#define ALERT_ADDRESSES 8

enum alert_kind { ALERT_DIRECT_TO_MX, ALERT_POLICY_BYPASS, ALERT_KINDS };

enum family { /* of evidence: DETECTION.md section 1 */
	FAMILY_ROUTE,
	FAMILY_FAILURES,
	FAMILY_VOLUME,
	FAMILY_IDENTITY,
	FAMILY_REPETITION,
	FAMILY_RECIPIENTS,
	FAMILY_TRAP,
	FAMILY_LISTED,
	FAMILY_COUNT
};

enum role {
	ROLE_UNKNOWN,
	ROLE_CLIENT,
	ROLE_SERVER,
	ROLE_SERVER_PRESUMED,
	ROLE_SMARTHOST,
	ROLE_NAT,
	ROLE_RESOLVER,
	ROLE_MONITOR,
	ROLE_NEWSLETTER
};

enum alert_level { LEVEL_NOTICE, LEVEL_BLOCK };

struct alert_measure {    /* one number and the limit it was held against */
	const char *name; /* "networks" */
	enum alert_kind kind;
	double value, threshold, normal;
	const char *unit; /* "networks reached on port 25" */
	int64_t window;   /* microseconds; 0: not over a window */
	int64_t window_end;
};

struct alert_sample {
	int64_t time;
	struct endpoint peer;
	int code;                /* 0: no answer */
	struct bytes name;       /* of the peer's greeting */
	struct bytes text;       /* what it answered, as sent: escape before showing */
	struct bytes about;      /* the local part of whom the answer is about, to hide it there */
	char session[UUID_TEXT]; /* its session line; empty: none */
};

struct alert_name {
	enum name_source source;
	struct bytes text; /* as the machine said it: escape before showing */
};

struct alert_labels {                        /* to find the machine by; nothing rests on them */
	struct alert_name name[ALERT_NAMES]; /* the best first, each once */
	unsigned names;
	struct bytes vendor; /* of its network card; absent: not known */
};

struct alert {
	char id[UUID_TEXT];
	char related[UUID_TEXT]; /* the story before, of the same kind and host, within 7 days;
				    empty: none */
	enum alert_kind kind;    /* the strongest; opening kind decides the id */
	unsigned kinds;          /* bits of enum alert_kind */
	unsigned families;       /* bits of enum family */
	bool fact;
	bool attempts_only; /* no dialogue behind it: connections were tried in vain */
	double confidence;
	bool capped;            /* a mark or a presumed role holds it down; `why_capped` says so */
	const char *why_capped; /* NULL: not */
	enum alert_level level;
	struct address address[ALERT_ADDRESSES]; /* of the host, the busiest first */
	unsigned addresses;
	bool has_mac;
	uint8_t mac[6];
	int64_t event_time;  /* first evidence */
	int64_t detect_time; /* when it was certain: data time */
	int64_t cease_time;  /* last evidence */
	enum role role;
	const char *role_reason;
	const char *sentence;    /* what a person reads first */
	const char *not_visible; /* what could not be seen; NULL: nothing */
	const char *innocent_if; /* what would have made it innocent, and what to configure */
	uint64_t sessions, attempts, messages, accepted, refused,
		recipients;       /* of this host to outside, over the whole input */
	uint64_t networks, peers; /* distinct, over the whole input */
	struct alert_measure measure[ALERT_MEASURES];
	unsigned measures;
	struct alert_sample sample[ALERT_SAMPLES];
	unsigned samples;
	const struct alert_labels *labels; /* the report's; NULL: none */
};

const char *alert_kind_name(enum alert_kind kind);     /* "direct-to-mx" */
const char *alert_kind_category(enum alert_kind kind); /* IDEA: "Abusive.Spam" */
const char *family_name(enum family family);           /* "route" */
const char *role_name(enum role role);                 /* "server (presumed)" */
const char *level_name(enum alert_level level);        /* "notice", "block" */

/* One IDEA0 document as one line without newline. */
struct bytes alert_json(const struct alert *alert, const char *sensor, struct json *json);
void alert_csv_header(struct csv *csv);
struct bytes alert_csv(const struct alert *alert, const char *sensor, struct csv *csv);

#endif

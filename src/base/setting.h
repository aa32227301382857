/* What can be set: tables of keys, owned by the rooms; read from YAML (libyaml), from options, and
 * printed by --help and the manual. No YAML guessing: a scalar is text until its key's kind reads
 * it. All mistakes of a file are told in one run, each with its line, and with the nearest name
 * when a key is unknown. Nesting is bounded by the tables; anchors and aliases are refused; a file
 * is at most 1 MiB. */
#ifndef MW_BASE_SETTING_H
#define MW_BASE_SETTING_H

#include "base/address.h"
#include "base/error.h"

enum setting_kind {
	SETTING_FLAG,     /* bool: true, false (yes and no are refused with what to write) */
	SETTING_COUNT,    /* uint64_t in min..max */
	SETTING_NUMBER,   /* double in min..max */
	SETTING_PREFIXES, /* struct prefixes: one address or prefix, or a list of them; adds to what
			     is there */
	SETTING_MAP       /* a map of `keys`, in the same struct: offsets count from it */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;
	double min, max;    /* COUNT and NUMBER */
	const char *unit;   /* "connections", "h"; NULL: none */
	const char *normal; /* the default, as text for people; the room's own defaults fill the
			       struct */
	const char *help;   /* half a sentence, lower case */
	const struct setting *keys; /* MAP: its table */
};
/* A table ends with a row whose name is NULL. */

/* Reads one value as `setting` wants it into the struct at `base`; "where" begins the error line.
 */
bool setting_set(const struct setting *setting, void *base, struct bytes value, const char *where,
	struct error *error);

/* Reads the file. false: nothing may be used, and `error` holds one line for each mistake (at most
 * 20): "mailwarden.yaml: line 3: site.insid: no such key; did you mean inside?". A file without any
 * key is fine. */
bool setting_read(const char *path, const struct setting *keys, void *base, struct error *error);

/* The same from memory; `name` begins the error lines. */
bool setting_read_bytes(struct bytes text, const char *name, const struct setting *keys, void *base,
	struct error *error);

#endif

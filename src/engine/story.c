/* From evidence to verdict: docs/detection.md, "Confidence". Roles are asked for here, when the
 * story is told, so that a mail server that showed itself as one only later is not accused for what
 * it did before. */
#include "engine/story.h"

#include <stdio.h>
#include <stdlib.h>

#define SITE_ID "read" /* where there is no store that holds the site's own */
#define ONE_FAMILY_MAX 0.80
#define BLOCK_MIN 0.90

/* What is said together with the story. */
struct telling {
	const struct story *story;
	const struct watch *watch;
	struct host *host, total; /* the record with the story; with the counters of all */
	struct machine machine;
	struct role_view role;
	struct alert *alert;
	struct arena *arena;
	double family[FAMILY_COUNT]; /* best of each */
	double kind[ALERT_KINDS];    /* what each is worth; 0: not held against it */
	const char *capped[ALERT_KINDS];
};

void story_id(const struct story *story, const struct address *key, char id[UUID_TEXT])
{
	char address[ADDRESS_TEXT], name[128];
	int size =
		snprintf(name, sizeof(name), "%s|%s|%s|%lld", SITE_ID, address_text(key, address),
			alert_kind_name(story->opening), (long long)story->opened);
	uuid5(name, (size_t)size, id);
}

/* Route and failure evidence is what a mail server shows too; a broken rule is a fact for all. */
static void weigh_kind(struct telling *telling, enum alert_kind kind)
{
	const struct finding *best = &telling->story->best[kind];
	enum family family = detectors[kind]->family;
	bool by_role = !best->fact && (family == FAMILY_ROUTE || family == FAMILY_FAILURES);
	double confidence = best->confidence;
	telling->capped[kind] = best->why_capped;
	if (by_role && telling->role.innocent)
		return;
	if (by_role && telling->role.doubtful) {
		if (confidence > CONFIDENCE_CAPPED)
			confidence = CONFIDENCE_CAPPED;
		telling->capped[kind] =
			"a server or a bot: name it with --mail-server if it is yours";
	}
	telling->kind[kind] = confidence;
	if (confidence > telling->family[family])
		telling->family[family] = confidence;
	telling->alert->kinds |= 1u << kind;
	telling->alert->families |= 1u << family;
	telling->alert->fact = telling->alert->fact || best->fact;
	if (confidence > telling->kind[telling->alert->kind])
		telling->alert->kind = kind;
}

/* C = 1 - product of (1 - c) over the families. */
static void weigh(struct telling *telling)
{
	struct alert *alert = telling->alert;
	const struct role_view *role = &telling->role;
	double innocence = 1;
	for (unsigned kind = ALERT_KINDS; kind-- > 0;)
		if (telling->story->kinds >> kind & 1)
			weigh_kind(telling, kind);
	for (unsigned family = 0; family < FAMILY_COUNT; family++)
		innocence *= 1 - telling->family[family];
	bool one_family = __builtin_popcount(alert->families) <= 1;
	alert->confidence = 1 - innocence;
	if (one_family && !alert->fact && alert->confidence > ONE_FAMILY_MAX)
		alert->confidence = ONE_FAMILY_MAX;
	alert->why_capped = telling->capped[alert->kind];
	alert->capped = alert->why_capped;
	bool sure = alert->confidence >= BLOCK_MIN && (!one_family || alert->fact);
	alert->level = sure && !role->innocent && !role->doubtful ? LEVEL_BLOCK : LEVEL_NOTICE;
}

static void tell_times(struct telling *telling)
{
	const struct story *story = telling->story;
	struct alert *alert = telling->alert;
	alert->event_time = alert->detect_time = INT64_MAX;
	alert->cease_time = INT64_MIN;
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		const struct finding *best = &story->best[kind];
		if (!(alert->kinds >> kind & 1))
			continue;
		if (story->detected[kind] < alert->detect_time)
			alert->detect_time = story->detected[kind];
		if (best->first < alert->event_time)
			alert->event_time = best->first;
		if (best->last > alert->cease_time)
			alert->cease_time = best->last;
	}
}

static bool is_busier(const struct host *a, const struct host *b)
{
	uint64_t left = (uint64_t)a->sessions + a->attempts;
	uint64_t right = (uint64_t)b->sessions + b->attempts;
	return left != right ? left > right
			     : address_compare(&a->entry.address, &b->entry.address) < 0;
}

static void tell_addresses(struct telling *telling)
{
	struct alert *alert = telling->alert;
	struct machine *machine = &telling->machine;
	for (unsigned i = 0; i < machine->count; i++) {
		struct host *host = machine->host[i];
		unsigned at = i;
		for (; at && is_busier(host, machine->host[at - 1]); at--)
			machine->host[at] = machine->host[at - 1];
		machine->host[at] = host;
	}
	for (unsigned i = 0; i < machine->count && i < ALERT_ADDRESSES; i++)
		alert->address[alert->addresses++] = machine->host[i]->entry.address;
}

static void tell_counts(struct telling *telling)
{
	struct alert *alert = telling->alert;
	const struct host *host = &telling->total;
	const struct hosts *hosts = telling->watch->hosts;
	const uint8_t *mac = hosts_mac(hosts, host);
	alert->has_mac = mac;
	if (mac)
		memcpy(alert->mac, mac, sizeof(alert->mac));
	alert->sessions = host->sessions;
	alert->attempts = host->attempts;
	alert->messages = host->messages;
	alert->accepted = host->accepted;
	alert->refused = host->refused;
	alert->recipients = host->recipients;
	alert->networks = hosts_networks(hosts, host);
	alert->peers = hosts_peers(hosts, host);
}

static void tell_measures(struct telling *telling, enum alert_kind kind)
{
	const struct finding *best = &telling->story->best[kind];
	struct alert *alert = telling->alert;
	for (unsigned i = 0; i < best->measures && alert->measures < ALERT_MEASURES; i++)
		alert->measure[alert->measures++] = best->measure[i];
}

static struct bytes keep(struct telling *telling, const char *text, size_t size)
{
	struct bytes none = { NULL, NULL };
	return size ? arena_keep(telling->arena, bytes_make(text, size)) : none;
}

static const char *keep_text(struct telling *telling, const char *text)
{
	return (const char *)keep(telling, text, strlen(text)).at;
}

static void tell_samples(struct telling *telling)
{
	struct alert *alert = telling->alert;
	struct samples samples = { .count = 0 };
	for (unsigned i = 0; i < telling->machine.count; i++)
		if (telling->machine.host[i]->samples)
			samples_join(&samples,
				hosts_samples(telling->watch->hosts, telling->machine.host[i]));
	for (unsigned i = 0; i < samples.count; i++) {
		const struct sample *from = &samples.at[i];
		struct alert_sample *to = &alert->sample[alert->samples++];
		*to = (struct alert_sample){ .time = from->time,
			.peer = from->peer,
			.code = from->code,
			.name = keep(telling, from->name, from->name_size),
			.text = keep(telling, from->text, from->text_size),
			.about = keep(telling, from->about, from->about_size) };
		memcpy(to->session, from->session, UUID_TEXT);
	}
}

static void say_unseen(
	struct sentence *out, unsigned count, unsigned of, const char *what, const char *missing)
{
	if (count)
		sentence_add(out, "%s%u of %u sessions %s (%s)", out->size ? "; " : "", count, of,
			what, missing);
}

static void tell_not_visible(struct telling *telling)
{
	const struct host *host = &telling->total;
	struct sentence out = { .size = 0 };
	say_unseen(&out, host->encrypted, host->sessions, "were encrypted",
		"senders, recipients and answers inside");
	say_unseen(&out, host->one_sided, host->sessions, "showed one side only",
		"the other side's words");
	say_unseen(&out, host->marked, host->sessions, "had gaps, conflicts or were cut",
		"what was lost");
	telling->alert->not_visible = out.size ? keep_text(telling, out.text) : NULL;
}

/* The strongest kind speaks first. */
static void tell_sentence(struct telling *telling)
{
	struct alert *alert = telling->alert;
	struct sentence out = { .size = 0 };
	char address[ADDRESS_TEXT];
	address_text(&alert->address[0], address);
	for (unsigned i = 0; i <= ALERT_KINDS; i++) {
		enum alert_kind kind = i ? i - 1 : alert->kind;
		if (!(alert->kinds >> kind & 1) || (i && kind == alert->kind))
			continue;
		sentence_add(&out, "%s%s", out.size ? " " : "", out.size ? "It" : address);
		detectors[kind]->describe(telling->watch, &telling->total, &telling->role,
			&telling->story->best[kind], &out);
		tell_measures(telling, kind);
	}
	alert->sentence = keep_text(telling, out.text);
}

/* A MAC vouched for tries of an address that was never proven itself, and turned out a router's. */
static bool vouched_in_error(const struct telling *telling)
{
	const struct host *host = telling->host;
	return telling->alert->attempts_only && !host->proof &&
	       !hosts_mac(telling->watch->hosts, host);
}

/* What rests on addresses that turned out not to be this machine's is judged again without. */
static void part(struct story *story, const struct telling *telling)
{
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		struct finding alone = { .addresses = telling->machine.count };
		if (!(story->kinds >> kind & 1) ||
			story->best[kind].addresses <= telling->machine.count)
			continue;
		if (detectors[kind]->again(telling->watch, telling->host, &alone) == DETECTOR_FIRED)
			story->best[kind] = alone;
		else
			story->kinds &= ~(1u << kind);
	}
}

struct alert *story_tell(struct story *story, const struct watch *watch, struct host *host,
	struct arena *arena, bool *full)
{
	struct alert draft = { .kind = story->opening };
	struct telling telling = { .story = story,
		.watch = watch,
		.host = host,
		.total = hosts_total(watch->hosts, host),
		.alert = &draft,
		.arena = arena };
	hosts_machine(watch->hosts, host, &telling.machine);
	part(story, &telling);
	roles_view_machine(watch->roles, host, watch->last - watch->first, &telling.role);
	weigh(&telling);
	draft.attempts_only = draft.kinds && story->best[draft.kind].attempts_only;
	if (!draft.kinds || vouched_in_error(&telling))
		return NULL;
	story_id(story, &host->entry.address, draft.id);
	memcpy(draft.related, story->related, UUID_TEXT);
	tell_times(&telling);
	tell_addresses(&telling);
	tell_counts(&telling);
	tell_sentence(&telling);
	tell_samples(&telling);
	tell_not_visible(&telling);
	draft.role = telling.role.role;
	draft.role_reason = keep_text(&telling, telling.role.reason);
	draft.innocent_if = detectors[draft.kind]->innocent_if;
	struct alert *alert = arena_take(arena, sizeof(*alert));
	*full = !alert || arena_full(arena);
	if (*full)
		return NULL;
	*alert = draft;
	return alert;
}

/* Stories live in a pool; a host's record names its own, and one record of a machine names that of
 * all. Two stories become one when their addresses turn out to be one machine. Alerts lie in one
 * arena until the engine ends, for their readers hold on to them. */
#include "engine/book.h"

#include <stdlib.h>

#include "base/fault.h"
#include "base/pool.h"
#include "engine/story.h"

struct book {
	const struct watch *watch;
	struct pool *stories;
	struct arena *arena; /* alerts and texts */
	struct alert **alerts;
	size_t count, room;
};

struct book *book_new(const struct watch *watch)
{
	struct book *book = fault_call() ? NULL : calloc(1, sizeof(*book));
	if (!book)
		return NULL;
	book->watch = watch;
	book->stories = pool_new(sizeof(struct story), (uint32_t)watch->settings->hosts / 8 + 2);
	book->arena = arena_new(BOOK_ALERTS_MAX);
	if (book->stories && book->arena)
		return book;
	book_free(book);
	return NULL;
}

void book_free(struct book *book)
{
	if (!book)
		return;
	pool_free(book->stories);
	arena_free(book->arena);
	free(book->alerts);
	free(book);
}

static bool keep(struct book *book, struct alert *alert)
{
	if (book->count == book->room) {
		size_t room = book->room ? 2 * book->room : 16;
		struct alert **alerts =
			fault_call() ? NULL
				     : reallocarray(book->alerts, room, sizeof(struct alert *));
		if (!alerts)
			return false;
		book->alerts = alerts;
		book->room = room;
	}
	book->alerts[book->count++] = alert;
	return true;
}

/* The story told what all of them did. */
static void forget_led(struct book *book, struct host *host)
{
	struct machine machine;
	hosts_machine(book->watch->hosts, host, &machine);
	for (unsigned i = 0; i < machine.count; i++)
		machine.host[i]->led = false;
}

/* The id of the alert goes to `id`; empty when there is none. */
static void close_story(struct book *book, struct host *host, char id[UUID_TEXT])
{
	struct story *story = pool_at(book->stories, host->story);
	bool full = false;
	struct alert *alert = story_tell(story, book->watch, host, book->arena, &full);
	id[0] = '\0';
	if (alert && keep(book, alert))
		memcpy(id, alert->id, UUID_TEXT);
	else if (alert || full)
		anomaly(book->watch->seen, STORIES_FULL);
	pool_give(book->stories, host->story);
	hosts_release(book->watch->hosts, host);
	forget_led(book, host);
}

static void close_oldest(struct book *book)
{
	char id[UUID_TEXT];
	struct host *oldest = hosts_held_too_many(book->watch->hosts);
	if (!oldest)
		return;
	anomaly(book->watch->seen, STORIES_FULL);
	close_story(book, oldest, id);
}

static struct story *open_story(
	struct book *book, struct host *host, enum alert_kind opening, int64_t time)
{
	host->story = pool_take(book->stories);
	struct story *story = pool_at(book->stories, host->story);
	if (!story) {
		anomaly(book->watch->seen, STORIES_FULL);
		return NULL;
	}
	hosts_hold(book->watch->hosts, host);
	story->opened = time;
	story->opening = opening;
	return story;
}

/* A new story after a day of quiet; it names the one before when that was of this kind. */
static struct story *reopen(struct book *book, struct host *host, struct story *old,
	const struct finding *finding, enum alert_kind kind, int64_t time)
{
	char id[UUID_TEXT];
	bool related = old->kinds >> kind & 1 && finding->first - old->last <= STORY_RELATED;
	close_story(book, host, id);
	struct story *story = open_story(book, host, kind, time);
	if (story && related)
		memcpy(story->related, id, UUID_TEXT);
	return story;
}

/* The strongest finding of a kind is the one that is told; the span covers all. */
static void join(struct story *story, enum alert_kind kind, const struct finding *finding)
{
	struct finding *best = &story->best[kind];
	struct finding before = *best;
	bool stronger = finding->confidence > before.confidence ||
			(finding->confidence == before.confidence &&
				finding->measure[0].value > before.measure[0].value);
	if (stronger)
		*best = *finding;
	best->first = before.first < finding->first ? before.first : finding->first;
	best->last = before.last > finding->last ? before.last : finding->last;
}

/* Both were told of one machine. */
static void merge(struct book *book, struct host *keeper, struct host *other)
{
	struct story *into = pool_at(book->stories, keeper->story);
	const struct story *from = pool_at(book->stories, other->story);
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		if (!(from->kinds >> kind & 1))
			continue;
		if (into->kinds >> kind & 1) {
			join(into, kind, &from->best[kind]);
		} else {
			into->best[kind] = from->best[kind];
			into->detected[kind] = from->detected[kind];
		}
		if (from->detected[kind] < into->detected[kind])
			into->detected[kind] = from->detected[kind];
	}
	into->kinds |= from->kinds;
	if (from->last > into->last)
		into->last = from->last;
	other->led = true;
	pool_give(book->stories, other->story);
	hosts_release(book->watch->hosts, other);
}

static int64_t opened(const struct book *book, const struct host *host)
{
	const struct story *story = pool_at(book->stories, host->story);
	return story->opened;
}

/* The record that has the machine's story, or will have: of two the one opened first. */
static struct host *keeper_of(struct book *book, struct host *host)
{
	struct host *keeper = NULL;
	struct machine machine;
	hosts_machine(book->watch->hosts, host, &machine);
	for (unsigned i = 0; i < machine.count; i++) {
		struct host *at = machine.host[i];
		if (!at->story)
			continue;
		if (!keeper) {
			keeper = at;
		} else if (opened(book, at) < opened(book, keeper)) {
			merge(book, at, keeper);
			keeper = at;
		} else {
			merge(book, keeper, at);
		}
	}
	host->led = host->led || (keeper && keeper != host);
	return keeper ? keeper : host;
}

void book_note(struct book *book, struct host *host, const struct detector *detector,
	enum detector_says says, const struct finding *finding, int64_t time)
{
	host = keeper_of(book, host);
	struct story *story = pool_at(book->stories, host->story);
	bool quiet = story && finding->last - story->last > STORY_QUIET;
	enum alert_kind kind = detector->kind;
	if (says == DETECTOR_EVIDENCE && (!story || quiet || !(story->kinds >> kind & 1)))
		return;
	if (quiet)
		story = reopen(book, host, story, finding, kind, time);
	else if (!story)
		story = open_story(book, host, kind, time);
	if (!story)
		return;
	if (finding->last > story->last)
		story->last = finding->last;
	if (story->kinds >> kind & 1) {
		join(story, kind, finding);
	} else {
		story->kinds |= 1u << kind;
		story->detected[kind] = time;
		story->best[kind] = *finding;
	}
	close_oldest(book);
}

static int compare(const void *left, const void *right)
{
	const struct alert *a = *(struct alert *const *)left, *b = *(struct alert *const *)right;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (a->networks != b->networks)
		return a->networks > b->networks ? -1 : 1;
	int order = address_compare(&a->address[0], &b->address[0]);
	if (order)
		return order;
	return a->detect_time < b->detect_time ? -1 : a->detect_time > b->detect_time;
}

/* An address whose evidence went into another's story, and that turned out not to be of one machine
 * with it: what it did itself may still be enough. */
static void judge_alone(struct book *book, struct host *host)
{
	const struct watch *watch = book->watch;
	struct machine machine;
	hosts_machine(watch->hosts, host, &machine);
	if (!host->led || host->story || machine.count > 1)
		return;
	host->led = false;
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		struct finding finding = { .addresses = 1 };
		if (detectors[kind]->again(watch, host, &finding) == DETECTOR_FIRED)
			book_note(book, host, detectors[kind], DETECTOR_FIRED, &finding,
				finding.last);
	}
}

void book_finish(struct book *book)
{
	char id[UUID_TEXT];
	struct host *next, *host = hosts_next(book->watch->hosts, NULL);
	for (; host; host = next) {
		next = hosts_next(book->watch->hosts, host);
		judge_alone(book, host);
	}
	host = hosts_next(book->watch->hosts, NULL);
	for (; host; host = next) {
		next = hosts_next(book->watch->hosts, host);
		if (host->story)
			close_story(book, keeper_of(book, host), id);
	}
	if (book->count)
		qsort(book->alerts, book->count, sizeof(struct alert *), compare);
}

struct alert *book_alert(const struct book *book, size_t index)
{
	return index < book->count ? book->alerts[index] : NULL;
}

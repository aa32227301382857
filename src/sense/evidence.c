/* Packets are kept as they come, for a comment is written on the first one of a connection when its
 * last one is known. Since all of a message is cut, a packet mostly is its headers; when a suspect
 * has more of them than there is room for, those that hold nothing else may fill half of it, what
 * was said three quarters, and the rest is for handshakes, closes and refusals. */
#include "sense/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/table.h"
#include "wire/pcapng_write.h"

#define LINK_TYPES_MAX 32  /* more than there are that can be read */
#define HEAD_SIZE_MAX 4096 /* bytes of the section and its interfaces */
#define SECTION_TEXT 1536
#define COMMENT_TEXT (EXHIBIT_TEXT + 64)
#define COMMENT_SIZE (2 * PCAPNG_OPTION_SIZE + COMMENT_TEXT)
#define EXHIBITS_MAX (EVIDENCE_BYTES_MAX / COMMENT_SIZE) /* each has a comment */

static const uint32_t shares[] = { /* bytes that a packet may find used */
	[SHOWN_HEADERS] = EVIDENCE_BYTES_MAX / 2,
	[SHOWN_TALK] = EVIDENCE_BYTES_MAX / 4 * 3,
	[SHOWN_MOST] = EVIDENCE_BYTES_MAX
};

struct kept { /* a packet; its bytes follow */
	int64_t time;
	uint32_t size, length;
	uint32_t exhibit, link;
};

struct suspect {
	const struct alert *alert;
	uint8_t *packets;
	size_t size, room;
	struct exhibit *exhibit;
	unsigned exhibits, exhibit_room;
	size_t used; /* of the pcapng, at most */
	uint64_t connections_out, kept, left_out;
};

struct owner { /* of a connection's packets: by the client's address, and since when */
	struct address address;
	int64_t begin, end, from;
	unsigned suspect;
};

struct evidence {
	struct suspect *suspect;
	unsigned suspects;
	struct owner *owner;
	size_t owners;
	struct table *connections; /* name -> place among the exhibits of its suspect, from 1 */
	uint32_t link_type[LINK_TYPES_MAX];
	unsigned link_types;
	uint8_t *written;
};

static int compare_owners(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;
	int order = address_compare(&a->address, &b->address);
	if (order)
		return order;
	return a->begin < b->begin ? -1 : a->begin > b->begin;
}

/* Of two stories of one machine, the later one begins when the earlier one is over. */
static void owners_fill(struct evidence *evidence)
{
	for (unsigned i = 0; i < evidence->suspects; i++) {
		const struct alert *alert = evidence->suspect[i].alert;
		for (unsigned j = 0; j < alert->addresses; j++)
			evidence->owner[evidence->owners++] = (struct owner){ alert->address[j],
				alert->event_time, alert->cease_time, INT64_MIN, i };
	}
	qsort(evidence->owner, evidence->owners, sizeof(*evidence->owner), compare_owners);
	for (size_t i = 1; i < evidence->owners; i++)
		if (address_equal(&evidence->owner[i].address, &evidence->owner[i - 1].address))
			evidence->owner[i].from = evidence->owner[i - 1].end;
}

struct evidence *evidence_new(const struct alert *const *alerts, unsigned count)
{
	struct evidence *evidence = fault_call() ? NULL : calloc(1, sizeof(*evidence));
	if (!evidence)
		return NULL;
	if (count > EVIDENCE_SUSPECTS_MAX)
		count = EVIDENCE_SUSPECTS_MAX;
	evidence->suspect = fault_call() ? NULL : calloc(count + 1, sizeof(struct suspect));
	evidence->owner =
		fault_call() ? NULL : calloc(count * ALERT_ADDRESSES + 1, sizeof(struct owner));
	evidence->connections = table_new(
		sizeof(uint64_t), sizeof(uint32_t), (size_t)EVIDENCE_SUSPECTS_MAX * EXHIBITS_MAX);
	if (!evidence->suspect || !evidence->owner || !evidence->connections) {
		evidence_free(evidence);
		return NULL;
	}
	evidence->suspects = count;
	for (unsigned i = 0; i < count; i++)
		evidence->suspect[i] =
			(struct suspect){ .alert = alerts[i], .used = HEAD_SIZE_MAX };
	owners_fill(evidence);
	return evidence;
}

void evidence_free(struct evidence *evidence)
{
	if (!evidence)
		return;
	for (unsigned i = 0; i < evidence->suspects; i++) {
		free(evidence->suspect[i].packets);
		free(evidence->suspect[i].exhibit);
	}
	table_free(evidence->connections);
	free(evidence->suspect);
	free(evidence->owner);
	free(evidence->written);
	free(evidence);
}

/* Whose connection is it? NULL: of no suspect. */
static struct suspect *suspect_find(
	const struct evidence *evidence, const struct address *client, int64_t start)
{
	size_t low = 0, high = evidence->owners;
	while (low < high) { /* behind the last owner that may be it */
		size_t middle = (low + high) / 2;
		const struct owner *at = &evidence->owner[middle];
		int order = address_compare(&at->address, client);
		if (order > 0 || (!order && at->from >= start))
			high = middle;
		else
			low = middle + 1;
	}
	const struct owner *last = low ? &evidence->owner[low - 1] : NULL;
	if (!last || !address_equal(&last->address, client))
		return NULL;
	return &evidence->suspect[last->suspect];
}

/* Room for `more` things of `size` bytes behind `used`; false: no memory. */
static bool grow(void **at, size_t *room, size_t used, size_t more, size_t size)
{
	size_t wanted = *room ? *room : 64;
	if (used + more <= *room)
		return true;
	while (wanted < used + more)
		wanted *= 2;
	void *grown = fault_call() ? NULL : reallocarray(*at, wanted, size);
	if (!grown)
		return false;
	*at = grown;
	*room = wanted;
	return true;
}

/* The place of a connection among the suspect's exhibits, made when it is new; 0: none could be. */
static uint32_t exhibit_place(
	struct evidence *evidence, struct suspect *suspect, const struct shown *shown)
{
	uint32_t *place = table_insert(evidence->connections, &shown->name, NULL);
	size_t room = suspect->exhibit_room;
	void *at = suspect->exhibit;
	if (!place)
		return 0;
	if (*place)
		return *place;
	if (!grow(&at, &room, suspect->exhibits, 1, sizeof(struct exhibit)))
		return 0;
	suspect->exhibit = at;
	suspect->exhibit_room = (unsigned)room;
	suspect->exhibit[suspect->exhibits++] = (struct exhibit){
		.client = shown->client, .server = shown->server, .start = shown->start
	};
	suspect->used += COMMENT_SIZE;
	*place = suspect->exhibits;
	return *place;
}

static bool link_place(struct evidence *evidence, uint32_t link_type, uint32_t *place)
{
	for (*place = 0; *place < evidence->link_types; ++*place)
		if (evidence->link_type[*place] == link_type)
			return true;
	if (evidence->link_types == LINK_TYPES_MAX)
		return false;
	evidence->link_type[evidence->link_types++] = link_type;
	return true;
}

static bool keep(struct suspect *suspect, const struct kept *kept, struct bytes data)
{
	void *packets = suspect->packets;
	if (!grow(&packets, &suspect->room, suspect->size, sizeof(*kept) + kept->size, 1))
		return false;
	suspect->packets = packets;
	memcpy(suspect->packets + suspect->size, kept, sizeof(*kept));
	memcpy(suspect->packets + suspect->size + sizeof(*kept), data.at, kept->size);
	suspect->size += sizeof(*kept) + kept->size;
	return true;
}

/* false: no room, or no memory. */
static bool take(struct evidence *evidence, struct suspect *suspect, const struct packet *packet,
	const struct shown *shown)
{
	struct kept kept = { packet->time, (uint32_t)shown->size, packet->length, 0, 0 };
	bool known = table_find(evidence->connections, &shown->name);
	size_t cost = PCAPNG_PACKET_SIZE + (shown->size + 3) / 4 * 4;
	if (suspect->used + cost + (known ? 0 : COMMENT_SIZE) > shares[shown->worth] ||
		fault_limit() || !link_place(evidence, packet->link_type, &kept.link))
		return false;
	kept.exhibit = exhibit_place(evidence, suspect, shown);
	if (!kept.exhibit || !keep(suspect, &kept, packet->data))
		return false;
	suspect->used += cost;
	suspect->kept++;
	return true;
}

void evidence_packet(
	struct evidence *evidence, const struct packet *packet, const struct shown *shown)
{
	if (!shown->mail)
		return;
	struct suspect *suspect = suspect_find(evidence, &shown->client.ip, shown->start);
	if (suspect && !take(evidence, suspect, packet, shown))
		suspect->left_out++;
}

static bool is_failure(const struct exhibit *exhibit)
{
	return exhibit->outcome == EXHIBIT_ANSWERED && exhibit->code >= 400;
}

/* Of a dialogue that came in parts, the first that tells of a failure speaks for all. */
void evidence_exhibit(
	struct evidence *evidence, const struct activity *activity, const struct exhibit *exhibit)
{
	struct suspect *suspect = suspect_find(evidence, &exhibit->client.ip, exhibit->start);
	const uint32_t *place = table_find(evidence->connections, &activity->connection);
	bool try = activity->kind == ACTIVITY_ATTEMPT;
	if (!suspect)
		return;
	if (!place || !*place) { /* all of it was left out */
		suspect->connections_out += try || activity->session->part <= 1;
		return;
	}
	struct exhibit *known = &suspect->exhibit[*place - 1];
	unsigned kinds = known->kinds;
	if (!try || suspect->alert->attempts_only)
		kinds |= exhibit->kinds & suspect->alert->kinds;
	if (known->outcome == EXHIBIT_UNKNOWN || (is_failure(exhibit) && !is_failure(known)))
		*known = *exhibit;
	known->kinds = kinds;
}

void evidence_part(const struct evidence *evidence, unsigned suspect, struct evidence_part *out)
{
	const struct suspect *from = &evidence->suspect[suspect];
	*out = (struct evidence_part){ from->exhibit, from->exhibits,
		from->exhibits + from->connections_out, from->kept, from->left_out };
}

static void write_section(
	const struct suspect *suspect, const char *program, struct pcapng_out *out)
{
	char text[SECTION_TEXT], room[128] = "";
	if (suspect->left_out)
		snprintf(room, sizeof(room),
			" %" PRIu64 " further packets were left out for want of room.",
			suspect->left_out);
	snprintf(text, sizeof(text),
		"%s Alert %s, %s. Messages, logins, TLS and what was not understood are cut from "
		"these packets.%s",
		suspect->alert->sentence, suspect->alert->id, alert_kind_name(suspect->alert->kind),
		room);
	pcapng_section(out, text, program);
}

static void write_packets(const struct suspect *suspect, struct pcapng_out *out)
{
	struct bytes left = bytes_make(suspect->packets, suspect->size);
	char comment[COMMENT_TEXT], text[EXHIBIT_TEXT];
	struct kept kept;
	uint32_t newest = 0;
	const uint8_t *at;
	while ((at = bytes_take(&left, sizeof(kept)))) {
		memcpy(&kept, at, sizeof(kept));
		bool first = kept.exhibit > newest;
		if (first) {
			newest = kept.exhibit;
			snprintf(comment, sizeof(comment), "connection %u of %" PRIu64 ": %s",
				newest, suspect->exhibits + suspect->connections_out,
				exhibit_text(&suspect->exhibit[newest - 1], text));
		}
		pcapng_packet(out, kept.link, kept.time, bytes_split(&left, kept.size), kept.length,
			first ? comment : NULL);
	}
}

static void write_all(const struct evidence *evidence, const struct suspect *suspect,
	const char *program, struct pcapng_out *out)
{
	write_section(suspect, program, out);
	for (unsigned i = 0; i < evidence->link_types; i++)
		pcapng_interface(out, evidence->link_type[i]);
	write_packets(suspect, out);
}

struct bytes evidence_pcapng(struct evidence *evidence, unsigned suspect, const char *program)
{
	struct pcapng_out out = { NULL, 0, 0 };
	write_all(evidence, &evidence->suspect[suspect], program, &out);
	free(evidence->written);
	evidence->written = fault_call() ? NULL : malloc(out.size);
	if (!evidence->written)
		return (struct bytes){ NULL, NULL };
	out = (struct pcapng_out){ evidence->written, out.size, 0 };
	write_all(evidence, &evidence->suspect[suspect], program, &out);
	return bytes_make(evidence->written, out.size);
}

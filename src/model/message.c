/* From what the scanner tells to what is kept. A field that mail has once is kept the first time:
 * that is the one that mail programs show, and a second one is an anomaly that the scanner counts.
 */
#include "model/message.h"

#include "base/moment.h"

#define CLOCKS_DIFFER (10 * MINUTE)

static struct bytes keep(struct message_builder *builder, struct bytes in)
{
	struct bytes out = arena_keep(builder->arena, in);
	if (in.at && !out.at)
		anomaly(builder->seen, SMTP_ARENA_FULL);
	return out;
}

static void *take(struct message_builder *builder, size_t size)
{
	void *at = arena_take(builder->arena, size);
	if (!at)
		anomaly(builder->seen, SMTP_ARENA_FULL);
	return at;
}

bool message_begin(struct message_builder *builder, struct arena *arena, struct anomalies *seen)
{
	*builder = (struct message_builder){ .arena = arena, .seen = seen };
	builder->message = take(builder, sizeof(*builder->message));
	if (!builder->message)
		return false;
	builder->message->date = MIME_MOMENT_NONE;
	return true;
}

static void keep_first(struct message_builder *builder, struct bytes *field, struct bytes text)
{
	if (!field->at)
		*field = keep(builder, text);
}

static void on_received(struct message_builder *builder, const struct mime_item *item)
{
	struct message *message = builder->message;
	const struct mime_received *received = item->received;
	struct message_hop *hop = NULL;
	if (message->hop_count++ < MESSAGE_HOPS_MAX && received)
		hop = take(builder, sizeof(*hop));
	if (!hop)
		return;
	hop->from = keep(builder, received->from);
	hop->name = keep(builder, received->name);
	hop->by = keep(builder, received->by);
	hop->with = keep(builder, received->with);
	hop->id = keep(builder, received->id);
	hop->address = received->address;
	hop->time = item->time;
	if (message->hops_last)
		message->hops_last->next = hop;
	else
		message->hops = hop;
	message->hops_last = hop;
}

/* Only the first field of a name is kept: its addresses follow it. */
static void begin_addresses(struct message_builder *builder, struct message_list *list)
{
	builder->addresses = list->first ? NULL : list;
}

static void on_field(struct message_builder *builder, const struct mime_item *item)
{
	struct message *message = builder->message;
	builder->addresses = NULL;
	if (item->field == MIME_FROM)
		begin_addresses(builder, &message->from);
	else if (item->field == MIME_TO)
		begin_addresses(builder, &message->to);
	else if (item->field == MIME_CC)
		begin_addresses(builder, &message->cc);
	else if (item->field == MIME_SUBJECT)
		keep_first(builder, &message->subject, item->text);
	else if (item->field == MIME_MESSAGE_ID)
		keep_first(builder, &message->message_id, item->text);
	else if (item->field == MIME_USER_AGENT || item->field == MIME_X_MAILER)
		keep_first(builder, &message->user_agent, item->text);
	else if (item->field == MIME_X_ORIGINATING_IP)
		keep_first(builder, &message->originating_ip, item->text);
	else if (item->field == MIME_AUTHENTICATION_RESULTS)
		keep_first(builder, &message->authentication, item->text);
	else if (item->field == MIME_DATE && message->date == MIME_MOMENT_NONE)
		message->date = item->time;
	else if (item->field == MIME_RECEIVED)
		on_received(builder, item);
}

static void on_address(struct message_builder *builder, const struct mime_item *item)
{
	struct message_list *list = builder->addresses;
	struct message_mailbox *mailbox = list ? take(builder, sizeof(*mailbox)) : NULL;
	if (!mailbox)
		return;
	mailbox->name = keep(builder, item->text);
	mailbox->address = keep(builder, item->address);
	if (list->last)
		list->last->next = mailbox;
	else
		list->first = mailbox;
	list->last = mailbox;
}

static void structure_add(struct message_builder *builder, struct bytes text)
{
	size_t size = bytes_size(text);
	if (size > sizeof(builder->structure) - builder->structure_size)
		return;
	memcpy(builder->structure + builder->structure_size, text.at, size);
	builder->structure_size += size;
}

static void on_attachment(struct message_builder *builder, const struct mime_part *part)
{
	struct message *message = builder->message;
	struct message_attachment *attachment = NULL;
	if (message->attachment_count++ < MESSAGE_ATTACHMENTS_MAX)
		attachment = take(builder, sizeof(*attachment));
	if (!attachment)
		return;
	attachment->name = keep(builder, part->name);
	attachment->type = keep(builder, part->type);
	attachment->true_type = part->true_type;
	attachment->kind = part->true_type ? part->kind : part->claimed;
	attachment->size = part->size;
	attachment->leaf = part->shape != MIME_MESSAGE;
	memcpy(attachment->xxh3, part->xxh3, sizeof(attachment->xxh3));
	attachment->digests = part->digests;
	memcpy(attachment->md5, part->md5, sizeof(attachment->md5));
	memcpy(attachment->sha256, part->sha256, sizeof(attachment->sha256));
	if (message->attachments_last)
		message->attachments_last->next = attachment;
	else
		message->attachments = attachment;
	message->attachments_last = attachment;
}

/* The text of the tree, by the depth of each part: "(" goes down, ")" up, "," beside. */
static void on_part(struct message_builder *builder, const struct mime_item *item)
{
	unsigned depth = item->part->depth;
	if (depth > builder->depth && builder->depth)
		structure_add(builder, bytes_of("("));
	for (unsigned at = depth; at < builder->depth; at++)
		structure_add(builder, bytes_of(")"));
	if (builder->depth && depth <= builder->depth)
		structure_add(builder, bytes_of(","));
	structure_add(builder, item->part->type);
	builder->depth = depth;
	builder->addresses = NULL;
	if (item->part->shape == MIME_MESSAGE && item->part->attachment)
		on_attachment(builder, item->part); /* its own parts follow as theirs */
	if (item->part->crypto != MIME_CRYPTO_NONE && !builder->message->crypto)
		builder->message->crypto = mime_crypto_name(item->part->crypto);
}

static void on_part_end(struct message_builder *builder, const struct mime_part *part)
{
	bool leaf = part->shape == MIME_LEAF || part->shape == MIME_BLOCK;
	if (leaf && part->attachment &&
		(part->name.at || part->size)) /* not what is empty and nameless */
		on_attachment(builder, part);
	if (part->crypto != MIME_CRYPTO_NONE && !builder->message->crypto)
		builder->message->crypto = mime_crypto_name(part->crypto);
}

static void on_link(struct message_builder *builder, const struct mime_item *item)
{
	struct message *message = builder->message;
	struct message_link *link = take(builder, sizeof(*link));
	if (!link)
		return;
	link->host = keep(builder, item->text);
	if (message->links_last)
		message->links_last->next = link;
	else
		message->links = link;
	message->links_last = link;
}

static void on_end(struct message_builder *builder, const struct mime_total *total)
{
	struct message *message = builder->message;
	for (unsigned at = 1; at < builder->depth; at++)
		structure_add(builder, bytes_of(")"));
	message->structure = keep(builder, bytes_make(builder->structure, builder->structure_size));
	message->link_count = total->links;
	message->image_count = total->images;
	message->part_count = total->parts;
}

void message_item(struct message_builder *builder, const struct mime_item *item)
{
	switch (item->kind) {
	case MIME_FIELD:
		on_field(builder, item);
		break;
	case MIME_ADDRESS:
		on_address(builder, item);
		break;
	case MIME_PART:
		on_part(builder, item);
		break;
	case MIME_LINK:
		on_link(builder, item);
		break;
	case MIME_PART_END:
		on_part_end(builder, item->part);
		break;
	case MIME_END:
		on_end(builder, item->total);
		break;
	}
}

void message_trust(
	struct message *message, const struct address *client, const struct prefixes *servers)
{
	bool trusted = prefixes_has(servers, client);
	int64_t above = INT64_MAX - CLOCKS_DIFFER;
	for (struct message_hop *hop = message->hops; hop; hop = hop->next) {
		hop->trusted = trusted;
		hop->forged = !trusted && hop->time != MIME_MOMENT_NONE &&
			      hop->time > above + CLOCKS_DIFFER;
		if (hop->time != MIME_MOMENT_NONE)
			above = hop->time;
		trusted = trusted && !address_is_none(&hop->address) &&
			  prefixes_has(servers, &hop->address);
	}
}

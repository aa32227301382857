/* The driver: which entity is open, what its header makes of it, and the order in which things end.
 * The tree is never built; a stack of at most 32 open entities is all that is known of it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/utf8.h"
#include "mime/mime_internal.h"

_Static_assert(sizeof(struct mime) <= (size_t)160 * 1024, "as the header promises");

struct mime_tools *mime_tools_open(void)
{
	struct mime_tools *tools = fault_call() ? NULL : calloc(1, sizeof *tools);
	if (!tools)
		return NULL;
	tools->key = hash_key_random();
	tools->charsets = charsets_open();
	tools->digests = digest_kinds_open();
	if (tools->charsets && tools->digests)
		return tools;
	mime_tools_close(tools);
	return NULL;
}

void mime_tools_close(struct mime_tools *tools)
{
	if (!tools)
		return;
	charsets_close(tools->charsets);
	digest_kinds_close(tools->digests);
	free(tools);
}

struct mime *mime_new(struct mime_tools *tools, enum mime_level level)
{
	struct mime *mime = fault_call() ? NULL : malloc(sizeof *mime);
	const struct digest_kinds *digests = level == MIME_DIGESTS ? tools->digests : NULL;
	if (!mime)
		return NULL;
	memset(mime, 0, offsetof(struct mime, stack));
	mime->words.size = mime->words.charset_size = 0;
	mime->tools = tools;
	mime->level = level;
	mime->words.charsets = tools->charsets;
	mime->leaf.own.digest = digest_new(digests);
	mime->leaf.block.digest = digest_new(digests);
	if (mime->leaf.own.digest && mime->leaf.block.digest)
		return mime;
	mime_free(mime);
	return NULL;
}

void mime_free(struct mime *mime)
{
	if (!mime)
		return;
	digest_free(mime->leaf.own.digest);
	digest_free(mime->leaf.block.digest);
	free(mime);
}

void mime_init(struct mime *mime, struct anomalies *seen)
{
	while (mime->hosts)
		mime->host_hash[mime->host_slot[--mime->hosts]] = 0;
	mime->seen = mime->words.seen = seen;
	mime->in = mime->rest = mime->mailboxes = (struct bytes){ NULL, NULL };
	mime->finished = false;
	mime->steps = 0;
	mime->total = (struct mime_total){ 0 };
	mime->told_parts = mime->fields_seen = 0;
	mime->depth = mime->boundaries = 0;
	mime->leaf.stage = LEAF_CLOSED;
	memset(mime->addresses, 0, sizeof mime->addresses);
	mime->path[0] = '1';
	mime->path_size = 1;
	head_begin(mime, true);
}

void mime_feed(struct mime *mime, struct bytes in)
{
	mime->in = in;
	mime->total.size += bytes_size(in);
}

void mime_gap(struct mime *mime, uint64_t size)
{
	anomaly(mime->seen, MIME_GAP);
	mime->total.size += size;
	if (mime->state == STATE_HEADER)
		head_cut(mime);
	mime->held_size = 0;
	mime->before = 0;
	mime->leaf.own.gap = mime->leaf.block.gap = true;
}

void mime_finish(struct mime *mime)
{
	mime->finished = true;
}

uint64_t mime_steps(const struct mime *mime)
{
	return mime->steps;
}

size_t mime_path_add(struct mime *mime, uint32_t number)
{
	char text[12];
	int size = snprintf(text, sizeof text, ".%u", number);
	memcpy(mime->path + mime->path_size, text, (size_t)size);
	return mime->path_size + (size_t)size;
}

/* The next entity below the innermost open one. */
static void entity_begin(struct mime *mime)
{
	struct frame *frame = &mime->stack[mime->depth - 1];
	mime->path_size = frame->path_size;
	mime->path_size = mime_path_add(mime, ++frame->children);
	head_begin(mime, false);
}

static struct bytes type_of(const struct mime *mime)
{
	bool digest = mime->depth && mime->stack[mime->depth - 1].digest_type;
	if (mime->draft.type_size)
		return bytes_make(mime->draft.type, mime->draft.type_size);
	return bytes_of(digest ? "message/rfc822" : "text/plain");
}

static bool is_message_type(struct bytes type)
{
	return bytes_equal(type, bytes_of("message/rfc822")) ||
	       bytes_equal(type, bytes_of("message/global")) ||
	       bytes_equal(type, bytes_of("message/news"));
}

static bool is_encoded(enum mime_encoding encoding)
{
	return encoding == MIME_BASE64 || encoding == MIME_QUOTED_PRINTABLE ||
	       encoding == MIME_UUENCODE || encoding == MIME_YENC;
}

/* RFC 2045 6.4 forbids to encode a message, so that some readers do not decode one that says it
 * is. Whether this one is shows in its first line: a field has a colon, base64 has none. */
static bool is_peek_wanted(const struct mime *mime)
{
	return is_message_type(type_of(mime)) && is_encoded(mime->draft.encoding) &&
	       !mime->held_size;
}

/* Reads the first line ahead and puts it back; false: it is not there yet. */
static bool peek(struct mime *mime)
{
	bool whole = mime->finished;
	while (mime->in.at != mime->in.end && !whole) {
		uint8_t byte = *bytes_take(&mime->in, 1);
		mime->peeked[mime->peeked_size++] = byte;
		whole = byte == '\n' || mime->peeked_size == PEEK_MAX;
	}
	if (!whole && !mime->finished)
		return false;
	mime->rest = mime->in;
	mime->in = bytes_make(mime->peeked, mime->peeked_size);
	return true;
}

/* What the entity holds. Where readers disagree whether it holds anything, that is marked. */
static enum mime_shape shape_of(struct mime *mime)
{
	struct bytes type = mime->part.type;
	bool multipart = bytes_begin_case(type, bytes_of("multipart/"));
	if (!multipart && !is_message_type(type))
		return MIME_LEAF;
	if (is_encoded(mime->part.encoding))
		anomaly(mime->seen, MIME_AMBIGUOUS);
	if (mime->depth + 1 >= MIME_DEPTH_MAX || fault_limit()) {
		anomaly(mime->seen, MIME_TOO_DEEP);
		return MIME_LEAF;
	}
	if (multipart && !mime->draft.boundary.size) {
		anomaly(mime->seen, MIME_NO_BOUNDARY);
		return MIME_LEAF;
	}
	if (multipart)
		return MIME_MULTIPART;
	if (mime->held_size)
		return MIME_LEAF;
	return is_encoded(mime->part.encoding) && !bytes_find(mime->in, ':') ? MIME_LEAF
									     : MIME_MESSAGE;
}

/* Does a name hold what hides it or leads elsewhere? */
static bool name_odd(struct bytes name)
{
	size_t characters = 0;
	while (name.at != name.end) {
		uint32_t code = 0;
		size_t size = utf8_size(name, &code);
		bool hidden = size && utf8_is_hidden(code);
		if (hidden || code == '/' || code == '\\' || ++characters > 255)
			return true;
		bytes_take(&name, size ? size : 1);
	}
	return false;
}

static void part_names(struct mime *mime)
{
	struct draft *draft = &mime->draft;
	struct mime_part *part = &mime->part;
	const struct text *name = draft->has_name ? &draft->name : &draft->type_name;
	enum mime_kind other = magic_of_name(text_trimmed(&draft->type_name));
	if (!draft->has_name && !draft->has_type_name)
		return;
	part->name = text_trimmed(name);
	part->name_raw = name->raw;
	if (name->cut || name_odd(part->name))
		anomaly(mime->seen, MIME_NAME_ODD);
	if (draft->has_name && draft->has_type_name && other != magic_of_name(part->name))
		anomaly(mime->seen, MIME_AMBIGUOUS);
}

static void part_fill(struct mime *mime)
{
	struct draft *draft = &mime->draft;
	struct mime_part *part = &mime->part;
	*part = (struct mime_part){ .depth = mime->depth + 1,
		.encoding = draft->encoding,
		.disposition = draft->disposition,
		.crypto = draft->crypto };
	part->path = bytes_make(mime->path, mime->path_size);
	part->type = type_of(mime);
	if (draft->charset_size)
		part->charset = bytes_make(draft->charset, draft->charset_size);
	part_names(mime);
	part->claimed = magic_of_name(part->name);
	if (part->claimed == MIME_KIND_UNKNOWN)
		part->claimed = magic_of_type(part->type);
	part->shape = shape_of(mime);
	part->attachment = part->shape != MIME_MULTIPART &&
			   (part->name.at || part->disposition == MIME_ATTACHMENT);
}

/* A boundary that another one begins with, or that is the same, cannot be told apart. */
static bool boundary_clashes(const struct mime *mime, struct bytes boundary)
{
	for (unsigned i = 0; i < mime->depth; i++) {
		const struct frame *frame = &mime->stack[i];
		size_t size = frame->boundary_size;
		if (size > bytes_size(boundary))
			size = bytes_size(boundary);
		if (size && !memcmp(frame->boundary, boundary.at, size))
			return true;
	}
	return false;
}

static void push(struct mime *mime)
{
	const struct mime_part *part = &mime->part;
	struct bytes boundary = text_bytes(&mime->draft.boundary);
	bool multipart = part->shape == MIME_MULTIPART;
	if (multipart && boundary_clashes(mime, boundary))
		anomaly(mime->seen, MIME_AMBIGUOUS);
	struct frame *frame = &mime->stack[mime->depth++];
	frame->shape = part->shape;
	frame->ended = false;
	frame->digest_type = bytes_equal(part->type, bytes_of("multipart/digest"));
	frame->children = 0;
	frame->path_size = mime->path_size;
	frame->type_size = (uint8_t)bytes_size(part->type);
	memcpy(frame->type, part->type.at, frame->type_size);
	frame->boundary_size = multipart ? (uint16_t)bytes_size(boundary) : 0;
	if (multipart)
		memcpy(frame->boundary, boundary.at, frame->boundary_size);
	mime->boundaries += multipart;
}

static void content_begin(struct mime *mime)
{
	mime->state = STATE_BODY;
	mime->before = '\n';
	mime->voided = mime->part.shape != MIME_LEAF;
	if (mime->part.shape == MIME_LEAF)
		leaf_begin(mime);
	else
		push(mime);
	if (mime->part.shape == MIME_MESSAGE)
		entity_begin(mime);
}

enum step mime_part_begin(struct mime *mime, struct mime_item *out)
{
	if (is_peek_wanted(mime) && !peek(mime))
		return STEP_STARVED;
	part_fill(mime);
	mime->total.parts++;
	mime->total.attachments += mime->part.attachment;
	if (mime->told_parts == MIME_PARTS_MAX || fault_limit()) {
		anomaly(mime->seen, MIME_PARTS_MANY);
		mime->state = STATE_BODY;
		mime->before = '\n';
		mime->voided = true;
		return STEP_ON;
	}
	mime->told_parts++;
	content_begin(mime);
	*out = (struct mime_item){
		.kind = MIME_PART, .time = MIME_MOMENT_NONE, .part = &mime->part
	};
	return STEP_ITEM;
}

/* The innermost open multipart or message ends. */
static enum step pop(struct mime *mime, struct mime_item *out)
{
	const struct frame *frame = &mime->stack[--mime->depth];
	bool multipart = frame->shape == MIME_MULTIPART;
	mime->boundaries -= multipart;
	if (multipart && !frame->ended)
		anomaly(mime->seen, MIME_UNENDED);
	if (multipart && !frame->children)
		anomaly(mime->seen, MIME_NO_PARTS);
	mime->path_size = frame->path_size;
	mime->part = (struct mime_part){ .depth = mime->depth + 1, .shape = frame->shape };
	mime->part.path = bytes_make(mime->path, mime->path_size);
	mime->part.type = bytes_make(frame->type, frame->type_size);
	*out = (struct mime_item){
		.kind = MIME_PART_END, .time = MIME_MOMENT_NONE, .part = &mime->part
	};
	return STEP_ITEM;
}

static enum step unwind_step(struct mime *mime, struct mime_item *out)
{
	if (mime->leaf.stage == LEAF_OPEN)
		leaf_finish(mime);
	if (mime->leaf.stage != LEAF_CLOSED)
		return leaf_step(mime, out);
	if (mime->depth > mime->unwind_to)
		return pop(mime, out);
	switch (mime->after) {
	case AFTER_PART:
		entity_begin(mime);
		return STEP_ON;
	case AFTER_VOID:
		mime->state = STATE_BODY;
		mime->voided = true;
		return STEP_ON;
	case AFTER_END:
		break;
	}
	mime->state = STATE_OVER;
	*out = (struct mime_item){
		.kind = MIME_END, .time = MIME_MOMENT_NONE, .total = &mime->total
	};
	return STEP_ITEM;
}

static enum step step(struct mime *mime, struct mime_item *out)
{
	if (field_mailbox(mime, out))
		return STEP_ITEM;
	if (!leaf_idle(&mime->leaf) && mime->state == STATE_BODY)
		return leaf_step(mime, out);
	switch (mime->state) {
	case STATE_HEADER:
		return head_step(mime, out);
	case STATE_BODY:
		return body_step(mime);
	case STATE_UNWIND:
		return unwind_step(mime, out);
	case STATE_OVER:
		break;
	}
	return STEP_STARVED;
}

/* Goes on behind what was put back; false: there is nothing. */
static bool go_on(struct mime *mime)
{
	mime->in = mime->rest;
	mime->rest = (struct bytes){ NULL, NULL };
	return mime->in.at != mime->in.end;
}

/* Each step reads input, goes a stage on, or takes something off the stack: it ends. */
bool mime_next(struct mime *mime, struct mime_item *out)
{
	for (;;) {
		enum step next = step(mime, out);
		if (next == STEP_ITEM)
			return true;
		if (next == STEP_STARVED && !go_on(mime))
			return false;
	}
}

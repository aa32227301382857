/* The content of one part, by stages: as sent, decoded, and for text what can be seen in it. Each
 * stage hands the next a slice of what it has, so that finding a link or a file in the text can
 * stop in the middle and go on with the next call. */
#include "base/fault.h"
#include "base/utf8.h"
#include "mime/mime_internal.h"

static bool none(struct bytes in)
{
	return in.at == in.end;
}

static void counting_begin(struct counting *counting)
{
	counting->first_size = counting->iso_size = 0;
	counting->gap = false;
	digest_begin(counting->digest);
}

static size_t keep(uint8_t *room, size_t have, size_t want, struct bytes in)
{
	in = bytes_split(&in, want - have);
	if (!none(in))
		memcpy(room + have, in.at, bytes_size(in));
	return have + bytes_size(in);
}

static void count_sent(struct counting *counting, struct bytes in)
{
	counting->part.size_sent += bytes_size(in);
	digest_sent(counting->digest, in);
}

static void count_decoded(struct counting *counting, struct bytes in)
{
	uint64_t before = counting->part.size;
	counting->part.size += bytes_size(in);
	counting->first_size = keep(counting->first, counting->first_size, MAGIC_WINDOW, in);
	digest_decoded(counting->digest, in);
	if (before >= MAGIC_ISO_OFFSET + 5 || counting->part.size <= MAGIC_ISO_OFFSET)
		return;
	if (before < MAGIC_ISO_OFFSET)
		bytes_split(&in, (size_t)(MAGIC_ISO_OFFSET - before));
	counting->iso_size = keep(counting->iso, counting->iso_size, 5, in);
}

static void counting_end(struct mime *mime, struct counting *counting)
{
	struct mime_part *part = &counting->part;
	struct magic magic = magic_true(bytes_make(counting->first, counting->first_size),
		bytes_make(counting->iso, counting->iso_size));
	part->true_type = magic.type;
	part->kind = magic.kind;
	digest_sent_end(counting->digest, part->xxh3);
	part->digests =
		!counting->gap && digest_decoded_end(counting->digest, part->md5, part->sha256);
	/* Text that is shown does nothing, whatever it begins with. */
	if ((part->attachment || part->claimed != MIME_KIND_TEXT) &&
		magic_lies(part->claimed, part->kind))
		anomaly(mime->seen, MIME_TYPE_LIES);
	mime->total.images += part->kind == MIME_KIND_IMAGE ||
			      (!part->true_type && part->claimed == MIME_KIND_IMAGE);
}

void leaf_begin(struct mime *mime)
{
	struct leaf *leaf = &mime->leaf;
	struct bytes type = mime->part.type;
	leaf->stage = LEAF_OPEN;
	leaf->own.part = mime->part;
	counting_begin(&leaf->own);
	transfer_init(&leaf->transfer, mime->part.encoding);
	leaf->file = mime->part.encoding == MIME_UUENCODE || mime->part.encoding == MIME_YENC;
	leaf->prose = leaf->file || bytes_begin_case(type, bytes_of("text/")) ||
		      bytes_begin_case(type, bytes_of("message/"));
	leaf->html = bytes_equal(type, bytes_of("text/html")) ||
		     bytes_equal(type, bytes_of("application/xhtml+xml"));
	leaf->prose |= leaf->html;
	leaf->wide = leaf->prose && charset_is_wide(mime->part.charset);
	leaf->block_open = leaf->enough = leaf->magic_asked = false;
	leaf->entity_size = leaf->wide_count = leaf->blocks = 0;
	leaf->sent = leaf->decoded = leaf->run = (struct bytes){ NULL, NULL };
	if (leaf->prose)
		prose_begin(&leaf->text);
}

bool leaf_idle(const struct leaf *leaf)
{
	if (leaf->stage == LEAF_CLOSED)
		return true;
	return leaf->stage == LEAF_OPEN && none(leaf->sent) && none(leaf->decoded) &&
	       none(leaf->run) && !(leaf->prose && leaf->text.state == PROSE_FIRST);
}

void leaf_feed(struct mime *mime, struct bytes in)
{
	mime->leaf.sent = in;
	count_sent(&mime->leaf.own, in);
}

void leaf_finish(struct mime *mime)
{
	mime->leaf.stage = LEAF_TRANSFER_END;
}

/* Are the first bytes, which tell the type, all that is wanted of this base64? */
static bool enough(const struct mime *mime, struct leaf *leaf)
{
	const struct counting *own = &leaf->own;
	if (leaf->enough || mime->level == MIME_DIGESTS || leaf->prose ||
		leaf->transfer.kind != MIME_BASE64 || own->first_size < MAGIC_WINDOW)
		return leaf->enough;
	if (!leaf->magic_asked)
		leaf->enough = magic_true(
			bytes_make(own->first, own->first_size), (struct bytes){ NULL, NULL })
				       .type;
	leaf->magic_asked = true;
	leaf->enough |= own->part.size >= MAGIC_ISO_OFFSET + 5;
	return leaf->enough;
}

static void decode(struct mime *mime, struct leaf *leaf)
{
	enum mime_encoding kind = leaf->transfer.kind;
	if (enough(mime, leaf)) {
		mime->steps += bytes_size(leaf->sent);
		leaf->own.part.size += transfer_skip(&leaf->transfer, leaf->sent);
		leaf->sent = (struct bytes){ NULL, NULL };
		return;
	}
	if (kind == MIME_BASE64 || kind == MIME_QUOTED_PRINTABLE) {
		size_t before = bytes_size(leaf->sent);
		uint8_t *scratch = mime->tools->scratch;
		size_t size = transfer_decode(&leaf->transfer, &leaf->sent, scratch, SCRATCH);
		leaf->decoded = bytes_make(scratch, size);
		mime->steps += before - bytes_size(leaf->sent);
	} else {
		leaf->decoded = leaf->sent;
		leaf->sent = (struct bytes){ NULL, NULL };
	}
	if (!leaf->file)
		count_decoded(&leaf->own, leaf->decoded);
	if (!leaf->prose)
		leaf->decoded = (struct bytes){ NULL, NULL };
}

static void entity_end(struct leaf *leaf)
{
	size_t size = entity_decode(bytes_make(leaf->entity, leaf->entity_size), leaf->out);
	leaf->run = bytes_make(leaf->out, size);
	leaf->entity_size = 0;
}

/* HTML: the next run without entities, or what the next entity stands for. */
static void html_run(struct leaf *leaf)
{
	const uint8_t *at;
	if (!leaf->entity_size && *leaf->decoded.at != '&') {
		at = bytes_find(leaf->decoded, '&');
		leaf->run = bytes_split(&leaf->decoded,
			at ? (size_t)(at - leaf->decoded.at) : bytes_size(leaf->decoded));
		return;
	}
	if (!leaf->entity_size)
		leaf->entity[leaf->entity_size++] = *bytes_take(&leaf->decoded, 1);
	while (!none(leaf->decoded) && entity_goes_on(*leaf->decoded.at) &&
		leaf->entity_size < sizeof leaf->entity)
		leaf->entity[leaf->entity_size++] = *bytes_take(&leaf->decoded, 1);
	if (none(leaf->decoded) && leaf->entity_size < sizeof leaf->entity)
		return; /* it may go on in the next slice */
	if (!none(leaf->decoded) && *leaf->decoded.at == ';')
		bytes_take(&leaf->decoded, 1);
	entity_end(leaf);
}

/* UTF-16 and UTF-32: ASCII comes out as it is, all else as a byte that is in no link. The order of
 * bytes is told by where the zero of an ASCII character lies. */
static void wide_run(struct leaf *leaf)
{
	size_t unit = bytes_begin_case(leaf->own.part.charset, bytes_of("utf-32")) ? 4 : 2,
	       size = 0;
	while (!none(leaf->decoded) && size < sizeof leaf->out) {
		const uint8_t *at = leaf->wide_unit;
		leaf->wide_unit[leaf->wide_count++] = *bytes_take(&leaf->decoded, 1);
		if (leaf->wide_count < unit)
			continue;
		leaf->wide_count = 0;
		uint32_t little = unit == 2 ? le16(at) : le32(at);
		uint32_t big = unit == 2 ? be16(at) : be32(at);
		uint32_t code = little < 0x80 ? little : big;
		leaf->out[size++] = code < 0x80 ? (uint8_t)code : 0xFF;
	}
	leaf->run = bytes_make(leaf->out, size);
}

static void next_run(struct leaf *leaf)
{
	if (leaf->wide) {
		wide_run(leaf);
	} else if (leaf->html) {
		html_run(leaf);
	} else {
		leaf->run = leaf->decoded;
		leaf->decoded = (struct bytes){ NULL, NULL };
	}
}

/* Tells a host that was not told before in this message. */
static enum step link_step(struct mime *mime, struct mime_item *out)
{
	struct bytes host = mime->leaf.text.host;
	uint64_t hash = hash_bytes(mime->tools->key, host.at, bytes_size(host));
	size_t slot;
	if (!mime->hosts_clear)
		memset(mime->host_hash, 0, sizeof mime->host_hash);
	mime->hosts_clear = true;
	mime->total.links++;
	hash += !hash; /* 0 means free */
	for (slot = hash % HOSTS_SLOTS; mime->host_hash[slot]; slot = (slot + 1) % HOSTS_SLOTS)
		if (mime->host_hash[slot] == hash)
			return STEP_ON;
	if (mime->hosts == MIME_LINKS_MAX || fault_limit()) {
		anomaly(mime->seen, MIME_LINKS_MANY);
		return STEP_ON;
	}
	mime->host_slot[mime->hosts++] = (uint16_t)slot;
	mime->host_hash[slot] = hash;
	*out = (struct mime_item){ .kind = MIME_LINK,
		.text = host,
		.time = MIME_MOMENT_NONE,
		.part = &mime->leaf.own.part };
	return STEP_ITEM;
}

static enum step block_item(struct mime *mime, enum mime_item_kind kind, struct mime_item *out)
{
	*out = (struct mime_item){
		.kind = kind, .time = MIME_MOMENT_NONE, .part = &mime->leaf.block.part
	};
	return STEP_ITEM;
}

static bool is_utf8(struct bytes in)
{
	while (!none(in)) {
		uint32_t code;
		size_t size = utf8_size(in, &code);
		if (!size)
			return false;
		bytes_take(&in, size);
	}
	return true;
}

static enum step block_begin(struct mime *mime, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	struct mime_part *part = &leaf->block.part;
	if (leaf->file)
		return STEP_ON;
	mime->total.parts++;
	mime->total.attachments++;
	leaf->block_open = mime->told_parts < MIME_PARTS_MAX && !fault_limit();
	if (!leaf->block_open) {
		anomaly(mime->seen, MIME_PARTS_MANY);
		return STEP_ON;
	}
	mime->told_parts++;
	*part = (struct mime_part){ .shape = MIME_BLOCK,
		.depth = leaf->own.part.depth + 1,
		.type = bytes_of("application/octet-stream"),
		.encoding = leaf->text.encoding,
		.disposition = MIME_ATTACHMENT,
		.name = leaf->text.name,
		.attachment = true };
	size_t size = mime_path_add(mime, ++leaf->blocks);
	part->path = bytes_make(mime->path, size);
	part->claimed = magic_of_name(part->name);
	part->name_raw = !is_utf8(part->name);
	counting_begin(&leaf->block);
	return block_item(mime, MIME_PART, out);
}

static enum step block_end(struct mime *mime, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	if (leaf->text.bad)
		anomaly(mime->seen, MIME_BLOCK_BAD);
	if (!leaf->block_open)
		return STEP_ON;
	leaf->block_open = false;
	counting_end(mime, &leaf->block);
	return block_item(mime, MIME_PART_END, out);
}

static enum step event_step(struct mime *mime, enum prose_event event, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	switch (event) {
	case PROSE_NONE:
		break;
	case PROSE_LINK:
		return link_step(mime, out);
	case PROSE_BEGIN:
		return block_begin(mime, out);
	case PROSE_DATA:
		if (leaf->file)
			count_decoded(&leaf->own, leaf->text.data);
		if (!leaf->block_open)
			break;
		count_sent(&leaf->block, leaf->text.sent);
		count_decoded(&leaf->block, leaf->text.data);
		break;
	case PROSE_END:
		return block_end(mime, out);
	}
	return STEP_ON;
}

static enum step leaf_close(struct mime *mime, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	struct mime_part *part = &leaf->own.part;
	leaf->stage = LEAF_CLOSED;
	if (leaf->transfer.junk && leaf->transfer.kind == MIME_BASE64)
		anomaly(mime->seen, MIME_BASE64_JUNK);
	else if (leaf->transfer.junk)
		anomaly(mime->seen, MIME_QP_BAD);
	if (leaf->file && part->size_sent && !part->size)
		anomaly(mime->seen, MIME_BLOCK_BAD);
	if (leaf->prose) {
		part->links = (uint32_t)leaf->text.links;
		part->images = (uint32_t)leaf->text.images;
		mime->total.images += part->images;
		mime->steps += leaf->text.steps;
		if (leaf->text.armor && part->crypto == MIME_CRYPTO_NONE)
			part->crypto = MIME_PGP_INLINE;
	}
	counting_end(mime, &leaf->own);
	*out = (struct mime_item){ .kind = MIME_PART_END, .time = MIME_MOMENT_NONE, .part = part };
	return STEP_ITEM;
}

/* The content is over: what each stage held back comes out, stage by stage. */
static enum step end_step(struct mime *mime, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	enum prose_event event;
	if (leaf->stage == LEAF_TRANSFER_END) {
		uint8_t *scratch = mime->tools->scratch;
		size_t size = transfer_end(&leaf->transfer, scratch, SCRATCH);
		leaf->stage = LEAF_PROSE_END;
		count_decoded(&leaf->own, bytes_make(scratch, size));
		if (leaf->prose)
			leaf->decoded = bytes_make(scratch, size);
		return STEP_ON;
	}
	if (leaf->entity_size) {
		entity_end(leaf);
		return STEP_ON;
	}
	event = leaf->prose ? prose_end(&leaf->text) : PROSE_NONE;
	return event == PROSE_NONE ? leaf_close(mime, out) : event_step(mime, event, out);
}

enum step leaf_step(struct mime *mime, struct mime_item *out)
{
	struct leaf *leaf = &mime->leaf;
	if (!none(leaf->run) || (leaf->prose && leaf->text.state == PROSE_FIRST))
		return event_step(mime, prose_feed(&leaf->text, &leaf->run), out);
	if (!none(leaf->decoded))
		next_run(leaf);
	else if (!none(leaf->sent))
		decode(mime, leaf);
	else
		return end_step(mime, out);
	return STEP_ON;
}

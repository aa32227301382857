/* The part of the session line that tells of a message. */
#include "base/moment.h"
#include "model/message.h"

static void put_text(struct json *json, const char *key, struct bytes text)
{
	json_key(json, key);
	json_text(json, text);
}

static void put_value(
	struct json *json, const char *key, enum pseudonym_kind kind, struct bytes text)
{
	json_key(json, key);
	json_value(json, kind, text);
}

static void put_time(struct json *json, const char *key, int64_t time)
{
	char text[MOMENT_TEXT];
	json_key(json, key);
	json_string(json, time == MIME_MOMENT_NONE ? NULL : moment_text(time, text));
}

static void put_hex(struct json *json, const char *key, const uint8_t *at, size_t size, bool there)
{
	static const char digits[] = "0123456789abcdef";
	char text[65];
	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[at[i] >> 4];
		text[2 * i + 1] = digits[at[i] & 15];
	}
	json_key(json, key);
	json_text(json, there ? bytes_make(text, 2 * size) : (struct bytes){ 0 });
}

static void put_mailboxes(struct json *json, const char *key, const struct message_list *list)
{
	json_key(json, key);
	json_array(json);
	for (const struct message_mailbox *at = list->first; at; at = at->next) {
		json_object(json);
		put_value(json, "name", PSEUDONYM_WORDS, at->name);
		put_value(json, "address", PSEUDONYM_MAILBOX, at->address);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_received(struct json *json, const struct message_hop *hop)
{
	json_key(json, "received");
	json_array(json);
	for (; hop; hop = hop->next) {
		json_object(json);
		put_value(json, "from", PSEUDONYM_HOST, hop->from);
		put_value(json, "name", PSEUDONYM_HOST, hop->name);
		json_key(json, "ip");
		json_address(json, address_is_none(&hop->address) ? NULL : &hop->address);
		put_value(json, "by", PSEUDONYM_HOST, hop->by);
		put_text(json, "with", hop->with);
		put_value(json, "id", PSEUDONYM_WORDS, hop->id);
		put_time(json, "time", hop->time);
		json_key(json, "trusted");
		json_bool(json, hop->trusted);
		json_key(json, "forged");
		json_bool(json, hop->forged);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_attachments(struct json *json, const struct message_attachment *at)
{
	json_key(json, "attachments");
	json_array(json);
	for (; at; at = at->next) {
		json_object(json);
		put_value(json, "name", PSEUDONYM_WORDS, at->name);
		put_value(json, "type", PSEUDONYM_TYPE, at->type);
		json_key(json, "true_type");
		json_string(json, at->true_type);
		json_key(json, "kind");
		json_string(json, mime_kind_name(at->kind));
		json_key(json, "size");
		if (at->leaf)
			json_uint(json, at->size);
		else
			json_null(json);
		put_hex(json, "xxh3", at->xxh3, sizeof(at->xxh3), at->leaf);
		put_hex(json, "md5", at->md5, sizeof(at->md5), at->digests);
		put_hex(json, "sha256", at->sha256, sizeof(at->sha256), at->digests);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_links(struct json *json, const struct message *message)
{
	json_key(json, "links");
	json_object(json);
	json_key(json, "count");
	json_uint(json, message->link_count);
	json_key(json, "hosts");
	json_array(json);
	for (const struct message_link *link = message->links; link; link = link->next)
		json_value(json, PSEUDONYM_HOST, link->host);
	json_array_end(json);
	json_object_end(json);
}

static void put_nothing(struct json *json)
{
	static const char *const keys[] = { "subject", "from", "to", "cc", "message_id", "date",
		"received", "user_agent", "originating_ip", "authentication", "attachments",
		"links", "images", "structure", "crypto" };
	for (size_t i = 0; i < COUNT(keys); i++) {
		json_key(json, keys[i]);
		json_null(json);
	}
}

void message_json(const struct message *message, struct json *json)
{
	if (!message) {
		put_nothing(json);
		return;
	}
	put_value(json, "subject", PSEUDONYM_WORDS, message->subject);
	put_mailboxes(json, "from", &message->from);
	put_mailboxes(json, "to", &message->to);
	put_mailboxes(json, "cc", &message->cc);
	put_value(json, "message_id", PSEUDONYM_MAILBOX, message->message_id);
	put_time(json, "date", message->date);
	put_received(json, message->hops);
	put_text(json, "user_agent", message->user_agent);
	put_value(json, "originating_ip", PSEUDONYM_HOST, message->originating_ip);
	put_text(json, "authentication", message->authentication);
	put_attachments(json, message->attachments);
	put_links(json, message);
	json_key(json, "images");
	json_uint(json, message->image_count);
	put_value(json, "structure", PSEUDONYM_TYPE, message->structure);
	json_key(json, "crypto");
	json_string(json, message->crypto);
}

/* What the scanner says of the message files named on standard input, one line of JSON each, for
 * the comparison with other parsers (tests/messages/run). */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "mime/mime.h"

#define FILE_MAX (64 * 1024 * 1024)

struct teller {
	struct mime *mime;
	struct json json;
	struct anomalies seen;
	struct anomaly_totals totals;
	bool subject; /* the first was told */
	uint8_t *room;
};

static void put_digest(struct json *json, const char *name, const uint8_t *digest, size_t size)
{
	char text[65];
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	json_key(json, name);
	json_string(json, text);
}

static void put_part(struct json *json, const struct mime_part *part)
{
	json_object(json);
	json_key(json, "filename");
	json_text(json, part->name);
	json_key(json, "content_type");
	json_text(json, part->type);
	if (part->digests) {
		json_key(json, "size");
		json_uint(json, part->size);
		put_digest(json, "md5", part->md5, sizeof part->md5);
		put_digest(json, "sha256", part->sha256, sizeof part->sha256);
	}
	json_object_end(json);
}

static void take(struct teller *teller)
{
	struct mime_item item;
	while (mime_next(teller->mime, &item)) {
		bool subject = item.kind == MIME_FIELD && item.field == MIME_SUBJECT;
		bool message = item.kind == MIME_PART && item.part->shape == MIME_MESSAGE;
		bool leaf = item.kind == MIME_PART_END && item.part->shape == MIME_LEAF;
		if (subject && !teller->subject) {
			json_key(&teller->json, "subject");
			json_text(&teller->json, item.text);
			teller->subject = true;
		}
		if (!(message || leaf) || !item.part->name.at)
			continue;
		json_key(&teller->json, "attachment");
		put_part(&teller->json, item.part);
	}
}

static void tell(struct teller *teller, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t size = file ? fread(teller->room, 1, FILE_MAX, file) : 0;
	if (file)
		fclose(file);
	teller->subject = false;
	teller->seen = (struct anomalies){ .total = &teller->totals };
	json_begin(&teller->json);
	json_object(&teller->json);
	json_key(&teller->json, "file");
	json_string(&teller->json, path);
	mime_init(teller->mime, &teller->seen);
	mime_feed(teller->mime, bytes_make(teller->room, size));
	take(teller);
	mime_finish(teller->mime);
	take(teller);
	json_object_end(&teller->json);
	struct bytes line = json_end(&teller->json);
	printf("%.*s\n", (int)bytes_size(line), (const char *)line.at);
}

int main(void)
{
	static struct teller teller;
	static char path[4096];
	struct mime_tools *tools = mime_tools_open();
	teller.mime = tools ? mime_new(tools, MIME_DIGESTS) : NULL;
	teller.room = malloc(FILE_MAX);
	if (!teller.mime || !teller.room)
		return 4;
	while (fgets(path, sizeof path, stdin)) {
		path[strcspn(path, "\n")] = 0;
		tell(&teller, path);
	}
	free(teller.room);
	json_free(&teller.json);
	mime_free(teller.mime);
	mime_tools_close(tools);
}

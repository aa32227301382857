/* What a stranger wrote becomes text of ours in one place, here: shown as utf8_show() does, words
 * that are mail addresses left out, for whoever is shown the evidence need not know who was written
 * to. */
#include "model/exhibit.h"

#include <stdio.h>

#include "base/pseudonym.h"
#include "base/utf8.h"

struct writer {
	char *out;
	size_t room, size;
	bool full;
};

/* A piece goes in whole or not at all, and nothing behind one that did not. */
static void add(struct writer *writer, struct bytes piece)
{
	size_t size = bytes_size(piece);
	writer->full = writer->full || writer->size + size >= writer->room;
	if (writer->full || !size)
		return;
	memcpy(writer->out + writer->size, piece.at, size);
	writer->size += size;
}

static bool parts_words(uint8_t byte)
{
	return byte <= ' ' || bytes_find(bytes_of("<>()[]{}\"',;:"), byte);
}

/* The next word, or what stands between two, stepped over. */
static struct bytes word_take(struct bytes *in)
{
	size_t size = 1;
	if (!parts_words(*in->at))
		while (size < bytes_size(*in) && !parts_words(in->at[size]))
			size++;
	return bytes_split(in, size);
}

void exhibit_show(struct bytes text, char *out, size_t room)
{
	struct writer writer = { out, room, 0, false };
	char piece[UTF8_SHOW];
	while (bytes_size(text)) { /* each turn takes a byte or more */
		struct bytes word = word_take(&text);
		if (bytes_find(word, '@'))
			word = bytes_of("...");
		else if (*word.at == '\n')
			word = bytes_of(" ");
		while (bytes_size(word))
			add(&writer, utf8_show(&word, piece));
	}
	out[writer.size] = '\0';
}

static const char *outcome_words(const struct exhibit *exhibit)
{
	static const char *const words[] = {
		[EXHIBIT_UNKNOWN] = "no more was seen",
		[EXHIBIT_UNANSWERED] = "not answered",
		[EXHIBIT_REFUSED] = "the connection was refused",
		[EXHIBIT_ENCRYPTED] = "went on encrypted",
		[EXHIBIT_ANSWERED] = "",
		[EXHIBIT_SILENT] = "nothing was answered",
	};
	return words[exhibit->outcome];
}

const char *exhibit_text(const struct exhibit *exhibit, char text[EXHIBIT_TEXT])
{
	char client[ADDRESS_TEXT], server[ADDRESS_TEXT], code[16] = "";
	const char *named = exhibit->name[0] ? exhibit->name : NULL;
	if (exhibit->outcome == EXHIBIT_ANSWERED)
		snprintf(code, sizeof(code), exhibit->answer[0] ? "%d " : "%d", exhibit->code);
	int size = snprintf(text, EXHIBIT_TEXT, "%s port %u to %s%s%s, port %u%s: %s%s%s",
		pseudonym_address_text(NULL, &exhibit->client.ip, client), exhibit->client.port,
		named ? named : "", named ? " (" : "",
		pseudonym_address_text(NULL, &exhibit->server.ip, server), exhibit->server.port,
		named ? ")" : "", code, exhibit->answer, outcome_words(exhibit));
	const char *before = "; counted for";
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		if (!(exhibit->kinds >> kind & 1))
			continue;
		size += snprintf(text + size, EXHIBIT_TEXT - (size_t)size, "%s %s", before,
			alert_kind_name((enum alert_kind)kind));
		before = ",";
	}
	return text;
}

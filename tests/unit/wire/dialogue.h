/* Dialogues for tests (behind cmocka.h): what two sides of SMTP say, written as text. Lines "C:
 * text" and "S: text" (with \r \n \t \\ \xNN, and *COUNT behind the letter to repeat the text),
 * "C-gap SIZE", "S-gap SIZE", "middle", "one-sided", "content"; "#" begins a remark. */
#ifndef MW_TESTS_DIALOGUE_H
#define MW_TESTS_DIALOGUE_H

#include <stdio.h>
#include <stdlib.h>

#include "wire/smtp.h"

#define STEPS_MAX 200

enum step_kind { STEP_FEED, STEP_GAP, STEP_MIDDLE, STEP_ONE_SIDED, STEP_CONTENT };

struct step {
	enum step_kind kind;
	enum smtp_side side;
	uint8_t *at;
	size_t size;
};

struct dialogue {
	struct step step[STEPS_MAX];
	size_t steps, size; /* bytes said */
};

static inline uint8_t *unescape(const char *text, size_t length, size_t *size)
{
	uint8_t *out = malloc(length + 1);
	assert_non_null(out);
	*size = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned byte = (uint8_t)text[i];
		if (byte == '\\' && i + 1 < length) {
			char kind = text[++i];
			byte = kind == 'r' ? '\r' : kind == 'n' ? '\n' : kind == 't' ? '\t' : '\\';
			if (kind == 'x') {
				assert_int_equal(sscanf(&text[i + 1], "%2x", &byte), 1);
				i += 2;
			}
		}
		out[(*size)++] = (uint8_t)byte;
	}
	return out;
}

static inline void add_text(struct dialogue *dialogue, const char *line, size_t length)
{
	struct step *step = &dialogue->step[dialogue->steps++];
	unsigned long times = line[1] == '*' ? strtoul(&line[2], NULL, 10) : 1;
	const char *text = strstr(line, ": ");
	size_t size;
	uint8_t *once;
	assert_non_null(text);
	text += 2;
	once = unescape(text, length - (size_t)(text - line), &size);
	step->kind = STEP_FEED;
	step->side = line[0] == 'C' ? SMTP_CLIENT : SMTP_SERVER;
	step->size = size * times;
	step->at = malloc(step->size + 1);
	assert_non_null(step->at);
	for (unsigned long i = 0; i < times; i++)
		memcpy(&step->at[i * size], once, size);
	dialogue->size += step->size;
	free(once);
}

static inline void add_line(struct dialogue *dialogue, const char *line, size_t length)
{
	static const struct {
		const char *word;
		struct step step;
	} words[] = {
		{ "C-gap", { STEP_GAP, SMTP_CLIENT, NULL, 0 } },
		{ "S-gap", { STEP_GAP, SMTP_SERVER, NULL, 0 } },
		{ "middle", { STEP_MIDDLE, SMTP_CLIENT, NULL, 0 } },
		{ "one-sided", { STEP_ONE_SIDED, SMTP_CLIENT, NULL, 0 } },
		{ "content", { STEP_CONTENT, SMTP_CLIENT, NULL, 0 } },
	};
	assert_true(dialogue->steps < STEPS_MAX);
	if (line[0] == '#' || !length)
		return;
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!strncmp(line, words[i].word, strlen(words[i].word))) {
			struct step *step = &dialogue->step[dialogue->steps++];
			*step = words[i].step;
			step->size = strtoul(&line[strlen(words[i].word)], NULL, 10);
			return;
		}
	}
	assert_true(line[0] == 'C' || line[0] == 'S');
	add_text(dialogue, line, length);
}

static inline struct dialogue *dialogue_read(const char *path)
{
	struct dialogue *dialogue = calloc(1, sizeof *dialogue);
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	assert_true(dialogue && file);
	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		add_line(dialogue, line, (size_t)length);
	}
	free(line);
	fclose(file);
	return dialogue;
}

static inline void dialogue_free(struct dialogue *dialogue)
{
	for (size_t i = 0; i < dialogue->steps; i++)
		free(dialogue->step[i].at);
	free(dialogue);
}

/* What one side says in a row as one step. */
static inline void dialogue_join(struct dialogue *dialogue)
{
	size_t to = 0;
	for (size_t i = 0; i < dialogue->steps; i++) {
		struct step *step = &dialogue->step[i], *last = to ? &dialogue->step[to - 1] : NULL;
		if (!last || last->kind != STEP_FEED || step->kind != STEP_FEED ||
			last->side != step->side) {
			dialogue->step[to++] = *step;
			continue;
		}
		last->at = realloc(last->at, last->size + step->size);
		assert_non_null(last->at);
		memcpy(last->at + last->size, step->at, step->size);
		last->size += step->size;
		free(step->at);
	}
	dialogue->steps = to;
}

#endif

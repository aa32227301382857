/* Settings from YAML, by libyaml's events: no tree is built, and the rooms' tables are the schema.
 * The functions that follow the nesting call each other only where a table has a table below it, so
 * their depth is that of our tables and not of the file. What does not fit is told and stepped
 * over, so that one run tells all mistakes. */
#include "base/setting.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/fault.h"
#include "base/nearest.h"

#define FILE_MAX ((size_t)1 << 20) /* bytes */
#define MISTAKES_MAX 20
#define KEYS_MAX 64      /* in one table */
#define DEPTH_MAX 32     /* of nesting that is stepped over */
#define PATH_ROOM 128    /* "site.inside" */
#define KEY_SHOWN_MAX 64 /* bytes of a key in an error line */

struct reader {
	yaml_parser_t parser;
	struct bytes text;
	const char *name;
	struct error *error;
	unsigned mistakes;
	bool over; /* nothing more can be read, or enough mistakes were told */
};

struct place {       /* in the file: a key, or what stands for it */
	size_t line; /* from 1 */
	char path[PATH_ROOM];
};

static void count_mistake(struct reader *reader)
{
	if (++reader->mistakes >= MISTAKES_MAX)
		reader->over = true;
}

static void complain(struct reader *reader, const struct place *place, const char *what)
{
	error_add(reader->error, "%s: line %zu: %s%s%s", reader->name, place->line, place->path,
		*place->path ? ": " : "", what);
	count_mistake(reader);
}

static size_t line_of(const yaml_event_t *event)
{
	return event->start_mark.line + 1;
}

/* libyaml could not go on. Of bytes that are no text it tells the offset, else the line. */
static void complain_yaml(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	size_t line = parser->problem_mark.line + 1;
	const char *problem = parser->problem ? parser->problem : "not readable as YAML";
	reader->over = true;
	reader->mistakes++;
	if (parser->error == YAML_MEMORY_ERROR) {
		error_add(
			reader->error, "%s: out of memory; free some and try again", reader->name);
		return;
	}
	if (parser->error == YAML_READER_ERROR) {
		struct bytes rest = reader->text;
		struct bytes before = bytes_split(&rest, parser->problem_offset);
		for (line = 1; before.at != before.end; before.at++)
			line += *before.at == '\n';
		error_add(reader->error, "%s: line %zu: %s; save the file as UTF-8 text",
			reader->name, line, problem);
		return;
	}
	error_add(reader->error, "%s: line %zu: %s%s%s; check indentation, colons and quotes",
		reader->name, line, problem, parser->context ? " " : "",
		parser->context ? parser->context : "");
}

/* The next event, to be deleted by the caller; false: there is none, and the reader is over. */
static bool next_event(struct reader *reader, yaml_event_t *event)
{
	memset(event, 0, sizeof(*event));
	if (reader->over)
		return false;
	if (!yaml_parser_parse(&reader->parser, event)) {
		complain_yaml(reader);
		return false;
	}
	return true;
}

/* Anchors, aliases and tags would make one text mean another: refused. True: it is free of them. */
static bool check_plain(struct reader *reader, const yaml_event_t *event, const struct place *place)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	if (event->type == YAML_ALIAS_EVENT) {
		complain(reader, place, "an alias (*) is not allowed; write the value out");
		return false;
	}
	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor)
		complain(reader, place, "an anchor (&) is not allowed; leave it out");
	else if (tag)
		complain(reader, place, "a tag (!) is not allowed; leave it out");
	return !anchor && !tag;
}

/* Steps over the rest of what `event` began. */
static void skip(struct reader *reader, const yaml_event_t *event)
{
	yaml_event_t inner;
	struct place place = { line_of(event), "" };
	unsigned depth =
		event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
	while (depth && next_event(reader, &inner)) {
		if (inner.type == YAML_SEQUENCE_START_EVENT ||
			inner.type == YAML_MAPPING_START_EVENT)
			depth++;
		else if (inner.type == YAML_SEQUENCE_END_EVENT ||
			 inner.type == YAML_MAPPING_END_EVENT)
			depth--;
		yaml_event_delete(&inner);
		if (depth > DEPTH_MAX) {
			complain(reader, &place, "nested too deep; nothing that can be set is");
			reader->over = true;
		}
	}
}

static void read_scalar(struct reader *reader, const struct setting *setting, void *base,
	const yaml_event_t *event, const struct place *place)
{
	struct bytes value = bytes_make(event->data.scalar.value, event->data.scalar.length);
	bool nothing = value.at == value.end && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	char where[PATH_ROOM + 160];
	struct error why;
	if (nothing && setting->kind == SETTING_MAP)
		return; /* "site:" with all its keys commented out */
	if (nothing) {
		complain(reader, place, "has no value; write one, or leave the key out");
		return;
	}
	snprintf(where, sizeof(where), "%.120s: line %zu: %s", reader->name, place->line,
		place->path);
	if (!setting_set(setting, base, value, where, &why)) {
		error_add(reader->error, "%s", why.text);
		if (reader->error)
			reader->error->no_memory |= why.no_memory;
		count_mistake(reader);
	}
}

static void read_list(struct reader *reader, const struct setting *setting, void *base,
	const struct place *list_place)
{
	yaml_event_t event;
	struct place place = *list_place;
	bool more = true;
	while (more && next_event(reader, &event)) {
		place.line = line_of(&event);
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			more = false;
		} else if (!check_plain(reader, &event, &place)) {
			skip(reader, &event);
		} else if (event.type == YAML_SCALAR_EVENT) {
			read_scalar(reader, setting, base, &event, &place);
		} else {
			complain(reader, &place, "a list of values holds no further list or keys");
			skip(reader, &event);
		}
		yaml_event_delete(&event);
	}
}

static void read_map(struct reader *reader, const struct setting *keys, void *base,
	const struct place *map_place);

/* What follows a key. */
static void read_value(
	struct reader *reader, const struct setting *setting, void *base, const struct place *place)
{
	yaml_event_t event;
	if (!next_event(reader, &event))
		return;
	if (!check_plain(reader, &event, place)) {
		skip(reader, &event);
	} else if (event.type == YAML_SCALAR_EVENT) {
		read_scalar(reader, setting, base, &event, place);
	} else if (event.type == YAML_SEQUENCE_START_EVENT && setting->kind == SETTING_PREFIXES) {
		read_list(reader, setting, base, place);
	} else if (event.type == YAML_MAPPING_START_EVENT && setting->kind == SETTING_MAP) {
		read_map(reader, setting->keys, (char *)base + setting->offset, place);
	} else {
		complain(reader, place,
			setting->kind == SETTING_MAP
				? "is a list (-); write its keys without the dashes"
			: event.type == YAML_MAPPING_START_EVENT
				? "has no keys of its own; write its value behind the colon"
				: "is a list; write one value behind the colon");
		skip(reader, &event);
	}
	yaml_event_delete(&event);
}

static void complain_unknown(struct reader *reader, const struct setting *keys, const char *key,
	const struct place *place)
{
	char what[400];
	struct nearest nearest;
	size_t used;
	nearest_init(&nearest, key);
	for (const struct setting *at = keys; at->name; at++)
		nearest_offer(&nearest, at->name);
	if (nearest.name) {
		snprintf(what, sizeof(what), "no such key; did you mean %s?", nearest.name);
	} else {
		used = (size_t)snprintf(what, sizeof(what), "no such key; there are");
		for (const struct setting *at = keys; at->name && used < sizeof(what); at++)
			used += (size_t)snprintf(what + used, sizeof(what) - used, "%s %s",
				at == keys ? "" : ",", at->name);
	}
	complain(reader, place, what);
}

/* One key of a map and what follows it. `lines`: where each key of the table was met, 0: not yet.
 */
static void read_key(struct reader *reader, const struct setting *keys, void *base,
	const struct place *map_place, const yaml_event_t *event, size_t *lines)
{
	struct bytes key = bytes_make(event->data.scalar.value, event->data.scalar.length);
	struct place place = { line_of(event), "" };
	yaml_event_t value;
	char what[96];
	size_t row = 0;
	snprintf(place.path, sizeof(place.path), "%.60s%s%.*s", map_place->path,
		*map_place->path ? "." : "",
		(int)(bytes_size(key) < KEY_SHOWN_MAX ? bytes_size(key) : KEY_SHOWN_MAX),
		(const char *)key.at);
	while (keys[row].name && !bytes_equal(key, bytes_of(keys[row].name)))
		row++;
	if (keys[row].name && !lines[row]) {
		lines[row] = place.line;
		read_value(reader, &keys[row], base, &place);
		return;
	}
	if (keys[row].name) {
		snprintf(what, sizeof(what), "is there twice, first in line %zu; leave one out",
			lines[row]);
		complain(reader, &place, what);
	} else {
		complain_unknown(reader, keys, (const char *)key.at, &place);
	}
	if (next_event(reader, &value))
		skip(reader, &value);
	yaml_event_delete(&value);
}

static void read_map(struct reader *reader, const struct setting *keys, void *base,
	const struct place *map_place)
{
	size_t lines[KEYS_MAX] = { 0 };
	yaml_event_t event;
	struct place place = *map_place;
	bool more = true;
	for (size_t i = 0; keys[i].name; i++)
		assert(i < KEYS_MAX);
	while (more && next_event(reader, &event)) {
		place.line = line_of(&event);
		if (event.type == YAML_MAPPING_END_EVENT) {
			more = false;
		} else if (check_plain(reader, &event, &place) && event.type == YAML_SCALAR_EVENT) {
			read_key(reader, keys, base, map_place, &event, lines);
		} else {
			yaml_event_t value;
			if (event.type != YAML_SCALAR_EVENT && event.type != YAML_ALIAS_EVENT)
				complain(reader, &place, "a key must be a name; write NAME: VALUE");
			skip(reader, &event);
			if (next_event(reader, &value))
				skip(reader, &value);
			yaml_event_delete(&value);
		}
		yaml_event_delete(&event);
	}
}

/* All of the stream: at most one document, a map or nothing. */
static void read_stream(struct reader *reader, const struct setting *keys, void *base)
{
	yaml_event_t event;
	struct place place = { 1, "" };
	unsigned documents = 0;
	bool more = true;
	while (more && next_event(reader, &event)) {
		place.line = line_of(&event);
		if (event.type == YAML_STREAM_END_EVENT) {
			more = false;
		} else if (event.type == YAML_DOCUMENT_START_EVENT && documents++) {
			complain(reader, &place, "a second document (---) begins; write one only");
			reader->over = true;
		} else if (event.type == YAML_MAPPING_START_EVENT) {
			if (check_plain(reader, &event, &place))
				read_map(reader, keys, base, &place);
			else
				skip(reader, &event);
		} else if (event.type == YAML_SEQUENCE_START_EVENT ||
			   event.type == YAML_ALIAS_EVENT ||
			   (event.type == YAML_SCALAR_EVENT && event.data.scalar.length)) {
			complain(reader, &place, "no keys here; write lines like NAME: VALUE");
			skip(reader, &event);
		}
		yaml_event_delete(&event);
	}
}

bool setting_read_bytes(struct bytes text, const char *name, const struct setting *keys, void *base,
	struct error *error)
{
	struct reader reader = { .text = text, .name = name, .error = error };
	if (fault_call() || !yaml_parser_initialize(&reader.parser))
		return error_no_memory(error, name);
	if (error)
		error->text[0] = '\0';
	yaml_parser_set_input_string(
		&reader.parser, text.at ? text.at : (const uint8_t *)"", bytes_size(text));
	read_stream(&reader, keys, base);
	yaml_parser_delete(&reader.parser);
	return !reader.mistakes;
}

bool setting_read(const char *path, const struct setting *keys, void *base, struct error *error)
{
	bool ok = false;
	size_t size;
	uint8_t *text = NULL;
	FILE *file = fopen(path, "re");
	if (!file)
		return error_set(
			error, "%s: %s; check the name and the rights", path, strerror(errno));
	text = fault_call() ? NULL : malloc(FILE_MAX + 1);
	if (!text) {
		error_no_memory(error, path);
		goto out;
	}
	size = fread(text, 1, FILE_MAX + 1, file);
	if (ferror(file)) {
		error_set(error, "%s: %s; check that it is a file, and the disk", path,
			strerror(errno));
		goto out;
	}
	if (size > FILE_MAX) {
		error_set(error, "%s: larger than 1 MiB; name the configuration file", path);
		goto out;
	}
	ok = setting_read_bytes(bytes_make(text, size), path, keys, base, error);
out:
	free(text);
	fclose(file);
	return ok;
}

/* Three lists, for blocks of 24, 28 and 36 bits; the longest block that holds a MAC names its
 * maker. The files stay in memory, and rows point into them: 40,000 rows are read and sorted in
 * some ten milliseconds, once a report. */
#include "report/vendor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

static const struct list {
	const char *name;
	unsigned digits; /* of a prefix, 4 bits each */
} lists[] = {
	{ "oui.csv", 6 },
	{ "mam.csv", 7 },
	{ "oui36.csv", 9 },
};

struct row {
	uint64_t prefix; /* 48 bits, zero behind its digits */
	unsigned digits;
	struct bytes name; /* in the file */
};

struct vendors {
	uint8_t *file[COUNT(lists)];
	struct row *rows;
	size_t count, room;
};

static int open_list(const char *folder, const char *name)
{
	int directory = fault_call() ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = directory < 0 || fault_call() ? -1 : openat(directory, name, O_RDONLY | O_CLOEXEC);
	if (directory >= 0)
		close(directory);
	return fd;
}

/* All of a regular file of a size that such a list can have; NULL: it is none, or no memory. */
static uint8_t *read_all(int fd, size_t *size)
{
	struct stat stat;
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size <= 0 ||
		stat.st_size > VENDOR_FILE_MAX)
		return NULL;
	size_t room = (size_t)stat.st_size;
	uint8_t *file = fault_call() ? NULL : malloc(room);
	*size = 0;
	while (file && *size < room) {
		ssize_t got = fault_call() ? -1 : read(fd, file + *size, room - *size);
		if (got <= 0)
			break;
		*size += (size_t)got;
	}
	return file;
}

/* The next field of a record, stepped over with its comma (RFC 4180); quotes around it fall away.
 */
static struct bytes next_field(struct bytes *line)
{
	const uint8_t *first = bytes_take(line, 1);
	bool quoted = first && *first == '"';
	if (first && !quoted)
		line->at = first;
	const uint8_t *end = bytes_find(*line, quoted ? '"' : ',');
	struct bytes field = bytes_split(line, end ? (size_t)(end - line->at) : bytes_size(*line));
	const uint8_t *comma = bytes_find(*line, ',');
	bytes_split(line, comma ? (size_t)(comma - line->at) + 1 : bytes_size(*line));
	return field;
}

static int digit_of(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Registry, prefix, name, address. false: the heading, or no such row. */
static bool read_row(struct bytes line, unsigned digits, struct row *out)
{
	next_field(&line);
	struct bytes prefix = next_field(&line);
	*out = (struct row){ .digits = digits, .name = next_field(&line) };
	if (bytes_size(prefix) != digits || !bytes_size(out->name))
		return false;
	for (unsigned i = 0; i < digits; i++) {
		int digit = digit_of(prefix.at[i]);
		if (digit < 0)
			return false;
		out->prefix |= (uint64_t)digit << 4 * (11 - i);
	}
	return true;
}

static bool add_row(struct vendors *vendors, struct row row)
{
	if (vendors->count == vendors->room) {
		size_t room = vendors->room ? 2 * vendors->room : 4096;
		struct row *rows =
			fault_call() ? NULL : reallocarray(vendors->rows, room, sizeof(*rows));
		if (!rows)
			return false;
		vendors->rows = rows;
		vendors->room = room;
	}
	vendors->rows[vendors->count++] = row;
	return true;
}

static void read_list(struct vendors *vendors, size_t list, const char *folder)
{
	size_t size = 0;
	struct row row;
	int fd = open_list(folder, lists[list].name);
	if (fd < 0)
		return;
	vendors->file[list] = read_all(fd, &size);
	close(fd);
	struct bytes in = bytes_make(vendors->file[list], size);
	while (bytes_size(in)) {
		const uint8_t *end = bytes_find(in, '\n');
		struct bytes line = bytes_split(&in, end ? (size_t)(end - in.at) : bytes_size(in));
		bytes_take(&in, 1);
		if (read_row(line, lists[list].digits, &row) && !add_row(vendors, row))
			return;
	}
}

static int compare_key(const struct row *a, const struct row *b)
{
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return a->digits < b->digits ? -1 : a->digits > b->digits;
}

/* Some prefixes were given out twice: the first stands. */
static int compare(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = compare_key(a, b);
	return order ? order : a->name.at < b->name.at ? -1 : a->name.at > b->name.at;
}

struct vendors *vendors_read(const char *folder)
{
	struct vendors *vendors = fault_call() ? NULL : calloc(1, sizeof(*vendors));
	if (!vendors)
		return NULL;
	for (size_t i = 0; i < COUNT(lists); i++)
		read_list(vendors, i, folder);
	if (vendors->count) {
		qsort(vendors->rows, vendors->count, sizeof(*vendors->rows), compare);
		return vendors;
	}
	vendors_free(vendors);
	return NULL;
}

void vendors_free(struct vendors *vendors)
{
	if (!vendors)
		return;
	for (size_t i = 0; i < COUNT(lists); i++)
		free(vendors->file[i]);
	free(vendors->rows);
	free(vendors);
}

static const struct row *find_row(const struct vendors *vendors, const struct row *key)
{
	size_t low = 0, high = vendors->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_key(&vendors->rows[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < vendors->count && !compare_key(&vendors->rows[low], key) ? &vendors->rows[low]
									      : NULL;
}

struct bytes vendors_find(const struct vendors *vendors, const uint8_t mac[6])
{
	uint64_t number = (uint64_t)be16(mac) << 32 | be32(mac + 2);
	for (size_t i = COUNT(lists); i-- > 0;) {
		unsigned rest = 4 * (12 - lists[i].digits);
		struct row key = { .prefix = number >> rest << rest, .digits = lists[i].digits };
		const struct row *row = find_row(vendors, &key);
		if (row)
			return row->name;
	}
	return (struct bytes){ NULL, NULL };
}

static bool cut_word(struct bytes *name, struct bytes word)
{
	struct bytes rest = *name;
	size_t size = bytes_size(*name), end = bytes_size(word);
	if (size <= end || !bytes_take(&rest, size - end) || !bytes_equal_case(rest, word))
		return false;
	bytes_limit(name, size - end);
	return true;
}

/* Each word goes at most once, so that the loop ends; order: the last word of a name first. */
struct bytes vendor_short(struct bytes vendor)
{
	static const char *const words[] = { " ", ".", " inc", " ltd", " llc", " gmbh", " ag",
		" corp", " corporation", " corporate", " limited", ".", " co", " company", " s.a",
		" ab", " oy", " b.v", " kg", " technologies", " technology", ".", " " };
	const uint8_t *comma = bytes_find(vendor, ',');
	struct bytes name =
		bytes_split(&vendor, comma ? (size_t)(comma - vendor.at) : bytes_size(vendor));
	for (size_t i = 0; i < COUNT(words); i++)
		cut_word(&name, bytes_of(words[i]));
	return name;
}

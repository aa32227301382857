/* The edit distance (Levenshtein 1966) with one row. At most two letters may be wrong, and no more
 * than half of them: else anything would be near to a short name. The beginning of a name, or a
 * name with more behind it, counts as two: `mail` means mail_servers where nothing is nearer. */
#include "base/nearest.h"

#include "base/bytes.h"

#define DISTANCE_MAX 2

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to add, leave out or change until one is the other, case aside. */
static size_t distance(struct bytes a, struct bytes b)
{
	size_t row[NEAREST_NAME + 1], columns = bytes_size(b);
	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (; a.at != a.end; a.at++) {
		size_t corner = row[0]++;
		for (size_t j = 1; j <= columns; j++) {
			size_t change = corner + (byte_lower(*a.at) != byte_lower(b.at[j - 1]));
			corner = row[j];
			row[j] = least(change, 1 + least(row[j - 1], row[j]));
		}
	}
	return row[columns];
}

void nearest_init(struct nearest *nearest, const char *word)
{
	*nearest = (struct nearest){ word, NULL, DISTANCE_MAX + 1 };
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	struct bytes typed = bytes_of(nearest->word), offered = bytes_of(name);
	size_t shorter = least(bytes_size(typed), bytes_size(offered)), found;
	if (!shorter || bytes_size(typed) > NEAREST_NAME || bytes_size(offered) > NEAREST_NAME)
		return;
	found = distance(offered, typed);
	if (found > shorter / 2)
		found = DISTANCE_MAX + 1;
	if (found > DISTANCE_MAX && shorter > 1 &&
		(bytes_begin_case(offered, typed) || bytes_begin_case(typed, offered)))
		found = DISTANCE_MAX;
	if (found >= nearest->distance)
		return;
	nearest->name = name;
	nearest->distance = found;
}

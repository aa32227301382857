/* Edit distance (Levenshtein 1966) with two rows; a third of the letters, and one, may be wrong. A
 * word that begins a name counts as one mistake: who types --mail means --mail-servers. */
#include "app/nearest.h"

#include <string.h>

#include "base/bytes.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both at most NEAREST_NAME long. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAREST_NAME + 1], columns = strlen(b);
	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t change = corner + (byte_lower(a[i - 1]) != byte_lower(b[j - 1]));
			corner = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[columns];
}

void nearest_init(struct nearest *nearest, const char *word)
{
	size_t size = strlen(word);
	*nearest = (struct nearest){ .word = word };
	if (size && size <= NEAREST_NAME)
		nearest->distance = size / 3 + 2;
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	size_t found = 1;
	if (!nearest->distance || strlen(name) > NEAREST_NAME)
		return;
	if (strncmp(name, nearest->word, strlen(nearest->word)) != 0)
		found = distance(nearest->word, name);
	if (found >= nearest->distance)
		return;
	nearest->name = name;
	nearest->distance = found;
}

/* Short runs show nothing, long ones at most five lines a second: a progress line must cost neither
 * time nor attention. */
#include "app/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/moment.h"
#include "report/number.h"

#define PROGRESS_AFTER (1 * SECOND)
#define PROGRESS_EVERY (SECOND / 5)
#define PROGRESS_PACKETS 256 /* between two looks at the clock */

static int64_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

void progress_init(struct progress *progress, bool quiet)
{
	*progress = (struct progress){ .wanted = !quiet && isatty(STDERR_FILENO) };
	progress->begun = clock_now();
}

static void draw(struct progress *progress, const struct files *files, int64_t spent)
{
	struct files_progress at;
	char done[NUMBER_TEXT], packets[NUMBER_TEXT], left[DURATION_TEXT];
	files_progress(files, &at);
	double rate = (double)at.bytes / ((double)spent / SECOND);
	fprintf(stderr, "\r\033[K");
	if (at.bytes_all)
		fprintf(stderr, "%3.0f %%  ", 100.0 * (double)at.bytes / (double)at.bytes_all);
	fprintf(stderr, "%s read, %s packets, %.1f MB/s", number_bytes(at.bytes, done),
		number_text(at.packets, packets), rate / 1e6);
	if (at.bytes_all > at.bytes && rate > 0) {
		double seconds = (double)(at.bytes_all - at.bytes) / rate;
		fprintf(stderr, ", %s left", duration_text((int64_t)(seconds * SECOND), left));
	}
	fflush(stderr);
	progress->shown = true;
}

void progress_step(struct progress *progress, const struct files *files)
{
	if (!progress->wanted || progress->waiting--)
		return;
	progress->waiting = PROGRESS_PACKETS;
	int64_t now = clock_now();
	if (now - progress->begun < PROGRESS_AFTER || now - progress->drawn < PROGRESS_EVERY)
		return;
	progress->drawn = now;
	draw(progress, files, now - progress->begun);
}

void progress_erase(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
}

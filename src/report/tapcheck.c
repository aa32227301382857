/* What has to be seen before anything is said about a recording. Each limit asks for a number of
 * packets or connections first, for few prove nothing, and then for a share, for a little of
 * everything happens everywhere. */
#include "report/tapcheck.h"

#include "base/moment.h"

enum {
	ONE_DIRECTION_LEAST = 3, /* connections; and half of them */
	CUT_LEAST = 10,          /* packets; and 1 in */
	CUT_SHARE = 100,
	GROUP_FRAMES = 100, /* frames in all; and all but 1 in */
	GROUP_SHARE = 10,
	GROUP_SENDERS = 2,
	NAT_BEGUN = 5, /* connections; with so many others; packets; all but 1 in */
	NAT_PEERS = 3,
	NAT_SENT = 20,
	NAT_SHARE = 10,
	HOST_PACKETS = 200, /* with so many others; so many of them no mail */
	HOST_PEERS = 5,
	HOST_OTHERS = 100,
	HOST_SUMS = 20,
	NO_MAIL_CONNECTIONS = 20,
	BACK_LEAST = 10,    /* times, or once by BACK_MOST */
	DROPPED_LEAST = 10, /* packets; and 1 in */
	DROPPED_SHARE = 1000,
	HOLES_LEAST = 10, /* and 1 in so many packets of mail */
	HOLES_SHARE = 200,
	DOUBLED_LEAST = 20, /* packets; and 1 in */
	DOUBLED_SHARE = 10,
	SUMS_LEAST = 20, /* packets; and 1 in */
	SUMS_SHARE = 4
};

#define BACK_MOST MINUTE
#define CLOCK_SET (366 * DAY) /* a clock that nobody set begins in 1970 */

static bool is_share(uint64_t part, uint64_t whole, uint64_t least, uint64_t share)
{
	return part >= least && part >= whole / share;
}

static bool is_one_direction(const struct tapcheck *check)
{
	const struct recording *recording = check->recording;
	uint64_t one = recording->client_only + recording->server_only;
	return one >= ONE_DIRECTION_LEAST && one >= recording->both_ways;
}

static bool is_cut(const struct tapcheck *check)
{
	return is_share(check->recording->cut, check->seen->packets, CUT_LEAST, CUT_SHARE);
}

static bool is_broadcast(const struct tapcheck *check)
{
	const struct recording *recording = check->recording;
	uint64_t all = recording->unicast + recording->group;
	return all >= GROUP_FRAMES && recording->unicast <= all / GROUP_SHARE &&
	       recording->group_senders >= GROUP_SENDERS && !check->seen->mail;
}

/* It is not ours to suspect: somebody outside who writes to our servers looks the same. */
static bool may_be_ours(const struct tapcheck *check, const struct recording_end *end)
{
	static const struct site unknown; /* its inside are the private ranges */
	if (prefixes_has(&check->site->mail_servers, &end->address) ||
		prefixes_has(&check->site->smarthosts, &end->address))
		return false;
	if (site_is_inside(&unknown, &end->address))
		return end->origins > 1;
	return site_inside_guessed(check->site) ? !end->private_peer
						: site_is_inside(check->site, &end->address);
}

static bool is_outside_nat(const struct tapcheck *check)
{
	const struct recording_end *end = &check->recording->mail;
	return !address_is_none(&end->address) && end->begun >= NAT_BEGUN &&
	       end->peers >= NAT_PEERS && end->sent >= NAT_SENT &&
	       end->sent - end->near <= end->sent / NAT_SHARE && may_be_ours(check, end);
}

/* A site whose only mail server sends all mail looks the same in a recording of mail alone, and
 * well it should: it takes other packets, or checksums that are not made yet, to tell. */
static bool is_one_host(const struct tapcheck *check)
{
	const struct recording *recording = check->recording;
	const struct recording_end *end = &recording->v4;
	bool many_v6 = recording->v6.packets && address_is_none(&recording->v6.address);
	if (address_is_none(&end->address) || end->packets < HOST_PACKETS ||
		end->peers < HOST_PEERS || many_v6 || is_outside_nat(check))
		return false;
	return recording->others >= HOST_OTHERS ||
	       (recording->sums_wrong >= HOST_SUMS &&
		       address_equal(&recording->sums_sender, &end->address));
}

static bool is_no_mail(const struct tapcheck *check)
{
	return !check->seen->mail && !check->sum->sessions && !check->sum->attempts &&
	       recording_connections(check->recording) >= NO_MAIL_CONNECTIONS;
}

static bool is_clock_unset(const struct tapcheck *check)
{
	return check->seen->packets && check->seen->first < CLOCK_SET;
}

static bool is_clock_back(const struct tapcheck *check)
{
	return check->recording->back >= BACK_LEAST || check->recording->back_most >= BACK_MOST;
}

static bool is_clock_ahead(const struct tapcheck *check)
{
	return check->recording->ahead;
}

static bool is_dropped(const struct tapcheck *check)
{
	uint64_t dropped = check->recording->dropped;
	return is_share(dropped, dropped + check->seen->packets, DROPPED_LEAST, DROPPED_SHARE);
}

/* The same loss, where the recorder says nothing of it. A packet that was cut short leaves a hole,
 * too, but was not lost. */
static bool is_holes(const struct tapcheck *check)
{
	uint64_t holes = check->totals->count[TCP_GAP], cut = check->recording->cut;
	return holes > cut && !is_dropped(check) &&
	       is_share(holes - cut, check->seen->mail, HOLES_LEAST, HOLES_SHARE);
}

static bool is_doubled(const struct tapcheck *check)
{
	uint64_t again = check->totals->count[PACKET_MIRRORED];
	return is_share(again, again + check->seen->mail, DOUBLED_LEAST, DOUBLED_SHARE);
}

static bool is_checksums(const struct tapcheck *check)
{
	return is_share(
		check->recording->sums_wrong, check->recording->sums, SUMS_LEAST, SUMS_SHARE);
}

static bool (*const findings[])(const struct tapcheck *check) = {
	[TAPCHECK_ONE_DIRECTION] = is_one_direction,
	[TAPCHECK_CUT] = is_cut,
	[TAPCHECK_BROADCAST] = is_broadcast,
	[TAPCHECK_OUTSIDE_NAT] = is_outside_nat,
	[TAPCHECK_ONE_HOST] = is_one_host,
	[TAPCHECK_NO_MAIL] = is_no_mail,
	[TAPCHECK_CLOCK_UNSET] = is_clock_unset,
	[TAPCHECK_CLOCK_BACK] = is_clock_back,
	[TAPCHECK_CLOCK_AHEAD] = is_clock_ahead,
	[TAPCHECK_DROPPED] = is_dropped,
	[TAPCHECK_HOLES] = is_holes,
	[TAPCHECK_DOUBLED] = is_doubled,
	[TAPCHECK_CHECKSUMS] = is_checksums,
};

bool tapcheck_holds(const struct tapcheck *check, enum tapcheck_finding finding)
{
	return check->recording && findings[finding](check);
}

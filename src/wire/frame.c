/* The walk from a frame to its innermost packet: IP, a tunnel's header, IP, and so on. Nearly every
 * packet is TCP in its first IP header, and leaves at the first look. */
#include "wire/frame.h"

#include "wire/tunnel.h"

enum { TCP = 6 };

/* A fragment: is its packet whole now? */
static bool assemble(
	struct fragments *fragments, struct frame *out, int64_t time, struct anomalies *seen)
{
	if (!fragments_add(fragments, &out->ip, &out->payload, time, seen))
		return false;
	if (address_is_v4(&out->ip.source))
		return true;
	if (!ip_extensions(&out->payload, &out->ip, seen))
		return false;
	return !out->ip.fragment || anomaly(seen, IP_EXTENSION); /* a fragment of a fragment */
}

/* Enters the next layer, if there is one. */
static enum tunnel_step descend(struct frame *out, struct anomalies *seen)
{
	enum tunnel_step step = tunnel_enter(&out->ip, &out->payload, &out->link, seen);
	if (step == TUNNEL_INSIDE && !out->tunnelled) {
		out->tunnelled = true;
		out->tunnel_source = out->ip.source;
	}
	return step;
}

bool frame_decode(uint32_t link_type, struct bytes in, int64_t time, struct fragments *fragments,
	struct frame *out, struct anomalies *seen)
{
	bool begun = false;
	out->payload = in;
	out->tunnelled = false;
	if (!link_decode(link_type, &out->payload, &out->link, seen))
		return false;
	for (;;) { /* each round enters a layer, which link_enter() counts */
		if (!ip_decode(&out->payload, &out->ip, seen))
			return false;
		if (out->ip.fragment) {
			if (!begun)
				fragments_begin(fragments);
			begun = true;
			if (!assemble(fragments, out, time, seen))
				return false;
		}
		if (out->ip.protocol == TCP)
			return true;
		enum tunnel_step step = descend(out, seen);
		if (step != TUNNEL_INSIDE)
			return step == TUNNEL_NONE;
	}
}

/* What stands between the link and IP: PPP (RFC 1661), PPPoE (RFC 2516), Cisco HDLC, MPLS labels
 * (RFC 3032). Each steps over its header and gives the EtherType of what follows, or SHIM_NOTHING
 * (counted). Pure: no state. */
#ifndef MW_WIRE_SHIM_H
#define MW_WIRE_SHIM_H

#include "base/anomaly.h"
#include "base/bytes.h"

#define SHIM_NOTHING (-1)
#define SHIM_ETHERNET (-2) /* an Ethernet header follows */
#define SHIM_LABELS_MAX 8

int shim_ppp(struct bytes *in, struct anomalies *seen);   /* with or without FF 03 before it */
int shim_hdlc(struct bytes *in, struct anomalies *seen);  /* PPP or Cisco's own framing */
int shim_pppoe(struct bytes *in, struct anomalies *seen); /* limits `in` to what its header says */

/* All labels, at most SHIM_LABELS_MAX. What follows is not said anywhere: a first nibble of 4 or 6
 * is taken for IP, any other but 1 for an Ethernet frame (SHIM_ETHERNET), behind a control word
 * (RFC 4385) when the first two bytes are zero. */
int shim_mpls(struct bytes *in, struct anomalies *seen);

#endif

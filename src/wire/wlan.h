/* Wireless frames (IEEE 802.11-2020 9.2, 9.3.2), as a monitor interface records them: from the
 * frame, with or without a radio header, to LLC. Only data frames carry packets. Encrypted ones are
 * counted as such. Pure: no state. */
#ifndef MW_WIRE_WLAN_H
#define MW_WIRE_WLAN_H

#include "wire/link.h"

/* Sets the MACs: source and destination as an Ethernet frame would name them. true: LLC follows. Of
 * several packets in one frame (A-MSDU) the first is given, and the others are counted. */
bool wlan_decode(struct bytes *in, struct link *out, struct anomalies *seen);

bool wlan_radiotap(struct bytes *in, struct link *out, struct anomalies *seen); /* radiotap.org */

/* The headers before radiotap: Prism, or AVS where the frame says so. */
bool wlan_prism(struct bytes *in, struct link *out, struct anomalies *seen);

#endif

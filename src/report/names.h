/* The labels of suspects: what machines were called (by DHCP, NetBIOS, mDNS, LLMNR) and who made
 * their network cards. For people and for other systems to find the machine by; no verdict rests on
 * a label. Bounded: the address or MAC that got its first name longest ago goes first. One thread
 * at a time. */
#ifndef MW_REPORT_NAMES_H
#define MW_REPORT_NAMES_H

#include "engine/engine.h"

#define NAMES_MAX 65536 /* addresses and MACs */

struct names;

struct names *names_new(struct anomalies *seen); /* NULL: no memory */
void names_free(struct names *names);

/* Takes names and leases; other activities are nothing to it. */
void names_take(struct names *names, const struct activity *activity);

/* Gives each alert of the finished engine its labels; they live as long as `names`. `folder`: of
 * the vendors' lists. false: they were needed and are not there. */
bool names_join(struct names *names, struct engine *engine, const char *folder);

#endif

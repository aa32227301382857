/* Faults on demand, in test builds (meson option `faults`) only: MAILWARDEN_FAULT=fail@N makes the
 * N-th fallible call (allocation, write, fsync, rename, send) fail, limit@N makes the N-th use of a
 * limit hit it. N counts from 1. MAILWARDEN_FAULT=count prints both totals at exit on standard
 * error ("faults: 1234 calls, 56 limits"), so that a runner knows how far N goes.
 * MAILWARDEN_HITS=FILE adds to FILE, at exit, the name of each anomaly that was counted: what no
 * test hits is not tested. In a release build all of it costs nothing. The counters are the one
 * global mutable state of the program; they exist only in test builds. */
#ifndef MW_BASE_FAULT_H
#define MW_BASE_FAULT_H

#include <stdbool.h>

#ifdef MAILWARDEN_FAULTS
bool fault_call(void);  /* true: pretend that this call failed */
bool fault_limit(void); /* true: pretend that this limit is reached */

void fault_hit(unsigned anomaly); /* it was counted: enum anomaly */

/* For unit tests: counts anew from zero and arms as the environment would; false: not understood
 * (then nothing is armed), or no test build. */
bool fault_arm(const char *text);
#else
static inline bool fault_call(void)
{
	return false;
}
static inline bool fault_limit(void)
{
	return false;
}
static inline void fault_hit(unsigned anomaly)
{
	(void)anomaly;
}
static inline bool fault_arm(const char *text)
{
	(void)text;
	return false;
}
#endif

#endif

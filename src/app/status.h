/* How the program ends. The numbers are an interface: scripts look at them. */
#ifndef MW_APP_STATUS_H
#define MW_APP_STATUS_H

enum status {
	STATUS_FINE,
	STATUS_SUSPECTS, /* only when asked for with --exit-code */
	STATUS_USAGE,
	STATUS_INPUT, /* some input could not be read; stands above SUSPECTS */
	STATUS_SYSTEM /* no memory, or the output could not be written */
};

#endif

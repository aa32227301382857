/* `mailwarden read`: capture files in, a report out. */
#ifndef MW_APP_READ_H
#define MW_APP_READ_H

#include "app/status.h"

enum status read_command(int argc, char **argv); /* argv[0] is "read" */
enum status read_help(void);

#endif

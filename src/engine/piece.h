/* A piece of evidence: what one connection shows, and which detectors it counts for. */
#ifndef MW_ENGINE_PIECE_H
#define MW_ENGINE_PIECE_H

#include "detect/detector.h"
#include "model/exhibit.h"

/* false: the activity is no connection. */
bool piece_make(const struct watch *watch, const struct activity *activity, struct exhibit *out);

#endif

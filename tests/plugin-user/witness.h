/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * witness.h - hears all events, so that a test can wait for one and count the others.
 */
#ifndef PLUGIN_USER_WITNESS_H
#define PLUGIN_USER_WITNESS_H

#include "ima-ext.h"

enum heard { APPEARED, DISAPPEARED, CHANGED };

/** witness_begin, witness_end - begin to listen, with nothing heard yet; fixtures */
int witness_begin(void **state);
int witness_end(void **state);

/** witness_forget - of what was heard so far */
void witness_forget(void);

/** witness_count - how often it was heard of objects of this type */
unsigned int witness_count(enum heard what, IMA_OBJECT_TYPE type);

/** witness_wait - until it was heard so often */
void witness_wait(enum heard what, IMA_OBJECT_TYPE type, unsigned int count);

#endif

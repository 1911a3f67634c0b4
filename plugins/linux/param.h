/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * param.h - what taking settings back needs of the login keys.
 */
#ifndef LINUX_PARAM_H
#define LINUX_PARAM_H

#include "settings.h"

#define PARAM_TEXT 32

/*
 * Where a login key is kept, with what open-iscsi does without it as value. False: it is no login
 * key, or one that cannot be set.
 */
bool param_setting(IMAX_SETTING which, struct setting *setting,
		   char built_in[PARAM_TEXT]);

#endif

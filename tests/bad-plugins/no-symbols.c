// SPDX-License-Identifier: LGPL-2.1-or-later
/* no-symbols.c - exports next to nothing. */
#include "bad.h"

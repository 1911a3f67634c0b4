/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin-info.h - the properties of a plugin that is built in this tree.
 */
#ifndef PLUGIN_SUPPORT_PLUGIN_INFO_H
#define PLUGIN_SUPPORT_PLUGIN_INFO_H

#include "ima.h"

/** plugin_info - vendor, version, file name and build time; every byte is written */
void plugin_info(IMA_PLUGIN_PROPERTIES *properties);

#endif

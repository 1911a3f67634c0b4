/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * api.h - the public headers as the library sees them: what they declare is exported, everything
 * else is hidden. Include this one, not ima.h.
 */
#ifndef LIB_API_H
#define LIB_API_H

#define IMA_API __attribute__((visibility("default")))
#include "ima-plugin.h"

/* Object types as bits, for the sets in calls.def. */
enum {
	PLUGIN = 1u << IMA_OBJECT_TYPE_PLUGIN,
	NODE = 1u << IMA_OBJECT_TYPE_NODE,
	LHBA = 1u << IMA_OBJECT_TYPE_LHBA,
	PHBA = 1u << IMA_OBJECT_TYPE_PHBA,
	NETWORK_PORTAL = 1u << IMA_OBJECT_TYPE_NETWORK_PORTAL,
	PORTAL_GROUP = 1u << IMA_OBJECT_TYPE_PORTAL_GROUP,
	LNP = 1u << IMA_OBJECT_TYPE_LNP,
	PNP = 1u << IMA_OBJECT_TYPE_PNP,
	TARGET = 1u << IMA_OBJECT_TYPE_TARGET,
	LU = 1u << IMA_OBJECT_TYPE_LU,
	DISCOVERY_ADDRESS = 1u << IMA_OBJECT_TYPE_DISCOVERY_ADDRESS,
	STATIC_DISCOVERY_TARGET = 1u << IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
	CONNECTION = 1u << IMA_OBJECT_TYPE_CONNECTION,
	SESSION = 1u << IMA_OBJECT_TYPE_SESSION,
	ANY_TYPE = 2 * SESSION - PLUGIN,
};

/* Whether a plugin must or may have an entry point. */
enum need { MUST, MAY };

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define cold		    __attribute__((cold, noinline))

#endif

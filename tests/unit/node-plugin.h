/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* node-plugin.h - what the test of the shared node finds in its plugins. */
#ifndef TESTS_NODE_PLUGIN_H
#define TESTS_NODE_PLUGIN_H

#include "ima.h"

/* Symbol node_plugin. */
struct node_plugin {
	IMA_NODE_PROPERTIES answer;	   /* to IMA_GetNodeProperties */
	IMA_STATUS get_status, set_status; /* what the functions return */
	int takes_over;			   /* what it is told becomes its answer */
	int names, aliases;		   /* how often it was told */
	IMA_WCHAR name[IMA_NODE_ALIAS_LEN], alias[IMA_NODE_ALIAS_LEN]; /* last told */
	int alias_was_null;
	IMA_OID oid; /* of the last call */
};

extern struct node_plugin node_plugin;

#endif

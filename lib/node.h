/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * node.h - the shared node, {NODE, 0, 0}.
 */
#ifndef LIB_NODE_H
#define LIB_NODE_H

struct registry;

/* Tells the stored name and alias to new plugins that use the shared node and have none. */
void node_introduce(const struct registry *registry);

#endif

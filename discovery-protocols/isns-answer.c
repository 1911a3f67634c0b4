// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * isns-answer.c - attributes are a flat list: a name begins an object, and what follows belongs to
 * it until the next one begins.
 *
 * Portal groups name their target, and may come before it: they are collected first, as places in
 * the message, and matched when all names are known.
 */
#include "discovery-protocols/isns-answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "shared/utf8.h"

#define UDP_PORT    0x10000U /* bit of a port attribute */
#define PORTALS_MAX 1024     /* of one target */
#define GROUPS_MAX  (1U << 20)

/* A portal, or a portal group, as far as it was read. */
struct group {
	const uint8_t *name;
	uint32_t name_length;
	uint8_t address[16];
	uint32_t port;
	int32_t tag; /* -1: not said, -2: none, so no access this way */
	bool has_address;
};

#define NO_TAG	  (-1)
#define NO_ACCESS (-2)

struct reading {
	struct isns_nodes *nodes;
	struct isns_node
		*node; /* the last one that began; NULL: none, or it is left out */
	struct group *groups;
	size_t group_count, group_room;
};

struct attribute {
	uint32_t tag, length;
	const uint8_t *value;
};

/* False at the end; then the reader may be bad. */
static bool next_attribute(struct reader *reader, struct attribute *attribute)
{
	if (!reader->left)
		return false;
	attribute->tag = read_number(reader, 4);
	attribute->length = read_number(reader, 4);
	attribute->value = read_piece(reader, attribute->length);
	return !reader->is_bad;
}

static uint32_t number_of(const struct attribute *attribute)
{
	struct reader reader = { attribute->value, attribute->length, false };

	return attribute->length == 4 ? read_number(&reader, 4) : 0;
}

/* Text ends at its first zero, which is padding. False if it is too long. */
static bool text_of(const uint8_t *value, size_t length, char *out, size_t size)
{
	size_t used = strnlen((const char *)value, length);

	if (used >= size)
		return false;
	memcpy(out, value, used);
	out[used] = 0;
	return true;
}

static bool name_of(const uint8_t *value, size_t length, char out[ISCSI_NAME_MAX + 1])
{
	return value && text_of(value, length, out, ISCSI_NAME_MAX + 1) &&
	       !iscsi_name_check(out, NULL);
}

/* Makes room for one more; 0 or -ENOMEM. */
static int make_room(void **items, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? 2 * *room : 16;
	void *more;

	if (count < *room)
		return 0;
	more = reallocarray(*items, wanted, size);
	if (!more)
		return -ENOMEM;
	*items = more;
	*room = wanted;
	return 0;
}

/* --- Nodes -------------------------------------------------------------------------------- */

static int add_node(struct reading *reading, const char *name)
{
	struct isns_nodes *nodes = reading->nodes;
	struct isns_node *node;
	int err;

	if (nodes->count >= ISNS_TARGETS_MAX)
		return -EMSGSIZE;
	err = make_room((void **)&nodes->list, nodes->count, &nodes->room,
			sizeof(struct isns_node *));
	node = err ? NULL : calloc(1, sizeof(*node));
	if (!node)
		return -ENOMEM;
	memcpy(node->target.name, name, strlen(name) + 1);
	node->place = nodes->count;
	nodes->list[nodes->count++] = node;
	reading->node = node;
	return 0;
}

static int take_name(struct reading *reading, const struct attribute *attribute)
{
	char name[ISCSI_NAME_MAX + 1];

	reading->node = NULL;
	if (name_of(attribute->value, attribute->length, name))
		return add_node(reading, name);
	reading->nodes->left_out++;
	return 0;
}

static int take_node_type(struct reading *reading, const struct attribute *attribute)
{
	if (reading->node && !(number_of(attribute) & ISNS_TARGET))
		reading->node->is_other = true;
	return 0;
}

static int take_alias(struct reading *reading, const struct attribute *attribute)
{
	char alias[ISNS_ALIAS_MAX + 1];
	wchar_t wide[ISNS_ALIAS_MAX + 1];

	if (!reading->node || reading->node->target.alias ||
	    !text_of(attribute->value, attribute->length, alias, sizeof(alias)) ||
	    !alias[0] || utf8_to_wide(alias, wide, ISNS_ALIAS_MAX + 1) < 0)
		return 0;
	reading->node->target.alias = strdup(alias);
	return reading->node->target.alias ? 0 : -ENOMEM;
}

/* --- Portals and portal groups ------------------------------------------------------------ */

static int begin_group(struct reading *reading, const struct attribute *attribute)
{
	struct group *group;
	int err;

	if (reading->group_count >= GROUPS_MAX)
		return -EMSGSIZE;
	err = make_room((void **)&reading->groups, reading->group_count,
			&reading->group_room, sizeof(*group));
	if (err)
		return err;
	group = &reading->groups[reading->group_count++];
	memset(group, 0, sizeof(*group));
	group->tag = NO_TAG;
	group->name = attribute->value;
	group->name_length = attribute->length;
	return 0;
}

static struct group *last_group(struct reading *reading)
{
	return reading->group_count ? &reading->groups[reading->group_count - 1] : NULL;
}

static int take_address(struct reading *reading, const struct attribute *attribute)
{
	struct group *group = last_group(reading);

	if (!group || attribute->length != sizeof(group->address))
		return 0;
	memcpy(group->address, attribute->value, sizeof(group->address));
	group->has_address = true;
	return 0;
}

/* In a list of portals the address is what begins one. */
static int begin_portal(struct reading *reading, const struct attribute *attribute)
{
	int err = begin_group(reading, attribute);

	return err ? err : take_address(reading, attribute);
}

static int take_port(struct reading *reading, const struct attribute *attribute)
{
	if (last_group(reading))
		last_group(reading)->port = number_of(attribute);
	return 0;
}

static int take_tag(struct reading *reading, const struct attribute *attribute)
{
	uint32_t tag = number_of(attribute);

	if (last_group(reading))
		last_group(reading)->tag = attribute->length != 4 || tag > UINT16_MAX
						   ? NO_ACCESS
						   : (int32_t)tag;
	return 0;
}

/* IPv4 is mapped into IPv6 (::ffff:a.b.c.d); open-isns sends ::a.b.c.d. */
static bool host_of(const uint8_t address[16], char host[ISNS_HOST_SIZE])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }, zeros[16];
	bool is_ipv4 = !memcmp(address, mapped, 12) ||
		       (!memcmp(address, zeros, 12) && address[12]);

	/* No host, or several. */
	if (is_ipv4 ? !address[12] || address[12] >= 224
		    : address[0] == 0xff || !memcmp(address, zeros, 16))
		return false;
	return inet_ntop(is_ipv4 ? AF_INET : AF_INET6, is_ipv4 ? address + 12 : address,
			 host, ISNS_HOST_SIZE) != NULL;
}

static bool portal_of(const struct group *group, struct isns_portal *portal)
{
	if (!group->has_address || group->tag == NO_ACCESS || group->port & UDP_PORT ||
	    !(group->port & 0xffff) || !host_of(group->address, portal->host))
		return false;
	portal->port = (uint16_t)group->port;
	portal->tag = group->tag;
	return true;
}

static int add_portal(struct isns_target *target, const struct isns_portal *portal)
{
	struct isns_portal *more = reallocarray(target->portals, target->portal_count + 1,
						sizeof(*more));

	if (!more)
		return -ENOMEM;
	target->portals = more;
	more[target->portal_count++] = *portal;
	return 0;
}

static int give_portal(struct isns_nodes *nodes, struct isns_node *node,
		       const struct group *group)
{
	struct isns_portal portal;

	node->has_group = true;
	if (node->target.portal_count < PORTALS_MAX && portal_of(group, &portal))
		return add_portal(&node->target, &portal);
	nodes->left_out += group->tag != NO_ACCESS;
	return 0;
}

/* --- Matching ------------------------------------------------------------------------------- */

static int compare_nodes(const void *a, const void *b)
{
	const struct isns_node *first = *(struct isns_node *const *)a;
	const struct isns_node *second = *(struct isns_node *const *)b;
	int order = strcmp(first->target.name, second->target.name);

	return order ? order
		     : (first->place > second->place) - (first->place < second->place);
}

static int compare_name(const void *name, const void *node)
{
	return strcmp(name, (*(struct isns_node *const *)node)->target.name);
}

/* Whatever is listed twice counts once. Returns how many there are in sorted then. */
static size_t sort_nodes(const struct isns_nodes *nodes, struct isns_node **sorted)
{
	size_t count = 0;

	if (nodes->count)
		memcpy(sorted, nodes->list, nodes->count * sizeof(struct isns_node *));
	qsort(sorted, nodes->count, sizeof(struct isns_node *), compare_nodes);
	for (size_t i = 0; i < nodes->count; i++)
		if (count &&
		    !strcmp(sorted[i]->target.name, sorted[count - 1]->target.name))
			sorted[i]->is_other = true;
		else
			sorted[count++] = sorted[i];
	return count;
}

static struct isns_node *find_node(struct isns_node **sorted, size_t count,
				   const char *name)
{
	struct isns_node **found = bsearch(name, sorted, count,
					   sizeof(struct isns_node *), compare_name);

	return found ? *found : NULL;
}

static int match_groups(struct reading *reading, struct isns_node **sorted, size_t count)
{
	char name[ISCSI_NAME_MAX + 1];
	int err = 0;

	for (size_t i = 0; !err && i < reading->group_count; i++) {
		const struct group *group = &reading->groups[i];
		struct isns_node *node = NULL;

		if (name_of(group->name, group->name_length, name))
			node = find_node(sorted, count, name);
		if (node)
			err = give_portal(reading->nodes, node, group);
	}
	return err;
}

static int match(struct reading *reading)
{
	struct isns_node **sorted = calloc(reading->nodes->count + 1,
					   sizeof(struct isns_node *));
	int err;

	if (!sorted)
		return -ENOMEM;
	err = match_groups(reading, sorted, sort_nodes(reading->nodes, sorted));
	free(sorted);
	return err;
}

/* --- Messages ------------------------------------------------------------------------------- */

typedef int (*take_function)(struct reading *reading, const struct attribute *attribute);

static const take_function take_node_attribute[] = {
	[ISNS_NAME] = take_name,
	[ISNS_NODE_TYPE] = take_node_type,
	[ISNS_ALIAS] = take_alias,
	[ISNS_GROUP_NAME] = begin_group,
	[ISNS_GROUP_ADDRESS] = take_address,
	[ISNS_GROUP_PORT] = take_port,
	[ISNS_GROUP_TAG] = take_tag,
};

/* Of one target: its portals, or its portal groups. */
static const take_function take_portal_attribute[] = {
	[ISNS_PORTAL_ADDRESS] = begin_portal, [ISNS_PORTAL_PORT] = take_port,
	[ISNS_GROUP_NAME] = begin_group,      [ISNS_GROUP_ADDRESS] = take_address,
	[ISNS_GROUP_PORT] = take_port,	      [ISNS_GROUP_TAG] = take_tag,
};

/* To behind the delimiter: what was asked is repeated first. */
static bool skip_keys(struct reader *reader)
{
	struct attribute attribute;

	read_number(reader, 4); /* status */
	while (next_attribute(reader, &attribute))
		if (attribute.tag == ISNS_DELIMITER)
			return true;
	return false;
}

static int read_attributes(struct reading *reading, const uint8_t *message, size_t size,
			   const take_function *take)
{
	struct reader reader = { message, size, false };
	struct attribute attribute;
	int err = 0;

	if (!skip_keys(&reader))
		return reader.is_bad || size > 4 ? -EPROTO : 0;
	while (!err && next_attribute(&reader, &attribute))
		if (attribute.tag <= ISNS_GROUP_TAG && take[attribute.tag])
			err = take[attribute.tag](reading, &attribute);
	if (err)
		return err;
	return reader.is_bad ? -EPROTO : 0;
}

int isns_read_status(const uint8_t *message, size_t size, uint32_t *status)
{
	struct reader reader = { message, size, false };

	*status = read_number(&reader, 4);
	return reader.is_bad ? -EPROTO : 0;
}

int isns_read_nodes(const uint8_t *message, size_t size, struct isns_nodes *nodes)
{
	struct reading reading = { .nodes = nodes };
	int err = read_attributes(&reading, message, size, take_node_attribute);

	if (!err)
		err = match(&reading);
	free(reading.groups);
	return err;
}

/* The key of the answer is the name of the node. */
static int read_key(const uint8_t *message, size_t message_size, char *name, size_t size)
{
	struct reader reader = { message, message_size, false };
	struct attribute key;

	read_number(&reader, 4); /* status */
	if (!next_attribute(&reader, &key) || key.tag != ISNS_NAME ||
	    !text_of(key.value, key.length, name, size) || !name[0])
		return -EPROTO;
	return 0;
}

int isns_read_next(const uint8_t *message, size_t message_size, struct isns_nodes *nodes,
		   char *name, size_t size)
{
	struct reading reading = { .nodes = nodes };
	int err = read_key(message, message_size, name, size);

	if (!err)
		err = read_attributes(&reading, message, message_size,
				      take_node_attribute);
	free(reading.groups);
	return err;
}

int isns_drop_doubles(struct isns_nodes *nodes)
{
	struct reading reading = { .nodes = nodes };

	return match(&reading);
}

int isns_read_portals(const uint8_t *message, size_t size, struct isns_nodes *nodes,
		      struct isns_node *node)
{
	struct reading reading = { .nodes = nodes };
	int err = read_attributes(&reading, message, size, take_portal_attribute);

	for (size_t i = 0; !err && i < reading.group_count; i++)
		err = give_portal(nodes, node, &reading.groups[i]);
	free(reading.groups);
	return err;
}

void isns_nodes_release(struct isns_nodes *nodes)
{
	for (size_t i = 0; i < nodes->count; i++) {
		free(nodes->list[i]->target.alias);
		free(nodes->list[i]->target.portals);
		free(nodes->list[i]);
	}
	free(nodes->list);
	*nodes = (struct isns_nodes){ 0 };
}

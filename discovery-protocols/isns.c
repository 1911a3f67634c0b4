// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * isns.c - a conversation with an iSNS server: PDUs become messages, and each answer says what
 * comes next.
 */
#include "discovery-protocols/isns.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "discovery-protocols/isns-answer.h"

#define HEADER_SIZE  12
#define PAYLOAD_MAX  65532U
#define REQUEST_SIZE 1024
#define FIRST_ROOM   4096U
#define NAME_SIZE    256 /* of what servers call a node */

enum function { REGISTER = 0x0001, QUERY = 0x0002, GET_NEXT = 0x0003, ANSWER = 0x8000 };

enum flag {
	FROM_CLIENT = 0x8000,
	SIGNED = 0x2000,
	LAST_PDU = 0x0800,
	FIRST_PDU = 0x0400,
};

enum status {
	SUCCESSFUL = 0,
	INVALID_QUERY = 5,
	SOURCE_UNKNOWN = 6,
	NO_SUCH_ENTRY = 9,
	INTERNAL_ERROR = 11,
	ATTRIBUTE_NOT_IMPLEMENTED = 18,
};

enum step { ASK_TARGETS, INTRODUCE, ASK_NEXT, ASK_PORTALS };

struct isns_client {
	char name[ISCSI_NAME_MAX + 1];
	enum step step;
	bool is_introduced, is_without_groups;
	uint16_t function, transaction, sequence; /* of the answer that is expected */

	uint8_t request[REQUEST_SIZE];
	size_t request_size, request_sent;

	uint8_t header[HEADER_SIZE];
	size_t header_size;
	size_t payload_left; /* of the PDU that is being read */
	bool is_last;
	uint8_t *message;
	size_t message_size, message_room;

	struct isns_nodes nodes;
	struct isns_target *targets; /* those of the nodes that count; made at the end */
	size_t target_count, node;   /* that is being asked about */
	char last[NAME_SIZE];	     /* where DevGetNext has got to */
	char error[512];
};

static int __attribute__((format(printf, 3, 4)))
fail(struct isns_client *client, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(client->error, sizeof(client->error), format, arguments);
	va_end(arguments);
	return err;
}

static int fail_memory(struct isns_client *client)
{
	return fail(client, -ENOMEM, "said more than there is memory for");
}

/* --- Requests ------------------------------------------------------------------------------- */

static void put_number(struct writer *writer, enum isns_tag tag, uint32_t value)
{
	write_number(writer, tag, 4);
	write_number(writer, 4, 4);
	write_number(writer, value, 4);
}

static void put_name(struct writer *writer, enum isns_tag tag, const char *name)
{
	static const uint8_t zeros[4];
	size_t size = strlen(name) + 1, padding = (4 - size % 4) % 4;

	write_number(writer, tag, 4);
	write_number(writer, (uint32_t)(size + padding), 4);
	write_piece(writer, name, size);
	write_piece(writer, zeros, padding);
}

/* Asks for an attribute; the delimiter looks the same. */
static void put_empty(struct writer *writer, enum isns_tag tag)
{
	write_number(writer, tag, 4);
	write_number(writer, 0, 4);
}

static struct writer begin_request(struct isns_client *client)
{
	struct writer writer = { client->request + HEADER_SIZE,
				 sizeof(client->request) - HEADER_SIZE, false };

	put_name(&writer, ISNS_NAME, client->name);
	return writer;
}

/* There is always room: a request holds at most three names. */
static void end_request(struct isns_client *client, struct writer *body,
			uint16_t function)
{
	struct writer writer = { client->request, HEADER_SIZE, false };
	size_t size = (size_t)(body->at - client->request);

	client->function = function;
	client->transaction++;
	client->sequence = 0;
	client->request_size = size;
	client->request_sent = 0;
	client->message_size = 0;
	write_number(&writer, 1, 2);
	write_number(&writer, function, 2);
	write_number(&writer, (uint32_t)(size - HEADER_SIZE), 2);
	write_number(&writer, FROM_CLIENT | LAST_PDU | FIRST_PDU, 2);
	write_number(&writer, client->transaction, 2);
	write_number(&writer, 0, 2);
}

static void ask_targets(struct isns_client *client)
{
	static const enum isns_tag wanted[] = {
		ISNS_NAME,	    ISNS_NODE_TYPE,  ISNS_ALIAS,     ISNS_GROUP_NAME,
		ISNS_GROUP_ADDRESS, ISNS_GROUP_PORT, ISNS_GROUP_TAG,
	};
	size_t count = client->is_without_groups ? 3 : sizeof(wanted) / sizeof(wanted[0]);
	struct writer writer = begin_request(client);

	client->step = ASK_TARGETS;
	put_number(&writer, ISNS_NODE_TYPE, ISNS_TARGET);
	put_empty(&writer, ISNS_DELIMITER);
	for (size_t i = 0; i < count; i++)
		put_empty(&writer, wanted[i]);
	end_request(client, &writer, QUERY);
}

/* Servers that follow the RFC to the letter answer only whom they know. */
static void introduce(struct isns_client *client)
{
	struct writer writer = begin_request(client);

	client->step = INTRODUCE;
	client->is_introduced = true;
	put_empty(&writer, ISNS_DELIMITER);
	put_name(&writer, ISNS_ENTITY_ID, client->name);
	put_number(&writer, ISNS_ENTITY_PROTOCOL, 2); /* iSCSI */
	put_name(&writer, ISNS_NAME, client->name);
	put_number(&writer, ISNS_NODE_TYPE, ISNS_INITIATOR);
	end_request(client, &writer, REGISTER);
}

/* The target after the last one; an empty name stands before the first. */
static void ask_next(struct isns_client *client)
{
	struct writer writer = begin_request(client);

	client->step = ASK_NEXT;
	if (client->last[0])
		put_name(&writer, ISNS_NAME, client->last);
	else
		put_empty(&writer, ISNS_NAME);
	put_empty(&writer, ISNS_DELIMITER);
	put_number(&writer, ISNS_NODE_TYPE, ISNS_TARGET);
	put_empty(&writer, ISNS_NAME);
	put_empty(&writer, ISNS_ALIAS);
	end_request(client, &writer, GET_NEXT);
}

static void ask_portals(struct isns_client *client)
{
	static const enum isns_tag portals[] = { ISNS_PORTAL_ADDRESS, ISNS_PORTAL_PORT };
	static const enum isns_tag groups[] = { ISNS_GROUP_NAME, ISNS_GROUP_ADDRESS,
						ISNS_GROUP_PORT, ISNS_GROUP_TAG };
	/* Who was asked for groups and said nothing about them has none. */
	bool is_about_groups = client->last[0];
	struct writer writer = begin_request(client);

	client->step = ASK_PORTALS;
	put_name(&writer, ISNS_NAME, client->nodes.list[client->node]->target.name);
	put_empty(&writer, ISNS_DELIMITER);
	for (size_t i = 0; i < (is_about_groups ? 4 : 2); i++)
		put_empty(&writer, is_about_groups ? groups[i] : portals[i]);
	end_request(client, &writer, QUERY);
}

/* --- What an answer leads to --------------------------------------------------------------- */

/* Targets without a portal cannot be reached, by nobody. */
static int finish(struct isns_client *client)
{
	client->targets = calloc(client->nodes.count + 1, sizeof(*client->targets));
	if (!client->targets)
		return fail_memory(client);
	for (size_t i = 0; i < client->nodes.count; i++) {
		struct isns_node *node = client->nodes.list[i];

		if (node->is_other)
			continue;
		if (node->target.portal_count)
			client->targets[client->target_count++] = node->target;
		else
			client->nodes.left_out++;
	}
	return 1;
}

/* The next target whose portals are not known; the answer is complete if there is none. */
static int ask_next_portals(struct isns_client *client)
{
	while (client->node < client->nodes.count) {
		const struct isns_node *node = client->nodes.list[client->node];

		if (!node->is_other && !node->has_group) {
			ask_portals(client);
			return 0;
		}
		client->node++;
	}
	return finish(client);
}

static int check(struct isns_client *client, int err)
{
	if (err == -EPROTO)
		return fail(client, err,
			    "sent attributes that do not fit into its answer");
	if (err == -EMSGSIZE)
		return fail(client, err, "lists more targets than %u", ISNS_TARGETS_MAX);
	return err ? fail_memory(client) : 0;
}

static const char *status_text(uint32_t status)
{
	static const char *const texts[] = {
		"successful",
		"unknown error",
		"message format error",
		"invalid registration",
		"status 4",
		"invalid query",
		"source unknown",
		"source absent",
		"source unauthorized",
		"no such entry",
		"version not supported",
		"internal error",
		"busy",
		"option not understood",
		"invalid update",
		"message not supported",
		"SCN event rejected",
		"SCN registration rejected",
		"attribute not implemented",
	};

	return status < sizeof(texts) / sizeof(texts[0]) ? texts[status]
							 : "status of the future";
}

static int refuse(struct isns_client *client, uint32_t status)
{
	return fail(client, -EACCES, "refused to %s %s: %s (status %u)",
		    client->step == INTRODUCE ? "register" : "answer", client->name,
		    status_text(status), status);
}

static int take_targets(struct isns_client *client, uint32_t status)
{
	int err;

	switch (status) {
	case SUCCESSFUL:
		err = check(client, isns_read_nodes(client->message, client->message_size,
						    &client->nodes));
		return err ? err : ask_next_portals(client);
	case NO_SUCH_ENTRY:
		return finish(client);
	case SOURCE_UNKNOWN:
		if (client->is_introduced)
			return refuse(client, status);
		introduce(client);
		return 0;
	case INTERNAL_ERROR: /* what open-isns says when an answer is too long for it */
		ask_next(client);
		return 0;
	case INVALID_QUERY:
	case ATTRIBUTE_NOT_IMPLEMENTED:
		if (client->is_without_groups)
			return refuse(client, status);
		client->is_without_groups = true;
		ask_targets(client);
		return 0;
	default:
		return refuse(client, status);
	}
}

static int take_registration(struct isns_client *client, uint32_t status)
{
	if (status != SUCCESSFUL)
		return refuse(client, status);
	ask_targets(client);
	return 0;
}

static int end_nodes(struct isns_client *client)
{
	return isns_drop_doubles(&client->nodes) ? fail_memory(client)
						 : ask_next_portals(client);
}

static int take_next(struct isns_client *client, uint32_t status)
{
	char before[NAME_SIZE];
	int err;

	memcpy(before, client->last, sizeof(before));
	if (status == NO_SUCH_ENTRY)
		return end_nodes(client);
	if (status != SUCCESSFUL)
		return refuse(client, status);
	err = check(client,
		    isns_read_next(client->message, client->message_size, &client->nodes,
				   client->last, sizeof(client->last)));
	if (err)
		return err;
	if (!strcmp(before, client->last) ||
	    client->nodes.count + client->nodes.left_out > ISNS_TARGETS_MAX)
		return fail(client, -EMSGSIZE, "does not come to the end of its targets");
	ask_next(client);
	return 0;
}

static int take_portals(struct isns_client *client, uint32_t status)
{
	struct isns_node *node = client->nodes.list[client->node++];
	int err = 0;

	if (status == SUCCESSFUL)
		err = isns_read_portals(client->message, client->message_size,
					&client->nodes, node);
	else if (status != NO_SUCH_ENTRY)
		return refuse(client, status);
	err = check(client, err);
	return err ? err : ask_next_portals(client);
}

static int take_message(struct isns_client *client)
{
	static int (*const take[])(struct isns_client * client, uint32_t status) = {
		[ASK_TARGETS] = take_targets,
		[INTRODUCE] = take_registration,
		[ASK_NEXT] = take_next,
		[ASK_PORTALS] = take_portals,
	};
	uint32_t status;

	if (isns_read_status(client->message, client->message_size, &status))
		return fail(client, -EPROTO, "sent an answer without a status");
	return take[client->step](client, status);
}

/* --- PDUs ----------------------------------------------------------------------------------- */

struct header {
	uint32_t version, function, length, flags, transaction, sequence;
};

static struct header read_header(const struct isns_client *client)
{
	struct reader reader = { client->header, HEADER_SIZE, false };
	struct header header;

	header.version = read_number(&reader, 2);
	header.function = read_number(&reader, 2);
	header.length = read_number(&reader, 2);
	header.flags = read_number(&reader, 2);
	header.transaction = read_number(&reader, 2);
	header.sequence = read_number(&reader, 2);
	return header;
}

static int check_header(struct isns_client *client, const struct header *header)
{
	if (header->version != 1)
		return fail(client, -EPROTO, "does not speak iSNS (version %u)",
			    header->version);
	if (header->function != (client->function | ANSWER))
		return fail(client, -EPROTO, "sent function %04Xh instead of %04Xh",
			    header->function, client->function | ANSWER);
	if (header->transaction != client->transaction)
		return fail(client, -EPROTO,
			    "answered transaction %u, but %u is what it was asked",
			    header->transaction, client->transaction);
	if (header->sequence != client->sequence ||
	    !(header->flags & FIRST_PDU) != !!client->sequence)
		return fail(client, -EPROTO, "sent part %u of an answer instead of %u",
			    header->sequence, client->sequence);
	if (header->flags & SIGNED)
		return fail(client, -EPROTO,
			    "signs its answers, which this client cannot verify");
	if (header->length % 4 || header->length > PAYLOAD_MAX)
		return fail(client, -EPROTO, "sent a PDU of %u bytes", header->length);
	return 0;
}

static int make_room(struct isns_client *client, size_t size)
{
	size_t room = client->message_room ? client->message_room : FIRST_ROOM;
	uint8_t *more;

	if (size > ISNS_MESSAGE_MAX)
		return fail(client, -EMSGSIZE, "sent an answer of more than %u MB",
			    ISNS_MESSAGE_MAX >> 20);
	if (size <= client->message_room)
		return 0;
	while (room < size)
		room *= 2;
	more = realloc(client->message, room);
	if (!more)
		return fail_memory(client);
	client->message = more;
	client->message_room = room;
	return 0;
}

static int begin_pdu(struct isns_client *client)
{
	struct header header = read_header(client);
	int err = check_header(client, &header);

	if (!err && client->sequence == UINT16_MAX && !(header.flags & LAST_PDU))
		err = fail(client, -EMSGSIZE, "sent an answer that does not end");
	if (!err)
		err = make_room(client, client->message_size + header.length);
	client->payload_left = header.length;
	client->is_last = header.flags & LAST_PDU;
	return err;
}

/* Moves what is wanted from the input; how much it was. */
static size_t fill(uint8_t *to, size_t wanted, const uint8_t *data, size_t size)
{
	if (size > wanted)
		size = wanted;
	if (size)
		memcpy(to, data, size);
	return size;
}

static int end_pdu(struct isns_client *client, size_t rest)
{
	client->header_size = 0;
	client->sequence++;
	if (!client->is_last)
		return 0;
	if (rest)
		return fail(client, -EPROTO, "sent more than it was asked for");
	return take_message(client);
}

static int take_header(struct isns_client *client, const uint8_t **data, size_t *size)
{
	size_t n = fill(client->header + client->header_size,
			HEADER_SIZE - client->header_size, *data, *size);

	client->header_size += n;
	*data += n;
	*size -= n;
	return client->header_size == HEADER_SIZE ? begin_pdu(client) : 0;
}

static void take_payload(struct isns_client *client, const uint8_t **data, size_t *size)
{
	size_t n;

	if (!client->payload_left)
		return;
	n = fill(client->message + client->message_size, client->payload_left, *data,
		 *size);
	client->message_size += n;
	client->payload_left -= n;
	*data += n;
	*size -= n;
}

int isns_client_input(struct isns_client *client, const uint8_t *data, size_t size)
{
	int result = 0;

	if (size && client->request_sent < client->request_size)
		return fail(client, -EPROTO, "answered before it was asked");
	while (!result && size) {
		if (client->header_size < HEADER_SIZE)
			result = take_header(client, &data, &size);
		if (result || client->header_size < HEADER_SIZE)
			break;
		take_payload(client, &data, &size);
		if (!client->payload_left)
			result = end_pdu(client, size);
	}
	return result;
}

/* --- For the driver ------------------------------------------------------------------------- */

int isns_client_new(const char *name, uint16_t transaction, struct isns_client **client)
{
	struct isns_client *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	snprintf(made->name, sizeof(made->name), "%s", name);
	made->transaction = transaction;
	ask_targets(made);
	*client = made;
	return 0;
}

void isns_client_free(struct isns_client *client)
{
	if (!client)
		return;
	isns_nodes_release(&client->nodes);
	free(client->targets);
	free(client->message);
	free(client);
}

size_t isns_client_output(const struct isns_client *client, const uint8_t **data)
{
	*data = client->request + client->request_sent;
	return client->request_size - client->request_sent;
}

void isns_client_sent(struct isns_client *client, size_t size)
{
	client->request_sent += size;
}

const char *isns_client_error(const struct isns_client *client)
{
	return client->error;
}

size_t isns_client_targets(const struct isns_client *client,
			   const struct isns_target **targets)
{
	*targets = client->targets;
	return client->target_count;
}

size_t isns_client_left_out(const struct isns_client *client)
{
	return client->nodes.left_out;
}

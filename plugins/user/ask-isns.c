// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ask-isns.c - asking an iSNS server for targets: the configured one, or those SLP finds, one after
 * the other until one answers.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ask.h"
#include "discovery-protocols/isns.h"
#include "failure.h"
#include "node.h"
#include "plugin-support/host.h"
#include "shared/cleanup.h"
#include "slp-search.h"
#include "stream.h"
#include "user.h"

#define SERVERS_MAX 8
#define PEER	    "the iSNS server"

struct isns_ask {
	struct slp_config config; /* if SLP finds the server */
	struct slp_search search;
	struct stream stream;
	struct isns_client *client;
	struct ask *ask;
	char name[ISCSI_NAME_MAX + 1];
	struct address servers[SERVERS_MAX];
	size_t server_count, server; /* the next one to be asked */
	struct iscsi_error error;    /* of the last one, or of the configuration */
};

static struct isns_ask *own_of(struct stream *stream)
{
	return (struct isns_ask *)((char *)stream - offsetof(struct isns_ask, stream));
}

static void close_all(struct isns_ask *own)
{
	slp_search_stop(&own->search);
	stream_close(&own->stream);
	isns_client_free(own->client);
	own->client = NULL;
}

static void ask_next_server(struct isns_ask *own);

static void __attribute__((format(printf, 4, 5)))
give_up_server(struct isns_ask *own, enum iscsi_failure kind, int err, const char *format,
	       ...)
{
	char where[ADDRESS_TEXT_SIZE], what[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	address_format(&own->stream.address, where);
	failure_set(&own->error, kind, err, PEER " %s %s", where, what);
	ask_next_server(own);
}

/* --- A server ----------------------------------------------------------------------------------- */

static int keep_target(struct ask *ask, const struct isns_target *target)
{
	struct address _cleanup_free_ *portals = calloc(target->portal_count + 1,
							sizeof(*portals));
	size_t count = 0;

	if (!portals)
		return -ENOMEM;
	for (size_t i = 0; i < target->portal_count; i++) {
		snprintf(portals[count].host, sizeof(portals[count].host), "%s",
			 target->portals[i].host);
		portals[count++].port = target->portals[i].port;
	}
	return ask_found(ask, target->name, portals, count, target->alias);
}

static void keep_all(struct isns_ask *own)
{
	const struct isns_target *targets;
	size_t count = isns_client_targets(own->client, &targets);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++)
		err = keep_target(own->ask, &targets[i]);
	if (isns_client_left_out(own->client))
		host_log(IMAX_LOG_WARNING,
			 "iSNS: %zu targets or portals are not valid, or cannot be "
			 "reached, and are left out",
			 isns_client_left_out(own->client));
	close_all(own);
	if (err)
		failure_set(&own->error, ISCSI_FAILED_LOCAL, err,
			    "the targets of an iSNS server cannot be kept: %s",
			    strerror(-err));
	ask_finish(own->ask, err ? &own->error : NULL);
}

static void send_request(struct isns_ask *own)
{
	const uint8_t *data;
	size_t size = isns_client_output(own->client, &data);

	if (!size)
		return;
	isns_client_sent(own->client, size);
	stream_send(&own->stream, data, size);
}

static void on_up(struct stream *stream)
{
	send_request(own_of(stream));
}

static enum iscsi_failure kind_of(int err)
{
	if (err == -EACCES)
		return ISCSI_FAILED_REJECTED;
	return err == -ENOMEM ? ISCSI_FAILED_LOCAL : ISCSI_FAILED_PROTOCOL;
}

static void on_data(struct stream *stream, const uint8_t *data, size_t size)
{
	struct isns_ask *own = own_of(stream);
	int result = isns_client_input(own->client, data, size);

	if (result > 0)
		keep_all(own);
	else if (result < 0)
		give_up_server(own, kind_of(result), result, "%s",
			       isns_client_error(own->client));
	else
		send_request(own);
}

static void on_down(struct stream *stream, const struct iscsi_error *error)
{
	struct isns_ask *own = own_of(stream);

	own->error = *error;
	ask_next_server(own);
}

/* Each server that is left gets an equal share of the time that is left. */
static uint64_t share(const struct isns_ask *own)
{
	uint64_t now = iscsi_loop_now(), deadline = own->ask->deadline;
	uint64_t left = deadline > now ? deadline - now : 0;

	return now + left / (own->server_count - own->server);
}

static int ask_server(struct isns_ask *own)
{
	static const struct stream_ops ops = { on_up, on_data, on_down };
	uint64_t deadline = share(own);
	uint16_t transaction = 0;
	int err;

	if (getrandom(&transaction, sizeof(transaction), 0) < 0)
		transaction = (uint16_t)iscsi_loop_now();
	err = isns_client_new(own->name, transaction, &own->client);
	if (err)
		return err;
	return stream_open(&own->stream, &ops, PEER, &own->servers[own->server++],
			   deadline);
}

static void ask_next_server(struct isns_ask *own)
{
	int err;

	close_all(own);
	if (own->server == own->server_count) {
		ask_finish(own->ask, &own->error);
		return;
	}
	err = ask_server(own);
	if (!err)
		return;
	close_all(own);
	failure_set(&own->error, ISCSI_FAILED_LOCAL, err,
		    "an iSNS server cannot be asked: %s", strerror(-err));
	ask_finish(own->ask, &own->error);
}

/* --- Servers that SLP finds --------------------------------------------------------------------- */

static int on_url(struct slp_search *search, struct slp_text url)
{
	struct isns_ask *own = search->user;
	struct slp_service service;
	char text[SLP_HOST_SIZE + 2];

	if (own->server_count == SERVERS_MAX ||
	    slp_service_parse(url, SLP_NAME_SERVERS, &service))
		return 0;
	snprintf(text, sizeof(text), strchr(service.host, ':') ? "[%s]" : "%s",
		 service.host);
	if (!address_parse(text, service.port ? service.port : ISNS_PORT,
			   &own->servers[own->server_count]))
		own->server_count++;
	return 0;
}

static void on_searched(struct slp_search *search, const struct iscsi_error *error)
{
	struct isns_ask *own = search->user;

	if (error) {
		ask_finish(own->ask, error);
		return;
	}
	failure_set(&own->error, ISCSI_FAILED_CONNECT, -ENOENT,
		    "no iSNS server was found with SLP");
	ask_next_server(own);
}

/* --- All of it ---------------------------------------------------------------------------------- */

static void start(struct ask *ask)
{
	struct isns_ask *own = ask->own;

	if (own->error.kind)
		ask_finish(ask, &own->error);
	else if (own->search.config)
		slp_search_start(&own->search);
	else
		ask_next_server(own);
}

static void cancel(struct ask *ask)
{
	struct isns_ask *own = ask->own;

	close_all(own);
	failure_set(&own->error, ISCSI_FAILED_CANCELLED, -ECANCELED,
		    "asking the iSNS server was cancelled");
	ask_finish(ask, &own->error);
}

static void release(void *own)
{
	free(own);
}

static void plan_search(struct isns_ask *own, uint64_t deadline)
{
	own->search = (struct slp_search){ .config = &own->config,
					   .type = SLP_NAME_SERVERS,
					   .predicate = "",
					   .deadline = deadline,
					   .url = on_url,
					   .done = on_searched,
					   .user = own };
}

IMA_STATUS ask_plan_isns(struct ask *ask, uint64_t deadline)
{
	static const struct ask_method method = { start, cancel, release };
	struct isns_ask *own = calloc(1, sizeof(*own));
	int err;

	if (!own)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	own->ask = ask;
	ask->method = &method;
	ask->own = own;
	ask->source = SOURCE_ISNS;
	ask->address = user.state.isns_server;
	ask->begun = host_now();
	ask->deadline = deadline;
	err = node_name(own->name);
	if (err)
		return status_from_errno(err);
	if (user.state.isns_method == IMA_ISNS_DISCOVERY_METHOD_SLP) {
		memset(&ask->address, 0, sizeof(ask->address));
		plan_search(own, deadline);
		slp_config_read(&own->config, &own->error);
		return IMA_STATUS_SUCCESS;
	}
	if (user.state.isns_server.host[0])
		own->servers[own->server_count++] = user.state.isns_server;
	else
		failure_set(&own->error, ISCSI_FAILED_CONNECT, -EDESTADDRREQ,
			    "iSNS discovery is on, but no iSNS server is configured");
	return IMA_STATUS_SUCCESS;
}

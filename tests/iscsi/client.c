// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/iscsi/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(struct client *client, const struct iscsi_error *error)
{
	client->failed = error;
	if (error)
		client->error = *error;
}

static void up(struct iscsi_session *session, void *user)
{
	struct client *client = user;

	(void)session;
	client->up = true;
	client->failed = false;
	iscsi_loop_stop(client->loop);
}

static void down(struct iscsi_session *session, void *user,
		 const struct iscsi_error *error)
{
	struct client *client = user;

	(void)session;
	client->up = false;
	client->downs++;
	note(client, error);
	iscsi_loop_stop(client->loop);
}

static void async(struct iscsi_session *session, void *user,
		  const struct iscsi_async *event)
{
	struct client *client = user;

	(void)session;
	client->asyncs++;
	client->async = *event;
}

static const struct iscsi_session_ops ops = { up, down, async };

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "cannot go on: %s\n", what);
	abort();
}

void client_init(struct client *client, const char *portal, const char *target)
{
	struct iscsi_io *io;

	memset(client, 0, sizeof(*client));
	client->patience = 10 * SECONDS;
	must(!iscsi_loop_new(&client->loop), "loop");
	must(!iscsi_resolver_new(client->loop, 2, &client->resolver), "resolver");
	must(!iscsi_tcp_new(client->loop, client->resolver, &io), "tcp");
	must(!iscsi_session_new(io, &ops, client, &client->session), "session");
	iscsi_config_init(&client->config);
	client->config.initiator_name = "iqn.2003-01.org.example:initiator";
	client->config.target_name = target;
	must(!iscsi_portal_parse(portal, &client->config.portal), "portal");
	must(!iscsi_isid_random(client->config.isid), "isid");
}

void client_free(struct client *client)
{
	iscsi_session_free(client->session);
	iscsi_resolver_free(client->resolver);
	iscsi_loop_free(client->loop);
	memset(client, 0, sizeof(*client));
}

static int run(struct client *client, int err)
{
	if (err) {
		client->failed = true;
		memset(&client->error, 0, sizeof(client->error));
		client->error.kind = ISCSI_FAILED_LOCAL;
		client->error.error = err;
		return -1;
	}
	iscsi_loop_run(client->loop);
	return client->failed ? -1 : 0;
}

int client_login(struct client *client)
{
	return run(client, iscsi_session_login(client->session, &client->config,
					       iscsi_loop_now() + client->patience));
}

int client_logout(struct client *client)
{
	return run(client, iscsi_session_logout(client->session,
						iscsi_loop_now() + client->patience));
}

static void found(struct iscsi_discovery *discovery, const struct iscsi_found *found)
{
	struct client *client = discovery->user;

	if (client->found)
		client->found(found, client->user);
}

static void discovered(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	struct client *client = discovery->user;

	note(client, error);
	iscsi_loop_stop(client->loop);
}

int client_discover(struct client *client, const char *target)
{
	struct iscsi_discovery discovery = { .target = target,
					     .deadline = iscsi_loop_now() +
							 client->patience,
					     .found = found,
					     .done = discovered,
					     .user = client };

	return run(client, iscsi_session_discover(client->session, &discovery));
}

static void task_done(struct iscsi_task *task)
{
	struct client *client = task->user;

	note(client, task->error);
	iscsi_loop_stop(client->loop);
}

int client_command(struct client *client, struct iscsi_task *task)
{
	task->user = client;
	task->done = task_done;
	if (!task->deadline)
		task->deadline = iscsi_loop_now() + client->patience;
	return run(client, iscsi_session_submit(client->session, task));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client.h - a session on a real socket, one step at a time, for tests and benchmarks.
 *
 * Every function runs the loop in the calling thread until its step has ended.
 */
#ifndef TESTS_ISCSI_CLIENT_H
#define TESTS_ISCSI_CLIENT_H

#include "iscsi/iscsi.h"
#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "iscsi/scsi.h"
#include "iscsi/tcp.h"

#define SECONDS 1000000000ULL

struct client {
	struct iscsi_loop *loop;
	struct iscsi_resolver *resolver;
	struct iscsi_session *session;
	struct iscsi_config config;
	uint64_t patience; /* nanoseconds for each step */
	bool up;
	bool failed; /* error is valid */
	struct iscsi_error error;
	unsigned int downs, asyncs;
	struct iscsi_async async;
	void (*found)(const struct iscsi_found *found, void *user);
	void *user;
};

/* All default: initiator name, portal from text, target (NULL: discovery), 10 s. */
void client_init(struct client *client, const char *portal, const char *target);
void client_free(struct client *client);

/* Each: 0, or -1 with client->error filled in. */
int client_login(struct client *client);
int client_logout(struct client *client);
int client_discover(struct client *client, const char *target);
/* The task must have cdb, lun and buffers set. */
int client_command(struct client *client, struct iscsi_task *task);

#endif

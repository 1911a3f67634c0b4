// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libiscsi.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

#define AT_ONCE_MAX 64
#define BLOCK	    512

enum step { INQUIRY, CAPACITY, LUNS, LOGOUT };

struct session {
	struct iscsi_context *context;
	const struct libiscsi_target *target;
	enum step step;
	unsigned int repeats, reads, begun, done;
	uint32_t blocks;
	unsigned int depth;
	bool is_over;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void must(bool ok, struct session *session, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "libiscsi: %s failed: %s\n", what,
		session ? iscsi_get_error(session->context) : "out of memory");
	_exit(1);
}

static void on_logged_out(struct iscsi_context *context, int status, void *data,
			  void *user)
{
	struct session *session = user;

	(void)context;
	(void)data;
	must(status == SCSI_STATUS_GOOD, session, "logout");
	session->is_over = true;
}

static void log_out(struct session *session)
{
	must(!iscsi_logout_async(session->context, on_logged_out, session), session,
	     "logout");
}

/* --- Commands, one after the other -------------------------------------------------------- */

static void on_answer(struct iscsi_context *context, int status, void *data, void *user);

static void command(struct session *session)
{
	struct scsi_task *task;

	if (session->step == INQUIRY)
		task = iscsi_inquiry_task(session->context, 0, 0, 0, 36, on_answer,
					  session);
	else if (session->step == CAPACITY)
		task = iscsi_readcapacity10_task(session->context, 0, 0, 0, on_answer,
						 session);
	else
		task = iscsi_reportluns_task(session->context, 0, 40, on_answer, session);
	must(task, session, "command");
}

static void on_answer(struct iscsi_context *context, int status, void *data, void *user)
{
	struct session *session = user;

	(void)context;
	must(status == SCSI_STATUS_GOOD, session, "command");
	scsi_free_scsi_task(data);
	session->step++;
	if (session->step == LOGOUT && --session->repeats)
		session->step = INQUIRY;
	if (session->step == LOGOUT)
		log_out(session);
	else
		command(session);
}

/* --- Reading ------------------------------------------------------------------------------- */

static void on_read(struct iscsi_context *context, int status, void *data, void *user);

static void read_next(struct session *session)
{
	uint32_t block = session->begun++ * session->blocks;

	must(iscsi_read10_task(session->context, 0, block, session->blocks * BLOCK, BLOCK,
			       0, 0, 0, 0, 0, on_read, session),
	     session, "read");
}

static void on_read(struct iscsi_context *context, int status, void *data, void *user)
{
	struct session *session = user;

	(void)context;
	must(status == SCSI_STATUS_GOOD, session, "read");
	scsi_free_scsi_task(data);
	if (++session->done == session->reads)
		log_out(session);
	else if (session->begun < session->reads)
		read_next(session);
}

/* --- Sessions ------------------------------------------------------------------------------ */

static void on_logged_in(struct iscsi_context *context, int status, void *data,
			 void *user)
{
	struct session *session = user;

	(void)context;
	(void)data;
	must(status == SCSI_STATUS_GOOD, session, "login");
	if (session->reads)
		for (unsigned int i = 0; i < session->depth; i++)
			read_next(session);
	else
		command(session);
}

static void on_connected(struct iscsi_context *context, int status, void *data,
			 void *user)
{
	(void)data;
	must(status == SCSI_STATUS_GOOD, user, "connect");
	must(!iscsi_login_async(context, on_logged_in, user), user, "login");
}

static void begin(struct session *session)
{
	session->context = iscsi_create_context(session->target->initiator);
	must(session->context, NULL, "context");
	iscsi_set_targetname(session->context, session->target->name);
	iscsi_set_session_type(session->context, ISCSI_SESSION_NORMAL);
	iscsi_set_header_digest(session->context, ISCSI_HEADER_DIGEST_NONE);
	must(!iscsi_connect_async(session->context, session->target->portal, on_connected,
				  session),
	     session, "connect");
}

static void end(struct session *session)
{
	iscsi_destroy_context(session->context);
	session->context = NULL;
}

/* Waits for events of all sessions that run, and handles them. */
static void serve(struct session *sessions, unsigned int count)
{
	struct pollfd fds[AT_ONCE_MAX];
	nfds_t used = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct iscsi_context *context = sessions[i].context;

		fds[used].fd = context ? iscsi_get_fd(context) : -1;
		fds[used].events = context ? (short)iscsi_which_events(context) : 0;
		fds[used++].revents = 0;
	}
	must(poll(fds, used, -1) > 0, NULL, "poll");
	for (unsigned int i = 0; i < count; i++)
		if (sessions[i].context && fds[i].revents)
			must(!iscsi_service(sessions[i].context, fds[i].revents),
			     &sessions[i], "service");
}

static void serve_until_over(struct session *session)
{
	while (!session->is_over)
		serve(session, 1);
}

double libiscsi_flow(const struct libiscsi_target *target, unsigned int repeats)
{
	struct session session = { .target = target, .repeats = repeats };
	double start = now();

	begin(&session);
	serve_until_over(&session);
	end(&session);
	return now() - start;
}

/* Ends a session that is over and begins the next in its place; how many were begun. */
static unsigned int replace(struct session *session, const struct session *fresh,
			    bool more)
{
	end(session);
	*session = *fresh;
	if (more)
		begin(session);
	return more;
}

double libiscsi_flows(const struct libiscsi_target *target, unsigned int repeats,
		      unsigned int count, unsigned int at_once)
{
	const struct session fresh = { .target = target, .repeats = repeats };
	struct session sessions[AT_ONCE_MAX];
	unsigned int begun = 0, over = 0;
	double start = now();

	for (; begun < at_once; begun++) {
		sessions[begun] = fresh;
		begin(&sessions[begun]);
	}
	while (over < count) {
		serve(sessions, at_once);
		for (unsigned int i = 0; i < at_once; i++) {
			if (!sessions[i].is_over)
				continue;
			over++;
			begun += replace(&sessions[i], &fresh, begun < count);
		}
	}
	return now() - start;
}

double libiscsi_read(const struct libiscsi_target *target, unsigned int reads,
		     uint32_t blocks, unsigned int depth)
{
	struct session session = {
		.target = target, .reads = reads, .blocks = blocks, .depth = depth
	};
	double start = now();

	begin(&session);
	serve_until_over(&session);
	end(&session);
	return (now() - start) / 1e3;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "iscsi/loop.h"
#include "iscsi/tcp.h"
#include "login.h"
#include "net.h"
#include "tally.h"

/* How much a failure tells people; of several, the one that tells most is reported. */
static int weight(enum iscsi_failure kind)
{
	static const unsigned char weights[] = {
		[ISCSI_FAILED_RESOLVE] = 1,	[ISCSI_FAILED_CONNECT] = 1,
		[ISCSI_FAILED_CANCELLED] = 1,	[ISCSI_FAILED_TIMEOUT] = 2,
		[ISCSI_FAILED_CONNECTION] = 2,	[ISCSI_FAILED_LOCAL] = 3,
		[ISCSI_FAILED_NEGOTIATION] = 4, [ISCSI_FAILED_PROTOCOL] = 4,
		[ISCSI_FAILED_DIGEST] = 4,	[ISCSI_FAILED_REJECTED] = 4,
		[ISCSI_FAILED_BY_TARGET] = 4,	[ISCSI_FAILED_AUTH] = 5,
		[ISCSI_FAILED_LOGIN] = 5,
	};

	return (size_t)kind < sizeof(weights) ? weights[kind] : 0;
}

/* What was tried with CHAP counts more: what goes wrong without it often is no surprise. */
static void note(struct link *link, const struct iscsi_error *error)
{
	bool with_chap = link->login->methods[link->method] == IMA_AUTHMETHOD_CHAP;
	int heavy = 2 * weight(error->kind) + with_chap;

	if (link->error.kind == ISCSI_FAILED_NOTHING || heavy > link->weight) {
		link->error = *error;
		link->weight = heavy;
	}
}

static void note_local(struct link *link, int err)
{
	struct iscsi_error error = { .kind = ISCSI_FAILED_LOCAL, .error = err };

	snprintf(error.text, sizeof(error.text), "cannot begin to log in to %s: %s",
		 link->login->target[0] ? link->login->target : "the discovery service",
		 strerror(-err));
	note(link, &error);
}

static bool has_more(const struct link *link)
{
	return link->portal < link->login->portal_count;
}

/* Each portal gets its share of the time that is left: a silent one must not take it all. */
static uint64_t share(const struct link *link)
{
	uint64_t now = iscsi_loop_now(), deadline = link->login->deadline;
	size_t rest = link->login->portal_count - link->portal;

	return deadline > now ? now + (deadline - now) / rest : deadline;
}

static int choose_isid(struct link *link)
{
	int err = link->has_isid ? 0 : iscsi_isid_random(link->isid);

	link->has_isid = !err;
	return err;
}

static int attempt(struct link *link)
{
	struct iscsi_config config;
	int err = choose_isid(link);

	login_config(link->login, link->portal, link->method, &config);
	memcpy(config.isid, link->isid, sizeof(config.isid));
	if (!err)
		err = iscsi_session_login(link->session, &config, share(link));
	explicit_bzero(&config, sizeof(config));
	return err;
}

static void next_portal(struct link *link)
{
	link->portal++;
	link->method = 0;
}

/* Whether the method was what the target did not like. */
static bool is_about_method(const struct iscsi_error *error)
{
	if (error->kind == ISCSI_FAILED_NEGOTIATION)
		return !strcmp(error->key, "AuthMethod");
	return error->kind == ISCSI_FAILED_AUTH ||
	       (error->status_valid && error->status_class == 2 &&
		error->status_detail <= 2);
}

/* Who could not prove to be the target is not talked to without authentication instead. */
static bool is_impostor(const struct iscsi_error *error)
{
	return error->kind == ISCSI_FAILED_AUTH && !strncmp(error->key, "CHAP_", 5) &&
	       strcmp(error->key, "CHAP_A") != 0;
}

/*
 * Another method is of use only if the first one was what the target did not like. A wrong name
 * or secret is the same at every portal, and asking again may lock the account.
 */
static void choose_next(struct link *link, const struct iscsi_error *error)
{
	if (!is_about_method(error))
		next_portal(link);
	else if (!is_impostor(error) && link->method + 1 < link->login->method_count)
		link->method++;
	else
		link->portal = link->login->portal_count;
}

/* The next attempt that can be begun; false if none is left. */
static bool try_next(struct link *link)
{
	int err;

	while (has_more(link)) {
		err = attempt(link);
		if (!err)
			return true;
		note_local(link, err);
		next_portal(link);
	}
	return false;
}

void link_count(struct link *link)
{
	if (link->session)
		tally_session(link->tally, &link->counted,
			      iscsi_session_counters(link->session));
}

static void finish(struct link *link, const struct iscsi_error *error)
{
	link_count(link);
	iscsi_session_free(link->session);
	link->session = NULL;
	link->is_up = false;
	link->ops->down(link, error);
}

static void on_up(struct iscsi_session *session, void *user)
{
	struct link *link = user;

	(void)session;
	link->is_up = true;
	link->ops->up(link);
}

static void on_down(struct iscsi_session *session, void *user,
		    const struct iscsi_error *error)
{
	struct link *link = user;
	struct iscsi_error copy;

	(void)session;
	if (!error) {
		finish(link, NULL);
		return;
	}
	copy = *error; /* of the session, which may go */
	if (link->is_up) {
		finish(link, &copy);
		return;
	}
	link_count(link);
	advice_add(&copy, link->login, link->method);
	note(link, &copy);
	choose_next(link, &copy);
	if (!try_next(link))
		finish(link, &link->error);
}

static void on_async(struct iscsi_session *session, void *user,
		     const struct iscsi_async *event)
{
	struct link *link = user;

	(void)session;
	if (link->ops->async)
		link->ops->async(link, event);
}

static const struct iscsi_session_ops session_ops = { on_up, on_down, on_async };

static int make_session(struct link *link)
{
	struct iscsi_io *io;
	int err = iscsi_tcp_new(net_own_loop(), net_resolver(), &io);

	if (err)
		return err;
	err = iscsi_session_new(io, &session_ops, link, &link->session);
	if (err)
		io->ops->free(io);
	return err;
}

void link_start(struct link *link)
{
	int err;

	link->portal = link->method = 0;
	link->is_up = link->is_ending = false;
	memset(&link->counted, 0, sizeof(link->counted));
	memset(&link->error, 0, sizeof(link->error));
	link->weight = 0;
	err = make_session(link);
	if (err) {
		note_local(link, err);
		link->ops->down(link, &link->error);
		return;
	}
	if (!has_more(link))
		note_local(link, -EDESTADDRREQ);
	if (!try_next(link))
		finish(link, &link->error);
}

void link_end(struct link *link, uint64_t deadline)
{
	struct iscsi_error error = { .kind = ISCSI_FAILED_CANCELLED,
				     .error = -ECANCELED };

	if (!link->session || link->is_ending)
		return;
	link->is_ending = true;
	if (link->is_up && !iscsi_session_logout(link->session, deadline))
		return;
	snprintf(error.text, sizeof(error.text), "the session was given up");
	finish(link, &error);
}

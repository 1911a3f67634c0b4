// SPDX-License-Identifier: LGPL-2.1-or-later
#include "search.h"

#include <stdio.h>
#include <stdlib.h>

#include "iscsi/tcp.h"

#define SECONDS 1000000000ULL

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "search: %s failed\n", what);
	_Exit(1);
}

static void found(struct iscsi_discovery *discovery, const struct iscsi_found *target)
{
	((struct search *)discovery)->found += target->portal_count == 1;
}

static void searched(struct iscsi_discovery *discovery, const struct iscsi_error *error)
{
	struct search *search = (struct search *)discovery;

	if (error)
		fprintf(stderr, "search: %s\n", error->text);
	must(!error, "SendTargets");
	must(!iscsi_session_logout(search->session, iscsi_loop_now() + SECONDS),
	     "logout");
}

static void search_up(struct iscsi_session *session, void *user)
{
	struct search *search = user;

	search->discovery.deadline = iscsi_loop_now() + 60 * SECONDS;
	must(!iscsi_session_discover(session, &search->discovery), "SendTargets");
}

static void search_down(struct iscsi_session *session, void *user,
			const struct iscsi_error *error)
{
	struct search *search = user;

	(void)session;
	must(!error, "discovery session");
	search->took = (double)(iscsi_loop_now() - search->start) / 1e6;
	iscsi_loop_stop(search->loop);
}

void search_init(struct search *search, struct iscsi_loop *loop, const char *portal)
{
	static const struct iscsi_session_ops ops = { search_up, search_down, NULL };
	struct iscsi_io *io;

	*search = (struct search){ .discovery = { .found = found, .done = searched },
				   .loop = loop };
	must(!iscsi_portal_parse(portal, &search->portal), "portal");
	must(!iscsi_tcp_new(loop, NULL, &io), "tcp");
	must(!iscsi_session_new(io, &ops, search, &search->session), "session");
}

double search_run(struct search *search)
{
	struct iscsi_config config;

	iscsi_config_init(&config);
	config.initiator_name = "iqn.2003-01.org.example:bench";
	config.portal = search->portal;
	must(!iscsi_isid_random(config.isid), "isid");
	search->found = 0;
	search->start = iscsi_loop_now();
	must(!iscsi_session_login(search->session, &config, search->start + 10 * SECONDS),
	     "login");
	iscsi_loop_run(search->loop);
	return search->took;
}

void search_clear(struct search *search)
{
	iscsi_session_free(search->session);
}

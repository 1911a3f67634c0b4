// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cmd-login.c - log in to and out of targets: one, several, or all; several at the same time.
 *
 * One target named is one document with all that was negotiated, or an error. Otherwise there is one
 * row per target, whether it went well or not, and the exit code is the largest of all.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "batch.h"
#include "doc.h"
#include "documents.h"
#include "find.h"
#include "lasting.h"
#include "output.h"
#include "progress.h"
#include "wait.h"

/* One target of the command; written by the thread that works on it. */
struct job {
	struct target target;
	bool known, before; /* is it known that there was a session, and was there? */
	struct failure failure;
};

struct jobs {
	struct context *c;
	struct job *list;
	size_t count;
	enum exit_code worst;
	bool login;		    /* or logout */
	const struct object *asked; /* the LHBA whose sessions are lasting, or not */
	IMA_XBOOL lasting;
};

/* --- which targets ------------------------------------------------------------------------ */

struct choice {
	struct jobs *jobs;
	unsigned *matches; /* one per argument */
	IMA_TARGET_ADDRESS portal;
};

static bool is_named(struct context *c, const struct target *target,
		     struct choice *choice)
{
	bool named = false;

	for (int i = 0; arg(c, i); i++)
		if (!strcasecmp(arg(c, i), target->name)) {
			choice->matches[i]++;
			named = true;
		}
	return named;
}

/* At the portal of --portal, if that is given? */
static bool is_at_portal(struct context *c, const struct target *target,
			 const struct choice *choice)
{
	_cleanup_ima_ IMA_ADDRESS_KEYS *keys = NULL;

	if (!given(c, OPT_PORTAL))
		return true;
	if (IMA_ERROR(CALL(c, IMA_GetAddressKeys, target->oid, &keys)))
		return false;
	for (IMA_UINT i = 0; i < keys->addressKeyCount; i++) {
		const IMA_ADDRESS_KEY *key = &keys->addressKeys[i];
		IMA_TARGET_ADDRESS portal = { .portNumber = key->portNumber };

		portal.hostnameIpAddress.id.ipAddress = key->ipAddress;
		if (address_equal(&portal, &choice->portal))
			return true;
	}
	return false;
}

static int choose(struct context *c, const struct target *target, void *data)
{
	struct choice *choice = data;
	struct jobs *jobs = choice->jobs;
	struct job *job;

	if (c->nargs && !is_named(c, target, choice))
		return EXIT_DONE;
	if (!is_at_portal(c, target, choice))
		return EXIT_DONE;
	jobs->list = reallocarray(jobs->list, jobs->count + 1, sizeof(*job));
	if (!jobs->list)
		out_of_memory();
	job = memset(&jobs->list[jobs->count++], 0, sizeof(*job));
	job->target = *target;
	job->target.name = keep_text(c, text_format("%s", target->name));
	return EXIT_DONE;
}

/* Nothing is begun if a name is wrong. */
static int check_names(struct context *c, const struct choice *choice)
{
	for (int i = 0; arg(c, i); i++) {
		if (choice->matches[i] > 1)
			return refused(c, EXIT_USAGE,
				       "target %s is known to several LHBAs: choose with "
				       "--lhba; nothing was done",
				       arg(c, i));
		if (!choice->matches[i])
			return not_found(c, IMA_OBJECT_TYPE_TARGET, arg(c, i),
					 "no target \"%s\" is known: nothing was done",
					 arg(c, i));
	}
	return EXIT_DONE;
}

static int check_usage(struct context *c, struct choice *choice)
{
	const char *why;

	if (given(c, OPT_ALL) && c->nargs)
		return refused(c, EXIT_USAGE,
			       "--all and names of targets exclude each "
			       "other");
	if (!given(c, OPT_ALL) && !given(c, OPT_PORTAL) && !c->nargs)
		return refused(c, EXIT_USAGE,
			       "a target is missing: name one or several, or take --all "
			       "or --portal ADDRESS");
	if (!given(c, OPT_PORTAL))
		return EXIT_DONE;
	why = address_parse(c->option[OPT_PORTAL], &choice->portal);
	if (!why && choice->portal.hostnameIpAddress.hostnameInUse)
		why = "is no IP address, which portals have";
	return why ? refused(c, EXIT_USAGE, "the portal \"%s\" %s", c->option[OPT_PORTAL],
			     why)
		   : EXIT_DONE;
}

static int jobs_choose(struct jobs *jobs)
{
	struct context *c = jobs->c;
	struct choice choice = { .jobs = jobs };
	int err = check_usage(c, &choice);

	choice.matches = keep(c, allocate((size_t)c->nargs + 1, sizeof(unsigned)));
	if (!err)
		err = targets_each(c, choose, &choice);
	if (!err)
		err = check_names(c, &choice);
	if (!err && given(c, OPT_PORTAL) && !jobs->count)
		return not_found(c, IMA_OBJECT_TYPE_TARGET, c->option[OPT_PORTAL],
				 "no target %s has the portal %s: imactl target list "
				 "shows portals",
				 c->nargs ? "named" : "that is known",
				 c->option[OPT_PORTAL]);
	return err;
}

/* --- the work ------------------------------------------------------------------------------ */

static void work(void *data, size_t i)
{
	struct jobs *jobs = data;
	struct job *job = &jobs->list[i];
	struct context *c = jobs->c;
	_cleanup_ima_ IMA_OID_LIST *before = NULL;
	IMA_STATUS status;

	job->known = !CALL(c, IMA_GetSessionOidList, job->target.oid, &before);
	if (!job->known)
		before = NULL;
	job->before = before && before->oidCount;
	status = jobs->login ? CALL(c, IMAX_LoginTarget, job->target.oid)
			     : CALL(c, IMAX_LogoutTarget, job->target.oid);
	if (IMA_ERROR(status))
		failure_set(&job->failure, status, job->target.name, "cannot log %s %s",
			    jobs->login ? "in to" : "out of", job->target.name);
	else if (given(c, OPT_WAIT))
		lus_wait(c, &job->target, &job->failure);
}

/* --- several ------------------------------------------------------------------------------- */

/* One session tells for all of its LHBA. */
static IMA_XBOOL is_lasting(struct jobs *jobs, const struct job *job)
{
	if (jobs->asked == job->target.lhba)
		return jobs->lasting;
	jobs->asked = job->target.lhba;
	jobs->lasting = session_is_lasting(jobs->c, &job->target);
	if (jobs->lasting == IMA_FALSE)
		fprintf(stderr,
			"imactl: the sessions of %s end now: the initiator lives in this "
			"command\n",
			job->target.lhba->name);
	return jobs->lasting;
}

static void add_session(struct jobs *jobs, struct json_object *doc, struct job *job)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	struct json_object *lus = NULL;

	if (CALL(jobs->c, IMA_GetSessionOidList, job->target.oid, &list)) {
		list = NULL;
		doc_null(doc, "sessions");
	} else {
		doc_number(doc, "sessions", list->oidCount);
	}
	doc_xbool(doc, "lasting",
		  jobs->login && list && list->oidCount ? is_lasting(jobs, job)
							: IMA_UNKNOWN);
	if (given(jobs->c, OPT_WAIT) && !job->failure.exit &&
	    lus_document(jobs->c, &job->target, false, &lus))
		failure_to_warning(jobs->c);
	doc_add(doc, "lus", lus);
}

/* Without what the row says already. */
static const char *short_reason(const struct job *job)
{
	const char *colon = strstr(job->failure.text, job->target.name);

	colon = colon ? colon + strlen(job->target.name) : NULL;
	return colon && !strncmp(colon, ": ", 2) ? colon + 2 : job->failure.text;
}

static char *result_text(const struct jobs *jobs, const struct job *job, bool changed)
{
	if (job->failure.exit)
		return text_format("failed: %s", short_reason(job));
	if (jobs->login)
		return text_format("logged in%s", changed ? "" : " already");
	return text_format("%s", changed ? "logged out" : "has no session");
}

static struct json_object *result_document(struct jobs *jobs, struct job *job)
{
	bool changed = !job->failure.exit && (!job->known || job->before != jobs->login);
	_cleanup_free_ char *text = result_text(jobs, job, changed);
	struct json_object *doc = doc_new();

	doc_text(doc, "target", job->target.name);
	doc_text(doc, "lhba", job->target.lhba->name);
	doc_bool(doc, "changed", changed);
	doc_text(doc, "text", text);
	add_session(jobs, doc, job);
	doc_number(doc, "exitCode", job->failure.exit);
	doc_add(doc, "error", job->failure.exit ? failure_document(&job->failure) : NULL);
	return doc;
}

static const struct column result_columns[] = {
	{ "TARGET", "target", NULL, 0, NULL },
	{ "LHBA", "lhba", NULL, 0, NULL },
	{ "RESULT", "text", NULL, 0, NULL },
};

/* How it went with all, on standard error: the rows are the document. */
static void tell_failures(const struct jobs *jobs)
{
	size_t failures = 0;

	for (size_t i = 0; i < jobs->count; i++)
		failures += jobs->list[i].failure.exit != EXIT_DONE;
	if (failures)
		fprintf(stderr, "imactl: %zu of %zu targets failed\n", failures,
			jobs->count);
}

static int show_results(struct jobs *jobs)
{
	static const struct view view = VIEW(
		LAYOUT_TABLE, "target-results", result_columns,
		.empty = "no target is known: imactl discovery add "
			 "ADDRESS, then discovery run");
	struct json_object *data = doc_array();
	int err;

	progress_stop();
	for (size_t i = 0; i < jobs->count; i++) {
		struct job *job = &jobs->list[i];

		doc_push(data, result_document(jobs, job));
		if (job->failure.exit > jobs->worst)
			jobs->worst = job->failure.exit;
	}
	err = output_document(jobs->c, &view, data);
	tell_failures(jobs);
	return err ? err : (int)jobs->worst;
}

static int run_several(struct context *c, bool login)
{
	struct jobs jobs = { .c = c, .login = login };
	int err = jobs_choose(&jobs);

	if (!err) {
		batch_run(jobs.count, work, &jobs);
		err = show_results(&jobs);
	}
	free(jobs.list);
	return err;
}

/* --- one ------------------------------------------------------------------------------------ */

static bool is_one(const struct context *c)
{
	return c->nargs == 1 && !given(c, OPT_ALL) && !given(c, OPT_PORTAL);
}

/* Works on the one target named. */
static int run_one(struct context *c, bool login, struct job *job)
{
	struct jobs jobs = { .c = c, .list = job, .count = 1, .login = login };
	int err = target_get(c, arg(c, 0), &job->target);

	if (err)
		return err;
	work(&jobs, 0);
	c->failure = job->failure;
	return (int)job->failure.exit;
}

static char *format_lasting(struct json_object *value)
{
	return text_format(
		"%s", json_object_get_boolean(value)
			      ? "until it is logged out"
			      : "until this command ends: the initiator lives in it");
}

static struct json_object *login_document(struct context *c, const struct job *job,
					  struct json_object *sessions,
					  struct json_object *lus)
{
	struct json_object *doc = doc_new();
	bool any = sessions && json_object_array_length(sessions);

	doc_text(doc, "target", job->target.name);
	doc_text(doc, "lhba", job->target.lhba->name);
	doc_bool(doc, "already", job->before);
	doc_xbool(doc, "lasting",
		  any ? session_is_lasting(c, &job->target) : IMA_UNKNOWN);
	doc_add(doc, "sessions", sessions);
	doc_add(doc, "lus", lus);
	return doc;
}

static int login_one(struct context *c)
{
	static const struct column columns[] = {
		{ "Target", "target", NULL, 0, NULL },
		{ "LHBA", "lhba", NULL, 0, NULL },
		{ "Logged in before", "already", NULL, 0, NULL },
		{ "Session lasts", "lasting", format_lasting, 0, NULL },
		{ "Session", "sessions", NULL, 0, &session_view },
		{ "Logical units", "lus", NULL, 0, &lus_view },
	};
	static const struct view view = VIEW(LAYOUT_RECORD, "target-login", columns);
	struct json_object *sessions = NULL, *lus = NULL;
	struct job job = { 0 };
	int err = run_one(c, true, &job);

	if (!err)
		err = sessions_document(c, &job.target, &sessions);
	if (!err && given(c, OPT_WAIT))
		err = lus_document(c, &job.target, false, &lus);
	if (!err)
		return output_document(c, &view, login_document(c, &job, sessions, lus));
	json_object_put(sessions);
	return err;
}

static int logout_one(struct context *c)
{
	struct job job = { 0 };
	int err = run_one(c, false, &job);

	if (err)
		return err;
	if (job.known && !job.before)
		return output_change(c, false, IMA_STATUS_SUCCESS, job.target.name,
				     "%s has no session", job.target.name);
	return output_change(c, true, IMA_STATUS_SUCCESS, job.target.name,
			     "logged out of %s", job.target.name);
}

int target_login(struct context *c)
{
	return is_one(c) ? login_one(c) : run_several(c, true);
}

int target_logout(struct context *c)
{
	return is_one(c) ? logout_one(c) : run_several(c, false);
}

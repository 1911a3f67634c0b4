// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * info.c - informational sessions: login, one command, logout, with the engine.
 *
 * The loop runs in the calling thread and belongs to the call; no locks.
 */
#include "info.h"

#include <errno.h>
#include <string.h>

#include "iscsi/loop.h"
#include "iscsi/resolve.h"
#include "iscsi/tcp.h"
#include "node-record.h"
#include "plugin-support/lun.h"

/* One attempt at one portal. */
struct attempt {
	struct iscsi_loop *loop;
	struct iscsi_session *session;
	struct iscsi_task task;
	uint64_t deadline;
	struct iscsi_error error; /* kind NOTHING: the command was completed */
	bool completed;
};

/* --- What is known about a target ------------------------------------------------------------- */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static const struct {
	const char *name;
	uint8_t algorithm;
} algorithms[] = {
	{ "MD5", ISCSI_CHAP_MD5 },
	{ "SHA1", ISCSI_CHAP_SHA1 },
	{ "SHA256", ISCSI_CHAP_SHA256 },
	{ "SHA3-256", ISCSI_CHAP_SHA3_256 },
};

/* "SHA3-256,SHA256,MD5", most preferred first. */
static void parse_algorithms(const char *list, uint8_t result[ISCSI_CHAP_ALGORITHMS])
{
	size_t n = 0;

	while (list && *list && n < ISCSI_CHAP_ALGORITHMS) {
		size_t length = strcspn(list, ",");

		for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
			if (strlen(algorithms[i].name) == length &&
			    !strncmp(algorithms[i].name, list, length))
				result[n++] = algorithms[i].algorithm;
		list += length + (list[length] == ',');
	}
}

static void take_auth(struct info *info, const struct node_record *record)
{
	struct iscsi_auth *auth = &info->config.auth;

	if (!node_record_uses_chap(record))
		return;
	copy(info->name, sizeof(info->name),
	     node_record_get(record, "node.session.auth.username"));
	copy(info->secret, sizeof(info->secret),
	     node_record_get(record, "node.session.auth.password"));
	copy(info->target_chap_name, sizeof(info->target_chap_name),
	     node_record_get(record, "node.session.auth.username_in"));
	copy(info->target_secret, sizeof(info->target_secret),
	     node_record_get(record, "node.session.auth.password_in"));
	auth->name = info->name;
	auth->secret = info->secret;
	auth->secret_length = strlen(info->secret);
	if (*info->target_secret) {
		auth->target_name = *info->target_chap_name ? info->target_chap_name
							    : NULL;
		auth->target_secret = info->target_secret;
		auth->target_secret_length = strlen(info->target_secret);
	}
	parse_algorithms(node_record_get(record, "node.session.auth.chap_algs"),
			 auth->algorithms);
}

static void take_portals(struct info *info, const struct target *t)
{
	for (size_t i = 0; i < t->node_count; i++) {
		const struct portal *from = &t->nodes[i].portal;
		struct iscsi_portal *to = &info->portals[info->portal_count];

		if (info->portal_count == ARRAY_SIZE(info->portals) ||
		    strlen(from->host) >= sizeof(to->host))
			continue;
		copy(to->host, sizeof(to->host), from->host);
		to->port = from->port;
		to->tag = from->tpgt;
		info->portal_count++;
	}
}

IMA_STATUS info_prepare(const struct target *target, struct info *info)
{
	struct node_record _cleanup_node_record_ record = { 0 };
	const struct node *node = target->lhba->node;
	const char *name = node ? node->name : plugin.source.model->shared_name;
	int err;

	if (lhba_is_bound(target->lhba))
		return host_fail(
			IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			"%s has no session, and %s is bound to an adapter or network "
			"interface; log in first",
			target->name, target->lhba->name);
	if (!name)
		return host_fail(IMA_ERROR_UNEXPECTED_OS_ERROR, IMAX_LAYER_OS, 0,
				 "this machine has no initiator name yet");
	err = node_record_read(&plugin.world, target, &record);
	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot read the record of %s", target->name);
	iscsi_config_init(&info->config);
	copy(info->initiator, sizeof(info->initiator), name);
	copy(info->target, sizeof(info->target), target->name);
	info->config.initiator_name = info->initiator;
	info->config.target_name = info->target;
	take_auth(info, &record);
	take_portals(info, target);
	err = iscsi_isid_random(info->config.isid);
	return status_from_errno(err);
}

void info_free(struct info *info)
{
	explicit_bzero(info, sizeof(*info));
}

/* --- One attempt --------------------------------------------------------------------------------- */

static void command_done(struct iscsi_task *task)
{
	struct attempt *a = task->user;

	a->completed = !task->error;
	if (task->error)
		a->error = *task->error;
	/* The target is told that we are through; if it does not answer that is no failure. */
	if (iscsi_session_logout(a->session, a->deadline))
		iscsi_loop_stop(a->loop);
}

static void session_up(struct iscsi_session *session, void *user)
{
	struct attempt *a = user;
	int err = iscsi_session_submit(session, &a->task);

	if (!err)
		return;
	a->error = (struct iscsi_error){ .kind = ISCSI_FAILED_LOCAL, .error = err };
	snprintf(a->error.text, sizeof(a->error.text), "the command cannot be sent");
	iscsi_loop_stop(a->loop);
}

static void session_down(struct iscsi_session *session, void *user,
			 const struct iscsi_error *error)
{
	struct attempt *a = user;

	(void)session;
	if (error && !a->completed && a->error.kind == ISCSI_FAILED_NOTHING)
		a->error = *error;
	iscsi_loop_stop(a->loop);
}

static const struct iscsi_session_ops session_ops = {
	.up = session_up,
	.down = session_down,
};

static int open_session(struct attempt *a, struct iscsi_resolver **resolver)
{
	struct iscsi_io *io;
	int err = iscsi_loop_new(&a->loop);

	if (!err)
		err = iscsi_resolver_new(a->loop, 1, resolver);
	if (!err)
		err = iscsi_tcp_new(a->loop, *resolver, &io);
	if (err)
		return err;
	err = iscsi_session_new(io, &session_ops, a, &a->session);
	if (err)
		io->ops->free(io);
	return err;
}

static void close_session(struct attempt *a, struct iscsi_resolver *resolver)
{
	iscsi_session_free(a->session);
	iscsi_resolver_free(resolver);
	iscsi_loop_free(a->loop);
}

static int run_attempt(struct attempt *a, const struct iscsi_config *config)
{
	struct iscsi_resolver *resolver = NULL;
	int err = open_session(a, &resolver);

	if (!err)
		err = iscsi_session_login(a->session, config, a->deadline);
	if (!err)
		iscsi_loop_run(a->loop);
	close_session(a, resolver);
	return err;
}

/* --- Status --------------------------------------------------------------------------------------- */

static IMA_STATUS status_of(const struct iscsi_error *error)
{
	switch (error->kind) {
	case ISCSI_FAILED_RESOLVE:
	case ISCSI_FAILED_CONNECT:
	case ISCSI_FAILED_CONNECTION:
	case ISCSI_FAILED_TIMEOUT:
		return IMA_ERROR_TARGET_TIMEOUT;
	case ISCSI_FAILED_LOGIN:
	case ISCSI_FAILED_AUTH:
		return IMA_ERROR_LOGIN_REJECTED;
	case ISCSI_FAILED_LOCAL:
		return IMA_ERROR_UNEXPECTED_OS_ERROR;
	default:
		return IMA_ERROR_UNKNOWN_ERROR;
	}
}

static IMA_STATUS engine_failed(const struct iscsi_error *error)
{
	IMAX_LAST_ERROR record = {
		.layer = error->layer == ISCSI_LAYER_TRANSPORT ? IMAX_LAYER_TRANSPORT
							       : IMAX_LAYER_ISCSI,
		.loginStatusValid = error->status_valid ? IMA_TRUE : IMA_FALSE,
		.loginStatusClass = error->status_class,
		.loginStatusDetail = error->status_detail,
	};

	if (error->layer == ISCSI_LAYER_TRANSPORT)
		record.osError = -error->error;
	return host_fail_with(status_of(error), &record, "%s", error->text);
}

static void take_result(struct scsi_command *c, const struct iscsi_task *task)
{
	c->status = task->status;
	c->length = task->transferred;
	c->sense_length = (uint8_t)task->sense_length;
	memcpy(c->sense, task->sense, task->sense_length);
}

/* UNIT ATTENTION is about what happened before: the question is asked again. */
static bool is_unit_attention(const struct iscsi_task *task)
{
	return task->status == 0x02 && task->sense_length > 2 &&
	       (task->sense[2] & 0x0f) == 0x06;
}

static void set_task(struct attempt *a, uint64_t lun, const struct scsi_command *c)
{
	struct iscsi_task *task = &a->task;

	lun_to_bytes(lun, task->lun);
	memcpy(task->cdb, c->cdb, c->cdb_length);
	task->cdb_length = c->cdb_length;
	task->attribute = ISCSI_SIMPLE;
	task->in = c->length ? c->data : NULL;
	task->in_length = c->length;
	task->deadline = a->deadline;
	task->done = command_done;
	task->user = a;
}

static IMA_STATUS try_portal(struct info *info, uint64_t lun,
			     struct scsi_command *command, bool *repeat)
{
	struct attempt a = { .deadline = host_deadline() };
	int err;

	set_task(&a, lun, command);
	err = run_attempt(&a, &info->config);
	*repeat = false;
	if (err)
		return host_fail(status_from_errno(err == -EINVAL ? -EIO : err),
				 IMAX_LAYER_PLUGIN, -err, "cannot begin to log in to %s",
				 info->target);
	if (!a.completed)
		return engine_failed(&a.error);
	*repeat = is_unit_attention(&a.task);
	take_result(command, &a.task);
	return IMA_STATUS_SUCCESS;
}

/* The portals in turn, until one works; a refusal by the target is an answer. */
IMA_STATUS info_run(struct info *info, uint64_t lun, struct scsi_command *command)
{
	IMA_STATUS status = host_fail(IMA_ERROR_OBJECT_NOT_FOUND, IMAX_LAYER_PLUGIN, 0,
				      "no portal of %s is known", info->target);
	const struct scsi_command asked = *command;
	bool repeat;

	for (size_t i = 0; i < info->portal_count; i++) {
		info->config.portal = info->portals[i];
		status = try_portal(info, lun, command, &repeat);
		if (repeat) {
			*command = asked;
			status = try_portal(info, lun, command, &repeat);
		}
		if (status != IMA_ERROR_TARGET_TIMEOUT)
			break;
	}
	return status;
}

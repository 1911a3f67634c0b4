// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * doctor.c - runs the checks and hands out what they found; see shared/diagnosis.h.
 */
#include "doctor.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "shared/diagnosis.h"

static const struct check checks[] = {
	{ "transport", "the kernel has an iSCSI transport", check_transport, false },
	{ "programs", NULL, check_programs, false },
	{ "daemon", NULL, check_daemon, false },
	{ "lock", "nobody holds the lock of the database", check_lock, false },
	{ "initiator-name", NULL, check_name, false },
	{ "database", NULL, check_database, false },
	{ "permissions", "secrets are readable for their owner only", check_permissions,
	  false },
	{ "records", "every record is whole", check_records, false },
	{ "sessions", "every session is logged in and has a record", check_sessions,
	  false },
	{ "disks", "every device works", check_disks, false },
	{ "authentication", "nothing weak is used", check_authentication, false },
	{ "portals", "every portal answers", check_portals, true },
};

/* --- Findings -------------------------------------------------------------------------------- */

/* What separates fields and lines may be in none of them. */
static void put_field(FILE *out, const char *text, char end)
{
	for (; *text; text++)
		fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
	fputc(end, out);
}

void doctor_report(struct doctor *d, enum severity severity, const char *object,
		   const char *advice, const char *format, ...)
{
	static const char *const severities[] = { DIAGNOSIS_OK, DIAGNOSIS_HINT,
						  DIAGNOSIS_WARNING, DIAGNOSIS_PROBLEM };
	char found[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(found, sizeof(found), format, list);
	va_end(list);
	d->reported = true;
	put_field(d->out, severities[severity], '\t');
	put_field(d->out, d->check->name, '\t');
	put_field(d->out, object, '\t');
	put_field(d->out, found, '\t');
	put_field(d->out, advice, '\n');
}

static void run_check(struct doctor *d, const struct check *check)
{
	d->check = check;
	d->reported = false;
	check->run(d);
	if (!d->reported && check->fine)
		doctor_report(d, SEVERITY_OK, "", "", "%s", check->fine);
}

/* --- What there is --------------------------------------------------------------------------- */

static const char *keep(struct doctor *d, const char *text)
{
	return arena_text(&d->arena, text, strlen(text));
}

static int copy_record(struct doctor *d, const struct db_node *node)
{
	struct record_place *place = array_add(&d->records, sizeof(*place));
	char path[600];

	/* What has no path cannot be read, and is left out. */
	if (!place || node_path(node, path, sizeof(path)))
		return place ? 0 : -ENOMEM;
	place->path = keep(d, path);
	place->iface = keep(d, node->iface);
	place->target = keep(d, node->target);
	place->portal = node->portal;
	place->portal.host = keep(d, node->portal.host);
	return place->path && place->iface && place->target && place->portal.host
		       ? 0
		       : -ENOMEM;
}

static int copy_session(struct doctor *d, const struct session *session)
{
	struct session_place *place = array_add(&d->sessions, sizeof(*place));

	if (!place)
		return -ENOMEM;
	place->sid = session->sys->sid;
	place->iface = keep(d, session->sys->iface);
	place->target = keep(d, session->sys->target);
	place->records = session->target->node_count;
	return place->iface && place->target ? 0 : -ENOMEM;
}

static int copy_state(struct doctor *d)
{
	const struct nodedb *db = &plugin.source.db;
	int err;

	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	err = source_refresh(&plugin.source, FRESH);
	for (size_t i = 0; !err && i < db->node_count; i++)
		err = copy_record(d, &db->nodes[i]);
	if (err)
		return err;
	d->denied = db->denied;
	for_each_item(struct session, session, &plugin.source.model->sessions)
		if (!err)
			err = copy_session(d, session);
	return err;
}

/* --- The call --------------------------------------------------------------------------------- */

static int run_checks(struct doctor *d, bool connect, char **text, size_t *size)
{
	d->out = open_memstream(text, size);
	if (!d->out)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		if (connect || !checks[i].connects)
			run_check(d, &checks[i]);
	return fclose(d->out) ? -ENOMEM : 0;
}

static int diagnose(bool connect, char **text, size_t *size)
{
	struct doctor d = { .deadline = host_deadline() };
	int err = copy_state(&d);

	if (!err)
		err = run_checks(&d, connect, text, size);
	array_free(&d.records);
	array_free(&d.sessions);
	arena_free(&d.arena);
	return err;
}

/* As many whole lines as fit. */
static size_t cut(const char *text, size_t size, size_t room)
{
	if (size <= room)
		return size;
	while (room && text[room - 1] != '\n')
		room--;
	return room;
}

static IMA_STATUS read_input(const char *input, size_t size, bool *connect)
{
	*connect = size == strlen(DIAGNOSIS_CONNECT) &&
		   !memcmp(input, DIAGNOSIS_CONNECT, size);
	return size && !*connect ? IMA_ERROR_INVALID_PARAMETER : IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_PluginIOctl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	_cleanup_free_ char *text = NULL;
	IMA_STATUS status;
	size_t size = 0;
	bool connect;
	int err;

	if (pluginOid.objectSequenceNumber)
		return IMA_ERROR_OBJECT_NOT_FOUND;
	if (command != DIAGNOSIS_COMMAND)
		return IMA_ERROR_NOT_SUPPORTED;
	if (!pOutputBuffer)
		return IMA_ERROR_INVALID_PARAMETER;
	status = read_input(pInputBuffer, inputBufferLength, &connect);
	if (IMA_ERROR(status))
		return status;
	err = diagnose(connect, &text, &size);
	if (err)
		return refresh_failed(err);
	*pOutputBufferLength = cut(text, size, *pOutputBufferLength);
	memcpy(pOutputBuffer, text, *pOutputBufferLength);
	return IMA_STATUS_SUCCESS;
}

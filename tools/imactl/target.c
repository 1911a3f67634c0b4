// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * target.c - targets by their name, logical units by target and LUN or by device.
 */
#include "find.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "lun.h"

/* false if the target went away, or cannot be read: the document gets a warning then. */
static bool read_or_skip(struct context *c, struct target *target)
{
	IMA_STATUS status = CALL(c, IMA_GetTargetProperties, target->oid,
				 &target->properties);

	if (IMA_ERROR(status) && status != IMA_ERROR_OBJECT_NOT_FOUND)
		warn_failed(c, status, NULL,
			    "cannot read the properties of a target of %s",
			    target->lhba->name);
	return IMA_SUCCESS(status);
}

static int each_of_list(struct context *c, const struct object *lhba,
			const IMA_OID_LIST *list,
			int (*each)(struct context *c, const struct target *target,
				    void *data),
			void *data)
{
	int err = EXIT_DONE;

	for (IMA_UINT i = 0; !err && i < list->oidCount; i++) {
		struct target target = { .oid = list->oids[i], .lhba = lhba };
		_cleanup_free_ char *name = NULL;

		if (!read_or_skip(c, &target))
			continue;
		target.name = name = text_of_wide(target.properties.name,
						  IMA_NODE_NAME_LEN);
		err = each(c, &target, data);
	}
	return err;
}

/* A failing LHBA fails the command only if it is the one that was asked for. */
static int list_targets(struct context *c, const struct object *lhba, bool only,
			IMA_OID_LIST **list)
{
	IMA_STATUS status = CALL(c, IMA_GetTargetOidList, lhba->oid, list);

	if (IMA_SUCCESS(status))
		return EXIT_DONE;
	*list = NULL;
	if (only)
		return failed(c, status, lhba->name, "cannot list the targets of %s",
			      lhba->name);
	warn_failed(c, status, lhba->name, "cannot list the targets of %s", lhba->name);
	return EXIT_DONE;
}

int targets_each(struct context *c,
		 int (*each)(struct context *c, const struct target *target, void *data),
		 void *data)
{
	const struct object **lhbas;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	for (size_t i = 0; !err && i < count; i++) {
		_cleanup_ima_ IMA_OID_LIST *list = NULL;

		err = list_targets(c, lhbas[i], count == 1, &list);
		if (!err && list)
			err = each_of_list(c, lhbas[i], list, each, data);
	}
	return err;
}

struct search {
	const char *name;
	struct target *target;
	unsigned matches;
};

static int match_name(struct context *c, const struct target *target, void *data)
{
	struct search *search = data;

	if (strcasecmp(target->name, search->name))
		return EXIT_DONE;
	if (search->matches++)
		return refused(c, EXIT_USAGE,
			       "target %s is known to %s and to %s: choose with --lhba",
			       search->name, search->target->lhba->name,
			       target->lhba->name);
	*search->target = *target;
	search->target->name = keep_text(c, text_format("%s", target->name));
	return EXIT_DONE;
}

int target_get(struct context *c, const char *name, struct target *target)
{
	struct search search = { .name = name, .target = target };
	size_t unread;
	int err;

	warnings_hold(c);
	err = targets_each(c, match_name, &search);
	unread = c->nheld;
	warnings_release(c, err || !search.matches);
	if (err || search.matches)
		return err;
	if (unread)
		return not_found(
			c, IMA_OBJECT_TYPE_TARGET, name,
			"no target \"%s\" is known, but %zu could not be read: see the "
			"warnings",
			name, unread);
	return not_found(
		c, IMA_OBJECT_TYPE_TARGET, name,
		"no target \"%s\" is known: imactl target list shows the known ones, "
		"imactl discovery run looks for more",
		name);
}

static const struct object *lhba_of(struct context *c, IMA_OID oid)
{
	const struct objects *all;

	if (objects_get(c, IMA_OBJECT_TYPE_LHBA, &all))
		return NULL;
	for (size_t i = 0; i < all->count; i++)
		if (oid_equal(all->list[i].oid, oid))
			return &all->list[i];
	return NULL;
}

int target_read(struct context *c, IMA_OID oid, struct target *target)
{
	IMA_STATUS status;

	*target = (struct target){ .oid = oid };
	status = CALL(c, IMA_GetTargetProperties, oid, &target->properties);
	if (IMA_ERROR(status))
		return failed(c, status, NULL, "cannot read the properties of a target");
	target->lhba = lhba_of(c, target->properties.associatedLhbaOid);
	target->name = keep_text(
		c, text_of_wide(target->properties.name, IMA_NODE_NAME_LEN));
	return EXIT_DONE;
}

/* --- logical units ---------------------------------------------------------------------- */

/* The first meaning of the number that the target has a logical unit for. */
static IMA_STATUS find_lun(struct context *c, const uint64_t *luns, int n, struct lu *lu)
{
	IMA_STATUS status = IMA_ERROR_OBJECT_NOT_FOUND;

	for (int i = 0; i < n && status == IMA_ERROR_OBJECT_NOT_FOUND; i++) {
		lu->lun = luns[i];
		status = CALL(c, IMA_GetLuOid, lu->target.oid, luns[i], &lu->oid);
	}
	return status;
}

static int lu_by_number(struct context *c, const char *name, const char *number,
			struct lu *lu)
{
	uint64_t luns[LUN_MEANINGS];
	IMA_STATUS status;
	int err, n;

	if (!number)
		return refused(
			c, EXIT_USAGE,
			"a LUN is missing after the target: imactl lu list %s shows them",
			name);
	n = lun_parse(number, luns);
	if (n < 0)
		return refused(
			c, EXIT_USAGE,
			"\"%s\" is no LUN: it takes a number, or the 8 bytes as 16 "
			"hexadecimal digits",
			number);
	err = target_get(c, name, &lu->target);
	if (err)
		return err;
	status = find_lun(c, luns, n, lu);
	if (IMA_ERROR(status))
		return failed(c, status, number, "cannot find LUN %s of %s", number,
			      lu->target.name);
	lu->text = keep_text(c, lun_text(lu->lun));
	return EXIT_DONE;
}

/* Does the LU have this device? path is what realpath() made of what was typed. */
static bool has_device(const IMA_LU_PROPERTIES *props, const char *path)
{
	_cleanup_free_ char *name = NULL;

	if (!props->osDeviceNameValid)
		return false;
	name = text_of_wide(props->osDeviceName, ARRAY_SIZE(props->osDeviceName));
	return !strcmp(name, path);
}

static int lu_fill(struct context *c, IMA_OID oid, const IMA_LU_PROPERTIES *props,
		   struct lu *lu)
{
	lu->oid = oid;
	lu->lun = props->targetLun;
	lu->text = keep_text(c, lun_text(lu->lun));
	return target_read(c, props->associatedTargetOid, &lu->target);
}

/* Looks for the device among the LUs of an LHBA. */
static int search_device(struct context *c, const struct object *lhba, const char *path,
			 struct lu *lu, bool *found)
{
	_cleanup_ima_ IMA_OID_LIST *list = NULL;
	IMA_STATUS status = CALL(c, IMA_GetLuOidList, lhba->oid, &list);

	if (IMA_ERROR(status))
		return failed(c, status, lhba->name,
			      "cannot list the logical units of %s", lhba->name);
	for (IMA_UINT i = 0; i < list->oidCount; i++) {
		IMA_LU_PROPERTIES props;

		if (CALL(c, IMA_GetLuProperties, list->oids[i], &props) ||
		    !has_device(&props, path))
			continue;
		*found = true;
		return lu_fill(c, list->oids[i], &props, lu);
	}
	return EXIT_DONE;
}

static int lu_by_device(struct context *c, const char *typed, struct lu *lu)
{
	const char *path = keep_text(c, text_format("%s", typed));
	char *real = realpath(typed, NULL);
	const struct object **lhbas;
	bool found = false;
	size_t count;
	int err = lhbas_get(c, &lhbas, &count);

	if (real)
		path = keep_text(c, real);
	for (size_t i = 0; !err && !found && i < count; i++)
		err = search_device(c, lhbas[i], path, lu, &found);
	if (!err && !found)
		return not_found(
			c, IMA_OBJECT_TYPE_LU, typed,
			"no logical unit has the device %s: imactl lu list shows them",
			typed);
	return err;
}

int lu_get(struct context *c, int first, struct lu *lu)
{
	const char *name = arg(c, first);

	if (name[0] == '/')
		return lu_by_device(c, name, lu);
	return lu_by_number(c, name, arg(c, first + 1), lu);
}

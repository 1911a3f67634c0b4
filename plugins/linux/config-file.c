// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * config-file.c - changing iscsid.conf and initiatorname.iscsi.
 */
#include "config-file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attr.h"
#include "initiator-file.h"
#include "plugin-support/host.h"
#include "plugin-support/status.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"

static bool says_so_already(const struct record *record,
			    const struct record_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = record_get(record, changes[i].key);

		if (!value != !changes[i].value ||
		    (value && strcmp(value, changes[i].value)))
			return false;
	}
	return true;
}

/* mask: the rights an existing file may keep. */
static int write_back(const char *path, const char *text, size_t size, mode_t mode,
		      mode_t mask)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct stat st;
	int err;

	/* Behind a link the file itself is replaced, not the link. */
	if (real && stat(real, &st) == 0)
		mode = st.st_mode & mask;
	else
		st.st_uid = st.st_gid = (uid_t)-1;
	err = atomic_file_write(real ? real : path, text, size, mode);
	if (!err && real && chown(real, st.st_uid, st.st_gid) < 0 && errno != EPERM)
		err = -errno;
	return err;
}

/* The text after a change; NULL if it says so already. Released with record_text_free(). */
typedef int (*editor)(const char *text, size_t size, const struct record_change *changes,
		      size_t count, char **edited, size_t *edited_size);

static int edit_record(const char *text, size_t size, const struct record_change *changes,
		       size_t count, char **edited, size_t *edited_size)
{
	struct record _cleanup_record_ record = { 0 };
	int err = record_parse(text, size, &record);

	if (err || says_so_already(&record, changes, count))
		return err;
	return record_edit(text, size, changes, count, edited, edited_size);
}

static int edit_initiator(const char *text, size_t size,
			  const struct record_change *changes, size_t count,
			  char **edited, size_t *edited_size)
{
	int err = count == 1 ? initiator_edit(text, size, changes, edited, edited_size)
			     : -EINVAL;

	if (!err && *edited_size == size && !memcmp(*edited, text, size)) {
		free(*edited);
		*edited = NULL;
	}
	return err;
}

static int edit(const char *path, editor make, const struct record_change *changes,
		size_t count, mode_t mode, mode_t mask)
{
	char *text = NULL, *edited = NULL;
	size_t size = 0, edited_size = 0;
	int err = atomic_file_read(path, RECORD_MAX, &text, &size);

	if (err && err != -ENOENT)
		return err;
	err = make(text ? text : "", size, changes, count, &edited, &edited_size);
	if (!err && edited)
		err = write_back(path, edited, edited_size, mode, mask);
	record_text_free(text, size);
	record_text_free(edited, edited_size);
	return err;
}

int text_file_edit(const char *path, const struct record_change *changes, size_t count,
		   mode_t mode)
{
	return edit(path, edit_record, changes, count, mode, mode);
}

static IMA_STATUS edit_file(const struct world *world, const char *file, editor make,
			    const struct record_change *changes, size_t count,
			    mode_t mode, mode_t mask)
{
	char path[512];
	int err = world_config_path(world, file, path, sizeof(path));

	if (!err && !world->privileged)
		err = -EPERM;
	if (!err)
		err = edit(path, make, changes, count, mode, mask);
	if (err)
		return host_fail(status_from_errno(err), IMAX_LAYER_OS, -err,
				 "cannot change %s", path);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS config_file_edit(const struct world *world, const char *file,
			    const struct record_change *changes, size_t count,
			    mode_t mode)
{
	return edit_file(world, file, edit_record, changes, count, mode, 07777);
}

IMA_STATUS config_file_edit_secret(const struct world *world, const char *file,
				   const struct record_change *changes, size_t count)
{
	return edit_file(world, file, edit_record, changes, count, 0600, 0600);
}

IMA_STATUS config_file_edit_initiator(const struct world *world,
				      const struct record_change *change)
{
	return edit_file(world, INITIATOR_FILE, edit_initiator, change, 1, 0644, 07777);
}

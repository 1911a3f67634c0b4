// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plugin.c - beginning and end of the plugin, and what it says about itself.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "finder.h"
#include "lu.h"
#include "net.h"
#include "plugin-support/plugin-info.h"
#include "sessions.h"
#include "tally.h"
#include "user.h"
#include "watch.h"

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	host_set(pHost);
	return IMA_STATUS_SUCCESS;
}

static int make_lhba(void)
{
	user.lhba = object_table_get(user.objects, IMA_OBJECT_TYPE_LHBA, "user");
	if (!user.lhba)
		return -ENOMEM;
	user.lhba->data = &user;
	return 0;
}

/* Without a folder for it there is no store: everything can be read, and is empty. */
static int make_store(void)
{
	char path[PATH_MAX];
	int err = host_state_path("user.db", path, sizeof(path));

	if (!err)
		err = host_state_path("user.secrets", user.secrets_path,
				      sizeof(user.secrets_path));
	if (err)
		user.secrets_path[0] = 0;
	return err ? 0 : store_new(path, &user.store);
}

static void release(void)
{
	state_drop(&user.state);
	store_free(user.store);
	notifier_free(user.notifier);
	tally_free_all();
	object_table_free(user.objects);
	gate_destroy(&user.gate);
	memset(&user, 0, sizeof(user));
}

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	int err;

	user.process = getpid();
	gate_init(&user.gate);
	sessions_init();
	state_clear(&user.state);
	err = object_table_new(ownerId, &user.objects);
	if (!err)
		err = make_lhba();
	if (!err)
		err = notifier_new(&user.notifier);
	if (!err)
		err = make_store();
	if (err)
		release();
	return status_from_errno(err);
}

void Terminate(void)
{
	/* The child of a fork has none of the threads that would have to be waited for. */
	if (user.process != getpid())
		return;
	finder_stop();
	watch_stop();
	sessions_end();
	net_stop();
	for (size_t i = 0; i < user.state.targets.count; i++)
		lu_forget_all(user.state.targets.items[i]);
	release();
	host_set(NULL);
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	return list_free(pMemory);
}

IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid, IMA_PLUGIN_PROPERTIES *pProps)
{
	(void)pluginOid; /* the library's, and there is one */
	plugin_info(pProps);
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS refuse_command(IMA_UINT command)
{
	return host_fail(IMA_ERROR_NOT_SUPPORTED, IMAX_LAYER_PLUGIN, 0,
			 "the user-space initiator has no command %lu", command);
}

/* Both spellings of the name. */
#define IOCTL(name)                                                                    \
	IMA_STATUS name(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer, \
			IMA_UINT inputBufferLength, void *pOutputBuffer,               \
			IMA_UINT *pOutputBufferLength)                                 \
	{                                                                              \
		(void)pluginOid;                                                       \
		(void)pInputBuffer;                                                    \
		(void)inputBufferLength;                                               \
		(void)pOutputBuffer;                                                   \
		(void)pOutputBufferLength;                                             \
		return refuse_command(command);                                        \
	}

IOCTL(IMA_PluginIOctl)
IOCTL(IMA_PluginIOCtl)

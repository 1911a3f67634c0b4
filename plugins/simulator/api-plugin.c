// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * api-plugin.c - the plugin itself: start and end, properties, IOctl, events, memory.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config.h"
#include "ima-simulator.h"
#include "plugin-support/lists.h"
#include "plugin-support/plugin-info.h"
#include "script.h"
#include "shared/cleanup.h"
#include "sim.h"

IMA_STATUS IMAX_SetHost(const IMAX_HOST *pHost)
{
	host_set(pHost);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS Initialize(IMA_UINT32 ownerId)
{
	return sim_start(ownerId);
}

void Terminate(void)
{
	sim_stop();
	host_set(NULL);
}

IMA_STATUS IMA_FreeMemory(void *pMemory)
{
	return list_free(pMemory);
}

static IMA_STATUS get_properties(IMA_PLUGIN_PROPERTIES *properties)
{
	plugin_info(properties);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_GetPluginProperties(IMA_OID pluginOid, IMA_PLUGIN_PROPERTIES *pProps)
{
	return CALL(IMA_GetPluginProperties, pluginOid, PLUGIN, get_properties(pProps));
}

/* --- IOctl ---------------------------------------------------------------------------- */

struct ioctl {
	IMA_UINT command;
	const void *input;
	IMA_UINT input_length;
	void *output;
	IMA_UINT *output_length;
};

/* cut: rather a part than nothing, because the command cannot be run again. */
static IMA_STATUS give_output(const struct ioctl *ioctl, const char *text, size_t length,
			      bool cut)
{
	if (!ioctl->output)
		return IMA_STATUS_SUCCESS;
	if (length > *ioctl->output_length && !cut) {
		*ioctl->output_length = length;
		return fails(IMA_ERROR_INVALID_PARAMETER, "the output needs %zu bytes",
			     length);
	}
	if (length > *ioctl->output_length)
		length = *ioctl->output_length;
	memcpy(ioctl->output, text, length);
	*ioctl->output_length = length;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS run_version(struct call *call, const struct ioctl *ioctl)
{
	static const char version[] = "ima-simulator 1 " IMA_VERSION;

	(void)call;
	return give_output(ioctl, version, strlen(version), false);
}

static IMA_STATUS run_command(struct call *call, const struct ioctl *ioctl)
{
	_cleanup_free_ char *text = NULL, *output = NULL;
	size_t length = 0;
	IMA_STATUS status;
	bool changes;
	FILE *out;

	if (!ioctl->input_length || ioctl->input_length > SOURCE_MAX_BYTES)
		return fails(IMA_ERROR_INVALID_PARAMETER,
			     "the command is empty or too long");
	text = allocation_fails() ? NULL : calloc(1, ioctl->input_length + 1);
	out = text ? open_memstream(&output, &length) : NULL;
	if (!out)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	memcpy(text, ioctl->input, ioctl->input_length);
	changes = script_changes(text);
	status = sim_control(call, text, ioctl->input_length, out);
	if (fclose(out) != 0)
		return IMA_ERROR_INSUFFICIENT_MEMORY;
	return status == IMA_STATUS_SUCCESS ? give_output(ioctl, output, length, changes)
					    : status;
}

static IMA_STATUS run_ioctl(struct call *call, const struct ioctl *ioctl)
{
	switch (ioctl->command) {
	case IMA_SIM_COMMAND:
		return run_command(call, ioctl);
	case IMA_SIM_VERSION:
		return run_version(call, ioctl);
	default:
		return fails(IMA_ERROR_NOT_SUPPORTED, "there is no IOctl %lu",
			     ioctl->command);
	}
}

IMA_STATUS IMA_PluginIOctl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	struct ioctl ioctl = { command, pInputBuffer, inputBufferLength, pOutputBuffer,
			       pOutputBufferLength };

	return CALL(IMA_PluginIOctl, pluginOid, PLUGIN, run_ioctl(&call, &ioctl));
}

/* The other spelling. Not by calling the first: that would end in the library. */
IMA_STATUS IMA_PluginIOCtl(IMA_OID pluginOid, IMA_UINT command, const void *pInputBuffer,
			   IMA_UINT inputBufferLength, void *pOutputBuffer,
			   IMA_UINT *pOutputBufferLength)
{
	struct ioctl ioctl = { command, pInputBuffer, inputBufferLength, pOutputBuffer,
			       pOutputBufferLength };

	return CALL(IMA_PluginIOctl, pluginOid, PLUGIN, run_ioctl(&call, &ioctl));
}

/* --- events --------------------------------------------------------------------------- */

/*
 * The notifier waits for a callback that runs, and that may be in a call of ours: so it is
 * asked when the call's locks are gone.
 */
#define REGISTER(name, set, fn)                                                   \
	({                                                                        \
		IMA_STATUS register_ = CALL(name, NO_OID, 0, IMA_STATUS_SUCCESS); \
		IMA_SUCCESS(register_) ? set(fn) : register_;                     \
	})

IMA_STATUS IMA_RegisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	return REGISTER(IMA_RegisterForObjectVisibilityChanges, sim_on_visibility,
			pClientFn);
}

IMA_STATUS IMA_DeregisterForObjectVisibilityChanges(IMA_OBJECT_VISIBILITY_FN pClientFn)
{
	(void)pClientFn; /* there is one */
	return REGISTER(IMA_DeregisterForObjectVisibilityChanges, sim_on_visibility,
			NULL);
}

IMA_STATUS IMA_RegisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	return REGISTER(IMA_RegisterForObjectPropertyChanges, sim_on_property, pClientFn);
}

IMA_STATUS IMA_DeregisterForObjectPropertyChanges(IMA_OBJECT_PROPERTY_FN pClientFn)
{
	(void)pClientFn;
	return REGISTER(IMA_DeregisterForObjectPropertyChanges, sim_on_property, NULL);
}

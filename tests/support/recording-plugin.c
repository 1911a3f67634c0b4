// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recording-plugin.c - a plugin that exports everything, writes down what arrives, and
 * answers as the test told it (recorder.h).
 *
 * One lock guards the records and the lists; it is not held while the hook of the test or a
 * function of the library runs. Variants that lack entry points are made by the linker: the
 * version scripts beside this file.
 */
#include <stdlib.h>
#include <string.h>

#include "recorder.h"
#include "spec.h"

#define EXPORT __attribute__((visibility("default")))

struct block {
	struct block *next;
	void *memory;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct recorder_call *first, **last = &first;
static struct block *blocks;

extern struct recorder recorder;

static size_t wide_bytes(const IMA_WCHAR *text)
{
	return (wcslen(text) + 1) * sizeof(*text);
}

static const void *pointer(const void *value)
{
	return *(const void *const *)value;
}

static IMA_UINT integer(const void *value)
{
	return *(const IMA_UINT *)value;
}

/* How many bytes behind argument i are input. */
static size_t input_size(const struct spec_argument *args, void *const *values,
			 unsigned int i)
{
	switch (args[i].kind) {
	case IN:
	case IN_OR_NULL:
	case LUN_BYTES:
	case CAPACITY:
	case LENGTH:
		return args[i].pointee;
	case TEXT:
	case TEXT_OR_NULL:
		return wide_bytes(pointer(values[i]));
	case ARRAY:
		return integer(values[i - 1]) * sizeof(IMA_AUTHMETHOD);
	case INPUT:
		return integer(values[i + 1]);
	default:
		return 0;
	}
}

static size_t readable_size(const struct spec_argument *args, void *const *values,
			    unsigned int i)
{
	return args[i].pointee && pointer(values[i]) ? input_size(args, values, i) : 0;
}

static const unsigned char *keep(unsigned char **at, const void *bytes, size_t size)
{
	unsigned char *kept = *at;

	if (size)
		memcpy(kept, bytes, size);
	*at += (size + 15) / 16 * 16;
	return kept;
}

static struct recorder_call *record_new(unsigned int argc,
					const struct spec_argument *args,
					void *const *values)
{
	size_t size = 0;
	struct recorder_call *call;

	for (unsigned int i = 0; i < argc; i++)
		size += args[i].size + readable_size(args, values, i) + 30;
	call = calloc(1, sizeof(*call) + size + 16);
	if (!call)
		abort();
	return call;
}

static const struct recorder_call *record(const char *name, unsigned int argc,
					  const struct spec_argument *args,
					  void *const *values)
{
	struct recorder_call *call = record_new(argc, args, values);
	unsigned char *at = call->bytes;

	call->name = name;
	call->argc = argc;
	call->thread = pthread_self();
	call->deadline = recorder.host ? recorder.host->GetDeadline() : 0;
	at += (16 - (size_t)at % 16) % 16;
	for (unsigned int i = 0; i < argc; i++) {
		struct recorder_argument *a = &call->arg[i];

		a->name = args[i].name;
		a->size = args[i].size;
		a->value = keep(&at, values[i], a->size);
		a->pointee_size = readable_size(args, values, i);
		a->pointee = keep(&at, a->pointee_size ? pointer(values[i]) : NULL,
				  a->pointee_size);
	}
	pthread_mutex_lock(&lock);
	*last = call;
	last = &call->next;
	pthread_mutex_unlock(&lock);
	return call;
}

/* Memory for a list, remembered until it is released. */
static void *block_new(size_t size)
{
	struct block *block = malloc(sizeof(*block));
	void *memory = malloc(size);

	if (!block || !memory)
		abort();
	block->memory = memory;
	pthread_mutex_lock(&lock);
	block->next = blocks;
	blocks = block;
	recorder.lists++;
	pthread_mutex_unlock(&lock);
	return memory;
}

static struct block *block_take(const void *memory)
{
	struct block **at = &blocks, *found;

	while (*at && (*at)->memory != memory)
		at = &(*at)->next;
	found = *at;
	if (found) {
		*at = found->next;
		recorder.lists--;
		recorder.released++;
	} else
		recorder.bad_releases++;
	return found;
}

EXPORT IMA_STATUS IMA_FreeMemory(void *memory)
{
	struct block *block;

	if (!memory)
		return IMA_STATUS_SUCCESS;
	pthread_mutex_lock(&lock);
	block = block_take(memory);
	pthread_mutex_unlock(&lock);
	if (!block)
		return IMA_ERROR_INVALID_PARAMETER;
	free(block->memory);
	free(block);
	return IMA_STATUS_SUCCESS;
}

#define SIZE_OF_LIST(list, entry, n) (sizeof(list) + ((n) ? (n)-1 : 0) * sizeof(entry))

static void write_list(IMA_OID_LIST **list)
{
	IMA_UINT n = recorder.script.oid_count;

	*list = block_new(SIZE_OF_LIST(IMA_OID_LIST, IMA_OID, n));
	(*list)->oidCount = n;
	memcpy((*list)->oids, recorder.script.oids, n * sizeof(IMA_OID));
}

static void write_keys(IMA_ADDRESS_KEYS **keys)
{
	IMA_UINT n = recorder.script.key_count;

	*keys = block_new(SIZE_OF_LIST(IMA_ADDRESS_KEYS, IMA_ADDRESS_KEY, n));
	(*keys)->addressKeyCount = n;
	memcpy((*keys)->addressKeys, recorder.script.keys, n * sizeof(IMA_ADDRESS_KEY));
}

/* As the plugin of another system does it: count 0 if there is no list. */
static void write_methods(IMA_UINT *capacity, IMA_AUTHMETHOD *methods)
{
	IMA_UINT n = recorder.script.method_count;

	if (!methods)
		n = 0;
	else if (n > *capacity)
		n = *capacity;
	if (n)
		memcpy(methods, recorder.script.methods, n * sizeof(*methods));
	*capacity = n;
}

static void write_bytes(void *buffer, IMA_UINT *length, IMA_UINT n)
{
	if (!buffer || !length)
		return;
	if (n > *length)
		n = *length;
	memset(buffer, recorder.script.fill, n);
	*length = n;
}

static bool is_shared_node(const void *oid)
{
	static const IMA_OID shared = { IMA_OBJECT_TYPE_NODE, 0, 0 };

	return !memcmp(oid, &shared, sizeof(shared));
}

static void write_structure(const struct spec_argument *arg, void *const *values,
			    void *memory)
{
	if (!memory)
		return;
	if (arg->pointee == sizeof(IMA_NODE_PROPERTIES) && is_shared_node(values[0]))
		memcpy(memory, &recorder.script.node, sizeof(IMA_NODE_PROPERTIES));
	else
		memset(memory, recorder.script.fill, arg->pointee);
}

static void write_argument(const struct spec_argument *args, void *const *values,
			   unsigned int i)
{
	void *memory = args[i].pointee ? *(void **)values[i] : NULL;

	switch (args[i].kind) {
	case OUT:
	case OUT_OR_NULL:
		write_structure(&args[i], values, memory);
		break;
	case LIST:
		write_list(memory);
		break;
	case KEYS:
		write_keys(memory);
		break;
	case METHODS:
		write_methods(*(IMA_UINT **)values[i - 1], memory);
		break;
	case BUFFER:
		write_bytes(memory, *(IMA_UINT **)values[i + 1],
			    recorder.script.data_length);
		break;
	default:
		break;
	}
}

static void adopt(IMA_BOOL *valid, IMA_WCHAR *field, size_t size, const IMA_WCHAR *text)
{
	memset(field, 0, size);
	*valid = text && *text;
	if (*valid)
		memcpy(field, text, wide_bytes(text));
}

/* What a plugin on the shared node does when it is told a name or alias. */
static void adopt_shared(enum recorder_id id, void *const *values)
{
	IMA_NODE_PROPERTIES *node = &recorder.script.node;

	if (recorder.script.node_stubborn)
		return;
	if (id == CALL_IMA_SetNodeName && is_shared_node(values[0]))
		adopt(&node->nameValid, node->name, sizeof(node->name),
		      pointer(values[1]));
	if (id == CALL_IMA_SetNodeAlias && is_shared_node(values[0]))
		adopt(&node->aliasValid, node->alias, sizeof(node->alias),
		      pointer(values[1]));
}

static void keep_function(enum recorder_id id, void *const *values)
{
	IMA_OBJECT_PROPERTY_FN property;
	IMA_OBJECT_VISIBILITY_FN visibility;

	memcpy(&property, values[0], sizeof(property));
	memcpy(&visibility, values[0], sizeof(visibility));
	pthread_mutex_lock(&lock);
	if (id == CALL_IMA_RegisterForObjectPropertyChanges)
		recorder.property = property;
	if (id == CALL_IMA_RegisterForObjectVisibilityChanges)
		recorder.visibility = visibility;
	pthread_mutex_unlock(&lock);
}

static void answer_error(const struct spec_argument *args, void *const *values,
			 unsigned int argc, IMA_UINT32 status)
{
	for (unsigned int i = 0; i < argc; i++) {
		if (recorder.script.write_on_error)
			write_argument(args, values, i);
		if (recorder.script.garbage_list &&
		    (args[i].kind == LIST || args[i].kind == KEYS))
			**(void ***)values[i] = (void *)16;
		if (args[i].kind == SENSE &&
		    status == IMA_ERROR_SCSI_STATUS_CHECK_CONDITION)
			write_bytes(*(void **)values[i], *(IMA_UINT **)values[i + 1],
				    recorder.script.sense_length);
	}
}

static IMA_STATUS answer(enum recorder_id id, const char *name, unsigned int argc,
			 const struct spec_argument *args, void *const *values)
{
	const struct recorder_call *call = record(name, argc, args, values);
	IMA_UINT status = recorder.script.status[id];

	if (recorder.script.hook)
		recorder.script.hook(call);
	if (recorder.script.last_error && recorder.host)
		recorder.host->SetLastError(recorder.script.last_error);
	if (IMA_ERROR(status)) {
		answer_error(args, values, argc, (IMA_UINT32)status);
		return status;
	}
	for (unsigned int i = 0; i < argc; i++)
		write_argument(args, values, i);
	if (args[0].kind == FUNCTION)
		keep_function(id, values);
	else
		adopt_shared(id, values);
	return status;
}

#define DECLARE(i, argument)	TYPE_OF argument NAME_OF argument
#define ADDRESS_OF(i, argument) (void *)&NAME_OF argument
#define ENTRY(name, ...)                                                                \
	EXPORT IMA_STATUS name(EACH(DECLARE, __VA_ARGS__))                              \
	{                                                                               \
		static const struct spec_argument args[] = { EACH(ARGUMENT,             \
								  __VA_ARGS__) };       \
		void *values[] = { EACH(ADDRESS_OF, __VA_ARGS__) };                     \
		return answer(CALL_##name, #name, COUNT_OF(__VA_ARGS__), args, values); \
	}
#define NO_ENTRY(name, ...)

#define PLUGIN_LIBRARY				       NO_ENTRY
#define PLUGIN_FREE				       NO_ENTRY
#define PLUGIN_BROADCAST			       ENTRY
#define PLUGIN_EVENTS				       ENTRY
#define PLUGIN_SHARED				       ENTRY
#define PLUGIN_OWNER				       ENTRY
#define PLUGIN_ALIAS(f)				       PLUGIN_ALIAS_##f
#define PLUGIN_ALIAS_IMA_GetAddressKeys		       NO_ENTRY
#define PLUGIN_ALIAS_IMA_GetLuOid		       NO_ENTRY
#define PLUGIN_ALIAS_IMA_SetNetworkPortalIpAddress     NO_ENTRY
#define PLUGIN_ALIAS_IMA_PluginIOctl		       ENTRY

#define CALL(number, name, objects, support, who, ...) PLUGIN_##who(name, __VA_ARGS__)
#include "spec-calls.def"
#undef CALL

EXPORT IMA_STATUS IMAX_SetHost(const IMAX_HOST *host)
{
	recorder.host = host;
	return IMA_STATUS_SUCCESS;
}

EXPORT IMA_STATUS Initialize(IMA_UINT32 owner)
{
	recorder.owner = owner;
	recorder.initialized++;
	recorder.host_came_first = recorder.host != NULL;
	return IMA_STATUS_SUCCESS;
}

EXPORT void Terminate(void)
{
	recorder.terminated++;
}

static void recorder_reset(void)
{
	struct recorder_script script = { .fill = 0x5A };

	script.node.runningInInitiatorMode = IMA_TRUE;
	script.node.nameAndAliasSettable = IMA_TRUE;
	while (first) {
		struct recorder_call *call = first;

		first = call->next;
		free(call);
	}
	last = &first;
	recorder.script = script;
	recorder.released = recorder.bad_releases = 0;
}

static void recorder_release_lists(void)
{
	while (blocks) {
		struct block *block = blocks;

		blocks = block->next;
		free(block->memory);
		free(block);
	}
	recorder.lists = 0;
}

static unsigned int recorder_count(const char *name)
{
	unsigned int n = 0;

	pthread_mutex_lock(&lock);
	for (const struct recorder_call *call = first; call; call = call->next)
		n += !name || !strcmp(call->name, name);
	pthread_mutex_unlock(&lock);
	return n;
}

static const struct recorder_call *recorder_call(const char *name, unsigned int n)
{
	const struct recorder_call *found = NULL;

	pthread_mutex_lock(&lock);
	for (const struct recorder_call *call = first; call && !found; call = call->next)
		if ((!name || !strcmp(call->name, name)) && !n--)
			found = call;
	pthread_mutex_unlock(&lock);
	return found;
}

#define CALL(number, name, ...) #name,
static const char *const names[] = {
#include "spec-calls.def"
};
#undef CALL

static void recorder_set_status(const char *name, IMA_UINT status)
{
	for (size_t i = 0; i < RECORDER_CALLS; i++)
		if (!strcmp(names[i], name))
			recorder.script.status[i] = status;
}

static void recorder_set_all(IMA_UINT status)
{
	for (size_t i = 0; i < RECORDER_CALLS; i++)
		recorder.script.status[i] = status;
}

EXPORT struct recorder recorder = {
	.script = { .fill = 0x5A,
		    .node = { .runningInInitiatorMode = IMA_TRUE,
			      .nameAndAliasSettable = IMA_TRUE } },
	.reset = recorder_reset,
	.release_lists = recorder_release_lists,
	.count = recorder_count,
	.call = recorder_call,
	.set_status = recorder_set_status,
	.set_all = recorder_set_all,
};

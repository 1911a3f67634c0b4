/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recorder.h - how a test talks to the recording plugin.
 *
 * The plugin exports one variable, "recorder", beside the entry points. The test finds it
 * with dlopen and dlsym of the same file the library loaded. The fields under "script" say
 * how the plugin answers; they are set while no call runs. The plugin writes the others, and
 * every function pointer may be called at any time.
 */
#ifndef SUPPORT_RECORDER_H
#define SUPPORT_RECORDER_H

#include <pthread.h>
#include <stdbool.h>

#include "foreach.h"
#include "ima-plugin.h"

#define CALL(number, name, ...) CALL_##name,
enum recorder_id {
#include "spec-calls.def"
	RECORDER_CALLS
};
#undef CALL

struct recorder_argument {
	const char *name;
	size_t size;
	const unsigned char *value;
	size_t pointee_size; /* of what was readable behind a pointer */
	const unsigned char *pointee;
};

struct recorder_call {
	const char *name;
	unsigned int argc;
	struct recorder_argument arg[8];
	pthread_t thread;
	IMA_UINT64 deadline; /* 0 without IMAX_SetHost */
	struct recorder_call *next;
	unsigned char bytes[];
};

#define RECORDER_OIDS	 64
#define RECORDER_METHODS 32

struct recorder_script {
	IMA_UINT status[RECORDER_CALLS]; /* all 64 bits of the result register */
	unsigned char fill;		 /* every byte of a structure that is written */
	IMA_UINT oid_count;
	IMA_OID oids[RECORDER_OIDS];
	IMA_UINT key_count;
	IMA_ADDRESS_KEY keys[8];
	IMA_UINT method_count;
	IMA_AUTHMETHOD methods[RECORDER_METHODS];
	IMA_UINT data_length; /* bytes a command returns, all of them fill */
	IMA_UINT sense_length;
	/* The answer for {NODE, 0, 0}; a name or alias that is set there changes it. */
	IMA_NODE_PROPERTIES node;
	bool node_stubborn;  /* unless this is set */
	bool write_on_error; /* write the output although the status is an error */
	bool garbage_list;   /* on an error leave a pointer that must not be used */
	const IMAX_LAST_ERROR *last_error; /* to report before returning */
	/* Runs inside each call, after it was recorded and before it is answered. */
	void (*hook)(const struct recorder_call *call);
};

struct recorder {
	struct recorder_script script;

	const IMAX_HOST *host;
	IMA_UINT32 owner;
	unsigned int initialized; /* calls of Initialize */
	bool host_came_first;	  /* IMAX_SetHost before Initialize */
	unsigned int terminated;
	unsigned int lists; /* lists handed out and not released */
	unsigned int released;
	unsigned int bad_releases; /* IMA_FreeMemory of what is not such a list */
	/* Registered at the moment; read and written by several threads. */
	_Atomic(IMA_OBJECT_PROPERTY_FN) property;
	_Atomic(IMA_OBJECT_VISIBILITY_FN) visibility;

	/* Forget all records and go back to the first script: success, nothing in lists. */
	void (*reset)(void);
	/* Release the lists that nobody gave back. */
	void (*release_lists)(void);
	unsigned int (*count)(const char *name); /* NULL: all but IMA_FreeMemory */
	/* The n-th record of a name, from 0, or NULL. Valid until reset. */
	const struct recorder_call *(*call)(const char *name, unsigned int n);
	void (*set_status)(const char *name, IMA_UINT status);
	void (*set_all)(IMA_UINT status);
};

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * imactl.h - what every part of imactl shares: the run of one command, how it calls the
 * library and how it says what went wrong.
 *
 * A command is a function int run(struct context *c). It builds one document with doc.h, hands
 * it to output_document() and returns EXIT_DONE; or it returns what failed() or
 * refused() returned. Running out of memory ends the process in doc.c.
 *
 * Ownership: what keep() is given lives until the end of the run. Nothing here is
 * thread-safe except what says so: batch.h has the rules.
 */
#ifndef IMACTL_H
#define IMACTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "ima-ext.h"
#include "ima.h"
#include "shared/cleanup.h"

/* The arguments that are a format and what goes into it. */
#define printf_like(format_, first) __attribute__((format(printf, format_, first)))

/* The exit codes; imactl(1) promises them. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_NOT_SUPPORTED = 4,
	EXIT_TIMED_OUT = 5,
	EXIT_AUTHENTICATION = 6
};

/* Options of the command line; struct option_def of command.h describes each. */
enum option_id {
	OPT_JSON,
	OPT_TIMEOUT,
	OPT_QUIET,
	OPT_NO_HEADINGS,
	OPT_COLUMNS,
	OPT_HELP,
	OPT_VERSION,
	OPT_PLUGIN,
	OPT_LHBA,
	OPT_PHBA,
	OPT_PNP,
	OPT_TARGET,
	OPT_NODE,
	OPT_LUS,
	OPT_ALL,
	OPT_LONG,
	OPT_PAGE,
	OPT_CDB,
	OPT_WELL_KNOWN,
	OPT_SELECT,
	OPT_HEX,
	OPT_NAME,
	OPT_SECRET_FILE,
	OPT_SECRET_FD,
	OPT_ISNS_SERVER,
	OPT_ISNS_METHOD,
	OPT_TYPE,
	OPT_COUNT,
	OPT_WAIT,
	OPT_PORTAL,
	OPT_ADDRESS,
	OPT_MUTUAL,
	OPT_NO_MUTUAL,
	OPT_ALGORITHMS,
	OPT_CONNECT,
	OPT_END
};

/* Why the run did not succeed; written by failed(), refused() and nobody else. */
struct failure {
	enum exit_code exit;
	bool has_status; /* last.status is what the library, or imactl for it, says */
	IMAX_LAST_ERROR last; /* call, plugin, layer and the rest, as far as known */
	char text[1280];      /* one sentence: what failed, on which object, why */
	char object[512];     /* what people call the object, "" if none */
};

struct command;
struct object;
struct objects;

/* One run of imactl. */
struct context {
	const struct command *command;
	char **args; /* after noun and verb */
	int nargs;
	const char *option[OPT_END]; /* NULL: not given; "" for an option without value */
	uint64_t deadline;	     /* CLOCK_MONOTONIC in ns; 0: none was asked for */
	struct json_object *warnings;
	struct failure *held; /* warnings of a search, shown only if it fails */
	size_t nheld;
	bool holding;
	struct failure failure;
	const struct object *asked_for_sessions; /* cmd-target.c: the last LHBA asked */
	bool has_sessions;	 /* its answer; true if it does not tell */
	struct objects *objects; /* find.c: one per type, listed on first use */
	void **kept;
	size_t nkept;
};

static inline bool given(const struct context *c, enum option_id id)
{
	return c->option[id] != NULL;
}

/* The argument at place i, or NULL. */
static inline const char *arg(const struct context *c, int i)
{
	return i < c->nargs ? c->args[i] : NULL;
}

static inline bool oid_equal(IMA_OID a, IMA_OID b)
{
	return a.objectType == b.objectType && a.ownerId == b.ownerId &&
	       a.objectSequenceNumber == b.objectSequenceNumber;
}

static inline void cleanup_ima(void *pointer)
{
	if (*(void **)pointer)
		IMA_FreeMemory(*(void **)pointer);
}
#define _cleanup_ima_ _cleanup_(cleanup_ima)

void context_start(struct context *c);
void context_end(struct context *c);

/* Hands an allocation to the context; returns it. Ends the process if it is NULL. */
void *keep(struct context *c, void *allocation);

/* CLOCK_MONOTONIC. */
uint64_t now_ns(void);

/* Gives the next call of the library what is left of --timeout. */
void call_begin(struct context *c);

/* Every call of the library that may wait goes through this. */
#define CALL(c, function, ...) (call_begin(c), function(__VA_ARGS__))

/*
 * A call of the library returned an error: records the status and what IMAX_GetLastError
 * knows, with a sentence that begins with the text given: "cannot log in to iqn...". object is
 * what people call the object, or NULL. To be called before the next call of the library.
 * Returns the exit code.
 */
printf_like(4, 5) int failed(struct context *c, IMA_STATUS status, const char *object,
			     const char *format, ...);

/* The same for a thread that has a failure of its own. */
printf_like(4, 5) void failure_set(struct failure *failure, IMA_STATUS status,
				   const char *object, const char *format, ...);
printf_like(4, 5) void failure_refuse(struct failure *failure, enum exit_code exit,
				      const char *object, const char *format, ...);

/* imactl itself refuses: the whole sentence is given. Returns exit. */
printf_like(3, 4) int refused(struct context *c, enum exit_code exit, const char *format,
			      ...);

/* As refused() with EXIT_NOT_FOUND, with what could not be found. */
printf_like(4, 5) int not_found(struct context *c, IMA_OBJECT_TYPE type, const char *name,
				const char *format, ...);

/* The sense data that came with a failed command, when the record of the library has none. */
void failure_sense(struct context *c, const uint8_t *sense, size_t length);

/* "target", "logical unit"... */
const char *object_type_text(IMA_OBJECT_TYPE type);

/* As failed(), but the run goes on: the document gets the error as a warning. */
printf_like(4, 5) void warn_failed(struct context *c, IMA_STATUS status,
				   const char *object, const char *format, ...);

/* The failure just recorded becomes a warning, and the run goes on. */
void failure_to_warning(struct context *c);

/* Between the two, warnings are held back; then they are shown, or forgotten. */
void warnings_hold(struct context *c);
void warnings_release(struct context *c, bool show);

/* An oddity worth a warning; the whole sentence is given. */
printf_like(2, 3) void warn(struct context *c, const char *format, ...);

/* The object of "imactl/error/1". */
struct json_object *failure_document(const struct failure *failure);

/* The failure on standard error: a sentence, and where it comes from. */
void failure_print(const struct failure *failure);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spec.h - the table of spec-calls.def as data, and a way to call any function of it with
 * arguments made up from the kinds of its parameters.
 *
 * struct arguments holds the value of each argument and, for pointers, the memory it points
 * to, allocated as large as the function may use and no larger. The test owns it.
 */
#ifndef SUPPORT_SPEC_H
#define SUPPORT_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "foreach.h"
#include "ima-ext.h"

/* Sets of object types. */
enum {
	NONE = 0,
	PLUGIN = 1 << IMA_OBJECT_TYPE_PLUGIN,
	NODE = 1 << IMA_OBJECT_TYPE_NODE,
	LHBA = 1 << IMA_OBJECT_TYPE_LHBA,
	PHBA = 1 << IMA_OBJECT_TYPE_PHBA,
	PORTAL = 1 << IMA_OBJECT_TYPE_NETWORK_PORTAL,
	LNP = 1 << IMA_OBJECT_TYPE_LNP,
	PNP = 1 << IMA_OBJECT_TYPE_PNP,
	TARGET = 1 << IMA_OBJECT_TYPE_TARGET,
	LU = 1 << IMA_OBJECT_TYPE_LU,
	ADDRESS = 1 << IMA_OBJECT_TYPE_DISCOVERY_ADDRESS,
	STATIC = 1 << IMA_OBJECT_TYPE_STATIC_DISCOVERY_TARGET,
	CONNECTION = 1 << IMA_OBJECT_TYPE_CONNECTION,
	SESSION = 1 << IMA_OBJECT_TYPE_SESSION,
	ANY = 0x7FFE
};

/* The defined object types are 1 to this one: the session extensions are built in (D28). */
#define LAST_OBJECT_TYPE IMA_OBJECT_TYPE_SESSION

enum spec_who { WHO_LIBRARY, WHO_FREE, WHO_BROADCAST, WHO_EVENTS, WHO_SHARED, WHO_OWNER };

enum spec_kind {
	OID,	      /* the object */
	BOOL,	      /* IMA_TRUE or IMA_FALSE */
	BYTE,	      /* any byte */
	NUMBER,	      /* 32-bit value in an IMA_UINT */
	CDB,	      /* 10 or 16 */
	COMMAND,      /* any IMA_UINT */
	LUN,	      /* any IMA_UINT64 */
	METHOD,	      /* IMA_AUTHMETHOD but NONE */
	IMAGE,	      /* IMA_PHBA_DOWNLOAD_IMAGE_TYPE */
	ISNS,	      /* IMA_ISNS_DISCOVERY_METHOD */
	LEVEL,	      /* IMA_COMMIT_LEVEL */
	DIRECTION,    /* IMAX_CHAP_DIRECTION */
	DIGEST,	      /* IMAX_DIGEST_OFFER */
	SETTING,      /* IMAX_SETTING */
	SECONDS,      /* time_t, 2 or more */
	STRUCT,	      /* structure by value */
	FUNCTION,     /* function of the client */
	MEMORY,	      /* memory to release */
	IN,	      /* structure to read */
	IN_OR_NULL,   /* the same or NULL */
	LUN_BYTES,    /* 8 bytes to read */
	TEXT,	      /* zero-terminated wide text to read */
	TEXT_OR_NULL, /* the same or NULL */
	COUNT,	      /* number of entries of the ARRAY that follows */
	ARRAY,	      /* methods or algorithms to read */
	INPUT,	      /* bytes to read or NULL; their number follows */
	INPUT_LENGTH, /* number of bytes of the INPUT before it */
	OUT,	      /* structure to write */
	OUT_OR_NULL,  /* the same or NULL */
	NAME,	      /* IMA_NODE_NAME to write */
	LIST,	      /* receives an IMA_OID_LIST */
	KEYS,	      /* receives an IMA_ADDRESS_KEYS */
	CAPACITY,     /* in: capacity, out: entries of the METHODS that follow */
	METHODS,      /* methods to write or NULL */
	BUFFER,	      /* bytes to write; size follows */
	SENSE,	      /* sense data to write or NULL; size follows */
	LENGTH	      /* in: size, out: bytes of the BUFFER or SENSE before it */
};

/* What a pointer of a kind points to, where that follows from its type. */
#define POINTEE_OF(type, kind, name) POINTEE_OF_(type, kind)
#define POINTEE_OF_(type, kind)	     POINTEE_##kind(type)
#define POINTEE_OID(type)	     0
#define POINTEE_BOOL(type)	     0
#define POINTEE_BYTE(type)	     0
#define POINTEE_NUMBER(type)	     0
#define POINTEE_CDB(type)	     0
#define POINTEE_COMMAND(type)	     0
#define POINTEE_LUN(type)	     0
#define POINTEE_METHOD(type)	     0
#define POINTEE_IMAGE(type)	     0
#define POINTEE_ISNS(type)	     0
#define POINTEE_LEVEL(type)	     0
#define POINTEE_DIRECTION(type)	     0
#define POINTEE_DIGEST(type)	     0
#define POINTEE_SETTING(type)	     0
#define POINTEE_SECONDS(type)	     0
#define POINTEE_STRUCT(type)	     0
#define POINTEE_FUNCTION(type)	     0
#define POINTEE_MEMORY(type)	     0
#define POINTEE_COUNT(type)	     0
#define POINTEE_INPUT_LENGTH(type)   0
#define POINTEE_IN(type)	     sizeof(*(type)0)
#define POINTEE_IN_OR_NULL(type)     sizeof(*(type)0)
#define POINTEE_LUN_BYTES(type)	     8
#define POINTEE_TEXT(type)	     (600 * sizeof(IMA_WCHAR))
#define POINTEE_TEXT_OR_NULL(type)   (600 * sizeof(IMA_WCHAR))
#define POINTEE_ARRAY(type)	     (2 * sizeof(IMA_AUTHMETHOD))
#define POINTEE_INPUT(type)	     24
#define POINTEE_OUT(type)	     sizeof(*(type)0)
#define POINTEE_OUT_OR_NULL(type)    sizeof(*(type)0)
#define POINTEE_NAME(type)	     sizeof(IMA_NODE_NAME)
#define POINTEE_LIST(type)	     sizeof(*(type)0)
#define POINTEE_KEYS(type)	     sizeof(*(type)0)
#define POINTEE_CAPACITY(type)	     sizeof(*(type)0)
#define POINTEE_METHODS(type)	     (8 * sizeof(IMA_AUTHMETHOD))
#define POINTEE_BUFFER(type)	     96
#define POINTEE_SENSE(type)	     96
#define POINTEE_LENGTH(type)	     sizeof(*(type)0)

/* One argument (type, kind, name) as a struct spec_argument. */
#define TEXT_OF(x)  TEXT_OF_(x)
#define TEXT_OF_(x) #x
#define ARGUMENT(i, argument)                                                          \
	{                                                                              \
		TEXT_OF(NAME_OF argument), KIND_OF argument, sizeof(TYPE_OF argument), \
			POINTEE_OF argument                                            \
	}
#define MAX_ARGUMENTS 8

struct spec_argument {
	const char *name;
	enum spec_kind kind;
	size_t size;	/* of the argument itself */
	size_t pointee; /* of what it points to, if that is a type */
};

struct arguments;

struct spec_call {
	unsigned int clause;
	const char *number;
	const char *name;
	unsigned int objects;
	IMA_STATUS missing; /* what a plugin without the function gives */
	enum spec_who who;
	const char *arrives_as;
	unsigned int argc;
	struct spec_argument arg[MAX_ARGUMENTS];
	IMA_STATUS (*call)(struct arguments *arguments);
};

extern const struct spec_call spec_calls[];
extern const size_t spec_call_count;

/* The row of a name; a test that asks for a name that is not there is broken and aborts. */
const struct spec_call *spec_find(const char *name);
/* "6.2.79", or "extension". */
const char *spec_clause(const struct spec_call *call);
/* Does the library hand this call to the plugin that owns the object? */
bool spec_routed(const struct spec_call *call);
/* The lowest type in a set. */
IMA_OBJECT_TYPE spec_first_type(unsigned int objects);
const char *spec_type_name(unsigned int type);

/* Every defined status, without IMA_STATUS_ERROR; ends with UINT32_MAX. */
extern const IMA_UINT32 spec_statuses[];

struct argument {
	_Alignas(16) unsigned char value[sizeof(IMA_STATIC_DISCOVERY_TARGET)];
	unsigned char *memory; /* what a pointer points to, or NULL */
	unsigned char *before; /* copy of memory made by arguments_remember */
	size_t size;	       /* of memory */
};

struct arguments {
	const struct spec_call *call;
	struct argument arg[MAX_ARGUMENTS];
};

/* Valid arguments for a call about {first type it takes, owner, 77}. */
void arguments_init(struct arguments *arguments, const struct spec_call *call,
		    IMA_UINT32 owner);
void arguments_free(struct arguments *arguments);
int arguments_index(const struct arguments *arguments, const char *name);
/* The OID among the arguments, or NULL. */
IMA_OID *arguments_oid(struct arguments *arguments);
/* Keep a copy of all memory; tell whether the memory still is as it was. */
void arguments_remember(struct arguments *arguments);
bool arguments_unchanged(const struct arguments *arguments, unsigned int index);
/* The first argument of this kind, or NULL. */
struct argument *arguments_of_kind(struct arguments *arguments, enum spec_kind kind);

#endif

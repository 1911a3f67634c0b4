/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * value.h - the types of the properties of simulated objects, between text and memory.
 *
 * A property is a row of a table (kinds.c): a name, a type, and where its value lies in the
 * values of an object. Parser, control language, listing, state file and change events work
 * on these rows; no property has code of its own.
 */
#ifndef SIM_VALUE_H
#define SIM_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "plugin-support/address.h"
#include "statement.h"

struct model;
struct object;

enum value_type {
	VALUE_BOOL,	/* yes, no */
	VALUE_XBOOL,	/* yes, no, unknown */
	VALUE_NUMBER,	/* min to max; 4K, 1M, 2G, 1T */
	VALUE_TEXT,	/* char[size] */
	VALUE_ISCSI,	/* char[size], an iSCSI name or empty */
	VALUE_WORD,	/* one of words */
	VALUE_WORDS,	/* set of words, a bit each */
	VALUE_TIME,	/* int64_t, seconds since 1970 */
	VALUE_MAC,	/* 6 bytes */
	VALUE_IP,	/* struct ip_value */
	VALUE_ENDPOINT, /* struct address; host is empty for none */
	VALUE_PORTALS,	/* struct portals */
	VALUE_SUBNETS,	/* struct subnets */
	VALUE_METHODS,	/* struct methods: words, without any authentication methods */
	VALUE_BYTES,	/* struct bytes_N */
	VALUE_OVERRIDE, /* struct override: "inherit", or a number or one of words */
	VALUE_OBJECT,	/* struct object *, of kind reference; NULL is "none" */
	VALUE_OBJECTS,	/* struct references */
};

enum property_flags {
	PROPERTY_SECRET = 1,  /* not shown, only in the state file */
	PROPERTY_NOW = 2,     /* has no value of its own for after the next reboot */
	PROPERTY_HIDDEN = 4,  /* changes are no property changes for clients */
	PROPERTY_NETWORK = 8, /* changes may change what is found and reached */
	PROPERTY_INHERITED =
		16, /* of an LHBA: counts for targets without a value of their own */
};

/* The words of a VALUE_WORD or VALUE_WORDS; the value is the index, or 1 << index. */
struct words {
	unsigned int count;
	const char *const *words;
};

struct property {
	const char *name;
	enum value_type type;
	unsigned int offset;
	unsigned int size;
	unsigned int flags;
	uint64_t min; /* numbers; VALUE_WORDS: the words that are allowed, 0 for all */
	uint64_t max;
	const struct words *words;
	int reference; /* enum kind_id */
};

struct ip_value {
	uint8_t family; /* 0 none, 4, 6 */
	uint8_t bytes[16];
};

struct portal_address {
	struct ip_value ip;
	uint16_t port;
	uint16_t group;
};

#define PORTALS_MAX 8
struct portals {
	uint8_t count;
	struct portal_address list[PORTALS_MAX];
};

#define SUBNETS_MAX 4
struct subnets {
	uint8_t count;
	struct {
		struct ip_value ip;
		uint8_t bits;
	} list[SUBNETS_MAX];
};

#define METHODS_MAX 6
struct methods {
	uint8_t count;
	uint8_t list[METHODS_MAX]; /* IMA_AUTHMETHOD, or the index of the word */
};

/* Every struct bytes_N begins like this one. */
struct bytes {
	uint32_t length;
	uint8_t data[];
};
#define BYTES_OF(n)              \
	{                        \
		uint32_t length; \
		uint8_t data[n]; \
	}
struct bytes_256 BYTES_OF(256);
struct bytes_512 BYTES_OF(512);
struct bytes_1024 BYTES_OF(1024);
struct bytes_4096 BYTES_OF(4096);

struct override {
	bool set;
	uint32_t value;
};

#define REFERENCES_MAX 16
struct references {
	uint8_t count;
	struct object *list[REFERENCES_MAX];
};

extern const struct words auth_method_words;

/* Numbers, booleans, words: integers of 1, 2, 4 or 8 bytes. */
uint64_t integer_load(const void *field, unsigned int size);
void integer_store(void *field, unsigned int size, uint64_t value);

/*
 * Parse text into field, which has property->size bytes and was the old value. On an error
 * -EINVAL and a message; field may then hold anything.
 */
int value_parse(const struct property *property, const struct word *word, void *field,
		struct model *model, struct problem *problem);

/* The text value_parse reads, without quotes. */
void value_print(const struct property *property, const void *field, FILE *out);

/* Are two values of a property the same? References are compared by identity. */
bool value_equal(const struct property *property, const void *a, const void *b);

/* Is there a value, or does that of the LHBA count? */
bool value_is_own(const struct property *property, const void *field);

/* The parts, for identities and commands. 0 or -EINVAL. */
int ip_parse(const char *text, struct ip_value *ip);
void ip_print(const struct ip_value *ip, FILE *out);
bool ip_equal(const struct ip_value *a, const struct ip_value *b);
int endpoint_parse(const char *text, struct address *endpoint);
void endpoint_print(const struct address *endpoint, FILE *out);
int size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value);
int time_parse(const char *text, int64_t *seconds);
void time_print(int64_t seconds, FILE *out);
int duration_parse(const char *text, uint64_t *milliseconds);
/* Is text a valid iSCSI name (iqn., eui. or naa. form), in normalized form? */
bool iscsi_name_is_valid(const char *text);
/* text in quotes if it needs them. */
void text_print_quoted(const char *text, FILE *out);

#endif

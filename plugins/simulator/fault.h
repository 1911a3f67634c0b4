/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fault.h - what goes wrong on demand: which calls, how, and how often.
 *
 * A fault is made by the statement "fault" and takes part in the calls it matches: after
 * skip of them, count times. The first fault that matches is the one that counts.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "model.h"

enum function {
#define READS(name)   FUNCTION_##name,
#define CHANGES(name) FUNCTION_##name,
#include "functions.def"
	FUNCTIONS
};

enum { HANG_NO, HANG_TARGET, HANG_LOCAL };

#define FAULT_ALWAYS UINT64_MAX
#define SENSE_MAX    252

struct fault {
	struct fault *next;
	uint64_t number;
	int function;	 /* enum function, or -1: any */
	uint64_t object; /* id, or 0: any */
	int object_kind;
	uint64_t skip, count;
	uint64_t delay; /* milliseconds */
	uint32_t hang;
	bool has_status, has_scsi, crash;
	uint32_t status;
	uint64_t allocation; /* the how manieth allocation of the call fails; 0: none */
	uint8_t scsi_status;
	uint8_t sense_length;
	uint8_t sense[SENSE_MAX];
	char *path; /* of the object, for listing; NULL: any */
};

const char *function_name(int function);
bool function_changes(int function);

/* The statement "fault FUNCTION [KEY=VALUE]...". 0, -EINVAL or -ENOMEM. */
int fault_add(struct model *model, const struct statement *statement,
	      struct problem *problem);
/* 0, or -ENOENT if there is no fault with this number. */
int fault_remove(struct model *model, uint64_t number);
void faults_clear(struct model *model);
/* As the statements that make them. */
void faults_print(const struct model *model, bool numbers, FILE *out);

/* The fault of this call, copied to *fault; path is not. False if there is none. */
bool fault_match(struct model *model, int function, uint64_t object, struct fault *fault);

/* The value of a status name, the name of a value; numbers are accepted too. */
int status_parse(const char *text, uint32_t *status);
const char *status_name(uint32_t status);

/* Fixed format sense data (SPC-3, 4.5.3); returns its length. */
uint8_t sense_make(uint8_t *sense, uint8_t key, uint8_t code, uint8_t qualifier);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor.h - what is wrong with open-iscsi and the kernel's initiator on this machine.
 *
 * A check looks at one thing and reports what it found; one that reports nothing found nothing
 * wrong. Checks read; none changes anything or waits beyond the deadline of the call. They run
 * without the lock of the plugin, on a copy of what there is.
 */
#ifndef LINUX_DOCTOR_H
#define LINUX_DOCTOR_H

#include <stdio.h>

#include "linux.h"

enum severity {
	SEVERITY_OK,
	SEVERITY_HINT,
	SEVERITY_WARNING,
	SEVERITY_PROBLEM,
};

/* A node record. */
struct record_place {
	const char *path; /* below the database */
	const char *iface, *target;
	struct portal portal;
};

struct session_place {
	uint32_t sid;
	const char *iface, *target;
	size_t records; /* of the target */
};

struct doctor;

struct check {
	const char *name;
	const char
		*fine; /* what to say if it reported nothing; NULL: it says that itself */
	void (*run)(struct doctor *d);
	bool connects; /* only if that was asked for */
};

struct doctor {
	FILE *out;
	const struct check *check;
	bool reported;
	uint64_t deadline;
	struct arena arena;
	struct array records;  /* struct record_place, by interface, target and portal */
	struct array sessions; /* struct session_place */
	bool denied;	       /* not all records can be seen by this user */
};

/* advice may be "". What is found says what it is about in object, which may be "". */
void doctor_report(struct doctor *d, enum severity severity, const char *object,
		   const char *advice, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Of the installation: doctor-system.c. */
void check_transport(struct doctor *d);
void check_programs(struct doctor *d);
void check_daemon(struct doctor *d);
void check_lock(struct doctor *d);
void check_name(struct doctor *d);
void check_database(struct doctor *d);
void check_permissions(struct doctor *d);

/* Of what is configured and connected: doctor-state.c. */
void check_records(struct doctor *d);
void check_sessions(struct doctor *d);
void check_disks(struct doctor *d);
void check_authentication(struct doctor *d);
void check_portals(struct doctor *d);

#endif

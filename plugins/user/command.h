/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * command.h - SCSI commands for a target: over the session the process holds, or over one
 * that is made for the command.
 */
#ifndef USER_COMMAND_H
#define USER_COMMAND_H

#include "ima.h"
#include "iscsi/iscsi.h"

struct tally;

/**
 * struct command - one command
 * @task: lun, cdb, cdb_length, in and in_length are set by the caller; afterwards the result
 * @error: why the target did not complete it; kind NOTHING if it did
 * @done, @user: of who submits it
 * @tally: of the LU; NULL: none
 * @attention: called for each UNIT ATTENTION; may be NULL
 */
struct command {
	struct iscsi_task task;
	struct iscsi_error error;
	void (*done)(struct command *command); /* on the loop's thread */
	void *user;
	struct tally *tally;
	void (*attention)(struct command *command); /* on the loop's thread */
	struct iscsi_session *session;
	unsigned int tries;
};

/**
 * command_submit - send it over a session that is up, until the deadline; loop's thread
 *
 * A UNIT ATTENTION is not the answer to the command: it is sent again.
 */
void command_submit(struct iscsi_session *session, struct command *command,
		    uint64_t deadline);

/**
 * command_run - send it to a target and wait; outside of the gate
 *
 * A command that was cut off by the loss of a session that is held is sent once more when that
 * is back: these commands only ask.
 *
 * Return: success if the target completed the command, whatever its SCSI status; otherwise
 * the status for the client, last error set.
 */
IMA_STATUS command_run(IMA_OID target, struct command *command);

#endif

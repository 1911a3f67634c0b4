/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * initiator-file.h - changing the text of initiatorname.iscsi.
 *
 * Not only iscsid reads it: scripts that start the machine look for "InitiatorName=" without a
 * blank, and those that boot from iSCSI source it as shell commands.
 */
#ifndef LINUX_INITIATOR_FILE_H
#define LINUX_INITIATOR_FILE_H

#include <stdbool.h>

#include "record.h"

#define INITIATOR_FILE	"initiatorname.iscsi"
#define INITIATOR_NAME	"InitiatorName"
#define INITIATOR_ALIAS "InitiatorAlias"
/* With the value "yes" scripts make a name up when they start iscsid. */
#define INITIATOR_GENERATE "GenerateName"

/* Is there a line with the name that scripts find? */
bool initiator_is_found(const struct record *record);

/* Is the name to be replaced when iscsid starts next? */
bool initiator_is_replaced(const struct record *record);

/*
 * The text with this change, to be released with free(). A name that is set takes the line away
 * that has one made up. A value that is more than a word is put where shells skip it. 0; -EINVAL
 * for a value of several lines; -ENOMEM.
 */
int initiator_edit(const char *text, size_t size, const struct record_change *change,
		   char **edited, size_t *edited_size);

#endif

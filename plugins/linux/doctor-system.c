// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * doctor-system.c - checks of the installation: kernel, programs, daemon, files. No state.
 */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "initiator-file.h"
#include "iscsid.h"
#include "lock.h"
#include "record.h"
#include "shared/iscsi-name.h"

void check_transport(struct doctor *d)
{
	if (!world_has_transport(&plugin.world))
		doctor_report(d, SEVERITY_PROBLEM, "",
			      "load the module iscsi_tcp; if there is none, install a "
			      "kernel that has it",
			      "the kernel has no iSCSI transport");
}

/* --- Programs -------------------------------------------------------------------------------- */

#define VERSION_SIZE 64

/* "iscsid version 2.1.8": the last word; empty if it cannot be had. */
static void read_version(struct doctor *d, const char *program,
			 char version[VERSION_SIZE])
{
	const char *const argv[] = { program, "--version", NULL };
	struct child_output _cleanup_output_ output = { 0 };
	const struct runner *runner = &plugin.world.runner;
	const char *blank;

	*version = 0;
	if (runner->run(runner->data, argv, d->deadline, &output) || output.exit_code)
		return;
	output.text[strcspn(output.text, "\n")] = 0;
	blank = strrchr(output.text, ' ');
	snprintf(version, VERSION_SIZE, "%s", blank ? blank + 1 : output.text);
}

/* The daemon lies beside the tool. */
static void path_of_daemon(char *path, size_t size)
{
	const char *tool = plugin.world.iscsiadm;
	const char *slash = strrchr(tool, '/');

	snprintf(path, size, "%.*s/iscsid", (int)(slash ? slash - tool : 0), tool);
}

void check_programs(struct doctor *d)
{
	char tool[VERSION_SIZE], daemon[VERSION_SIZE], path[320];

	if (!plugin.world.iscsiadm[0]) {
		doctor_report(d, SEVERITY_PROBLEM, "iscsiadm",
			      "install the package open-iscsi",
			      "iscsiadm is not installed: nothing can be changed");
		return;
	}
	path_of_daemon(path, sizeof(path));
	read_version(d, plugin.world.iscsiadm, tool);
	read_version(d, path, daemon);
	if (!*tool || !*daemon)
		doctor_report(d, SEVERITY_PROBLEM, *tool ? path : plugin.world.iscsiadm,
			      "install the package open-iscsi again",
			      "the program does not tell its version");
	else if (strcmp(tool, daemon))
		doctor_report(d, SEVERITY_PROBLEM, "iscsiadm",
			      "install both from the same package: they only understand "
			      "each other in the same version",
			      "iscsiadm is of version %s, iscsid of version %s", tool,
			      daemon);
	else
		doctor_report(d, SEVERITY_OK, "", "", "open-iscsi %s", tool);
}

/* --- Daemon ---------------------------------------------------------------------------------- */

static void report_no_daemon(struct doctor *d, const struct iscsid *iscsid)
{
	if (iscsid->listening)
		doctor_report(
			d, SEVERITY_OK, "", "",
			"iscsid is started on demand, or runs in another container");
	else
		doctor_report(d, SEVERITY_PROBLEM, "iscsid",
			      "start it: systemctl enable --now iscsid",
			      "iscsid is not running: no login is possible, and lost "
			      "sessions do not come back");
}

void check_daemon(struct doctor *d)
{
	struct iscsid iscsid;

	iscsid_look(&plugin.world, &iscsid);
	if (!*iscsid.pid)
		report_no_daemon(d, &iscsid);
	else if (iscsid.stopped)
		doctor_report(d, SEVERITY_PROBLEM, "iscsid",
			      "let it go on (SIGCONT), or start it again",
			      "process %s is stopped and answers nobody", iscsid.pid);
	else if (!iscsid.listening && !iscsid.unknown)
		doctor_report(d, SEVERITY_PROBLEM, "iscsid",
			      "run iscsiadm and iscsid in the same network namespace",
			      "process %s runs, but not in this network namespace: "
			      "iscsiadm cannot reach it",
			      iscsid.pid);
	else if (iscsid.replaced)
		doctor_report(d, SEVERITY_WARNING, "iscsid",
			      "start it again; sessions go on meanwhile",
			      "process %s is of a program that was replaced since: its "
			      "version may not be that of iscsiadm",
			      iscsid.pid);
	else
		doctor_report(d, SEVERITY_OK, "", "", "iscsid runs as process %s",
			      iscsid.pid);
}

void check_lock(struct doctor *d)
{
	struct db_lock_state state = { 0 };
	int _cleanup_close_ dir = world_lock(&plugin.world);
	char path[512] = "", advice[600];

	world_lock_path(&plugin.world, "lock.write", path, sizeof(path));
	if (db_lock_look(dir, &state) || !state.held)
		return;
	snprintf(advice, sizeof(advice), "if no iscsiadm is running, remove %s", path);
	if (state.seconds > DB_LOCK_STALE_SECONDS)
		doctor_report(d, SEVERITY_PROBLEM, path, advice,
			      "the lock is held since %lld s, longer than any change "
			      "takes: every command of iscsiadm waits 30 s for it",
			      (long long)state.seconds);
	else
		doctor_report(d, SEVERITY_HINT, path, "look again in a minute",
			      "the lock is held since %lld s", (long long)state.seconds);
}

/* --- Name ------------------------------------------------------------------------------------ */

/* Names that are in documentation and in images, and so on more than one machine. */
static bool is_placeholder(const char *name)
{
	static const char *const parts[] = { ".example", "example.", "changeme",
					     "initiatorname" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcasestr(name, parts[i]))
			return true;
	return false;
}

static int64_t mtime_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : st.st_mtim.tv_sec;
}

/* A copied image gets a machine-id of its own when it starts, but keeps its other files. */
static bool is_older_than_machine(void)
{
	char name[512], machine[512];
	int64_t written, born;

	if (world_config_path(&plugin.world, INITIATOR_FILE, name, sizeof(name)))
		return false;
	snprintf(machine, sizeof(machine), "%s/etc/machine-id", plugin.world.root);
	written = mtime_of(name);
	born = mtime_of(machine);
	return written >= 0 && born >= 0 && written < born;
}

static size_t count_names(const struct record *record)
{
	size_t n = 0;

	for (size_t i = 0; i < record->count; i++)
		n += !strcmp(record->lines[i].key, INITIATOR_NAME);
	return n;
}

#define OWN_NAME "give it one of its own: imactl node set-name"

static void judge_name(struct doctor *d, const char *name, size_t count)
{
	const char *why;

	if (iscsi_name_check(name, &why))
		doctor_report(d, SEVERITY_PROBLEM, name, OWN_NAME, "the name %s", why);
	else if (count > 1)
		doctor_report(d, SEVERITY_WARNING, name, "leave one of them",
			      "there are %zu names; only the last counts", count);
	else if (is_placeholder(name))
		doctor_report(d, SEVERITY_PROBLEM, name, OWN_NAME,
			      "this is a name from documentation: another machine may "
			      "have it, and both will disturb each other");
	else if (is_older_than_machine())
		doctor_report(d, SEVERITY_WARNING, name,
			      "if the machine was copied from an image, " OWN_NAME,
			      "the name is older than the identity of this machine: "
			      "another copy of it may have the same");
	else
		doctor_report(d, SEVERITY_OK, name, "", "the machine has a name");
}

void check_name(struct doctor *d)
{
	struct record _cleanup_record_ record = { 0 };
	int _cleanup_close_ config = world_config(&plugin.world);
	int err = config < 0 ? config : record_read(config, INITIATOR_FILE, &record);
	const char *name = record_get(&record, INITIATOR_NAME);

	if (err == -EACCES)
		doctor_report(d, SEVERITY_HINT, INITIATOR_FILE, "ask again as root",
			      "this user may not read the name");
	else if (!name)
		doctor_report(d, SEVERITY_PROBLEM, INITIATOR_FILE,
			      "imactl node set-name \"$(imactl node generate-name)\"",
			      "the machine has no initiator name: no login is possible");
	else if (!initiator_is_found(&record))
		doctor_report(d, SEVERITY_PROBLEM, name,
			      "imactl node set-name NAME, with this name",
			      "there are blanks in \"" INITIATOR_NAME
			      "=\": scripts that start iscsid do not find the name");
	else if (initiator_is_replaced(&record))
		doctor_report(d, SEVERITY_WARNING, name,
			      "imactl node set-name NAME, with the one to keep",
			      "because of " INITIATOR_GENERATE
			      " the machine gets another name when iscsid starts next");
	else
		judge_name(d, name, count_names(&record));
}

/* --- Files ----------------------------------------------------------------------------------- */

void check_database(struct doctor *d)
{
	char used[512] = "";
	const char *other = world_other_database(&plugin.world);

	world_database_path(&plugin.world, "nodes", used, sizeof(used));
	if (d->denied)
		doctor_report(d, SEVERITY_HINT, used, "ask again as root",
			      "this user may not read all of the database");
	if (other)
		doctor_report(d, SEVERITY_WARNING, other,
			      "find out which of them iscsid uses, and remove the other",
			      "there are node records here too; %s is used", used);
	if (!d->reported)
		doctor_report(d, SEVERITY_OK, used, "", "%zu records", d->records.count);
}

/* Rights on a file that others than the owner must not have; missing files have none. */
static void check_mode(struct doctor *d, int dir, const char *path, const char *shown,
		       mode_t forbidden)
{
	char advice[1100];
	struct stat st;

	if (dir < 0 || fstatat(dir, path, &st, 0) < 0 || !(st.st_mode & forbidden))
		return;
	snprintf(advice, sizeof(advice), "chmod %s %s", forbidden & 0044 ? "600" : "go-w",
		 shown);
	doctor_report(d, SEVERITY_PROBLEM, shown, advice,
		      forbidden & 0044
			      ? "other users may read or change it, and it has a secret "
				"(mode %04o)"
			      : "other users may change it (mode %04o)",
		      st.st_mode & 07777u);
}

static bool has_secret(int dir, const char *path)
{
	struct record _cleanup_record_ record = { 0 };

	if (dir < 0 || record_read(dir, path, &record))
		return false;
	for (size_t i = 0; i < record.count; i++)
		if (strstr(record.lines[i].key, ".password") &&
		    record_get(&record, record.lines[i].key))
			return true;
	return false;
}

static void check_config_mode(struct doctor *d, int config, const char *file)
{
	char shown[512];

	if (!world_config_path(&plugin.world, file, shown, sizeof(shown)))
		check_mode(d, config, file, shown,
			   has_secret(config, file) ? 0077 : 0022);
}

void check_permissions(struct doctor *d)
{
	int _cleanup_close_ config = world_config(&plugin.world);
	int _cleanup_close_ root = world_database(&plugin.world);
	const struct record_place *list = d->records.data;
	char shown[1024];

	check_config_mode(d, config, "iscsid.conf");
	check_config_mode(d, config, INITIATOR_FILE);
	if (!world_database_path(&plugin.world, "nodes", shown, sizeof(shown)))
		check_mode(d, root, "nodes", shown, 0022);
	for (size_t i = 0; i < d->records.count; i++)
		if (list[i].path && !world_database_path(&plugin.world, list[i].path,
							 shown, sizeof(shown)))
			check_mode(d, root, list[i].path, shown,
				   has_secret(root, list[i].path) ? 0077 : 0022);
}

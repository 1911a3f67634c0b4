// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * sandbox.c - private folder, configuration and second start for test programs.
 *
 * A failure to set the folder up ends the program with a message: no test would mean anything.
 */
#include "sandbox.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recorder.h"
#include "shared/cleanup.h"

#define FOLDER_VARIABLE "IMA_TEST_SANDBOX"

static int listing;
static const char *argument;

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("Bail out! sandbox: ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
	exit(EXIT_FAILURE);
}

const char *sandbox_path(const char *name)
{
	static _Thread_local char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv(FOLDER_VARIABLE), name);
	return path;
}

static const char *module_path(const char *plugin)
{
	char name[256];

	snprintf(name, sizeof(name), "%s.so", plugin);
	return sandbox_path(name);
}

static void copy_file(const char *from, const char *to)
{
	char buffer[65536];
	ssize_t n;
	int _cleanup_close_ in = open(from, O_RDONLY | O_CLOEXEC);
	int _cleanup_close_ out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (in < 0 || out < 0)
		fail("cannot copy %s to %s: %s", from, to, strerror(errno));
	while ((n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)n) != n)
			fail("cannot write %s: %s", to, strerror(errno));
	if (n < 0)
		fail("cannot read %s: %s", from, strerror(errno));
}

static void write_configuration(const struct sandbox_plugin *plugins, size_t count)
{
	FILE *file = fopen(sandbox_path("ima.conf"), "we");

	if (!file)
		fail("cannot write ima.conf: %s", strerror(errno));
	for (size_t i = 0; i < count; i++) {
		fprintf(file, "%s\t\t%s\n", plugins[i].name,
			module_path(plugins[i].name));
		copy_file(plugins[i].module, module_path(plugins[i].name));
	}
	if (fclose(file))
		fail("cannot write ima.conf: %s", strerror(errno));
}

static void set(const char *name, const char *value)
{
	if (setenv(name, value, 1))
		fail("cannot set %s: %s", name, strerror(errno));
}

/* SLP asks everybody unless there is a directory agent: here is one that does not answer. */
static void write_slp_configuration(void)
{
	FILE *file = fopen(sandbox_path("slp.conf"), "we");

	if (!file || fputs("net.slp.DAAddresses = 127.0.0.1:9\n", file) < 0 ||
	    fclose(file))
		fail("cannot write slp.conf: %s", strerror(errno));
	set("IMA_SLP_CONFIG", sandbox_path("slp.conf"));
}

static void make_folder(char *template, const struct sandbox_plugin *plugins,
			size_t count)
{
	umask(022);
	if (!mkdtemp(template))
		fail("cannot make %s: %s", template, strerror(errno));
	set(FOLDER_VARIABLE, template);
	if (mkdir(sandbox_path("state"), 0755))
		fail("cannot make %s: %s", sandbox_path("state"), strerror(errno));
	write_configuration(plugins, count);
	set("IMA_CONFIG", sandbox_path("ima.conf"));
	set("IMA_STATE_DIR", sandbox_path("state"));
	write_slp_configuration();
}

static int remove_entry(const char *path, const struct stat *info, int type,
			struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

/* By its path and not as /proc/self/exe, which under valgrind is valgrind. */
static void __attribute__((noreturn)) become_again(const char *name)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length > 0) {
		path[length] = 0;
		execl(path, "again", name, (char *)NULL);
	}
	_exit(127);
}

static int start_again(const char *name)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		fail("cannot fork: %s", strerror(errno));
	if (!child)
		become_again(name);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			fail("cannot wait: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int sandbox_again(const char *name)
{
	return start_again(name);
}

const char *sandbox_argument(void)
{
	return argument;
}

void sandbox_clear_state(void)
{
	nftw(sandbox_path("state"), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	if (mkdir(sandbox_path("state"), 0755))
		fail("cannot make %s: %s", sandbox_path("state"), strerror(errno));
}

int sandbox_listing(void)
{
	return listing;
}

int sandbox_run(int argc, char **argv, const struct sandbox_plugin *plugins, size_t count,
		int (*tests)(void))
{
	const char *tmp = getenv("TMPDIR");
	char folder[4096];
	int status;

	listing = argc > 1 && !strcmp(argv[1], "--list");
	argument = argc > 1 && !listing ? argv[1] : NULL;
	if (listing || getenv(FOLDER_VARIABLE))
		return tests();
	snprintf(folder, sizeof(folder), "%s/ima-contract-XXXXXX", tmp ? tmp : "/tmp");
	make_folder(folder, plugins, count);
	status = start_again(NULL);
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return status;
}

struct recorder *sandbox_recorder(const char *name)
{
	void *module = dlopen(module_path(name), RTLD_NOW | RTLD_LOCAL);
	struct recorder *recorder = module ? dlsym(module, "recorder") : NULL;

	if (!recorder)
		fail("%s", dlerror());
	return recorder;
}

void wide_copy(IMA_WCHAR *to, size_t size, const IMA_WCHAR *from)
{
	if (wcslen(from) >= size)
		fail("text of %zu characters for a field of %zu", wcslen(from), size);
	wmemcpy(to, from, wcslen(from) + 1);
}

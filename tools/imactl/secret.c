// SPDX-License-Identifier: LGPL-2.1-or-later
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "progress.h"
#include "shared/number.h"

void secret_wipe(struct secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

/* Reads to the end, or one line of a terminal. 0, -EFBIG or -errno. */
static int read_all(int fd, size_t max, struct secret *secret)
{
	bool line = isatty(fd);

	for (;;) {
		IMA_BYTE byte;
		ssize_t n = read(fd, &byte, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n || (line && byte == '\n'))
			return 0;
		if (secret->length == max + 2)
			return -EFBIG;
		secret->bytes[secret->length++] = byte;
	}
}

/* With the terminal silent while the secret is typed. */
static int read_terminal(int fd, size_t max, struct secret *secret)
{
	struct termios before, silent;
	int err;

	if (tcgetattr(fd, &before))
		return -errno;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	progress_stop();
	fputs("Secret: ", stderr);
	if (tcsetattr(fd, TCSAFLUSH, &silent))
		return -errno;
	err = read_all(fd, max, secret);
	tcsetattr(fd, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return err;
}

static void strip_line_end(struct secret *secret)
{
	if (secret->length && secret->bytes[secret->length - 1] == '\n')
		secret->length--;
	if (secret->length && secret->bytes[secret->length - 1] == '\r')
		secret->length--;
}

static int read_descriptor(struct context *c, int fd, const char *from, size_t max,
			   struct secret *secret)
{
	int err = isatty(fd) ? read_terminal(fd, max, secret) : read_all(fd, max, secret);

	if (err && err != -EFBIG)
		return refused(c, EXIT_FAILED, "cannot read the secret from %s: %s", from,
			       strerror(-err));
	strip_line_end(secret);
	if (err || secret->length > max)
		return refused(c, EXIT_USAGE,
			       "the secret from %s is too long: it has %zu bytes at most",
			       from, max);
	if (!secret->length)
		return refused(c, EXIT_USAGE, "there is no secret in %s: it is empty",
			       from);
	return EXIT_DONE;
}

/* A file others can read keeps no secret. */
static int check_file(struct context *c, int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st))
		return refused(c, EXIT_FAILED, "cannot read the secret from %s: %m",
			       path);
	if (S_ISDIR(st.st_mode))
		return refused(c, EXIT_USAGE, "the secret file %s is a folder", path);
	if (!S_ISREG(st.st_mode))
		return EXIT_DONE;
	if (st.st_mode & 077)
		return refused(
			c, EXIT_USAGE,
			"others can read the secret file %s (mode %04o): chmod 600 %s",
			path, (unsigned)st.st_mode & 07777, path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return refused(c, EXIT_USAGE,
			       "the secret file %s belongs to somebody else", path);
	return EXIT_DONE;
}

static int read_file(struct context *c, const char *path, size_t max,
		     struct secret *secret)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd < 0)
		return refused(c, errno == ENOENT ? EXIT_NOT_FOUND : EXIT_FAILED,
			       "cannot read the secret from %s: %m", path);
	err = check_file(c, fd, path);
	return err ? err : read_descriptor(c, fd, path, max, secret);
}

static int read_fd_option(struct context *c, size_t max, struct secret *secret)
{
	const char *text = c->option[OPT_SECRET_FD];
	uint64_t fd;

	if (number_parse(text, 0, INT32_MAX, &fd))
		return refused(c, EXIT_USAGE,
			       "\"%s\" is no file descriptor: it takes a number", text);
	return read_descriptor(c, (int)fd, "the file descriptor", max, secret);
}

int secret_read(struct context *c, size_t max, struct secret *secret)
{
	const char *path = c->option[OPT_SECRET_FILE];

	/* From here on no core, and no debugger of another process. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	secret->length = 0;
	if (max > sizeof(secret->bytes) - 2)
		max = sizeof(secret->bytes) - 2;
	if (!path == !given(c, OPT_SECRET_FD))
		return refused(
			c, EXIT_USAGE,
			path ? "--secret-file and --secret-fd exclude each other"
			     : "the secret is missing: --secret-file FILE, "
			       "--secret-file - for standard input, or --secret-fd N");
	if (!path)
		return read_fd_option(c, max, secret);
	if (!strcmp(path, "-"))
		return read_descriptor(c, STDIN_FILENO, "standard input", max, secret);
	return read_file(c, path, max, secret);
}

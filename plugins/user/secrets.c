// SPDX-License-Identifier: LGPL-2.1-or-later
#include "secrets.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/number.h"

#define FILE_MAX_SIZE (64 * 1024)

static const char header[] =
	"# Secrets of the user-space iSCSI initiator. Written by libima.\n";

void chap_wipe(struct chap *chap)
{
	explicit_bzero(chap, sizeof(*chap));
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Hexadecimal text as bytes; their number, or -EBADMSG. */
static int unhex(const char *text, uint8_t *out, size_t max)
{
	size_t length = strlen(text);

	if (length % 2 || length / 2 > max)
		return -EBADMSG;
	for (size_t i = 0; i < length; i += 2) {
		int high = digit(text[i]), low = digit(text[i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	return (int)(length / 2);
}

static void print_hex(FILE *out, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(out, "%02x", ((const uint8_t *)bytes)[i]);
}

static int parse_values(struct chap *chap, char *text)
{
	char *dash = strchr(text, '-');

	if (!dash)
		return -EBADMSG;
	*dash = 0;
	return number_parse(text, 0, UINT64_MAX, &chap->min_value) ||
			       number_parse(dash + 1, 0, UINT64_MAX, &chap->max_value)
		       ? -EBADMSG
		       : 0;
}

static int parse_name(struct chap *chap, const char *text)
{
	int n = unhex(text, (uint8_t *)chap->name, CHAP_NAME_MAX);

	return n <= 0 || strlen(chap->name) != (size_t)n ? -EBADMSG : 0;
}

static int parse_secret(struct chap *chap, const char *text)
{
	int n = unhex(text, chap->secret, CHAP_SECRET_MAX);

	chap->secret_length = n > 0 ? (size_t)n : 0;
	return n <= 0 ? -EBADMSG : 0;
}

/* One "key=value". */
static int parse_word(struct chap *chap, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return -EBADMSG;
	*value++ = 0;
	if (!strcmp(word, "retries"))
		return number_parse(value, 0, UINT64_MAX, &chap->retries) ? -EBADMSG : 0;
	if (!strcmp(word, "values"))
		return parse_values(chap, value);
	if (!strcmp(word, "name"))
		return parse_name(chap, value);
	if (!strcmp(word, "secret"))
		return parse_secret(chap, value);
	return -EBADMSG;
}

static int parse_line(struct chap *chap, char *line)
{
	static const char kind[] = "chap initiator ";
	int err = 0;

	if (!*line || *line == '#')
		return 0;
	if (chap->name[0] || strncmp(line, kind, sizeof(kind) - 1) != 0)
		return -EBADMSG;
	line += sizeof(kind) - 1;
	while (!err && line)
		err = parse_word(chap, strsep(&line, " "));
	return err || !chap->name[0] || !chap->secret_length ? -EBADMSG : 0;
}

static int parse(struct chap *chap, char *text, size_t size)
{
	int err = strlen(text) == size ? 0 : -EBADMSG;

	while (!err && text)
		err = parse_line(chap, strsep(&text, "\n"));
	if (err)
		chap_wipe(chap);
	return err;
}

/* Nobody but the owner may have any access. */
static int check_mode(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EBADMSG;
	return st.st_mode & (S_IRWXG | S_IRWXO) ? -EPERM : 0;
}

static const char *explain(int err)
{
	return err == -EPERM	? "others may read or write it, which chmod 600 changes"
	       : err == -EACCES ? "this user may not read it"
	       : err == -EFBIG || err == -EBADMSG || err == -EINVAL
		       ? "it is damaged, or not a file of this program"
		       : "it cannot be read";
}

int secrets_read(const char *path, struct chap *chap, const char **why)
{
	char *text = NULL;
	size_t size = 0;
	int err = check_mode(path);

	memset(chap, 0, sizeof(*chap));
	if (!err)
		err = atomic_file_read(path, FILE_MAX_SIZE, &text, &size);
	if (!err)
		err = parse(chap, text, size);
	if (text)
		explicit_bzero(text, size);
	free(text);
	if (err == -ENOENT || err == -ENOTDIR)
		return 0;
	*why = explain(err);
	return err;
}

static void print(FILE *out, const struct chap *chap)
{
	fputs(header, out);
	if (!chap->name[0])
		return;
	fprintf(out, "chap initiator retries=%llu values=%llu-%llu name=",
		(unsigned long long)chap->retries, (unsigned long long)chap->min_value,
		(unsigned long long)chap->max_value);
	print_hex(out, chap->name, strlen(chap->name));
	fputs(" secret=", out);
	print_hex(out, chap->secret, chap->secret_length);
	fputc('\n', out);
}

int secrets_write(const char *path, const struct chap *chap)
{
	char text[sizeof(header) + 2 * (CHAP_NAME_MAX + CHAP_SECRET_MAX) + 128];
	FILE *out = fmemopen(text, sizeof(text), "w");
	long size;
	int err;

	if (!out)
		return -ENOMEM;
	/* Otherwise the secret would stay in a buffer that is not ours to wipe. */
	setvbuf(out, NULL, _IONBF, 0);
	print(out, chap);
	size = ftell(out);
	fclose(out);
	err = size > 0 ? atomic_file_write(path, text, (size_t)size, 0600) : -EIO;
	explicit_bzero(text, sizeof(text));
	return err;
}

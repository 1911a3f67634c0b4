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

#define FILE_MAX_SIZE (16 * 1024 * 1024)

_Static_assert(ISCSI_NAME_MAX < ADDRESS_TEXT_SIZE, "an owner may be a target");

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

static int parse_values(struct secret *entry, char *text)
{
	char *dash = strchr(text, '-');

	if (!dash)
		return -EBADMSG;
	*dash = 0;
	return number_parse(text, 0, UINT64_MAX, &entry->chap.min_value) ||
			       number_parse(dash + 1, 0, UINT64_MAX,
					    &entry->chap.max_value)
		       ? -EBADMSG
		       : 0;
}

static int parse_retries(struct secret *entry, char *text)
{
	return number_parse(text, 0, UINT64_MAX, &entry->chap.retries) ? -EBADMSG : 0;
}

static int parse_name(struct secret *entry, char *text)
{
	char *name = entry->chap.name;
	int n = unhex(text, (uint8_t *)name, CHAP_NAME_MAX);

	return n < 0 || strlen(name) != (size_t)n ? -EBADMSG : 0;
}

static int parse_secret(struct secret *entry, char *text)
{
	int n = unhex(text, entry->chap.secret, CHAP_SECRET_MAX);

	entry->chap.secret_length = n > 0 ? (size_t)n : 0;
	return n <= 0 ? -EBADMSG : 0;
}

static int set_owner(struct secret *entry, enum owner_kind kind, const char *name)
{
	if (entry->kind != OWNER_LHBA)
		return -EBADMSG;
	entry->kind = kind;
	memcpy(entry->owner, name, strlen(name) + 1);
	return 0;
}

static int parse_target(struct secret *entry, char *text)
{
	return iscsi_name_check(text, NULL) ? -EBADMSG
					    : set_owner(entry, OWNER_TARGET, text);
}

/* Only in the form that the store has. */
static int parse_address(struct secret *entry, char *text)
{
	char normal[ADDRESS_TEXT_SIZE];
	struct address address;

	if (address_parse(text, 0, &address))
		return -EBADMSG;
	address_format(&address, normal);
	return strcmp(text, normal) != 0 ? -EBADMSG
					 : set_owner(entry, OWNER_ADDRESS, text);
}

static const struct {
	const char *key;
	int (*parse)(struct secret *entry, char *text);
} words[] = {
	{ "target", parse_target },   { "address", parse_address },
	{ "retries", parse_retries }, { "values", parse_values },
	{ "name", parse_name },	      { "secret", parse_secret },
};

/* One "key=value". */
static int parse_word(struct secret *entry, char *word, unsigned int *seen)
{
	char *value = strchr(word, '=');

	if (!value)
		return -EBADMSG;
	*value++ = 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i].key)) {
			if (*seen & 1U << i)
				return -EBADMSG;
			*seen |= 1U << i;
			return words[i].parse(entry, value);
		}
	return -EBADMSG;
}

static const char *const directions[CHAP_DIRECTIONS] = {
	[CHAP_INITIATOR] = "chap initiator ",
	[CHAP_TARGET] = "chap target ",
};

static int parse_direction(struct secret *entry, char **line)
{
	for (int i = 0; i < CHAP_DIRECTIONS; i++) {
		size_t length = strlen(directions[i]);

		if (strncmp(*line, directions[i], length) != 0)
			continue;
		entry->direction = (enum chap_direction)i;
		*line += length;
		return 0;
	}
	return -EBADMSG;
}

static int parse_line(struct secrets *secrets, char *line)
{
	struct secret *entry = &secrets->entries[secrets->count];
	unsigned int seen = 0;
	int err;

	if (!*line || *line == '#')
		return 0;
	secrets->count++;
	err = parse_direction(entry, &line);
	while (!err && line)
		err = parse_word(entry, strsep(&line, " "), &seen);
	if (err)
		return err;
	return !entry->chap.secret_length || (entry->direction == CHAP_INITIATOR &&
					      !entry->chap.name[0])
		       ? -EBADMSG
		       : 0;
}

static int compare(const void *a, const void *b)
{
	const struct secret *one = *(struct secret *const *)a;
	const struct secret *other = *(struct secret *const *)b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->direction != other->direction)
		return one->direction < other->direction ? -1 : 1;
	return strcmp(one->owner, other->owner);
}

/* Pointers are sorted, because sorting copies, and copies of secrets would not be wiped. */
static int check_duplicates(const struct secrets *secrets)
{
	const struct secret **sorted;
	int err = 0;

	if (secrets->count < 2)
		return 0;
	sorted = calloc(secrets->count, sizeof(struct secret *));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < secrets->count; i++)
		sorted[i] = &secrets->entries[i];
	qsort(sorted, secrets->count, sizeof(struct secret *), compare);
	for (size_t i = 1; !err && i < secrets->count; i++)
		if (!compare(&sorted[i - 1], &sorted[i]))
			err = -EBADMSG;
	free(sorted);
	return err;
}

static size_t count_entries(const char *text)
{
	size_t count = 0;

	for (const char *at = text; at; at = strchr(at, '\n'), at += at != NULL)
		count += *at && *at != '\n' && *at != '#';
	return count;
}

/* No array grows here: it would leave copies behind. */
int secrets_parse(struct secrets *secrets, char *text, size_t size)
{
	size_t count = count_entries(text);
	int err = strlen(text) == size ? 0 : -EBADMSG;

	*secrets = (struct secrets){ 0 };
	if (err || !count)
		return err;
	secrets->entries = calloc(count, sizeof(*secrets->entries));
	if (!secrets->entries)
		return -ENOMEM;
	while (!err && text)
		err = parse_line(secrets, strsep(&text, "\n"));
	if (!err)
		err = check_duplicates(secrets);
	if (err)
		secrets_drop(secrets);
	return err;
}

void secrets_drop(struct secrets *secrets)
{
	if (secrets->entries)
		explicit_bzero(secrets->entries,
			       secrets->count * sizeof(*secrets->entries));
	free(secrets->entries);
	*secrets = (struct secrets){ 0 };
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
		       ? "it is damaged, or not a file of this program; remove it and "
			 "set "
			 "the secrets again"
		       : "it cannot be read";
}

int secrets_read(const char *path, struct secrets *secrets, const char **why)
{
	char *text = NULL;
	size_t size = 0;
	int err = check_mode(path);

	*secrets = (struct secrets){ 0 };
	if (!err)
		err = atomic_file_read(path, FILE_MAX_SIZE, &text, &size);
	if (!err)
		err = secrets_parse(secrets, text, size);
	if (text)
		explicit_bzero(text, size);
	free(text);
	if (err == -ENOENT || err == -ENOTDIR)
		return 0;
	*why = explain(err);
	return err;
}

static void print(FILE *out, const struct secret *entry)
{
	static const char *const owners[] = { [OWNER_LHBA] = "",
					      [OWNER_TARGET] = "target=",
					      [OWNER_ADDRESS] = "address=" };
	const struct chap *chap = &entry->chap;

	fprintf(out, "%s%s%s%s", directions[entry->direction], owners[entry->kind],
		entry->owner, entry->kind == OWNER_LHBA ? "" : " ");
	if (entry->direction == CHAP_INITIATOR)
		fprintf(out, "retries=%llu values=%llu-%llu ",
			(unsigned long long)chap->retries,
			(unsigned long long)chap->min_value,
			(unsigned long long)chap->max_value);
	fputs("name=", out);
	print_hex(out, chap->name, strlen(chap->name));
	fputs(" secret=", out);
	print_hex(out, chap->secret, chap->secret_length);
	fputc('\n', out);
}

/* What the longest entry needs: both texts as two digits per byte, and all that is around them. */
#define LINE_MAX_SIZE (2 * (CHAP_NAME_MAX + CHAP_SECRET_MAX) + ADDRESS_TEXT_SIZE + 160)

static long print_all(char *text, size_t room, const struct secrets *secrets)
{
	FILE *out = fmemopen(text, room, "w");
	long size;

	if (!out)
		return -ENOMEM;
	/* Otherwise secrets would stay in a buffer that is not ours to wipe. */
	setvbuf(out, NULL, _IONBF, 0);
	fputs(header, out);
	for (size_t i = 0; i < secrets->count; i++)
		print(out, &secrets->entries[i]);
	size = ftell(out);
	fclose(out);
	return size > 0 ? size : -EIO;
}

int secrets_write(const char *path, const struct secrets *secrets)
{
	size_t room = sizeof(header) + secrets->count * LINE_MAX_SIZE;
	char *text = calloc(1, room);
	long size;
	int err;

	if (!text)
		return -ENOMEM;
	size = print_all(text, room, secrets);
	err = size < 0		     ? (int)size
	      : size > FILE_MAX_SIZE ? -EFBIG
				     : atomic_file_write(path, text, (size_t)size, 0600);
	explicit_bzero(text, room);
	free(text);
	return err;
}

/* --- Entries ------------------------------------------------------------------------------ */

static struct secret *find(const struct secrets *secrets, struct owner owner,
			   enum chap_direction direction)
{
	for (size_t i = 0; i < secrets->count; i++) {
		struct secret *entry = &secrets->entries[i];

		if (entry->kind == owner.kind && entry->direction == direction &&
		    !strcmp(entry->owner, owner.name))
			return entry;
	}
	return NULL;
}

const struct chap *secrets_find(const struct secrets *secrets, struct owner owner,
				enum chap_direction direction)
{
	const struct secret *entry = find(secrets, owner, direction);

	return entry ? &entry->chap : NULL;
}

const struct chap *secrets_in_force(const struct secrets *secrets, struct owner owner,
				    enum chap_direction direction)
{
	static const struct owner lhba = { OWNER_LHBA, "" };
	const struct chap *chap = secrets_find(secrets, owner, direction);

	return chap ? chap : secrets_find(secrets, lhba, direction);
}

void secrets_remove(struct secrets *secrets, size_t index)
{
	struct secret *last = &secrets->entries[--secrets->count];

	if (last != &secrets->entries[index])
		secrets->entries[index] = *last;
	explicit_bzero(last, sizeof(*last));
}

/* Room for one more at the end, without leaving a copy behind. */
static int grow(struct secrets *secrets)
{
	struct secret *more = calloc(secrets->count + 1, sizeof(*more));
	size_t count = secrets->count;

	if (!more)
		return -ENOMEM;
	if (count)
		memcpy(more, secrets->entries, count * sizeof(*more));
	secrets_drop(secrets);
	secrets->entries = more;
	secrets->count = count + 1;
	return 0;
}

int secrets_set(struct secrets *secrets, struct owner owner,
		enum chap_direction direction, const struct chap *chap)
{
	struct secret *entry = find(secrets, owner, direction);

	if (!chap) {
		if (entry)
			secrets_remove(secrets, (size_t)(entry - secrets->entries));
		return 0;
	}
	if (!entry) {
		if (grow(secrets))
			return -ENOMEM;
		entry = &secrets->entries[secrets->count - 1];
		entry->kind = owner.kind;
		entry->direction = direction;
		snprintf(entry->owner, sizeof(entry->owner), "%s", owner.name);
	}
	entry->chap = *chap;
	return 0;
}

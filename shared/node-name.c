// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shared/node-name.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "config.h"
#include "shared/atomic-file.h"
#include "shared/cleanup.h"
#include "shared/sha256.h"

/* Makes the hash differ from what other programs derive from the same machine id. */
static const char purpose[] = "libima node name 1";

static bool is_machine_id(const char *text, size_t size)
{
	bool has_digit = false;

	if (size < 32 || (text[32] && text[32] != '\n'))
		return false;
	for (int i = 0; i < 32; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return false;
		has_digit |= text[i] != '0';
	}
	return has_digit;
}

static int add_machine_id(struct sha256 *hash, const char *path)
{
	char _cleanup_free_ *text = NULL;
	size_t size;
	int err = atomic_file_read(path, 64, &text, &size);

	if (err)
		return err;
	if (!is_machine_id(text, size))
		return -EINVAL;
	sha256_add(hash, text, 32);
	return 0;
}

/* The address of one adapter as XX:XX:XX:XX:XX:XX; not that of loopback and virtual ones. */
static bool read_address(const char *net, const char *adapter, char address[18])
{
	char _cleanup_free_ *text = NULL;
	char path[PATH_MAX];
	size_t size;

	if (adapter[0] == '.' ||
	    snprintf(path, sizeof(path), "%s/%s/address", net, adapter) >=
		    (int)sizeof(path) ||
	    atomic_file_read(path, 4096, &text, &size) || size < 17)
		return false;
	memcpy(address, text, 17);
	address[17] = 0;
	/* Bit 1 of the first byte: made up locally, may change with every boot. */
	return strcmp(address, "00:00:00:00:00:00") != 0 &&
	       !strchr("2367abefABEF", address[1]);
}

/* The lowest address, so that the order of the folder does not count. */
static int lowest_address(const char *net, char lowest[18])
{
	DIR *folder = opendir(net);
	char address[18];

	if (!folder)
		return -errno;
	lowest[0] = 0;
	for (struct dirent *e; (e = readdir(folder));)
		if (read_address(net, e->d_name, address) &&
		    (!lowest[0] || strcmp(address, lowest) < 0))
			memcpy(lowest, address, sizeof(address));
	closedir(folder);
	return lowest[0] ? 0 : -ENOENT;
}

static int add_host(struct sha256 *hash, const char *net)
{
	char host[HOST_NAME_MAX + 1], address[18];
	int err = lowest_address(net, address);

	if (err)
		return err;
	if (gethostname(host, sizeof(host)))
		return -errno;
	host[HOST_NAME_MAX] = 0;
	sha256_add(hash, host, strlen(host));
	sha256_add(hash, address, strlen(address));
	return 0;
}

static int add_random(struct sha256 *hash)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static uint8_t kept[16];
	static bool is_kept;

	LOCKED(&lock);
	if (!is_kept && getrandom(kept, sizeof(kept), 0) != sizeof(kept))
		return -EIO;
	is_kept = true;
	sha256_add(hash, kept, sizeof(kept));
	return 0;
}

int node_name_generate(const struct node_name_source *source,
		       char name[ISCSI_NAME_MAX + 1])
{
	static const struct node_name_source system = { "/etc/machine-id",
							"/sys/class/net" };
	uint8_t digest[SHA256_SIZE];
	struct sha256 hash;
	int n;

	if (!source)
		source = &system;
	sha256_init(&hash);
	sha256_add(&hash, purpose, sizeof(purpose));
	if (add_machine_id(&hash, source->machine_id) && add_host(&hash, source->net) &&
	    add_random(&hash))
		return -EIO;
	sha256_end(&hash, digest);
	n = snprintf(name, ISCSI_NAME_MAX + 1, "%s:", IMA_NAMING_AUTHORITY);
	if (n < 0 || n + 32 > ISCSI_NAME_MAX)
		return -ENAMETOOLONG;
	for (int i = 0; i < 16; i++)
		snprintf(name + n + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * lock.c - the lock of open-iscsi's database.
 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_FILE "lock"
#define LOCK_LINK "lock.write"

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int db_lock_look(int dir, struct db_lock_state *state)
{
	struct db_lock_state seen = { 0 };
	struct timespec t;
	struct stat st;

	if (dir >= 0 && fstatat(dir, LOCK_LINK, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		clock_gettime(CLOCK_REALTIME, &t);
		seen.held = true;
		/* Making and removing a link changes the inode: this is when it was taken. */
		seen.seconds = t.tv_sec - st.st_ctim.tv_sec;
	} else if (dir >= 0 && errno != ENOENT) {
		return -errno;
	}
	*state = seen;
	return 0;
}

/* One look: 0 free, -EAGAIN held, or what the wait returns. */
static int look_once(int dir)
{
	struct db_lock_state state;
	int err = db_lock_look(dir, &state);

	if (err || !state.held)
		return err;
	return state.seconds > DB_LOCK_STALE_SECONDS ? -ESTALE : -EAGAIN;
}

static int make_lock(int dir)
{
	int fd = openat(dir, LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int take_once(int dir)
{
	int err;

	if (linkat(dir, LOCK_FILE, dir, LOCK_LINK, 0) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	/* Free again since: the next round will have it. */
	err = look_once(dir);
	return err ? err : -EAGAIN;
}

static int repeat(int dir, uint64_t deadline, int (*attempt)(int dir))
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	uint64_t end = now() + DB_LOCK_PATIENCE;
	int err;

	if (end > deadline)
		end = deadline;
	while ((err = attempt(dir)) == -EAGAIN) {
		if (now() >= end)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return err;
}

int db_lock_wait(int dir, uint64_t deadline)
{
	return repeat(dir, deadline, look_once);
}

int db_lock_take(int dir, uint64_t deadline)
{
	int err = make_lock(dir);

	return err ? err : repeat(dir, deadline, take_once);
}

void db_lock_release(int dir)
{
	unlinkat(dir, LOCK_LINK, 0);
}

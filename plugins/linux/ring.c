// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ring.c - many small files with few system calls, by io_uring.
 *
 * A file is opened into a slot of the ring, read into the buffer of the slot and closed by three
 * requests that are linked; no descriptor of the process is used. Buffers are the ring's own: if waiting fails the
 * kernel may still write into them, so that the ring is then left alone for good.
 *
 * Locks: ring_lock, for whatever is in ring; held while the kernel works. Who does not get it
 * at once does without a ring. A child of fork(2) shares the ring with its parent and must not use it.
 */
#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shared/cleanup.h"

#define SLOTS	32	    /* files at a time */
#define ENTRIES (SLOTS * 4) /* requests at a time, a power of two */
#define PROBES	8	    /* system calls to measure their cost */
#define CHEAP	(4 * 1000) /* nanoseconds; what the threads of the kernel cost for a file */

/* A request is known by its slot and its step. */
enum step { STEP_OPEN, STEP_READ, STEP_CLOSE, STEP_STAT };

static struct ring {
	enum { UNKNOWN, OPEN, MISSING } state;
	int fd;
	unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	const struct io_uring_cqe *cqes;
	void *queues;
	size_t queues_size, sqes_size;
	unsigned int filled; /* requests that are not handed over yet */
	char (*buffers)[RING_TEXT];
} ring = { .fd = -1 };

static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static enum ring_use wanted;

/* --- Is it worth it? ---------------------------------------------------------------------- */

static uint64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool system_calls_are_cheap(void)
{
	uint64_t start = nanoseconds();

	for (int i = 0; i < PROBES; i++)
		syscall(SYS_getppid);
	return nanoseconds() - start < (uint64_t)PROBES * CHEAP;
}

void ring_use(enum ring_use use)
{
	wanted = use;
	ring_close();
}

/* --- Life --------------------------------------------------------------------------------- */

static void unmap(void)
{
	if (ring.queues)
		munmap(ring.queues, ring.queues_size);
	if (ring.sqes)
		munmap(ring.sqes, ring.sqes_size);
	cleanup_close(&ring.fd);
	free(ring.buffers);
	ring = (struct ring){ .fd = -1 };
}

void ring_close(void)
{
	LOCKED(&ring_lock);
	if (ring.state == OPEN)
		unmap();
	ring.state = UNKNOWN;
}

/* In the child: the ring is the parent's, whose requests may be under way in it. */
static void forget(void)
{
	ring = (struct ring){ .state = MISSING, .fd = -1 };
	pthread_mutex_init(&ring_lock, NULL);
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forget);
}

static void *map(size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			ring.fd, what);

	return at == MAP_FAILED ? NULL : at;
}

static void set_pointers(const struct io_uring_params *p)
{
	char *at = ring.queues;

	ring.sq_tail = (void *)(at + p->sq_off.tail);
	ring.sq_mask = (void *)(at + p->sq_off.ring_mask);
	ring.sq_array = (void *)(at + p->sq_off.array);
	ring.cq_head = (void *)(at + p->cq_off.head);
	ring.cq_tail = (void *)(at + p->cq_off.tail);
	ring.cq_mask = (void *)(at + p->cq_off.ring_mask);
	ring.cqes = (void *)(at + p->cq_off.cqes);
}

static bool map_queues(const struct io_uring_params *p)
{
	size_t sq = p->sq_off.array + p->sq_entries * sizeof(unsigned int);
	size_t cq = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);

	/* Older kernels look for the file of a linked request before it was opened. */
	if (!(p->features & IORING_FEAT_LINKED_FILE))
		return false;
	ring.queues_size = sq > cq ? sq : cq;
	ring.sqes_size = p->sq_entries * sizeof(struct io_uring_sqe);
	ring.queues = map(ring.queues_size, (off_t)IORING_OFF_SQ_RING);
	ring.sqes = map(ring.sqes_size, (off_t)IORING_OFF_SQES);
	if (!ring.queues || !ring.sqes)
		return false;
	set_pointers(p);
	return true;
}

static bool make_slots(void)
{
	int slots[SLOTS];

	for (int i = 0; i < SLOTS; i++)
		slots[i] = -1;
	ring.buffers = calloc(SLOTS, sizeof(*ring.buffers));
	return ring.buffers && !syscall(SYS_io_uring_register, ring.fd,
					IORING_REGISTER_FILES, slots, SLOTS);
}

static bool ring_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* No signal for each answer: who waits takes them all. */
	struct io_uring_params params = { .flags = IORING_SETUP_COOP_TASKRUN };

	if (ring.state != UNKNOWN)
		return ring.state == OPEN;
	ring.state = MISSING;
	if (wanted == RING_NEVER || (wanted == RING_MEASURED && system_calls_are_cheap()))
		return false;
	pthread_once(&once, watch_forks);
	ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring.fd < 0 || !map_queues(&params) || !make_slots()) {
		unmap();
		ring.state = MISSING;
		return false;
	}
	ring.state = OPEN;
	return true;
}

/* --- Requests ------------------------------------------------------------------------------ */

static struct io_uring_sqe *add_request(size_t slot, enum step step)
{
	unsigned int at = (*ring.sq_tail + ring.filled++) & *ring.sq_mask;
	struct io_uring_sqe *e = &ring.sqes[at];

	ring.sq_array[at] = at;
	memset(e, 0, sizeof(*e));
	e->user_data = slot * 4 + step;
	return e;
}

static void add_stat(size_t slot, const struct ring_job *job)
{
	struct io_uring_sqe *e = add_request(slot, STEP_STAT);

	e->opcode = IORING_OP_STATX;
	e->fd = job->dir;
	e->addr = (uintptr_t)job->path;
	e->len = STATX_NLINK;
	e->off = (uintptr_t)ring.buffers[slot];
	e->statx_flags = AT_SYMLINK_NOFOLLOW;
}

/* A file that was opened is closed, also when it cannot be read. */
static void add_file(size_t slot, const struct ring_job *job)
{
	struct io_uring_sqe *e = add_request(slot, STEP_OPEN);

	e->opcode = IORING_OP_OPENAT;
	e->fd = job->dir;
	e->addr = (uintptr_t)job->path;
	e->open_flags = O_RDONLY | O_NONBLOCK;
	e->file_index = (uint32_t)slot + 1;
	e->flags = IOSQE_IO_LINK;
	e = add_request(slot, STEP_READ);
	e->opcode = IORING_OP_READ;
	e->fd = (int)slot;
	e->addr = (uintptr_t)ring.buffers[slot];
	e->len = RING_TEXT;
	e->flags = IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK;
	e = add_request(slot, STEP_CLOSE);
	e->opcode = IORING_OP_CLOSE;
	e->file_index = (uint32_t)slot + 1;
}

static void take_text(struct ring_job *job, char *buffer, int n)
{
	job->result = n;
	if (n == RING_TEXT || (n > 0 && (size_t)n > job->size))
		job->result = -EFBIG;
	else if (n > 0)
		memcpy(job->text, buffer, (size_t)n);
	/* It may have been a record with secrets. */
	if (n > 0)
		explicit_bzero(buffer, (size_t)n);
}

static void take_links(struct ring_job *job, const char *buffer)
{
	struct statx st;

	memcpy(&st, buffer, sizeof(st));
	job->result = (int)st.stx_nlink;
}

static void take_answer(struct ring_job *jobs, const struct io_uring_cqe *answer)
{
	struct ring_job *job = &jobs[answer->user_data / 4];
	char *buffer = ring.buffers[answer->user_data / 4];
	enum step step = answer->user_data % 4;

	if (step == STEP_READ && answer->res != -ECANCELED)
		take_text(job, buffer, answer->res);
	else if (step == STEP_STAT && !answer->res)
		take_links(job, buffer);
	else if (step != STEP_CLOSE && answer->res < 0 && answer->res != -ECANCELED)
		job->result = answer->res;
}

static unsigned int take_answers(struct ring_job *jobs)
{
	unsigned int head = *ring.cq_head, first = head;
	unsigned int tail = __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE);

	for (; head != tail; head++)
		take_answer(jobs, &ring.cqes[head & *ring.cq_mask]);
	__atomic_store_n(ring.cq_head, head, __ATOMIC_RELEASE);
	return head - first;
}

/* Hands over what was added and waits for all of it. */
static bool run_requests(struct ring_job *jobs)
{
	unsigned int left = ring.filled, unsent = left;

	__atomic_store_n(ring.sq_tail, *ring.sq_tail + ring.filled, __ATOMIC_RELEASE);
	ring.filled = 0;
	while (left) {
		long n = syscall(SYS_io_uring_enter, ring.fd, unsent, left,
				 IORING_ENTER_GETEVENTS, NULL, 0);

		if (n < 0 && errno != EINTR)
			return false;
		unsent -= n > 0 ? (unsigned int)n : 0;
		left -= take_answers(jobs);
	}
	return true;
}

static bool run_some(struct ring_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		jobs[i].result = -EIO;
		if (jobs[i].text)
			add_file(i, &jobs[i]);
		else
			add_stat(i, &jobs[i]);
	}
	if (run_requests(jobs))
		return true;
	ring.state = MISSING;
	return false;
}

bool ring_run(struct ring_job *jobs, size_t count)
{
	bool fine;

	if (pthread_mutex_trylock(&ring_lock))
		return false;
	fine = ring_open();
	for (size_t i = 0; i < count && fine; i += SLOTS)
		fine = run_some(jobs + i, count - i < SLOTS ? count - i : SLOTS);
	pthread_mutex_unlock(&ring_lock);
	return fine;
}

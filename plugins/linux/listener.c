// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * listener.c - hearing of changes.
 *
 * One thread. It waits without any lock; what it heard marks the model as stale, and the refresh
 * that follows compares and queues events. Own state: what is watched, and sessions in trouble.
 */
#include "listener.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attr.h"
#include "iscsi-netlink.h"
#include "linux.h"
#include "statistics.h"
#include "uevent.h"

/* A lost session is looked at so often: the kernel does not say when it is back. */
#define TROUBLE_INTERVAL 50 /* ms */
/*
 * The kernel announces a loss before iscsid, which takes its time, makes the session show it: so
 * often it may still look as if nothing had happened.
 */
#define LOSS_ROUNDS    40
#define QUIET_INTERVAL 1000 /* ms, for those who do not hear of lost connections */
#define WATCHES_MAX    4096
#define SETTLE_ROUNDS  7
#define STATE_SIZE     32

enum {
	STOP,
	UEVENTS,
	ISCSI,
	ROUTES,
	FILES,
	SOURCES,
};

/* A folder that is watched for changes of records. */
struct watch {
	int id;
	char target[256];
};

/* A session that is not logged in, or will not be soon, and what its state was last. */
struct trouble {
	uint32_t sid;
	unsigned int rounds; /* to go until an announced loss shows */
	char state[STATE_SIZE];
};

/*
 * A record is made in several steps, some of them in folders that are not watched yet: after a
 * change of files they are looked at again after so many ms, the last entry first. Who makes the
 * record may be a slow program on a busy machine.
 */
static const unsigned int settle_intervals[SETTLE_ROUNDS] = { 1600, 800, 400, 100,
							      30,   30,	 30 };

struct listener {
	pthread_t thread;
	bool running;
	int fds[SOURCES];
	struct array watches;
	struct array troubles;
	int settle;	    /* rounds to go */
	uint64_t settle_at; /* ns: when the next one is due */
};

static struct listener listener = { .fds = { -1, -1, -1, -1, -1 } };
static pthread_mutex_t listener_lock = PTHREAD_MUTEX_INITIALIZER; /* start and stop */

/* --- Sessions in trouble --------------------------------------------------------------------- */

/* The lock of the plugin is held. */
static const struct target *target_of_session(uint32_t sid)
{
	for_each_item(struct session, s, &plugin.source.model->sessions)
		if (s->sys->sid == sid)
			return s->target;
	return NULL;
}

static void tell_target(uint32_t sid)
{
	const struct target *t = target_of_session(sid);

	if (t)
		notifier_property(plugin.notifier, t->item.object->oid);
}

static bool read_state(uint32_t sid, char state[STATE_SIZE])
{
	return session_attr(plugin.world.sysfs, sid, "state", state, STATE_SIZE) > 0;
}

static void watch_session(uint32_t sid, const char *state, unsigned int rounds)
{
	struct trouble *list = listener.troubles.data, *added;

	for (size_t i = 0; i < listener.troubles.count; i++)
		if (list[i].sid == sid)
			return;
	added = array_add(&listener.troubles, sizeof(*added));
	if (!added)
		return;
	added->sid = sid;
	added->rounds = rounds;
	snprintf(added->state, sizeof(added->state), "%s", state);
}

/* Has it changed, and does it have to be watched any longer? */
static bool look_at_session(struct trouble *t)
{
	char state[STATE_SIZE] = "";

	if (!read_state(t->sid, state))
		return false;
	if (strcmp(state, t->state)) {
		snprintf(t->state, sizeof(t->state), "%s", state);
		t->rounds = 0;
		tell_target(t->sid);
	} else if (t->rounds && !--t->rounds) {
		tell_target(t->sid); /* it was gone and back between two looks */
	}
	return t->rounds || strcmp(state, "LOGGED_IN");
}

static void look_at_troubles(void)
{
	struct trouble *list = listener.troubles.data;
	size_t kept = 0;

	LOCKED(&plugin.lock);
	for (size_t i = 0; i < listener.troubles.count; i++)
		if (look_at_session(&list[i]))
			list[kept++] = list[i];
	listener.troubles.count = kept;
}

/* At the start, and where lost connections are not announced. */
static void look_at_all_sessions(void)
{
	LOCKED(&plugin.lock);
	for_each_item(struct session, s, &plugin.source.model->sessions) {
		char state[STATE_SIZE];

		if (read_state(s->sys->sid, state) && strcmp(state, "LOGGED_IN"))
			watch_session(s->sys->sid, state, 0);
	}
}

/* --- Announcements ----------------------------------------------------------------------------- */

static void tell_lu(const struct uevent *event)
{
	struct hctl at;

	LOCKED(&plugin.lock);
	if (!device_path_hctl(event->path, &at))
		return;
	for_each_item(struct lu, lu, &plugin.source.model->lus)
		for (size_t i = 0; i < lu->path_count; i++)
			if (hctl_equal(&lu->paths[i]->at, &at))
				notifier_property(plugin.notifier,
						  event->luns_changed
							  ? lu->target->item.object->oid
							  : lu->item.object->oid);
}

static bool take_uevents(int fd)
{
	char message[8192];
	struct uevent event;
	bool ours = false;
	int n;

	while ((n = uevent_receive(fd, message, sizeof(message))) != 0) {
		if (n < 0)
			return true;
		if (!uevent_parse(message, (size_t)n, &event) || !uevent_is_ours(&event))
			continue;
		ours = true;
		if (event.resized || event.luns_changed)
			tell_lu(&event);
	}
	return ours;
}

static bool take_iscsi_events(int fd)
{
	struct iscsi_event event;
	bool changed = false;
	int n;

	while ((n = iscsi_event_receive(fd, &event)) != 0) {
		if (n < 0)
			return true;
		changed |= event.kind != ISCSI_EVENT_OTHER;
		if (event.kind != ISCSI_EVENT_CONNECTION_ERROR)
			continue;
		watch_session(event.sid, "LOGGED_IN", LOSS_ROUNDS);
		statistics_connection_error(event.sid, event.error);
	}
	return changed;
}

static bool take_routes(int fd)
{
	char message[8192];
	bool any = false;

	while (recv(fd, message, sizeof(message), MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		any = true;
	return any;
}

/* --- Files ---------------------------------------------------------------------------------------- */

static void add_watch(const char *path, const char *target)
{
	struct watch *w = listener.watches.data;
	int id = inotify_add_watch(listener.fds[FILES], path,
				   IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_TO |
					   IN_MOVED_FROM | IN_ONLYDIR);

	if (id < 0)
		return;
	for (size_t i = 0; i < listener.watches.count; i++)
		if (w[i].id == id)
			return;
	w = array_add(&listener.watches, sizeof(*w));
	if (!w)
		return;
	w->id = id;
	snprintf(w->target, sizeof(w->target), "%s", target);
}

static void watch_folder(const char *folder)
{
	char path[600];

	if (!world_database_path(&plugin.world, folder, path, sizeof(path)))
		add_watch(path, "");
}

static void watch_sources(const char *folder, const struct db_source *list, size_t count)
{
	char name[PORTAL_HOST + 64];

	watch_folder(folder);
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s/%s,%u", folder, list[i].portal.host,
			 list[i].portal.port);
		watch_folder(name);
	}
}

static void watch_records(void)
{
	char path[1024], folder[600];

	for_each_item(struct target, t, &plugin.source.model->targets)
		for (size_t i = 0; i < t->node_count; i++) {
			char *slash;

			if (listener.watches.count > WATCHES_MAX ||
			    node_path(&t->nodes[i], folder, sizeof(folder)))
				return;
			slash = strrchr(folder, '/');
			*slash = 0;
			if (!world_database_path(&plugin.world, folder, path,
						 sizeof(path)))
				add_watch(path, t->name);
		}
}

/* Adding a watch that exists changes nothing. */
static void watch_files(void)
{
	const struct nodedb *db = &plugin.source.db;
	static const char *const folders[] = { "", "nodes", "ifaces", "static", "fw" };
	char path[600];

	LOCKED(&plugin.lock);
	if (!world_config_path(&plugin.world, "", path, sizeof(path)))
		add_watch(path, "");
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		watch_folder(folders[i]);
	watch_sources("send_targets", db->send_targets, db->send_targets_count);
	watch_sources("isns", db->isns, db->isns_count);
	watch_records();
}

static void forget_watch(int id)
{
	struct watch *list = listener.watches.data;

	for (size_t i = 0; i < listener.watches.count; i++)
		if (list[i].id == id) {
			list[i] = list[--listener.watches.count];
			return;
		}
}

/* A record was written: the settings of its target changed. */
static void tell_record(const struct inotify_event *event)
{
	const struct watch *list = listener.watches.data;
	char key[KEY_SIZE];
	struct object *object;

	for (size_t i = 0; i < listener.watches.count; i++) {
		if (list[i].id != event->wd || !*list[i].target || !event->len)
			continue;
		key_of_target(event->name, list[i].target, key);
		LOCKED(&plugin.lock);
		plugin.source.version++;
		object = object_table_by_key(plugin.table, IMA_OBJECT_TYPE_TARGET, key);
		if (object)
			notifier_property(plugin.notifier, object->oid);
	}
}

static bool take_files(int fd)
{
	char buffer[8192] __attribute__((aligned(8)));
	bool any = false;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		any = true;
		for (ssize_t at = 0; at < n;) {
			const void *place = buffer + at;
			const struct inotify_event *event = place;

			if (event->mask & IN_IGNORED)
				forget_watch(event->wd);
			else if (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO))
				tell_record(event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return any;
}

/* --- The thread ------------------------------------------------------------------------------------- */

static bool (*const takers[SOURCES])(int fd) = {
	[UEVENTS] = take_uevents,
	[ISCSI] = take_iscsi_events,
	[ROUTES] = take_routes,
	[FILES] = take_files,
};

static void refresh(const bool *changed)
{
	LOCKED(&plugin.lock);
	if (changed[UEVENTS] || changed[ISCSI])
		plugin.source.sys_stale = true;
	if (changed[FILES])
		plugin.source.db_stale = true;
	if (changed[UEVENTS] || changed[ISCSI] || changed[FILES])
		source_refresh(&plugin.source, FRESH);
	if ((changed[ROUTES] || changed[ISCSI]) && plugin.ports.state)
		ports_refresh(&plugin.ports, &plugin.world, plugin.table,
			      plugin.notifier);
}

/* Whether it is time to look at files once more; a change begins the rounds anew. */
static bool settle(bool has_changed)
{
	uint64_t now = host_now();

	if (has_changed)
		listener.settle = SETTLE_ROUNDS;
	else if (!listener.settle || now < listener.settle_at)
		return false;
	else
		listener.settle--;
	if (listener.settle)
		listener.settle_at = now +
				     settle_intervals[listener.settle - 1] * 1000000ULL;
	return true;
}

static void take_all(const struct pollfd *fds)
{
	bool changed[SOURCES] = { false };

	for (int i = 0; i < SOURCES; i++)
		if (takers[i] && fds[i].revents)
			changed[i] = takers[i](listener.fds[i]);
	changed[FILES] = settle(changed[FILES]);
	refresh(changed);
	if (changed[FILES])
		watch_files();
}

static int until_settle(void)
{
	uint64_t now = host_now();

	return now < listener.settle_at ? (int)((listener.settle_at - now) / 1000000) + 1
					: 0;
}

static int interval(void)
{
	int ms = listener.troubles.count   ? TROUBLE_INTERVAL
		 : listener.fds[ISCSI] < 0 ? QUIET_INTERVAL
					   : -1;
	int settle_ms = listener.settle ? until_settle() : -1;

	return ms < 0 || (settle_ms >= 0 && settle_ms < ms) ? settle_ms : ms;
}

static void *listen_to_all(void *unused)
{
	struct pollfd fds[SOURCES];

	(void)unused;
	look_at_all_sessions();
	for (;;) {
		for (int i = 0; i < SOURCES; i++)
			fds[i] = (struct pollfd){ .fd = listener.fds[i],
						  .events = POLLIN };
		if (poll(fds, SOURCES, interval()) < 0 && errno != EINTR)
			return NULL;
		if (fds[STOP].revents)
			return NULL;
		take_all(fds);
		if (listener.fds[ISCSI] < 0)
			look_at_all_sessions();
		look_at_troubles();
	}
}

static int open_routes(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -errno;
	}
	return fd < 0 ? -errno : fd;
}

static void close_sources(void)
{
	for (int i = 0; i < SOURCES; i++) {
		cleanup_close(&listener.fds[i]);
		listener.fds[i] = -1;
	}
	array_free(&listener.watches);
	array_free(&listener.troubles);
}

/* Whatever cannot be listened to is done without, except the way to stop. */
static int open_sources(void)
{
	listener.fds[STOP] = eventfd(0, EFD_CLOEXEC);
	if (listener.fds[STOP] < 0)
		return -errno;
	listener.fds[FILES] = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (plugin.world.root[0])
		return 0;
	listener.fds[UEVENTS] = uevents_open();
	listener.fds[ISCSI] = iscsi_events_open();
	listener.fds[ROUTES] = open_routes();
	return 0;
}

static int read_state_anew(void)
{
	LOCKED(&plugin.lock);
	source_forget(&plugin.source);
	return source_refresh(&plugin.source, FRESH);
}

/*
 * The state says what there is to watch; what changes while the watches are set is seen by the
 * second look, and what changes after it by the watches.
 */
static int set_watches(void)
{
	int err = read_state_anew();

	if (err)
		return err;
	watch_files();
	return read_state_anew();
}

int listener_start(void)
{
	int err;

	LOCKED(&listener_lock);
	if (listener.running)
		return 0;
	err = open_sources();
	if (!err)
		err = set_watches();
	if (!err)
		err = -pthread_create(&listener.thread, NULL, listen_to_all, NULL);
	if (err)
		close_sources();
	listener.running = !err;
	return err;
}

bool listener_hears_failures(void)
{
	LOCKED(&listener_lock);
	return listener.running && listener.fds[ISCSI] >= 0;
}

void listener_stop(void)
{
	LOCKED(&listener_lock);
	if (!listener.running)
		return;
	if (eventfd_write(listener.fds[STOP], 1) < 0)
		return;
	pthread_join(listener.thread, NULL);
	close_sources();
	listener.running = false;
}

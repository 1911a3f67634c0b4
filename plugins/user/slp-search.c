// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * slp-search.c - the end of a search always comes from its timer, so that nothing that belongs to
 * it vanishes under a function that is still working on it.
 */
#include "slp-search.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "failure.h"
#include "net.h"

#define AT_ONCE 64 /* datagrams; then others have their turn */

static struct slp_search *of_timer(struct iscsi_timer *timer)
{
	return (struct slp_search *)((char *)timer - offsetof(struct slp_search, timer));
}

static struct slp_caster *of_watch(struct iscsi_watch *watch)
{
	return (struct slp_caster *)((char *)watch - offsetof(struct slp_caster, watch));
}

static void wake_at(struct slp_search *search, uint64_t when)
{
	iscsi_loop_timer(net_own_loop(), &search->timer,
			 when < search->deadline ? when : search->deadline);
}

static void note(struct slp_search *search, const struct iscsi_error *error)
{
	if (search->error.kind == ISCSI_FAILED_NOTHING)
		search->error = *error;
}

static void note_local(struct slp_search *search, int err, const char *what)
{
	struct iscsi_error error;

	failure_set(&error, ISCSI_FAILED_LOCAL, err, "SLP: %s: %s", what, strerror(-err));
	note(search, &error);
}

static void end_soon(struct slp_search *search)
{
	search->is_ending = true;
	wake_at(search, 0);
}

static void close_casters(struct slp_search *search)
{
	for (size_t i = 0; i < search->caster_count; i++) {
		struct slp_caster *caster = &search->casters[i];

		iscsi_loop_close(net_own_loop(), &caster->fd, &caster->watch);
	}
	search->caster_count = 0;
}

void slp_search_stop(struct slp_search *search)
{
	if (!search->is_active)
		return;
	search->is_active = false;
	close_casters(search);
	for (size_t i = 0; i < search->talk_count; i++) {
		talk_stop(search->talks[i]);
		free(search->talks[i]);
	}
	search->talk_count = 0;
	iscsi_loop_unreserve(net_own_loop(), &search->timer);
}

/*
 * Directory agents all know the same: one answer is enough. Service agents know their own
 * services only: if one of them cannot be heard, the answer is not complete.
 */
static bool is_good(const struct slp_search *search)
{
	return search->error.kind == ISCSI_FAILED_NOTHING ||
	       (!search->is_multicast && search->talks_good);
}

static void end(struct slp_search *search)
{
	slp_search_stop(search);
	search->done(search, is_good(search) ? NULL : &search->error);
}

/* --- Asking one agent --------------------------------------------------------------------------- */

static int take_url(void *user, struct slp_text url)
{
	struct slp_search *search = user;

	return search->url(search, url);
}

static bool take_urls(struct slp_search *search, const struct slp_message *answer,
		      const struct address *agent)
{
	char where[ADDRESS_TEXT_SIZE];
	struct iscsi_error error;
	int err = slp_urls(answer, take_url, search);

	if (err == -EPROTO) {
		address_format(agent, where);
		failure_set(&error, ISCSI_FAILED_PROTOCOL, err,
			    "the SLP agent %s sent URLs that do not fit into its answer",
			    where);
		note(search, &error);
	} else if (err) {
		note_local(search, err, "the services cannot be kept");
	}
	return !err;
}

static void on_talk_done(struct talk *talk, const struct slp_message *answer,
			 const struct iscsi_error *error)
{
	struct slp_search *search = talk->user;

	search->talks_open--;
	if (answer)
		search->talks_good += take_urls(search, answer, &talk->agent);
	else
		note(search, error);
	if (!search->talks_open && !search->caster_count)
		end_soon(search);
}

static int write_request(const struct slp_search *search, bool is_multicast, uint8_t *out,
			 size_t *used)
{
	bool is_for_agents = search->is_looking_for_agents;
	struct slp_request request = {
		.transaction = search->transaction,
		.is_multicast = is_multicast,
		.type = is_for_agents ? SLP_DIRECTORY_AGENTS : search->type,
		.scopes = search->config->scopes,
		.predicate = is_for_agents ? "" : search->predicate,
		.responders = is_multicast ? search->responders : "",
	};

	return slp_request_write(&request, out, SLP_DATAGRAM_MAX, used);
}

static int start_talk(struct slp_search *search, struct talk *talk, bool with_tcp)
{
	int err = write_request(search, false, talk->request, &talk->request_size);

	talk->done = on_talk_done;
	talk->user = search;
	talk->times = &search->config->datagram;
	talk->deadline = search->deadline;
	talk->transaction = search->transaction;
	return err ? err : talk_start(talk, with_tcp);
}

static void ask_agent(struct slp_search *search, const struct address *agent,
		      bool with_tcp)
{
	struct talk *talk;
	int err = -E2BIG;

	talk = search->talk_count < SLP_TALKS_MAX ? calloc(1, sizeof(*talk)) : NULL;
	if (talk) {
		talk->agent = *agent;
		err = start_talk(search, talk, with_tcp);
	}
	if (err) {
		note_local(search, err, "an agent cannot be asked");
		free(talk);
		return;
	}
	search->talks[search->talk_count++] = talk;
	search->talks_open++;
}

static void ask_agents(struct slp_search *search, const struct address *agents,
		       size_t count)
{
	search->is_multicast = false;
	for (size_t i = 0; i < count; i++)
		ask_agent(search, &agents[i], false);
	if (!search->talks_open)
		end_soon(search);
}

/* --- Asking everybody --------------------------------------------------------------------------- */

static bool has_responded(const struct slp_search *search, const char *host)
{
	size_t size = strlen(host);

	for (const char *at = search->responders; (at = strstr(at, host)); at += size)
		if ((at == search->responders || at[-1] == ',') &&
		    (!at[size] || at[size] == ','))
			return true;
	return false;
}

/* Who has answered need not answer again. False if the list is full. */
static bool add_responder(struct slp_search *search, const char *host)
{
	size_t used = strlen(search->responders);
	size_t left = sizeof(search->responders) - used;

	if (strlen(host) + 2 > left)
		return false;
	snprintf(search->responders + used, left, "%s%s", used ? "," : "", host);
	return true;
}

static void add_agent(struct slp_search *search, const struct slp_message *message,
		      const struct address *sender)
{
	struct address *agent = &search->agents[search->agent_count];
	union iscsi_address numeric;
	struct slp_service service;
	struct slp_text url;

	if (search->agent_count == SLP_AGENTS_MAX || message->error ||
	    slp_directory_agent(message, &url) ||
	    slp_service_parse(url, SLP_DIRECTORY_AGENTS, &service))
		return;
	*agent = *sender;
	agent->port = service.port ? service.port : search->config->port;
	if (!iscsi_address_parse(service.host, agent->port, &numeric))
		snprintf(agent->host, sizeof(agent->host), "%s", service.host);
	search->agent_count++;
}

static void take_reply(struct slp_search *search, const struct slp_message *message,
		       const struct address *sender)
{
	struct address agent = *sender;

	agent.port = search->config->port; /* it may answer from another one */
	if (message->is_cut)
		ask_agent(search, &agent, true);
	else if (!message->error)
		take_urls(search, message, sender);
}

static void take_datagram(struct slp_search *search, const uint8_t *data, size_t size,
			  const struct address *sender)
{
	uint8_t wanted = search->is_looking_for_agents ? SLP_DIRECTORY_ADVERT
						       : SLP_SERVICE_REPLY;
	struct slp_message message;

	if (slp_message_read(data, size, &message) || message.function != wanted ||
	    message.transaction != search->transaction ||
	    has_responded(search, sender->host) || !add_responder(search, sender->host))
		return;
	if (search->is_looking_for_agents)
		add_agent(search, &message, sender);
	else
		take_reply(search, &message, sender);
}

static void look_again(struct slp_caster *caster)
{
	iscsi_loop_unwatch(net_own_loop(), caster->fd, &caster->watch);
	/* Cannot fail but for memory: then the timer ends it. */
	iscsi_loop_watch(net_own_loop(), caster->fd, &caster->watch);
}

static void on_ready(struct iscsi_watch *watch, uint32_t events)
{
	struct slp_caster *caster = of_watch(watch);
	struct sockaddr_in from;
	size_t room;
	void *buffer = iscsi_loop_scratch(net_own_loop(), &room);

	(void)events;
	for (int i = 0; i < AT_ONCE; i++) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(caster->fd, buffer, room, 0,
				     (struct sockaddr *)&from, &size);
		struct address sender = { .port = 0 };

		if (n < 0 && errno != EINTR)
			return;
		if (n < 0 || size != sizeof(from))
			continue;
		inet_ntop(AF_INET, &from.sin_addr, sender.host, sizeof(sender.host));
		sender.port = ntohs(from.sin_port);
		take_datagram(caster->search, buffer, (size_t)n, &sender);
	}
	look_again(caster);
}

static int set_up(int fd, const struct slp_config *config,
		  const struct in_addr *interface)
{
	const struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = *interface };
	int ttl = config->ttl;

	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)))
		return -errno;
	if (interface->s_addr == INADDR_ANY)
		return 0;
	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, interface, sizeof(*interface)) ||
	    bind(fd, (const struct sockaddr *)&here, sizeof(here)))
		return -errno;
	return 0;
}

static int add_caster(struct slp_search *search, const struct in_addr *interface)
{
	struct slp_caster *caster = &search->casters[search->caster_count];
	int err, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	*caster = (struct slp_caster){ .watch.ready = on_ready,
				       .search = search,
				       .fd = fd };
	err = set_up(fd, search->config, interface);
	if (!err)
		err = iscsi_loop_watch(net_own_loop(), fd, &caster->watch);
	if (err) {
		close(fd);
		return err;
	}
	search->caster_count++;
	return 0;
}

static int add_casters(struct slp_search *search)
{
	static const struct in_addr any = { INADDR_ANY };
	const struct slp_config *config = search->config;
	int err = 0;

	if (!config->interface_count)
		return add_caster(search, &any);
	for (size_t i = 0; !err && i < config->interface_count; i++)
		err = add_caster(search, &config->interfaces[i]);
	return err;
}

static void transmit(struct slp_search *search, const struct slp_times *times)
{
	const struct sockaddr_in group = { .sin_family = AF_INET,
					   .sin_port = htons(search->config->port),
					   .sin_addr.s_addr = inet_addr(SLP_GROUP) };
	uint8_t request[SLP_DATAGRAM_MAX];
	size_t size;

	wake_at(search, iscsi_loop_now() + times->after[search->transmissions++]);
	/* A list of responders that does not fit: everybody was asked often enough. */
	if (write_request(search, true, request, &size))
		return;
	for (size_t i = 0; i < search->caster_count; i++)
		if (sendto(search->casters[i].fd, request, size, MSG_NOSIGNAL,
			   (const struct sockaddr *)&group, sizeof(group)) < 0 &&
		    errno != EAGAIN)
			note_local(search, -errno, "the multicast cannot be sent");
}

/* What was found so far is all there is, unless somebody is still talking, who then ends it. */
static void end_multicast(struct slp_search *search)
{
	close_casters(search);
	if (!search->talks_open)
		end(search);
}

static void next_stage(struct slp_search *search)
{
	search->is_looking_for_agents = false;
	search->transmissions = 0;
	search->transaction++;
	search->responders[0] = 0;
	if (search->agent_count) {
		close_casters(search);
		ask_agents(search, search->agents, search->agent_count);
	} else {
		transmit(search, &search->config->multicast);
	}
}

static void go_on(struct slp_search *search)
{
	const struct slp_times *times = search->is_looking_for_agents
						? &search->config->directory
						: &search->config->multicast;

	if (search->transmissions < times->count)
		transmit(search, times);
	else if (search->is_looking_for_agents)
		next_stage(search);
	else
		end_multicast(search);
}

/* Without multicast it is only set when the end has come: talks have a deadline themselves. */
static void on_time(struct iscsi_timer *timer)
{
	struct slp_search *search = of_timer(timer);

	if (search->is_ending)
		end(search);
	else if (iscsi_loop_now() >= search->deadline)
		end_multicast(search);
	else
		go_on(search);
}

static void start_multicast(struct slp_search *search)
{
	int err = add_casters(search);

	if (err) {
		note_local(search, err, "multicast cannot be used");
		end_soon(search);
		return;
	}
	search->is_looking_for_agents = true;
	search->is_multicast = true;
	transmit(search, &search->config->directory);
}

void slp_search_start(struct slp_search *search)
{
	const struct slp_config *config = search->config;

	search->timer.fire = on_time;
	if (iscsi_loop_reserve(net_own_loop(), &search->timer)) {
		note_local(search, -ENOMEM, "no timer");
		search->done(search, &search->error);
		return;
	}
	search->is_active = true;
	if (getrandom(&search->transaction, sizeof(search->transaction), 0) < 0)
		search->transaction = (uint16_t)iscsi_loop_now();
	if (config->agent_count)
		ask_agents(search, config->agents, config->agent_count);
	else
		start_multicast(search);
}

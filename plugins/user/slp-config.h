/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slp-config.h - how this machine uses SLP: /etc/slp.conf, as RFC 2614 describes it.
 *
 * The API has a switch for SLP and nothing else; the file is what all SLP software of a machine
 * goes by. Of its properties those are read that a user agent which finds services needs.
 */
#ifndef USER_SLP_CONFIG_H
#define USER_SLP_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/iscsi.h"
#include "plugin-support/address.h"

#define SLP_AGENTS_MAX	   16
#define SLP_INTERFACES_MAX 16
#define SLP_TIMEOUTS_MAX   8
#define SLP_SCOPES_SIZE	   256

/** struct slp_times - nanoseconds to wait after each transmission */
struct slp_times {
	uint64_t after[SLP_TIMEOUTS_MAX];
	size_t count;
};

/**
 * struct slp_config - defaults are those of a machine without the file
 * @agents: directory agents; if there are some, nothing is sent to anybody else
 * @interfaces: IPv4 addresses of interfaces for multicast; none: the system chooses
 * @scopes: "DEFAULT"
 * @ttl: of multicast, 255
 * @port: 427
 * @multicast, @directory, @datagram: when to transmit again
 */
struct slp_config {
	struct address agents[SLP_AGENTS_MAX];
	size_t agent_count;
	struct in_addr interfaces[SLP_INTERFACES_MAX];
	size_t interface_count;
	char scopes[SLP_SCOPES_SIZE];
	uint8_t ttl;
	uint16_t port;
	struct slp_times multicast, directory, datagram;
};

/** slp_config_default - without a file */
void slp_config_default(struct slp_config *config);

/**
 * slp_config_parse - the text of a file; other properties are ignored
 * @wrong: receives the name of a property whose value is not valid
 *
 * Return: 0, -EINVAL, or -ENOMEM.
 */
int slp_config_parse(struct slp_config *config, const char *text, const char **wrong);

/**
 * slp_config_read - the file of this machine, or the one that $IMA_SLP_CONFIG names
 *
 * Return: true; false: it cannot be used, error says why. To go on without it would send to
 * everybody what was to be sent to a few.
 */
bool slp_config_read(struct slp_config *config, struct iscsi_error *error);

#endif

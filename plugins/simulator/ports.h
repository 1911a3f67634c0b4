/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ports.h - IP configuration of physical network ports.
 */
#ifndef SIM_PORTS_H
#define SIM_PORTS_H

#include "model.h"

void ip_fill(const struct ip_value *ip, IMA_IP_ADDRESS *address);
/* False if the family is none. The bytes behind an IPv4 address are ignored. */
bool ip_take(const IMA_IP_ADDRESS *address, struct ip_value *ip);
/* What is in force: the lease with DHCP, else the static configuration. */
void pnp_fill_ip(const struct pnp *pnp, IMA_IP_PROPERTIES *properties);

bool ip_is_unspecified(const struct ip_value *ip);
bool ip_is_multicast(const struct ip_value *ip);
bool ip_is_loopback(const struct ip_value *ip);
bool ip_is_mask(const struct ip_value *ip);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * network.h - what is reached through which port, what discovery finds, and what follows.
 *
 * Nothing happens by itself in the simulated network. model_settle brings everything up to
 * date after a change: port states, what every LHBA has found, sessions, LUs.
 */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "model.h"

/* What a discovery came to. */
struct discovery_result {
	unsigned int sources, answered, rejected;
};

IMA_NETWORK_PORT_STATUS pnp_status(const struct pnp *pnp);
IMA_NETWORK_PORT_STATUS lnp_status(const struct lnp *lnp);

/*
 * Does a packet from the LHBA get to the address? *via is the port it leaves through, NULL
 * for a software initiator. via may be NULL.
 */
bool lhba_reaches(const struct lhba *lhba, const struct ip_value *ip, struct pnp **via);
bool lnp_reaches(const struct lnp *lnp, const struct ip_value *ip);

/* The address of a host; false if no one knows it. */
bool host_resolve(const struct model *model, const char *host, struct ip_value *ip);

/* Discovery with every method that is on. */
void lhba_discover(struct model *model, struct lhba *lhba,
		   struct discovery_result *result);
/* Ask the discovery address for targets of the LHBA. */
void source_discover(struct model *model, struct lhba *lhba, const struct source *source,
		     struct discovery_result *result);
/* Does the source lead the LHBA to the target? */
bool source_finds(const struct model *model, const struct source *source,
		  const struct found *found);

/* The LHBA of a discovery address or static target; for a PNP's the first that uses it. */
struct lhba *source_lhba(struct model *model, const struct source *source);
/* The discovery settings a source belongs to. */
struct discovery_settings *source_settings(struct source *source);
/* Does the LHBA use the settings of this LHBA or PHBA? */
bool lhba_uses(const struct lhba *lhba, const struct object *holder);

/* The iSNS server in force; its host is empty if none is known. */
void isns_server(struct model *model, const struct object *holder,
		 struct address *server);

/* Bring everything up to date. first: the machine was switched on just now. */
void model_settle(struct model *model, bool first);
/* What vanishes with an object that is about to vanish. */
void dependents_remove(struct model *model, struct object *object);
/* End and begin: sessions, counters, device names, and what waited for the reboot. */
void model_reboot(struct model *model);
/* What waited for a reboot of this LHBA or PHBA is in force. */
void object_restart(struct model *model, struct object *object);

#endif

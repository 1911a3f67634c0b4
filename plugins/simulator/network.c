// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network.h"

#include <string.h>

#include "auth.h"
#include "login.h"
#include "lu.h"
#include "ports.h"
#include "stale.h"

/* --- ports and reachability ---------------------------------------------------------- */

IMA_NETWORK_PORT_STATUS pnp_status(const struct pnp *pnp)
{
	const struct phba *phba = (const struct phba *)pnp->object.parent;

	if (phba->now.status == IMA_PHBA_STATUS_FAILED)
		return IMA_NETWORK_PORT_STATUS_FAILED;
	if (!pnp->now.link)
		return IMA_NETWORK_PORT_STATUS_DISCONNECTED;
	return (IMA_NETWORK_PORT_STATUS)pnp->now.status;
}

static bool pnp_works(const struct pnp *pnp)
{
	return pnp_status(pnp) < IMA_NETWORK_PORT_STATUS_FAILED;
}

/* Degraded: some ports do not work; critical: one more loss ends service; failed: none works. */
IMA_NETWORK_PORT_STATUS lnp_status(const struct lnp *lnp)
{
	unsigned int total = lnp->now.pnps.count, working = 0;

	for (unsigned int i = 0; i < total; i++)
		working += pnp_works((struct pnp *)lnp->now.pnps.list[i]);
	if (working == total)
		return IMA_NETWORK_PORT_STATUS_WORKING;
	if (!working)
		return IMA_NETWORK_PORT_STATUS_FAILED;
	return working == 1 ? IMA_NETWORK_PORT_STATUS_CRITICAL
			    : IMA_NETWORK_PORT_STATUS_DEGRADED;
}

static bool in_subnet(const struct ip_value *ip, const struct ip_value *subnet,
		      unsigned int bits)
{
	unsigned int bytes = bits / 8;
	unsigned int mask = 0xff00U >> bits % 8 & 0xff;

	if (ip->family != subnet->family || memcmp(ip->bytes, subnet->bytes, bytes) != 0)
		return false;
	return !mask || ((ip->bytes[bytes] ^ subnet->bytes[bytes]) & mask) == 0;
}

/* A network without subnets has every address. */
static bool network_carries(const struct network *network, const struct ip_value *ip)
{
	const struct subnets *subnets = &network->now.subnets;

	if (!network->now.up)
		return false;
	for (unsigned int i = 0; i < subnets->count; i++)
		if (in_subnet(ip, &subnets->list[i].ip, subnets->list[i].bits))
			return true;
	return !subnets->count;
}

static struct pnp *lnp_port_to(const struct lnp *lnp, const struct ip_value *ip)
{
	for (unsigned int i = 0; i < lnp->now.pnps.count; i++) {
		struct pnp *pnp = (struct pnp *)lnp->now.pnps.list[i];
		const struct network *network = (struct network *)pnp->now.network;

		if (pnp_works(pnp) && (!network || network_carries(network, ip)))
			return pnp;
	}
	return NULL;
}

bool lnp_reaches(const struct lnp *lnp, const struct ip_value *ip)
{
	return lnp_port_to(lnp, ip) != NULL;
}

bool lhba_reaches(const struct lhba *lhba, const struct ip_value *ip, struct pnp **via)
{
	const struct references *lnps = &lhba->now.lnps, *networks = &lhba->now.networks;
	struct pnp *port = NULL;

	for (unsigned int i = 0; i < lnps->count && !port; i++)
		port = lnp_port_to((struct lnp *)lnps->list[i], ip);
	if (via)
		*via = port;
	if (port || (!lnps->count && !networks->count))
		return true;
	for (unsigned int i = 0; i < networks->count; i++)
		if (network_carries((struct network *)networks->list[i], ip))
			return true;
	return false;
}

bool host_resolve(const struct model *model, const char *host, struct ip_value *ip)
{
	const struct object *object;

	if (ip_parse(host, ip) == 0)
		return ip->family != 0;
	object = object_find(model, KIND_HOST, NULL, 0, host);
	if (object)
		*ip = ((const struct host *)object)->now.address;
	return object != NULL;
}

static bool endpoint_is_reached(const struct model *model, const struct lhba *lhba,
				const struct address *endpoint,
				struct portal_address *portal)
{
	portal->port = endpoint->port;
	return host_resolve(model, endpoint->host, &portal->ip) &&
	       lhba_reaches(lhba, &portal->ip, NULL);
}

/* --- who belongs to whom ------------------------------------------------------------- */

static struct object *source_holder(const struct source *source)
{
	struct object *parent = source->object.parent;

	return object_kind(parent) == KIND_PNP ? parent->parent : parent;
}

struct discovery_settings *source_settings(struct source *source)
{
	struct object *holder = source_holder(source);

	return object_kind(holder) == KIND_LHBA ? &((struct lhba *)holder)->now.discovery
						: &((struct phba *)holder)->now.discovery;
}

bool lhba_uses(const struct lhba *lhba, const struct object *holder)
{
	const struct references *phbas = &lhba->now.phbas;

	if (holder == &lhba->object)
		return true;
	for (unsigned int i = 0; i < phbas->count; i++)
		if (phbas->list[i] == holder)
			return true;
	return false;
}

struct lhba *source_lhba(struct model *model, const struct source *source)
{
	const struct object *holder = source_holder(source);

	for_each(object, &model->roots[KIND_LHBA])
		if (lhba_uses((struct lhba *)object, holder))
			return (struct lhba *)object;
	return NULL;
}

/* --- discovery ----------------------------------------------------------------------- */

/* One discovery of one LHBA. */
struct search {
	struct model *model;
	struct lhba *lhba;
	struct discovery_result *result;
	uint32_t failed; /* methods of which a source did not answer */
};

static struct found *found_get(struct model *model, struct lhba *lhba,
			       struct target *target)
{
	const char *name = target->object.identity->name;
	struct object *object = object_find(model, KIND_FOUND, &lhba->object, 0, name);
	struct found *found = (struct found *)object;

	if (found)
		return found;
	found = (struct found *)object_new(model, KIND_FOUND, &lhba->object, 0, name);
	if (!found) {
		model->no_memory = true;
		return NULL;
	}
	found->target = target;
	found->os_target_id = lhba->next_os_target_id++;
	found->now.collecting = found->next.collecting = lhba->now.collecting;
	found->now.login = found->next.login = lhba->now.auto_login;
	return found;
}

static void search_found(struct search *search, struct target *target, uint32_t method)
{
	struct found *found = found_get(search->model, search->lhba, target);

	if (found)
		found->methods_new |= method;
}

static void search_failed(struct search *search, uint32_t method)
{
	search->result->sources++;
	search->failed |= method;
}

static void search_answered(struct search *search)
{
	search->result->sources++;
	search->result->answered++;
}

static bool target_has_portal(const struct target *target,
			      const struct portal_address *portal)
{
	for (unsigned int i = 0; i < target->now.portals.count; i++)
		if (target->now.portals.list[i].port == portal->port &&
		    ip_equal(&target->now.portals.list[i].ip, &portal->ip))
			return true;
	return false;
}

/* A target without array is an array of its own. */
static bool same_array(const struct target *a, const struct target *b)
{
	return a == b || (a->now.array[0] && strcmp(a->now.array, b->now.array) == 0);
}

/* The target that answers discovery sessions at a portal: the first of those that have it. */
static struct target *portal_owner(const struct model *model,
				   const struct portal_address *portal)
{
	for_each(object, &model->roots[KIND_TARGET])
		if (target_has_portal((struct target *)object, portal))
			return (struct target *)object;
	return NULL;
}

/* What SendTargets at the portal tells: targets at it, and all of the owner's array. */
static bool is_told(const struct target *owner, const struct target *target,
		    const struct portal_address *portal)
{
	if (!target->now.sendtargets)
		return false;
	return same_array(owner, target) || target_has_portal(target, portal);
}

static void search_sendtargets(struct search *search, const struct source *source)
{
	struct portal_address portal;
	struct target *owner = NULL;
	uint16_t code;
	int method;

	if (endpoint_is_reached(search->model, search->lhba, &source->endpoint, &portal))
		owner = portal_owner(search->model, &portal);
	if (!owner || owner->now.discovery == ANSWER_IGNORE) {
		search_failed(search, IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
		return;
	}
	search_answered(search);
	if (owner->now.discovery == ANSWER_REJECT) {
		search->result->rejected++;
		return;
	}
	if (owner->now.discovery_auth.count &&
	    auth_login(search->lhba, &source->object, owner, &owner->now.discovery_auth,
		       &method, &code)) {
		search->result->rejected++;
		return;
	}
	for_each(object, &search->model->roots[KIND_TARGET])
		if (is_told(owner, (struct target *)object, &portal))
			search_found(search, (struct target *)object,
				     IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
}

static void search_static(struct search *search, const struct source *source)
{
	struct object *object = object_find(search->model, KIND_TARGET, NULL, 0,
					    source->target);
	struct portal_address portal;
	struct target *target = (struct target *)object;

	if (!endpoint_is_reached(search->model, search->lhba, &source->endpoint,
				 &portal) ||
	    (target && target->now.login == ANSWER_IGNORE)) {
		search_failed(search, IMA_TARGET_DISCOVERY_METHOD_STATIC);
		return;
	}
	search_answered(search);
	if (target && target_has_portal(target, &portal))
		search_found(search, target, IMA_TARGET_DISCOVERY_METHOD_STATIC);
}

static void search_sources(struct search *search, struct object_list *list,
			   void (*ask)(struct search *search,
				       const struct source *source))
{
	for_each(object, list)
		if (((struct source *)object)->now.active)
			ask(search, (struct source *)object);
}

/* The networks an LHBA is on, each once for every way. */
static void each_network(const struct lhba *lhba,
			 void (*visit)(const struct network *network, void *context),
			 void *context)
{
	const struct references *lnps = &lhba->now.lnps, *networks = &lhba->now.networks;

	for (unsigned int i = 0; i < networks->count; i++)
		visit((struct network *)networks->list[i], context);
	for (unsigned int i = 0; i < lnps->count; i++) {
		const struct references *pnps = &((struct lnp *)lnps->list[i])->now.pnps;

		for (unsigned int k = 0; k < pnps->count; k++) {
			const struct pnp *pnp = (struct pnp *)pnps->list[k];

			if (pnp->now.network && pnp_works(pnp))
				visit((struct network *)pnp->now.network, context);
		}
	}
}

struct server_search {
	uint32_t method;
	struct address server;
};

static void look_for_server(const struct network *network, void *context)
{
	struct server_search *search = context;
	const struct address *told = search->method == IMA_ISNS_DISCOVERY_METHOD_DHCP
					     ? &network->now.dhcp_isns
					     : &network->now.slp_isns;

	if (network->now.up && told->host[0] && !search->server.host[0])
		search->server = *told;
}

static struct address server_of(const struct lhba *lhba,
				const struct discovery_settings *settings)
{
	struct server_search search = { .method = settings->isns_method };

	if (settings->isns_method == IMA_ISNS_DISCOVERY_METHOD_STATIC)
		return settings->isns_host;
	each_network(lhba, look_for_server, &search);
	return search.server;
}

void isns_server(struct model *model, const struct object *holder, struct address *server)
{
	const struct discovery_settings *settings =
		object_kind(holder) == KIND_LHBA
			? &((const struct lhba *)holder)->now.discovery
			: &((const struct phba *)holder)->now.discovery;

	memset(server, 0, sizeof(*server));
	for_each(lhba, &model->roots[KIND_LHBA])
		if (!server->host[0] && lhba_uses((struct lhba *)lhba, holder))
			*server = server_of((struct lhba *)lhba, settings);
}

static void search_isns(struct search *search, const struct discovery_settings *settings)
{
	struct address server = server_of(search->lhba, settings);
	struct portal_address portal;
	char name[ADDRESS_TEXT_SIZE];
	const struct object *isns = NULL;

	address_format(&server, name);
	if (server.host[0] &&
	    endpoint_is_reached(search->model, search->lhba, &server, &portal))
		isns = object_find(search->model, KIND_ISNS, NULL, 0, name);
	if (!isns || !((const struct isns *)isns)->now.answers) {
		search_failed(search, IMA_TARGET_DISCOVERY_METHOD_ISNS);
		return;
	}
	search_answered(search);
	for_each(object, &search->model->roots[KIND_TARGET])
		if (((struct target *)object)->now.isns)
			search_found(search, (struct target *)object,
				     IMA_TARGET_DISCOVERY_METHOD_ISNS);
}

static bool target_is_reached(const struct lhba *lhba, const struct target *target)
{
	for (unsigned int i = 0; i < target->now.portals.count; i++)
		if (lhba_reaches(lhba, &target->now.portals.list[i].ip, NULL))
			return true;
	return false;
}

static void look_for_slp(const struct network *network, void *context)
{
	bool *slp = context;

	*slp = *slp || (network->now.up && network->now.slp);
}

/* SLP is multicast: every target that can be reached and speaks it answers. */
static void search_slp(struct search *search)
{
	bool slp = !search->lhba->now.lnps.count && !search->lhba->now.networks.count;

	each_network(search->lhba, look_for_slp, &slp);
	if (!slp) {
		search_failed(search, IMA_TARGET_DISCOVERY_METHOD_SLP);
		return;
	}
	search_answered(search);
	for_each(object, &search->model->roots[KIND_TARGET]) {
		struct target *target = (struct target *)object;

		if (target->now.slp && target_is_reached(search->lhba, target))
			search_found(search, target, IMA_TARGET_DISCOVERY_METHOD_SLP);
	}
}

/* Everything one LHBA or PHBA has to offer; ports has the addresses of a PHBA. */
static void search_holder(struct search *search,
			  const struct discovery_settings *settings,
			  struct object_list *const *lists)
{
	uint32_t supported = settings->supported;

	if (supported & SUPPORTS_SENDTARGETS && settings->sendtargets == IMA_TRUE)
		search_sources(search, lists[0], search_sendtargets);
	if (supported & SUPPORTS_STATIC && settings->static_method == IMA_TRUE)
		search_sources(search, lists[1], search_static);
}

static void search_servers(struct search *search,
			   const struct discovery_settings *settings)
{
	if (settings->supported & SUPPORTS_ISNS && settings->isns == IMA_TRUE)
		search_isns(search, settings);
	if (settings->supported & SUPPORTS_SLP && settings->slp == IMA_TRUE)
		search_slp(search);
}

static void search_phba(struct search *search, struct phba *phba)
{
	for_each(pnp, &phba->object.children[0])
		search_holder(
			search, &phba->now.discovery,
			(struct object_list *[]){ &pnp->children[0], &pnp->children[1] });
	search_servers(search, &phba->now.discovery);
}

/* Targets that are asked for more targets. What they find may itself be asked. */
static void search_targets(struct search *search)
{
	for_each(object, &search->lhba->object.children[2]) {
		struct found *found = (struct found *)object;

		if (!found->now.sendtargets || !(found->methods_new | found->methods) ||
		    !target_is_reached(search->lhba, found->target))
			continue;
		for_each(other, &search->model->roots[KIND_TARGET]) {
			struct target *target = (struct target *)other;

			if (target->now.sendtargets && same_array(found->target, target))
				search_found(search, target,
					     IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS);
		}
	}
}

/*
 * A target whose source did not answer stays known. Vanishing first, so that an event says
 * "gone" before another says "here".
 */
static void search_conclude(struct search *search)
{
	struct object_list *list = &search->lhba->object.children[2];

	for_each_safe(object, list)
	{
		struct found *found = (struct found *)object;

		found->answered = found->methods_new != 0;
		found->methods_new |= found->methods & search->failed;
		if (!found->methods_new)
			object_remove(search->model, object);
	}
	for_each(object, list) {
		struct found *found = (struct found *)object;
		bool is_new = !found->methods;

		if (!is_new && found->methods != found->methods_new)
			object_changed(search->model, object);
		found->methods = found->methods_new;
		found->methods_new = 0;
		if (is_new)
			object_announce(search->model, object);
	}
}

void lhba_discover(struct model *model, struct lhba *lhba,
		   struct discovery_result *result)
{
	struct search search = { .model = model, .lhba = lhba, .result = result };

	for (unsigned int i = 0; i < lhba->now.phbas.count; i++)
		search_phba(&search, (struct phba *)lhba->now.phbas.list[i]);
	search_holder(&search, &lhba->now.discovery,
		      (struct object_list *[]){ &lhba->object.children[0],
						&lhba->object.children[1] });
	search_servers(&search, &lhba->now.discovery);
	search_targets(&search);
	search_conclude(&search);
}

void source_discover(struct model *model, struct lhba *lhba, const struct source *source,
		     struct discovery_result *result)
{
	struct search search = {
		.model = model, .lhba = lhba, .result = result, .failed = 0xf
	};

	search_sendtargets(&search, source);
	search.failed = 0xf; /* nothing else was asked, so nothing else vanishes */
	search_conclude(&search);
}

bool source_finds(const struct model *model, const struct source *source,
		  const struct found *found)
{
	const struct lhba *lhba = (const struct lhba *)found->object.parent;
	struct portal_address portal;
	const struct target *owner;

	if (object_kind(&source->object) == KIND_STATIC)
		return strcmp(source->target, found->object.identity->name) == 0 &&
		       found->methods & IMA_TARGET_DISCOVERY_METHOD_STATIC;
	if (!(found->methods & IMA_TARGET_DISCOVERY_METHOD_SENDTARGETS) ||
	    !endpoint_is_reached(model, lhba, &source->endpoint, &portal))
		return false;
	owner = portal_owner(model, &portal);
	return owner && is_told(owner, found->target, &portal);
}

/* --- up to date ---------------------------------------------------------------------- */

static void settle_pnp(struct model *model, struct pnp *pnp)
{
	IMA_NETWORK_PORT_STATUS status = pnp_status(pnp);
	IMA_IP_PROPERTIES ip;

	pnp_fill_ip(pnp, &ip);
	if (pnp->compared &&
	    (status != pnp->last_status || memcmp(&ip, &pnp->last_ip, sizeof(ip)) != 0))
		object_changed(model, &pnp->object);
	pnp->compared = true;
	pnp->last_status = status;
	pnp->last_ip = ip;
}

static void settle_lnp(struct model *model, struct lnp *lnp)
{
	IMA_NETWORK_PORT_STATUS status = lnp_status(lnp);

	if (lnp->compared && status != lnp->last_status)
		object_changed(model, &lnp->object);
	lnp->compared = true;
	lnp->last_status = status;
}

/* Status and lease follow from other objects, so they are compared with what they were. */
static void settle_ports(struct model *model)
{
	for_each(phba, &model->roots[KIND_PHBA])
		for_each(pnp, &phba->children[0])
			settle_pnp(model, (struct pnp *)pnp);
	for_each(lnp, &model->roots[KIND_LNP])
		settle_lnp(model, (struct lnp *)lnp);
}

static void settle_lhba(struct model *model, struct lhba *lhba, bool first)
{
	struct discovery_result result = { 0 };

	lhba_discover(model, lhba, &result);
	for_each(object, &lhba->object.children[2])
		found_settle(model, (struct found *)object, first);
}

void model_settle(struct model *model, bool first)
{
	if (!model->unsettled && !first)
		return;
	settle_ports(model);
	for_each(object, &model->roots[KIND_LHBA])
		settle_lhba(model, (struct lhba *)object, first);
	stale_apply(model);
	/* What was just applied may have changed what is found; once more is enough. */
	if (model->unsettled)
		for_each(object, &model->roots[KIND_LHBA])
			settle_lhba(model, (struct lhba *)object, first);
	model->unsettled = false;
}

/* A target or LU that leaves the network leaves every LHBA. */
void dependents_remove(struct model *model, struct object *object)
{
	int kind = object_kind(object);

	if (kind == KIND_FOUND || kind == KIND_FOUND_LU)
		found_gone(model, object);
	if (kind != KIND_TARGET && kind != KIND_LU)
		return;
	for_each(lhba, &model->roots[KIND_LHBA]) {
		const struct object *target = kind == KIND_LU ? object->parent : object;
		struct object *found = object_find(model, KIND_FOUND, lhba, 0,
						   target->identity->name);

		if (found && kind == KIND_LU)
			found = object_find(model, KIND_FOUND_LU, found,
					    object->identity->number, "");
		if (found)
			object_remove(model, found);
	}
}

/* What was to come with the reboot is now. */
static void reboot_object(struct model *model, struct object *object)
{
	const struct kind *kind = object->kind;

	for (unsigned int i = 0; kind->next && i < kind->n_properties; i++)
		object_store_row(model, object, &kind->properties[i],
				 (char *)object_next(object) + kind->properties[i].offset,
				 false);
	if (object_kind(object) == KIND_FOUND_LU)
		lu_sync_device(model, (struct found_lu *)object);
}

/* Sources whose removal had to wait. Clients were told when they were removed. */
static void reboot_sources(struct model *model, struct object *parent)
{
	for (unsigned int slot = 0; slot < 2; slot++)
		for_each_safe(object,
			      &parent->children[slot]) if (((struct source *)object)
								   ->now.removed)
			object_remove(model, object);
}

static void restart_tree(struct model *model, struct object *object)
{
	reboot_object(model, object);
	for (unsigned int i = 0; i < object->kind->n_children; i++)
		for_each(child, &object->children[i])
			restart_tree(model, child);
}

void object_restart(struct model *model, struct object *object)
{
	restart_tree(model, object);
	if (object_kind(object) == KIND_LHBA)
		reboot_sources(model, object);
	else
		for_each(pnp, &object->children[0])
			reboot_sources(model, pnp);
	model->unsettled = true;
}

void model_reboot(struct model *model)
{
	for_each(lhba, &model->roots[KIND_LHBA])
		for_each(found, &lhba->children[2])
			found_shutdown(model, (struct found *)found);
	for (size_t id = 0; id < model->by_id_size; id++)
		if (model->by_id[id])
			reboot_object(model, model->by_id[id]);
	for_each(lhba, &model->roots[KIND_LHBA])
		reboot_sources(model, lhba);
	for_each(phba, &model->roots[KIND_PHBA])
		for_each(pnp, &phba->children[0]) {
			memset(&((struct pnp *)pnp)->counters, 0,
			       sizeof(IMA_PNP_STATISTICS));
			reboot_sources(model, pnp);
		}
	model->dirty = true;
	model->unsettled = true;
}

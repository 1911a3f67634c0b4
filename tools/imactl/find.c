// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * find.c - objects that have a number and a name.
 */
#include "find.h"

#include <string.h>
#include <strings.h>

#include "address.h"
#include "doc.h"
#include "shared/number.h"

#define TYPES (IMA_OBJECT_TYPE_SESSION + 1)

const char *keep_text(struct context *c, char *text)
{
	return keep(c, text);
}

/* --- names --------------------------------------------------------------------------- */

/* "ima-user" of "/usr/lib/ima/ima-user.so" */
static char *file_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *dot = strstr(base, ".so");

	return text_format("%.*s", (int)(dot ? dot - base : (ptrdiff_t)strlen(base)),
			   base);
}

static char *name_of_plugin(struct context *c, IMA_OID oid)
{
	_cleanup_free_ char *path = NULL;
	IMA_PLUGIN_PROPERTIES props;

	if (CALL(c, IMA_GetPluginProperties, oid, &props))
		return NULL;
	path = text_of_wide(props.fileName, ARRAY_SIZE(props.fileName));
	return file_base(path);
}

static char *name_of_lhba(struct context *c, IMA_OID oid)
{
	const char *plugin = plugin_name_of(c, oid);
	IMA_LHBA_PROPERTIES props;
	char *device;

	if (CALL(c, IMA_GetLhbaProperties, oid, &props))
		return NULL;
	device = text_of_wide(props.osDeviceName, ARRAY_SIZE(props.osDeviceName));
	if (*device)
		return device;
	free(device);
	return text_format("%s", plugin ? plugin : "");
}

static char *name_of_phba(struct context *c, IMA_OID oid)
{
	IMA_PHBA_PROPERTIES props;

	if (CALL(c, IMA_GetPhbaProperties, oid, &props))
		return NULL;
	return text_of_wide(props.serialNumber, ARRAY_SIZE(props.serialNumber));
}

/* All zeros: it has none. */
static char *mac_text(const IMA_MAC_ADDRESS mac)
{
	static const IMA_MAC_ADDRESS none;

	if (!memcmp(mac, none, sizeof(none)))
		return text_format("%s", "");
	return text_format("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			   mac[3], mac[4], mac[5]);
}

static char *name_of_lnp(struct context *c, IMA_OID oid)
{
	IMA_LNP_PROPERTIES props;

	return CALL(c, IMA_GetLnpProperties, oid, &props) ? NULL
							  : mac_text(props.macAddress);
}

static char *name_of_pnp(struct context *c, IMA_OID oid)
{
	IMA_PNP_PROPERTIES props;

	return CALL(c, IMA_GetPnpProperties, oid, &props) ? NULL
							  : mac_text(props.macAddress);
}

static char *name_of_portal(struct context *c, IMA_OID oid)
{
	IMA_NETWORK_PORTAL_PROPERTIES props;
	struct json_object *ip;
	char *name;

	if (CALL(c, IMA_GetNetworkPortalProperties, oid, &props))
		return NULL;
	ip = ip_document(&props.ipAddress);
	name = text_format("%s", json_object_get_string(ip));
	json_object_put(ip);
	return name;
}

static char *name_of_node(struct context *c, IMA_OID oid)
{
	IMA_NODE_PROPERTIES props;

	if (IMA_ERROR(CALL(c, IMA_GetNodeProperties, oid, &props)))
		return NULL;
	return text_of_wide(props.name, ARRAY_SIZE(props.name));
}

/* --- lists --------------------------------------------------------------------------- */

static IMA_STATUS list_nodes(struct context *c, IMA_OID_LIST **list)
{
	_cleanup_ima_ IMA_OID_LIST *others = NULL;
	IMA_STATUS status = CALL(c, IMA_GetNonSharedNodeOidList, &others);
	IMA_UINT count = status || !others ? 0 : others->oidCount;

	*list = allocate(1, sizeof(IMA_OID_LIST) + count * sizeof(IMA_OID));
	keep(c, *list);
	status = CALL(c, IMA_GetSharedNodeOid, &(*list)->oids[0]);
	(*list)->oidCount = status ? 0 : 1;
	for (IMA_UINT i = 0; i < count; i++)
		(*list)->oids[(*list)->oidCount++] = others->oids[i];
	return IMA_STATUS_SUCCESS;
}

/* The objects of type that hang below each object of another type. */
static IMA_STATUS list_below(struct context *c, IMA_OBJECT_TYPE above,
			     IMA_STATUS (*get)(IMA_OID, IMA_OID_LIST **),
			     IMA_OID_LIST **list)
{
	const struct objects *parents;
	size_t size = sizeof(IMA_OID_LIST);
	IMA_OID_LIST *all = keep(c, allocate(1, size));

	if (objects_get(c, above, &parents))
		return c->failure.last.status;
	for (size_t i = 0; i < parents->count; i++) {
		_cleanup_ima_ IMA_OID_LIST *some = NULL;
		IMA_STATUS status = CALL(c, get, parents->list[i].oid, &some);
		IMA_OID_LIST *longer;

		if (status)
			return status;
		size += some->oidCount * sizeof(IMA_OID);
		longer = keep(c, allocate(1, size));
		memcpy(longer, all, size - some->oidCount * sizeof(IMA_OID));
		memcpy(&longer->oids[all->oidCount], some->oids,
		       some->oidCount * sizeof(IMA_OID));
		longer->oidCount += some->oidCount;
		all = longer;
	}
	*list = all;
	return IMA_STATUS_SUCCESS;
}

static IMA_STATUS list_pnps(struct context *c, IMA_OID_LIST **list)
{
	return list_below(c, IMA_OBJECT_TYPE_PHBA, IMA_GetPnpOidList, list);
}

static IMA_STATUS list_portals(struct context *c, IMA_OID_LIST **list)
{
	return list_below(c, IMA_OBJECT_TYPE_LNP, IMA_GetNetworkPortalOidList, list);
}

/* How a kind of object is listed and named. */
static const struct kind {
	IMA_OBJECT_TYPE type;
	IMA_STATUS (*list)(IMA_OID_LIST **list); /* of the library: released here */
	IMA_STATUS (*gather)(struct context *c, IMA_OID_LIST **list); /* kept */
	char *(*name)(struct context *c, IMA_OID oid);
	const char *option; /* how to choose one, for messages */
	const char *where;  /* what shows them */
} kinds[] = {
	{ IMA_OBJECT_TYPE_PLUGIN, IMA_GetPluginOidList, NULL, name_of_plugin, "--plugin",
	  "plugin list" },
	{ IMA_OBJECT_TYPE_LHBA, IMA_GetLhbaOidList, NULL, name_of_lhba, "--lhba",
	  "lhba list" },
	{ IMA_OBJECT_TYPE_PHBA, IMA_GetPhbaOidList, NULL, name_of_phba, "--phba",
	  "phba list" },
	{ IMA_OBJECT_TYPE_LNP, IMA_GetLnpOidList, NULL, name_of_lnp, NULL, "lnp list" },
	{ IMA_OBJECT_TYPE_PNP, NULL, list_pnps, name_of_pnp, NULL, "pnp list" },
	{ IMA_OBJECT_TYPE_NETWORK_PORTAL, NULL, list_portals, name_of_portal, NULL,
	  "portal list" },
	{ IMA_OBJECT_TYPE_NODE, NULL, list_nodes, name_of_node, "--node", "node list" },
};

static const struct kind *kind_of(IMA_OBJECT_TYPE type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

static bool name_is_taken(const struct objects *objects, const char *name)
{
	for (size_t i = 0; i < objects->count; i++)
		if (!strcasecmp(objects->list[i].name, name))
			return true;
	return false;
}

/* Everything gets a name that no other of its kind has. */
static const char *unique_name(struct context *c, const struct kind *kind,
			       const struct objects *objects, unsigned number,
			       IMA_OID oid)
{
	char *name = kind->name(c, oid);

	if (!name || !*name) {
		free(name);
		name = text_format("%s-%u", object_type_text(kind->type), number);
	}
	if (name_is_taken(objects, name)) {
		char *longer = text_format("%s/%u", name, number);

		free(name);
		name = longer;
	}
	return keep_text(c, name);
}

static void add_object(struct context *c, const struct kind *kind,
		       struct objects *objects, unsigned number, IMA_OID oid)
{
	struct object object = { .oid = oid, .number = number };

	object.name = unique_name(c, kind, objects, number, oid);
	object.plugin = kind->type == IMA_OBJECT_TYPE_PLUGIN ? object.name
							     : plugin_name_of(c, oid);
	objects->list[objects->count++] = object;
}

/* Fills objects with all of their kind. */
static int list_objects(struct context *c, const struct kind *kind,
			struct objects *objects)
{
	_cleanup_ima_ IMA_OID_LIST *owned = NULL;
	IMA_OID_LIST *list = NULL;
	IMA_STATUS status = kind->gather ? kind->gather(c, &list)
					 : CALL(c, kind->list, &owned);

	if (IMA_ERROR(status))
		return failed(c, status, NULL, "cannot list the %ss",
			      object_type_text(kind->type));
	if (owned)
		list = owned;
	if (!list)
		return EXIT_DONE;
	objects->list = keep(c, allocate(list->oidCount + 1, sizeof(struct object)));
	for (IMA_UINT i = 0; i < list->oidCount; i++)
		add_object(c, kind, objects, (unsigned)i + 1, list->oids[i]);
	return EXIT_DONE;
}

static bool is_called(const struct object *object, const char *name)
{
	uint64_t number;

	if (!strcasecmp(object->name, name))
		return true;
	return !number_parse(name, 1, UINT32_MAX, &number) && number == object->number;
}

/* --plugin also takes the name without "ima-". */
static bool plugin_is_called(const struct object *object, const char *name)
{
	return is_called(object, name) || (!strncasecmp(object->name, "ima-", 4) &&
					   !strcasecmp(object->name + 4, name));
}

static const struct object *object_called(const struct objects *objects,
					  IMA_OBJECT_TYPE type, const char *name)
{
	for (size_t i = 0; i < objects->count; i++)
		if (type == IMA_OBJECT_TYPE_PLUGIN
			    ? plugin_is_called(&objects->list[i], name)
			    : is_called(&objects->list[i], name))
			return &objects->list[i];
	return NULL;
}

static int none_called(struct context *c, const struct kind *kind, const char *name)
{
	const char *type = object_type_text(kind->type);

	if (!name)
		return not_found(c, kind->type, "", "there is no %s", type);
	return not_found(c, kind->type, name,
			 "there is no %s \"%s\": imactl %s shows them", type, name,
			 kind->where);
}

static struct objects *cache_of(struct context *c, IMA_OBJECT_TYPE type)
{
	if (!c->objects)
		c->objects = keep(c, allocate(TYPES, sizeof(struct objects)));
	return &c->objects[type];
}

static int plugins_get(struct context *c, const struct objects **plugins)
{
	struct objects *cache = cache_of(c, IMA_OBJECT_TYPE_PLUGIN);
	int err = EXIT_DONE;

	if (!cache->listed)
		err = list_objects(c, kind_of(IMA_OBJECT_TYPE_PLUGIN), cache);
	cache->listed = !err;
	*plugins = cache;
	return err;
}

/* The plugin --plugin names; NULL without the option. */
static int wanted_plugin(struct context *c, const struct object **plugin)
{
	const char *name = c->option[OPT_PLUGIN];
	const struct objects *plugins;
	int err;

	*plugin = NULL;
	if (!name)
		return EXIT_DONE;
	err = plugins_get(c, &plugins);
	if (err)
		return err;
	*plugin = object_called(plugins, IMA_OBJECT_TYPE_PLUGIN, name);
	return *plugin ? EXIT_DONE
		       : none_called(c, kind_of(IMA_OBJECT_TYPE_PLUGIN), name);
}

/* Takes out of objects what is not of the plugin. */
static void keep_of_plugin(struct objects *objects, const struct object *plugin)
{
	size_t n = 0;

	for (size_t i = 0; i < objects->count; i++)
		if (!plugin || (objects->list[i].plugin &&
				!strcmp(objects->list[i].plugin, plugin->name)))
			objects->list[n++] = objects->list[i];
	objects->count = n;
}

int objects_get(struct context *c, IMA_OBJECT_TYPE type, const struct objects **objects)
{
	struct objects *cache = cache_of(c, type);
	const struct object *plugin;
	int err;

	*objects = cache;
	if (cache->listed && type != IMA_OBJECT_TYPE_PLUGIN)
		return EXIT_DONE;
	err = wanted_plugin(c, &plugin);
	if (!err && !cache->listed)
		err = list_objects(c, kind_of(type), cache);
	if (err)
		return err;
	cache->listed = true;
	if (type != IMA_OBJECT_TYPE_PLUGIN || plugin)
		keep_of_plugin(cache, plugin);
	return EXIT_DONE;
}

void objects_forget(struct context *c, IMA_OBJECT_TYPE type)
{
	*cache_of(c, type) = (struct objects){ 0 };
}

/* "a, b and c" is what to choose from. */
static const char *names_of(struct context *c, const struct objects *objects)
{
	char *names = NULL;

	for (size_t i = 0; i < objects->count; i++) {
		_cleanup_free_ char *before = names;

		names = text_format("%s%s%s", before ? before : "", before ? ", " : "",
				    objects->list[i].name);
	}
	return keep_text(c, names ? names : text_format("%s", ""));
}

static int several(struct context *c, const struct kind *kind, const struct objects *all)
{
	return refused(c, EXIT_USAGE, "there are %zu %ss, choose one%s%s: %s", all->count,
		       object_type_text(kind->type), kind->option ? " with " : "",
		       kind->option ? kind->option : "", names_of(c, all));
}

int object_get(struct context *c, IMA_OBJECT_TYPE type, const char *name,
	       const struct object **object)
{
	const struct kind *kind = kind_of(type);
	const struct objects *all;
	int err = objects_get(c, type, &all);

	if (err)
		return err;
	if (!name && all->count > 1)
		return several(c, kind, all);
	*object = name ? object_called(all, type, name) : all->count ? all->list : NULL;
	return *object ? EXIT_DONE : none_called(c, kind, name);
}

int lhba_get(struct context *c, const struct object **lhba)
{
	return object_get(c, IMA_OBJECT_TYPE_LHBA, c->option[OPT_LHBA], lhba);
}

int lhbas_get(struct context *c, const struct object ***lhbas, size_t *count)
{
	const struct objects *all;
	int err = objects_get(c, IMA_OBJECT_TYPE_LHBA, &all);

	if (err)
		return err;
	*lhbas = keep(c, allocate(all->count + 1, sizeof(**lhbas)));
	*count = 1;
	if (given(c, OPT_LHBA))
		return lhba_get(c, &(*lhbas)[0]);
	*count = all->count;
	for (size_t i = 0; i < all->count; i++)
		(*lhbas)[i] = &all->list[i];
	return EXIT_DONE;
}

const char *plugin_name_of(struct context *c, IMA_OID oid)
{
	const struct objects *plugins;
	IMA_OID owner;

	if (CALL(c, IMA_GetAssociatedPluginOid, oid, &owner) || plugins_get(c, &plugins))
		return NULL;
	for (size_t i = 0; i < plugins->count; i++)
		if (oid_equal(plugins->list[i].oid, owner))
			return plugins->list[i].name;
	return NULL;
}

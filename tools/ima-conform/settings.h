/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.h - what can be set and lasts, as values that can be read, altered and put back
 * without knowing what they mean.
 */
#ifndef IMA_CONFORM_SETTINGS_H
#define IMA_CONFORM_SETTINGS_H

#include "check.h"

#define SETTING_BYTES (IMA_NODE_ALIAS_LEN * sizeof(IMA_WCHAR))

struct setting_value {
	size_t size;
	_Alignas(16) unsigned char bytes[SETTING_BYTES];
};

/* Settings of one kind; which is a number below count. */
struct settings {
	size_t count;
	enum function_index (*function)(size_t which);
	/* Its value now; false if there is none. */
	bool (*read)(size_t which, IMA_OID oid, struct setting_value *value);
	/* Another value in the place of the one it has; false if there is none. */
	bool (*alter)(size_t which, IMA_OID oid, struct setting_value *value);
	IMA_STATUS (*set)(size_t which, IMA_OID oid, const struct setting_value *value);
};

extern const struct settings key_settings, switch_settings, ip_settings, portal_settings,
	node_settings, authentication_settings, extension_settings;

/* Discovery addresses (0) and static targets (1) that the suite adds. */
#define ENTRY_KINDS 2
enum function_index entry_function(size_t kind, bool add);
IMA_STATUS entry_add(size_t kind, IMA_OID parent, IMA_OID *oid);
IMA_STATUS entry_remove(size_t kind, IMA_OID oid);
bool entry_is_listed(size_t kind, IMA_OID parent);

/* Numbers as values. */
void setting_put(struct setting_value *value, IMA_UINT number);
IMA_UINT setting_number(const struct setting_value *value);

/* Print the settings of a plugin, a line each; what persistence.c runs in another process. */
void settings_print(const struct run *run);

#endif

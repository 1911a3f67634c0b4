/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * adapter.h - adapters with an iSCSI engine of their own, and how their ports are configured.
 */
#ifndef LINUX_ADAPTER_H
#define LINUX_ADAPTER_H

#include "linux.h"

/* The object with the OID of a port, portal or adapter; the lock of the plugin is held. */
void *find_port_object(IMA_OID oid, IMA_STATUS *status);

/* A PNP is the second item of its adapter. */
const struct adapter *adapter_of_pnp(const void *item);

/* The interface record that configures an address of an adapter. */
struct adapter_place {
	char record[256];
	bool applies; /* the adapter takes it now; otherwise with the next login */
};

/* IMA_ERROR_NOT_SUPPORTED if there is none; the lock of the plugin is held. */
IMA_STATUS place_of_portal(const struct network_portal *portal,
			   struct adapter_place *place);
IMA_STATUS place_of_adapter(const struct adapter *adapter, struct adapter_place *place);

/* Writes a setting into the record, and hands the record to the adapter if it takes it. */
IMA_STATUS place_set(const struct adapter_place *place, const char *key,
		     const char *value);

#endif

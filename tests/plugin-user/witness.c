// SPDX-License-Identifier: LGPL-2.1-or-later
#include "witness.h"

#include <pthread.h>
#include <string.h>

#include "shared/cleanup.h"

static struct {
	pthread_mutex_t lock;
	pthread_cond_t heard;
	unsigned int count[CHANGED + 1][16];
} witness = { .lock = PTHREAD_MUTEX_INITIALIZER, .heard = PTHREAD_COND_INITIALIZER };

static void hear(enum heard what, IMA_OID oid)
{
	LOCKED(&witness.lock);
	witness.count[what][oid.objectType & 15]++;
	pthread_cond_broadcast(&witness.heard);
}

static void on_visibility(IMA_BOOL visible, IMA_OID oid)
{
	hear(visible ? APPEARED : DISAPPEARED, oid);
}

static void on_property(IMA_OID oid)
{
	hear(CHANGED, oid);
}

void witness_forget(void)
{
	LOCKED(&witness.lock);
	memset(witness.count, 0, sizeof(witness.count));
}

int witness_begin(void **state)
{
	(void)state;
	witness_forget();
	return IMA_RegisterForObjectVisibilityChanges(on_visibility) ||
	       IMA_RegisterForObjectPropertyChanges(on_property);
}

int witness_end(void **state)
{
	(void)state;
	return IMA_DeregisterForObjectVisibilityChanges(on_visibility) ||
	       IMA_DeregisterForObjectPropertyChanges(on_property);
}

unsigned int witness_count(enum heard what, IMA_OBJECT_TYPE type)
{
	LOCKED(&witness.lock);
	return witness.count[what][type];
}

void witness_wait(enum heard what, IMA_OBJECT_TYPE type, unsigned int count)
{
	LOCKED(&witness.lock);
	while (witness.count[what][type] < count)
		pthread_cond_wait(&witness.heard, &witness.lock);
}

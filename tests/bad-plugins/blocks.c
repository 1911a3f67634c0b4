// SPDX-License-Identifier: LGPL-2.1-or-later
/* blocks.c - has a call that does not return until it is told to. */
#define BAD_FREES
#define BAD_LISTS_LHBA
#include "bad.h"

#include <semaphore.h>

static sem_t entered, release;

__attribute__((constructor)) static void make(void)
{
	sem_init(&entered, 0, 0);
	sem_init(&release, 0, 0);
}

IMA_STATUS IMA_RemoveStaleData(IMA_OID lhbaOid)
{
	(void)lhbaOid;
	sem_post(&entered);
	sem_wait(&release);
	return IMA_STATUS_SUCCESS;
}

IMA_STATUS IMA_ExposeLu(IMA_OID luOid)
{
	(void)luOid;
	return IMA_ERROR_LU_EXPOSED;
}

/* 0: wait until somebody is in the call; 1: let it go. */
int bad_control(int what)
{
	return what ? sem_post(&release) : sem_wait(&entered);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "iscsi/libcrypto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "shared/cleanup.h"

static struct libcrypto functions;
static bool is_loaded;

#define FUNCTION(name)                 \
	{                              \
#name, &functions.name \
	}
static const struct {
	const char *name;
	void *pointer;
} symbols[] = {
	FUNCTION(CRYPTO_memcmp),     FUNCTION(EVP_DigestFinal_ex),
	FUNCTION(EVP_DigestInit_ex), FUNCTION(EVP_DigestUpdate),
	FUNCTION(EVP_MD_CTX_free),   FUNCTION(EVP_MD_CTX_new),
	FUNCTION(EVP_MD_fetch),	     FUNCTION(OPENSSL_init_crypto),
};

static bool find_functions(void *handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (!symbol)
			return false;
		memcpy(symbols[i].pointer, &symbol, sizeof(symbol));
	}
	return true;
}

/*
 * It is never unloaded. Nor shall it clean up at exit, if it is us who begin to use it: a thread
 * may be logging in at that moment, and is ended only when the library is.
 */
static void load(void)
{
	void *handle = dlopen(LIBCRYPTO_NAME, RTLD_NOW | RTLD_LOCAL);

	is_loaded = handle && find_functions(handle) &&
		    functions.OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

const struct libcrypto *libcrypto(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return is_loaded ? &functions : NULL;
}

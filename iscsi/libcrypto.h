/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libcrypto.h - the functions of OpenSSL's libcrypto that hash for CHAP.
 *
 * It is loaded by who first needs it, because loading takes longer than all else that a program
 * does which only looks at what there is.
 */
#ifndef ISCSI_LIBCRYPTO_H
#define ISCSI_LIBCRYPTO_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define LIBCRYPTO_STRING(number) #number
#define LIBCRYPTO_OF(version)	 "libcrypto.so." LIBCRYPTO_STRING(version)
#define LIBCRYPTO_NAME		 LIBCRYPTO_OF(OPENSSL_SHLIB_VERSION)

/* Each under its own name. */
struct libcrypto {
	__typeof__(CRYPTO_memcmp) *CRYPTO_memcmp;
	__typeof__(EVP_DigestFinal_ex) *EVP_DigestFinal_ex;
	__typeof__(EVP_DigestInit_ex) *EVP_DigestInit_ex;
	__typeof__(EVP_DigestUpdate) *EVP_DigestUpdate;
	__typeof__(EVP_MD_CTX_free) *EVP_MD_CTX_free;
	__typeof__(EVP_MD_CTX_new) *EVP_MD_CTX_new;
	__typeof__(EVP_MD_fetch) *EVP_MD_fetch;
	__typeof__(OPENSSL_init_crypto) *OPENSSL_init_crypto;
};

/* NULL: this machine has no LIBCRYPTO_NAME, or not all of this in it. Any thread. */
const struct libcrypto *libcrypto(void);

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
/* SHA-256 against the examples of FIPS 180-2 and the lengths around a block. */
#include "unit.h"

#include "shared/sha256.h"

static void hex_of(const char *data, size_t size, size_t step, char hex[65])
{
	uint8_t digest[SHA256_SIZE];
	struct sha256 hash;

	sha256_init(&hash);
	for (size_t at = 0; at < size; at += step)
		sha256_add(&hash, data + at, size - at < step ? size - at : step);
	sha256_end(&hash, digest);
	for (int i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void known_texts_have_their_digests(void **state)
{
	static const struct {
		const char *text, *digest;
	} cases[] = {
		{ "",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc",
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[65];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		hex_of(cases[i].text, strlen(cases[i].text), 7, hex);
		assert_string_equal(hex, cases[i].digest);
	}
}

static void a_million_letters_have_their_digest(void **state)
{
	char _cleanup_free_ *text = malloc(1000000);
	char hex[65];

	(void)state;
	memset(text, 'a', 1000000);
	hex_of(text, 1000000, 4096, hex);
	assert_string_equal(
		hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void it_does_not_matter_how_the_data_is_cut(void **state)
{
	char text[200], whole[65], pieces[65];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t size = 50; size <= 130; size++) {
		hex_of(text, size, size, whole);
		for (size_t step = 1; step < 70; step += 13) {
			hex_of(text, size, step, pieces);
			assert_string_equal(whole, pieces);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_their_digests),
		cmocka_unit_test(a_million_letters_have_their_digest),
		cmocka_unit_test(it_does_not_matter_how_the_data_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

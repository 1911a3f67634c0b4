// SPDX-License-Identifier: LGPL-2.1-or-later
#include "value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "model.h"
#include "shared/cleanup.h"
#include "shared/iscsi-name.h"
#include "shared/number.h"

#define YEAR_9999 253402300799 /* the last second with a year of four digits */

static const char *const auth_method_names[] = { "none", "chap",  "srp",
						 "krb5", "spkm1", "spkm2" };
const struct words auth_method_words = { ARRAY_SIZE(auth_method_names),
					 auth_method_names };

/* --- parts ------------------------------------------------------------------------- */

uint64_t integer_load(const void *field, unsigned int size)
{
	uint64_t value = 0;

	/* Little endian first, so that fewer bytes are the low ones; big endian: shift. */
	memcpy(&value, field, size);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value >>= 64 - 8 * size;
#endif
	return value;
}

void integer_store(void *field, unsigned int size, uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value <<= 64 - 8 * size;
#endif
	memcpy(field, &value, size);
}

static unsigned int suffix_shift(char c)
{
	static const char suffixes[] = "KMGT";
	const char *found = c ? strchr(suffixes, c) : NULL;

	return found ? 10 * (unsigned int)(found - suffixes + 1) : 0;
}

int size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	size_t length = strlen(text);
	unsigned int shift = length ? suffix_shift(text[length - 1]) : 0;
	uint64_t number;
	char digits[24];

	if (!shift)
		return number_parse(text, min, max, value);
	if (length > sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, length - 1);
	digits[length - 1] = 0;
	if (number_parse(digits, 0, UINT64_MAX >> shift, &number) < 0)
		return -EINVAL;
	number <<= shift;
	if (number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}

int duration_parse(const char *text, uint64_t *milliseconds)
{
	static const struct {
		const char *unit;
		uint64_t factor;
	} units[] = { { "ms", 1 },
		      { "s", 1000 },
		      { "m", 60000 },
		      { "h", 3600000 },
		      { "d", 86400000 } };
	size_t length = strspn(text, "0123456789");
	char digits[12];
	uint64_t number;

	if (!length || length >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, length);
	digits[length] = 0;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(text + length, units[i].unit) != 0)
			continue;
		if (number_parse(digits, 0, UINT32_MAX, &number) < 0)
			return -EINVAL;
		*milliseconds = number * units[i].factor;
		return 0;
	}
	return -EINVAL;
}

/* YYYY-MM-DDTHH:MM:SSZ, and nothing else. */
int time_parse(const char *text, int64_t *seconds)
{
	struct tm tm = { 0 };
	char back[32];
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	time_t value;

	if (!end || *end)
		return -EINVAL;
	value = timegm(&tm);
	/* The 30th of February would become another day. */
	if (value < 0 || value > YEAR_9999 || !gmtime_r(&value, &tm) ||
	    !strftime(back, sizeof(back), "%Y-%m-%dT%H:%M:%SZ", &tm) ||
	    strcmp(back, text) != 0)
		return -EINVAL;
	*seconds = value;
	return 0;
}

void time_print(int64_t seconds, FILE *out)
{
	time_t value = seconds;
	struct tm tm = { 0 };

	gmtime_r(&value, &tm);
	fprintf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

int ip_parse(const char *text, struct ip_value *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (strcmp(text, "none") == 0)
		return 0;
	ip->family = strchr(text, ':') ? 6 : 4;
	if (inet_pton(ip->family == 6 ? AF_INET6 : AF_INET, text, ip->bytes) != 1)
		return -EINVAL;
	return 0;
}

void ip_print(const struct ip_value *ip, FILE *out)
{
	char text[INET6_ADDRSTRLEN];

	if (!ip->family)
		fputs("none", out);
	else if (inet_ntop(ip->family == 6 ? AF_INET6 : AF_INET, ip->bytes, text,
			   sizeof(text)))
		fputs(text, out);
}

bool ip_equal(const struct ip_value *a, const struct ip_value *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static int copy_part(char *out, size_t size, const char *from, size_t length)
{
	if (!length || length >= size)
		return -EINVAL;
	memcpy(out, from, length);
	out[length] = 0;
	return 0;
}

/* HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT; an IPv6 address stands in brackets. */
int endpoint_parse(const char *text, struct address *endpoint)
{
	memset(endpoint, 0, sizeof(*endpoint));
	return strcmp(text, "none") == 0 ? 0 : address_parse(text, 0, endpoint);
}

void endpoint_print(const struct address *endpoint, FILE *out)
{
	char text[ADDRESS_TEXT_SIZE];

	if (!endpoint->host[0]) {
		fputs("none", out);
		return;
	}
	address_format(endpoint, text);
	fputs(text, out);
}

bool iscsi_name_is_valid(const char *text)
{
	return iscsi_name_check(text, NULL) == 0;
}

void text_print_quoted(const char *text, FILE *out)
{
	if (*text && !strpbrk(text, " \t\"\\#")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* --- lists of parts ---------------------------------------------------------------- */

/* Take the next of several values with commas between them. 1, 0 at the end, -EINVAL. */
static int next_item(const char **rest, char *item, size_t size)
{
	size_t length = strcspn(*rest, ",");

	if (!**rest)
		return 0;
	if (copy_part(item, size, *rest, length) < 0)
		return -EINVAL;
	*rest += length;
	if (**rest == ',' && !*++*rest)
		return -EINVAL;
	return 1;
}

/* ADDRESS:PORT/GROUP; port and group may be left out. */
static int portal_parse(char *text, struct portal_address *portal)
{
	char *slash = strchr(text, '/');
	struct address endpoint;
	uint64_t group = 1;

	if (slash) {
		*slash = 0;
		if (number_parse(slash + 1, 0, UINT16_MAX, &group) < 0)
			return -EINVAL;
	}
	if (endpoint_parse(text, &endpoint) < 0 ||
	    ip_parse(endpoint.host, &portal->ip) < 0 || !portal->ip.family)
		return -EINVAL;
	portal->port = endpoint.port;
	portal->group = (uint16_t)group;
	return 0;
}

static int parse_portals(const struct property *property, const char *text, void *field)
{
	struct portals *portals = field;
	char item[80];
	int more;

	(void)property;
	memset(portals, 0, sizeof(*portals));
	while ((more = next_item(&text, item, sizeof(item))) > 0) {
		if (portals->count == PORTALS_MAX ||
		    portal_parse(item, &portals->list[portals->count]) < 0)
			return -EINVAL;
		portals->count++;
	}
	return more;
}

static void print_portals(const struct property *property, const void *field, FILE *out)
{
	const struct portals *portals = field;

	(void)property;
	for (unsigned int i = 0; i < portals->count; i++) {
		const struct portal_address *portal = &portals->list[i];
		const char *const *bracket = portal->ip.family == 6
						     ? (const char *const[]){ "[", "]" }
						     : (const char *const[]){ "", "" };

		fprintf(out, "%s%s", i ? "," : "", bracket[0]);
		ip_print(&portal->ip, out);
		fprintf(out, "%s:%u/%u", bracket[1], portal->port, portal->group);
	}
}

static int parse_subnets(const struct property *property, const char *text, void *field)
{
	struct subnets *subnets = field;
	char item[80];
	int more;

	(void)property;
	memset(subnets, 0, sizeof(*subnets));
	while ((more = next_item(&text, item, sizeof(item))) > 0) {
		char *slash = strchr(item, '/');
		struct ip_value ip;
		uint64_t bits;

		if (!slash || subnets->count == SUBNETS_MAX)
			return -EINVAL;
		*slash = 0;
		if (ip_parse(item, &ip) < 0 || !ip.family ||
		    number_parse(slash + 1, 0, ip.family == 6 ? 128 : 32, &bits) < 0)
			return -EINVAL;
		subnets->list[subnets->count].ip = ip;
		subnets->list[subnets->count].bits = (uint8_t)bits;
		subnets->count++;
	}
	return more;
}

static void print_subnets(const struct property *property, const void *field, FILE *out)
{
	const struct subnets *subnets = field;

	(void)property;
	for (unsigned int i = 0; i < subnets->count; i++) {
		fputs(i ? "," : "", out);
		ip_print(&subnets->list[i].ip, out);
		fprintf(out, "/%u", subnets->list[i].bits);
	}
}

/* --- one function pair per type ---------------------------------------------------- */

static int find_word(const struct words *words, const char *text)
{
	for (unsigned int i = 0; i < words->count; i++)
		if (strcmp(words->words[i], text) == 0)
			return (int)i;
	return -EINVAL;
}

static int parse_bool(const struct property *property, const char *text, void *field)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return -EINVAL;
	integer_store(field, property->size, text[0] == 'y');
	return 0;
}

static void print_bool(const struct property *property, const void *field, FILE *out)
{
	fputs(integer_load(field, property->size) ? "yes" : "no", out);
}

static int parse_xbool(const struct property *property, const char *text, void *field)
{
	if (strcmp(text, "unknown") != 0)
		return parse_bool(property, text, field);
	integer_store(field, property->size, 0xFFFFFFFFU);
	return 0;
}

static void print_xbool(const struct property *property, const void *field, FILE *out)
{
	if (integer_load(field, property->size) > 1)
		fputs("unknown", out);
	else
		print_bool(property, field, out);
}

static int parse_number(const struct property *property, const char *text, void *field)
{
	uint64_t number;

	if (size_parse(text, property->min, property->max, &number) < 0)
		return -EINVAL;
	integer_store(field, property->size, number);
	return 0;
}

static void print_number(const struct property *property, const void *field, FILE *out)
{
	fprintf(out, "%llu", (unsigned long long)integer_load(field, property->size));
}

static int parse_text(const struct property *property, const char *text, void *field)
{
	size_t length = strlen(text);

	if (length >= property->size || (property->max && length > property->max))
		return -EINVAL;
	memset(field, 0, property->size);
	memcpy(field, text, length);
	return 0;
}

static int parse_iscsi(const struct property *property, const char *text, void *field)
{
	if (*text && !iscsi_name_is_valid(text))
		return -EINVAL;
	return parse_text(property, text, field);
}

static void print_text(const struct property *property, const void *field, FILE *out)
{
	(void)property;
	fputs(field, out);
}

static int parse_word(const struct property *property, const char *text, void *field)
{
	int index = find_word(property->words, text);

	if (index < 0)
		return -EINVAL;
	integer_store(field, property->size, (uint64_t)index);
	return 0;
}

static void print_word(const struct property *property, const void *field, FILE *out)
{
	fputs(property->words->words[integer_load(field, property->size)], out);
}

static int parse_words(const struct property *property, const char *text, void *field)
{
	uint64_t set = 0;
	char item[64];
	int more;

	if (strcmp(text, "none") == 0)
		text = "";
	while ((more = next_item(&text, item, sizeof(item))) > 0) {
		int index = find_word(property->words, item);

		if (index < 0 || (property->min && !(property->min & 1ULL << index)))
			return -EINVAL;
		set |= 1ULL << index;
	}
	integer_store(field, property->size, set);
	return more;
}

static void print_words(const struct property *property, const void *field, FILE *out)
{
	uint64_t set = integer_load(field, property->size);
	const char *comma = "";

	if (!set)
		fputs("none", out);
	for (unsigned int i = 0; i < property->words->count; i++) {
		if (!(set & 1ULL << i))
			continue;
		fprintf(out, "%s%s", comma, property->words->words[i]);
		comma = ",";
	}
}

static int parse_time(const struct property *property, const char *text, void *field)
{
	int64_t seconds = 0;

	(void)property;
	if (strcmp(text, "none") != 0 && time_parse(text, &seconds) < 0)
		return -EINVAL;
	memcpy(field, &seconds, sizeof(seconds));
	return 0;
}

static void print_time(const struct property *property, const void *field, FILE *out)
{
	int64_t seconds;

	(void)property;
	memcpy(&seconds, field, sizeof(seconds));
	if (seconds)
		time_print(seconds, out);
	else
		fputs("none", out);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int hex_byte(const char *text)
{
	int high = hex_digit(text[0]);
	int low = high < 0 ? -1 : hex_digit(text[1]);

	return low < 0 ? -1 : high << 4 | low;
}

static int parse_mac(const struct property *property, const char *text, void *field)
{
	unsigned char mac[6];

	(void)property;
	for (int i = 0; i < 6; i++, text += 3) {
		int byte = hex_byte(text);

		if (byte < 0 || text[2] != (i < 5 ? ':' : 0))
			return -EINVAL;
		mac[i] = (unsigned char)byte;
	}
	memcpy(field, mac, sizeof(mac));
	return 0;
}

static void print_mac(const struct property *property, const void *field, FILE *out)
{
	const unsigned char *mac = field;

	(void)property;
	for (int i = 0; i < 6; i++)
		fprintf(out, "%s%02x", i ? ":" : "", mac[i]);
}

static int parse_ip(const struct property *property, const char *text, void *field)
{
	(void)property;
	return ip_parse(text, field);
}

static void print_ip(const struct property *property, const void *field, FILE *out)
{
	(void)property;
	ip_print(field, out);
}

static int parse_endpoint(const struct property *property, const char *text, void *field)
{
	(void)property;
	return endpoint_parse(text, field);
}

static void print_endpoint(const struct property *property, const void *field, FILE *out)
{
	(void)property;
	endpoint_print(field, out);
}

static const struct words *method_words(const struct property *property)
{
	return property->words ? property->words : &auth_method_words;
}

static int parse_methods(const struct property *property, const char *text, void *field)
{
	struct methods methods = { 0 };
	unsigned int seen = 0;
	char item[16];
	int more;

	while ((more = next_item(&text, item, sizeof(item))) > 0) {
		int method = find_word(method_words(property), item);

		if (method < 0 || seen & 1U << method)
			return -EINVAL;
		seen |= 1U << method;
		methods.list[methods.count++] = (uint8_t)method;
	}
	memcpy(field, &methods, sizeof(methods));
	return more;
}

static void print_methods(const struct property *property, const void *field, FILE *out)
{
	const struct methods *methods = field;

	for (unsigned int i = 0; i < methods->count; i++)
		fprintf(out, "%s%s", i ? "," : "",
			method_words(property)->words[methods->list[i]]);
}

static int parse_hex(const char *text, struct bytes *bytes, size_t room)
{
	size_t length = strlen(text);

	if (length % 2 || length / 2 > room)
		return -EINVAL;
	for (size_t i = 0; i < length / 2; i++) {
		int byte = hex_byte(text + 2 * i);

		if (byte < 0)
			return -EINVAL;
		bytes->data[i] = (unsigned char)byte;
	}
	bytes->length = (uint32_t)(length / 2);
	return 0;
}

static int parse_bytes(const struct property *property, const char *text, void *field)
{
	size_t room = property->size - sizeof(struct bytes);
	size_t length = strlen(text);
	struct bytes *bytes = field;

	explicit_bzero(field, property->size);
	if (strncmp(text, "hex:", 4) == 0)
		return parse_hex(text + 4, bytes, room);
	if (length > room)
		return -EINVAL;
	memcpy(bytes->data, text, length);
	bytes->length = (uint32_t)length;
	return 0;
}

static void print_bytes(const struct property *property, const void *field, FILE *out)
{
	const struct bytes *bytes = field;
	bool plain = !(bytes->length >= 4 && memcmp(bytes->data, "hex:", 4) == 0);

	(void)property;
	for (uint32_t i = 0; i < bytes->length; i++)
		plain = plain && bytes->data[i] >= 0x20 && bytes->data[i] < 0x7f;
	if (!plain)
		fputs("hex:", out);
	for (uint32_t i = 0; i < bytes->length; i++)
		fprintf(out, plain ? "%c" : "%02x", bytes->data[i]);
}

static int parse_override(const struct property *property, const char *text, void *field)
{
	struct override value = { 0 };
	uint64_t number = 0;
	int word = 0;

	if (strcmp(text, "inherit") != 0) {
		value.set = true;
		if (property->words)
			word = find_word(property->words, text);
		else if (size_parse(text, property->min, property->max, &number) < 0)
			return -EINVAL;
		if (word < 0)
			return -EINVAL;
		value.value = (uint32_t)number + (uint32_t)word;
	}
	memcpy(field, &value, sizeof(value));
	return 0;
}

static void print_override(const struct property *property, const void *field, FILE *out)
{
	const struct override *value = field;

	if (!value->set)
		fputs("inherit", out);
	else if (property->words)
		fputs(property->words->words[value->value], out);
	else
		fprintf(out, "%u", value->value);
}

static void print_object(const struct property *property, const void *field, FILE *out)
{
	struct object *const *object = field;

	(void)property;
	if (*object)
		object_print_path(*object, out);
	else
		fputs("none", out);
}

static void print_objects(const struct property *property, const void *field, FILE *out)
{
	const struct references *references = field;

	(void)property;
	if (!references->count)
		fputs("none", out);
	for (unsigned int i = 0; i < references->count; i++) {
		fputs(i ? "," : "", out);
		object_print_path(references->list[i], out);
	}
}

static const struct {
	int (*parse)(const struct property *property, const char *text, void *field);
	void (*print)(const struct property *property, const void *field, FILE *out);
	const char *expected;
} types[] = {
	[VALUE_BOOL] = { parse_bool, print_bool, "yes or no" },
	[VALUE_XBOOL] = { parse_xbool, print_xbool, "yes, no or unknown" },
	[VALUE_NUMBER] = { parse_number, print_number, "a number" },
	[VALUE_TEXT] = { parse_text, print_text, "a text" },
	[VALUE_ISCSI] = { parse_iscsi, print_text, "an iSCSI name" },
	[VALUE_WORD] = { parse_word, print_word, "one of" },
	[VALUE_WORDS] = { parse_words, print_words, "none, or some of" },
	[VALUE_TIME] = { parse_time, print_time, "a time such as 2026-01-31T23:59:00Z" },
	[VALUE_MAC] = { parse_mac, print_mac, "a MAC address such as 02:00:00:00:00:01" },
	[VALUE_IP] = { parse_ip, print_ip, "an IP address or none" },
	[VALUE_ENDPOINT] = { parse_endpoint, print_endpoint,
			     "HOST:PORT, [ADDRESS]:PORT or none" },
	[VALUE_PORTALS] = { parse_portals, print_portals,
			    "up to 8 of ADDRESS:PORT/GROUP with commas" },
	[VALUE_SUBNETS] = { parse_subnets, print_subnets,
			    "up to 4 of ADDRESS/BITS with commas" },
	[VALUE_METHODS] = { parse_methods, print_methods, "each at most once of" },
	[VALUE_BYTES] = { parse_bytes, print_bytes, "a text or hex:DIGITS" },
	[VALUE_OVERRIDE] = { parse_override, print_override, "inherit or" },
	[VALUE_OBJECT] = { NULL, print_object, "the name of an object" },
	[VALUE_OBJECTS] = { NULL, print_objects, "names of objects" },
};

static int parse_object(const struct property *property, const struct word *word,
			void *field, struct model *model, struct problem *problem)
{
	struct object *object = NULL;

	if (strcmp(word->value, "none") != 0) {
		object = object_find_path(model, property->reference, word->value);
		if (!object)
			return problem_set(problem, word->line, "%s: there is no %s %s",
					   property->name,
					   kinds[property->reference].name, word->value);
	}
	memcpy(field, &object, sizeof(object));
	return 0;
}

static int add_reference(const struct property *property, const struct word *word,
			 struct references *references, struct model *model,
			 const char *name, struct problem *problem)
{
	struct object *object = object_find_path(model, property->reference, name);

	if (!object)
		return problem_set(problem, word->line, "%s: there is no %s %s",
				   property->name, kinds[property->reference].name, name);
	if (references->count == REFERENCES_MAX)
		return problem_set(problem, word->line, "%s: more than %d",
				   property->name, REFERENCES_MAX);
	for (unsigned int i = 0; i < references->count; i++)
		if (references->list[i] == object)
			return problem_set(problem, word->line,
					   "%s: %s stands there twice", property->name,
					   name);
	references->list[references->count++] = object;
	return 0;
}

static int parse_objects(const struct property *property, const struct word *word,
			 void *field, struct model *model, struct problem *problem)
{
	struct references references = { 0 };
	const char *text = strcmp(word->value, "none") == 0 ? "" : word->value;
	char item[512];
	int more;

	while ((more = next_item(&text, item, sizeof(item))) > 0)
		if (add_reference(property, word, &references, model, item, problem) < 0)
			return -EINVAL;
	if (more < 0)
		return problem_set(problem, word->line,
				   "%s: names with commas between them", property->name);
	memcpy(field, &references, sizeof(references));
	return 0;
}

/* "expected a number from 1 to 5, not 'x'". A secret is not repeated. */
static int explain(const struct property *property, const struct word *word,
		   struct problem *problem)
{
	const struct words *words = property->words;
	char detail[256] = "";
	size_t n = 0;

	if (property->type == VALUE_METHODS)
		words = method_words(property);
	if (property->type == VALUE_NUMBER ||
	    (property->type == VALUE_OVERRIDE && !words))
		snprintf(detail, sizeof(detail), "%s from %llu to %llu",
			 property->type == VALUE_OVERRIDE ? " a number" : "",
			 (unsigned long long)property->min,
			 (unsigned long long)property->max);
	for (unsigned int i = 0; words && i < words->count && n < sizeof(detail); i++)
		n += (size_t)snprintf(detail + n, sizeof(detail) - n, " %s",
				      words->words[i]);
	if (property->flags & PROPERTY_SECRET)
		return problem_set(problem, word->line, "%s: expected %s that fits",
				   property->name, types[property->type].expected);
	return problem_set(problem, word->line, "%s: expected %s%s, not '%.80s'",
			   property->name, types[property->type].expected, detail,
			   word->value);
}

int value_parse(const struct property *property, const struct word *word, void *field,
		struct model *model, struct problem *problem)
{
	if (property->type == VALUE_OBJECT)
		return parse_object(property, word, field, model, problem);
	if (property->type == VALUE_OBJECTS)
		return parse_objects(property, word, field, model, problem);
	if (types[property->type].parse(property, word->value, field) < 0)
		return explain(property, word, problem);
	return 0;
}

bool value_is_own(const struct property *property, const void *field)
{
	switch (property->type) {
	case VALUE_OVERRIDE:
		return ((const struct override *)field)->set;
	case VALUE_METHODS:
		return ((const struct methods *)field)->count;
	case VALUE_BYTES:
		return ((const struct bytes *)field)->length;
	default:
		return true;
	}
}

void value_print(const struct property *property, const void *field, FILE *out)
{
	types[property->type].print(property, field, out);
}

static bool references_equal(const struct references *a, const struct references *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++)
		if (object_id(a->list[i]) != object_id(b->list[i]))
			return false;
	return true;
}

bool value_equal(const struct property *property, const void *a, const void *b)
{
	if (property->type == VALUE_OBJECT)
		return object_id(*(struct object *const *)a) ==
		       object_id(*(struct object *const *)b);
	if (property->type == VALUE_OBJECTS)
		return references_equal(a, b);
	if (property->type == VALUE_OVERRIDE) {
		const struct override *first = a, *second = b;

		return first->set == second->set && first->value == second->value;
	}
	return memcmp(a, b, property->size) == 0;
}

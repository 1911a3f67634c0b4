// SPDX-License-Identifier: 0BSD
//
// Prints every target with its portals. The same header in C++: lists release themselves, and
// what fails is an exception with the library's explanation.
#include <arpa/inet.h>
#include <clocale>
#include <cstdio>
#include <ima-ext.h>
#include <ima.h>
#include <memory>
#include <stdexcept>

namespace
{
struct Free {
	void operator()(void *list) const
	{
		IMA_FreeMemory(list);
	}
};
using Oids = std::unique_ptr<IMA_OID_LIST, Free>;
using Keys = std::unique_ptr<IMA_ADDRESS_KEYS, Free>;

void check(IMA_STATUS status)
{
	IMAX_LAST_ERROR error = {};

	if (IMA_SUCCESS(status))
		return;
	error.size = sizeof(error);
	IMAX_GetLastError(&error);
	throw std::runtime_error(error.text);
}

Oids lhbas()
{
	IMA_OID_LIST *list = nullptr;

	check(IMA_GetLhbaOidList(&list));
	return Oids(list);
}

Oids targets(IMA_OID lhba)
{
	IMA_OID_LIST *list = nullptr;

	check(IMA_GetTargetOidList(lhba, &list));
	return Oids(list);
}

Keys portals(IMA_OID target)
{
	IMA_ADDRESS_KEYS *list = nullptr;

	check(IMA_GetAddressKeys(target, &list));
	return Keys(list);
}

void print(const IMA_ADDRESS_KEY &key)
{
	bool v4 = key.ipAddress.ipv4Address == IMA_TRUE;
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(v4 ? AF_INET : AF_INET6, key.ipAddress.ipAddress, text,
		       sizeof(text)))
		throw std::runtime_error("bad address");
	std::printf(v4 ? "    %s:%d\n" : "    [%s]:%d\n", text, key.portNumber);
}

void print(IMA_OID target)
{
	IMA_TARGET_PROPERTIES props;

	check(IMA_GetTargetProperties(target, &props));
	std::printf("%ls\n", props.name);
	Keys keys = portals(target);
	for (IMA_UINT i = 0; i < keys->addressKeyCount; i++)
		print(keys->addressKeys[i]);
}
} // namespace

int main()
{
	std::setlocale(LC_ALL, "");
	try {
		Oids all = lhbas();
		for (IMA_UINT i = 0; i < all->oidCount; i++) {
			Oids found = targets(all->oids[i]);
			for (IMA_UINT j = 0; j < found->oidCount; j++)
				print(found->oids[j]);
		}
	} catch (const std::exception &error) {
		std::fprintf(stderr, "portals: %s\n", error.what());
		return 1;
	}
	return 0;
}

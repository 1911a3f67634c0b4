# SPDX-License-Identifier: LGPL-2.1-or-later
"""An iSNS server that does as it is told, written from RFC 4171.

serve(client, mode, services) answers one connection. services() gives the targets: a list of
(name, alias, [(address, port, tag)]). A mode is the name of a way to behave, see MODES.
"""

import socket
import struct
import time

REGISTER, QUERY, GET_NEXT, ANSWER = 1, 2, 3, 0x8000
SERVER, LAST, FIRST = 0x4000, 0x0800, 0x0400
SUCCESS, SOURCE_UNKNOWN, UNAUTHORIZED, NO_SUCH_ENTRY, INTERNAL, NOT_IMPLEMENTED = 0, 6, 8, 9, 11, 18


def attribute(tag, value=b""):
    return struct.pack(">II", tag, len(value)) + value


def text(value):
    data = (value if isinstance(value, bytes) else value.encode()) + b"\0"
    return data + bytes(-len(data) % 4)


def number(value):
    return struct.pack(">I", value)


def ip(address):
    if ":" in address:
        return socket.inet_pton(socket.AF_INET6, address)
    return bytes(10) + b"\xff\xff" + socket.inet_aton(address)


def read_exactly(client, size):
    data = b""
    while len(data) < size:
        piece = client.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def attributes(data):
    found = []
    while data:
        tag, size = struct.unpack(">II", data[:8])
        found.append((tag, data[8:8 + size]))
        data = data[8 + size:]
    return found


def node(name, alias, kind=1):
    return (attribute(32, text(name)) + attribute(33, number(kind)) +
            attribute(34, text(alias) if alias else b""))


def group(name, address, port, tag):
    value = address if isinstance(address, bytes) else ip(address)
    return (attribute(48, text(name)) + attribute(49, value) + attribute(50, number(port)) +
            attribute(51, number(tag) if tag is not None else b""))


def strange(services):
    """Much of what must not be believed, and after it what is good."""
    body = node("no name", "") + group("no name", "127.0.0.1", 3260, 1)
    body += node("iqn.2003-01.org.example:" + "x" * 300, "")
    body += node("iqn.2003-01.org.example:initiator", "", kind=2)
    body += group("iqn.2003-01.org.example:initiator", "127.0.0.1", 3260, 1)
    body += node("iqn.2003-01.org.example:nowhere", "")
    for address, port in (("0.0.0.0", 3260), ("127.0.0.1", 0), ("239.1.2.3", 3260), ("::", 3260),
                          ("ff02::1", 3260), ("127.0.0.1", 0x10000 | 3260), (b"xxxx", 3260),
                          (b"", 3260)):
        body += group("iqn.2003-01.org.example:nowhere", address, port, 1)
    body += node("iqn.2003-01.org.example:forbidden", "")
    body += group("iqn.2003-01.org.example:forbidden", "127.0.0.1", 3260, None)
    body += group("iqn.2003-01.org.example:never-listed", "127.0.0.1", 3260, 1)
    body += attribute(4711, bytes(16)) + attribute(33) + attribute(51)
    body += node("iqn.2003-01.org.example:alias", b"\xff\xfe\xfd")
    body += group("iqn.2003-01.org.example:alias", "127.0.0.1", 3260, 1)
    for name, alias, portals in services:
        body += 2 * node(name, alias)
        for portal in portals:
            body += group(name, *portal)
    return body


def nodes(services, with_groups):
    body = b"".join(node(name, alias) for name, alias, _ in services)
    if with_groups:
        body += b"".join(group(name, *portal) for name, _, portals in services
                         for portal in portals)
    return body


class Server:
    """One connection."""

    def __init__(self, client, mode, services, log):
        self.client, self.mode, self.services, self.log = client, mode, services, log
        self.is_registered = False

    def send(self, function, transaction, payload, size=65532, sequence=0):
        """As many PDUs as it takes."""
        pieces = [payload[at:at + size] for at in range(0, len(payload), size)] or [b""]
        data = b""
        for index, piece in enumerate(pieces):
            flags = SERVER | (0 if index else FIRST) | (LAST if index + 1 == len(pieces) else 0)
            data += struct.pack(">HHHHHH", 1, function | ANSWER, len(piece), flags, transaction,
                                index + sequence) + piece
        if self.mode == "split":
            for byte in data[:200]:
                self.client.sendall(bytes([byte]))
            data = data[200:]
        self.client.sendall(data)

    def answer(self, function, transaction, status, keys=b"", body=b""):
        payload = number(status) + keys + attribute(0) + body
        self.send(function, transaction, payload, 64 if self.mode == "split" else 65532)

    def register(self, transaction, found):
        self.is_registered = any(tag == 33 and value == number(2) for tag, value in found)
        self.log("isns register " + found[0][1].rstrip(b"\0").decode())
        self.answer(REGISTER, transaction, SUCCESS if self.is_registered else 3)

    def query(self, transaction, found):
        services = self.services()
        tags = [tag for tag, _ in found]
        key, value = found[1]
        if self.mode in ("unknown", "always-unknown") and not (
                self.is_registered and self.mode == "unknown"):
            self.answer(QUERY, transaction, SOURCE_UNKNOWN)
        elif self.mode in ("one-by-one", "same-next") and key == 33:
            self.answer(QUERY, transaction, INTERNAL)
        elif self.mode == "no-groups" and 48 in tags:
            self.answer(QUERY, transaction, NOT_IMPLEMENTED)
        elif key == 32:
            name = value.rstrip(b"\0").decode()
            self.log("isns portals " + name)
            portals = [p for n, _, ps in services if n == name for p in ps]
            if 48 in tags:
                body = [group(name, *portal) for portal in portals]
            else:
                body = [attribute(16, ip(address)) + attribute(17, number(port))
                        for address, port, _ in portals]
            self.answer(QUERY, transaction, SUCCESS, attribute(32, value), b"".join(body))
        elif not services:
            self.answer(QUERY, transaction, NO_SUCH_ENTRY)
        else:
            body = strange(services) if self.mode == "strange" else nodes(services, 48 in tags)
            self.answer(QUERY, transaction, SUCCESS, attribute(33, number(1)), body)

    def get_next(self, transaction, found):
        """The target after the one that is named."""
        services = [(b"", "", [])] + [(text(n), a, p) for n, a, p in self.services()]
        at = [name for name, _, _ in services].index(found[1][1]) + 1
        at = 1 if self.mode == "same-next" else at
        if at == len(services):
            self.answer(GET_NEXT, transaction, NO_SUCH_ENTRY)
            return
        name, alias, _ = services[at]
        self.answer(GET_NEXT, transaction, SUCCESS, attribute(32, name),
                    node(name.rstrip(b"\0"), alias))

    def hostile(self, transaction):
        """Answers that are none. False: this mode has none."""
        simple = {
            "refuse": lambda: self.answer(QUERY, transaction, UNAUTHORIZED),
            "wrong-xid": lambda: self.answer(QUERY, transaction ^ 1, SUCCESS),
            "wrong-function": lambda: self.answer(3, transaction, SUCCESS),
            "no-status": lambda: self.send(QUERY, transaction, b""),
            "no-end-of-keys": lambda: self.send(QUERY, transaction, number(0) + attribute(33)),
            "long-attribute": lambda: self.send(
                QUERY, transaction, number(0) + attribute(0) + struct.pack(">II", 32, 0xfffffff0)),
            "huge-pdu": lambda: self.client.sendall(struct.pack(
                ">HHHHHH", 1, QUERY | ANSWER, 0xffff, SERVER | FIRST, transaction, 0)),
            "signed": lambda: self.client.sendall(struct.pack(
                ">HHHHHH", 1, QUERY | ANSWER, 4, SERVER | FIRST | LAST | 0x2000, transaction, 0)),
            "too-much": lambda: self.client.sendall(struct.pack(
                ">HHHHHHI", 1, QUERY | ANSWER, 4, SERVER | FIRST | LAST, transaction, 0, 0) * 2),
            "wrong-part": lambda: self.send(QUERY, transaction, number(0), sequence=1),
        }
        if self.mode == "truncated":
            self.client.sendall(struct.pack(">HHHHHH", 1, QUERY | ANSWER, 400,
                                            SERVER | FIRST | LAST, transaction, 0) + bytes(100))
            raise EOFError
        if self.mode in ("endless", "endless-empty"):
            self.endless(transaction, 0 if self.mode == "endless-empty" else 65532)
        elif self.mode == "slow":
            for byte in struct.pack(">HHHH", 1, QUERY | ANSWER, 400, SERVER | FIRST) * 1000:
                self.client.sendall(bytes([byte]))
                time.sleep(0.05)
        elif self.mode in simple:
            simple[self.mode]()
        else:
            return False
        return True

    def endless(self, transaction, size):
        for sequence in range(1 << 20):
            self.client.sendall(struct.pack(">HHHHHH", 1, QUERY | ANSWER, size,
                                            SERVER | (0 if sequence else FIRST), transaction,
                                            sequence & 0xffff) + bytes(size))

    def serve(self):
        try:
            while True:
                _, function, size, _, transaction, _ = struct.unpack(
                    ">HHHHHH", read_exactly(self.client, 12))
                found = attributes(read_exactly(self.client, size))
                if self.hostile(transaction):
                    continue
                if function == REGISTER:
                    self.register(transaction, found)
                elif function == GET_NEXT:
                    self.get_next(transaction, found)
                else:
                    self.query(transaction, found)
        except (EOFError, OSError):
            self.client.close()

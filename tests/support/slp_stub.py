# SPDX-License-Identifier: LGPL-2.1-or-later
"""SLP agents that do as they are told, written from RFC 2608.

An agent is a UDP socket and a TCP socket with the same port. urls(type) gives what it knows.
"""

import socket
import struct
import threading
import time

REQUEST, REPLY, ADVERT = 1, 2, 8
CUT, MULTICAST = 0x8000, 0x2000


def string(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(data)) + data


def message(function, transaction, body, flags=0, length=None):
    size = 16 + len(body) if length is None else length
    return (struct.pack(">BB", 2, function) + size.to_bytes(3, "big") +
            struct.pack(">H3xH", flags, transaction) + string("en") + body)


class Request:
    """A parsed service request."""

    def __init__(self, data):
        self.function, self.length = data[1], int.from_bytes(data[2:5], "big")
        self.flags, self.transaction = struct.unpack(">H3xH", data[5:12])
        assert data[0] == 2 and self.function == REQUEST and self.length == len(data), data
        self.fields, at = [], 12
        for _ in range(6):
            size = int.from_bytes(data[at:at + 2], "big")
            self.fields.append(data[at + 2:at + 2 + size].decode())
            at += 2 + size
        assert at == len(data), data
        _, self.responders, self.type, self.scopes, self.predicate, self.spi = self.fields


def entry(url, blocks=0):
    block = struct.pack(">HH", 2, 12) + bytes(8)
    return b"\0" + struct.pack(">H", 300) + string(url) + bytes([blocks]) + blocks * block


def reply(urls, error=0, blocks=0):
    return struct.pack(">HH", error, len(urls)) + b"".join(entry(u, blocks) for u in urls)


STRANGE = ["service:iscsi:target://127.0.0.1/", "service:iscsi:target://127.0.0.1/no name",
           "service:iscsi:target:///iqn.2003-01.org.example:x", "http://127.0.0.1/", "",
           "service:iscsi:target://127.0.0.1:0/iqn.2003-01.org.example:x",
           "service:iscsi:target://127.0.0.1:65536/iqn.2003-01.org.example:x",
           "service:iscsi:target://127.0.0.1:0x10/iqn.2003-01.org.example:x",
           "service:iscsi:target://[::1/iqn.2003-01.org.example:x",
           "service:iscsi:target://127.0.0.1/iqn.2003-01.org.example%3",
           "service:iscsi:target://127.0.0.1/iqn.2003-01.org.example:%00x",
           "service:iscsi:target://host name/iqn.2003-01.org.example:x",
           b"service:iscsi:target://127.0.0.1/iqn.2003-01.org.example:\xff\xfe",
           "service:iscsi:target://127.0.0.1/iqn.2003-01.org.example:" + "x" * 300]


class Agent:
    """Threads that end with the process."""

    def __init__(self, mode, urls, log, address="127.0.0.1", port=0, groups=()):
        self.mode, self.urls, self.log, self.requests = mode, urls, log, 0
        for _ in range(50):
            self.tcp = socket.socket()
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.tcp.bind((address, port))
            self.udp = socket.socket(type=socket.SOCK_DGRAM)
            self.port = self.tcp.getsockname()[1]
            try:
                self.udp.bind((address, self.port))
                break
            except OSError:
                continue
        self.address = address
        self.tcp.listen(64)
        self.start(self.serve_udp, self.udp)
        self.start(self.serve_tcp)
        for group in groups:
            self.start(self.serve_udp, self.join(group))

    @staticmethod
    def start(work, *arguments):
        threading.Thread(target=work, args=arguments, daemon=True).start()

    def join(self, group):
        """A socket that hears what is sent to a group."""
        sock = socket.socket(type=socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((group, self.port))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(group) + socket.inet_aton(self.address))
        return sock

    def answer(self, request):
        """The body of an honest reply."""
        extra = STRANGE if self.mode == "strange" else []
        return reply(extra + self.urls(request.type), blocks=2 if self.mode == "signed" else 0)

    def serve_udp(self, sock):
        while True:
            data, sender = sock.recvfrom(65536)
            request = Request(data)
            self.log("slp %s %s %s" % (request.type, request.scopes,
                                       "multicast" if request.flags & MULTICAST else "unicast"))
            if request.responders:
                self.log("slp responders " + request.responders)
            if self.address not in request.responders.split(","):
                self.answer_udp(request, sender)

    def answer_udp(self, request, sender):
        self.requests += 1
        xid, body = request.transaction, self.answer(request)
        if request.type == "service:directory-agent":
            if self.mode == "directory":
                advert = struct.pack(">HI", 0, 1) + string(
                    "service:directory-agent://" + self.address) + 3 * string("") + b"\0"
                self.udp.sendto(message(ADVERT, xid, advert), sender)
            return
        if request.flags & MULTICAST and (self.mode == "directory" or not self.urls(request.type)):
            return
        cut = message(REPLY, xid, body[:20], CUT, 16 + len(body))
        hostile = {
            "silent": [], "garbage": [b"x" * 100, b"", bytes(14)],
            "wrong-xid": [message(REPLY, xid ^ 1, body)],
            "wrong-function": [message(ADVERT, xid, body)],
            "wrong-version": [b"\1" + message(REPLY, xid, body)[1:]],
            "truncated": [message(REPLY, xid, body)[:-1]],
            "huge": [message(REPLY, xid, body, length=0xffffff)],
            "short-urls": [message(REPLY, xid, struct.pack(">HH", 0, 9))],
            "long-url": [message(REPLY, xid, struct.pack(">HHBHH", 0, 1, 0, 1, 65535))],
            "long-block": [message(REPLY, xid, reply(["x"])[:-1] + b"\1\0\2\0\0")],
            "refuse": [message(REPLY, xid, reply([], 4))],
            "late": [message(REPLY, xid, body)] if self.requests > 2 else [],
        }
        if self.mode.startswith("overflow"):
            self.udp.sendto(cut, sender)
            return
        for data in hostile.get(self.mode, [message(REPLY, xid, body)]):
            self.udp.sendto(data, sender)

    def serve_tcp(self):
        while True:
            client, _ = self.tcp.accept()
            self.start(self.serve_client, client)

    def serve_client(self, client):
        try:
            data = b""
            while len(data) < 5 or len(data) < int.from_bytes(data[2:5], "big"):
                data += client.recv(65536) or b"x" * 65536
            self.answer_tcp(client, Request(data))
        except (OSError, AssertionError):
            pass
        client.close()

    def answer_tcp(self, client, request):
        honest = message(REPLY, request.transaction, self.answer(request))
        if self.mode == "overflow-silent":
            client.recv(1)
        elif self.mode == "overflow-slow":
            for byte in honest:
                client.sendall(bytes([byte]))
                time.sleep(0.2)
        elif self.mode == "overflow-endless":
            client.sendall(b"\2\2\x7f\xff\xff" + bytes(1 << 23))
            client.recv(1)
        elif self.mode == "overflow-wrong-xid":
            client.sendall(message(REPLY, request.transaction ^ 1, self.answer(request)))
        elif self.mode == "overflow-short":
            client.sendall(honest[:-5])
        else:
            for at in range(0, len(honest), 1000):
                client.sendall(honest[at:at + 1000])

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets that break the rules, one way each.

    tests/plugin-user/hostile.py command ...

is stub.py with two portals more: STUB_HOSTILE, where what follows ".h-" in the name of a target
says what it does wrong, see LOGIN (at its first login response) and COMMAND (when it is asked
with INQUIRY); and STUB_LIAR, which answers SendTargets as the order "lie" says, see TEXT. What is
sent is one PDU that is wrong in one place, so that only that can be the reason.
"""

import socket
import struct
import sys
import time

import stub


class Hostile(stub.Connection):
    """A connection to a target that does one thing wrong."""

    def way(self):
        return (self.target or "").partition(".h-")[2]

    def login_response(self, head, flags, answer, status):
        action = LOGIN.get(self.way())
        if action is None or status:
            super().login_response(head, flags, answer, status)
        else:
            action(self, head, flags, answer)

    def inquiry(self, head):
        COMMAND.get(self.way(), Hostile.good)(self, head)

    def good(self, head):
        self.data_in(head, bytes(36))

    def wait(self):
        """Until the other side has had enough."""
        while self.sock.recv(65536):
            pass
        raise EOFError

    def drip(self, data):
        """A few bytes, slowly: more of them than come before any deadline of the tests."""
        for byte in data * 20:
            self.sock.sendall(bytes([byte]))
            time.sleep(0.05)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        raise EOFError

    def pdu(self, head, opcode, flags, data=b"", fields=b"", itt=None, **more):
        self.send(opcode, flags, head[16:20] if itt is None else itt, data, fields, **more)

    def data(self, head, data, offset=0, data_sn=0, flags=0x81, residual=0):
        self.pdu(head, 0x25, flags, data, struct.pack(">III", data_sn, offset, residual),
                 status_counts=bool(flags & 1))

    def raw(self, head, opcode, flags, length, have=b""):
        """A header that promises length bytes."""
        pdu = struct.pack(">BBHI", opcode, flags, 0, length) + bytes(8) + head[16:20]
        pdu += struct.pack(">IIII", 0xFFFFFFFF, self.stat_sn, self.exp_cmd_sn,
                           self.exp_cmd_sn + 64)
        self.sock.sendall(pdu.ljust(stub.BHS, b"\0") + have)


def close(_self, *_):
    raise EOFError


def part_of_login(then):
    def action(self, head, flags, answer):
        self.sock.sendall(self.login_pdu(head, flags, stub.text(answer))[:30])
        then(self)
    return action


def drip_login(self, head, flags, answer):
    self.drip(self.login_pdu(head, flags, stub.text(answer))[:4])
    raise EOFError


def say(data):
    def action(self, *_):
        self.sock.sendall(data)
        self.wait()
    return action


def login_text(data):
    """The same text whatever was asked."""
    def action(self, head, flags, answer):
        self.send_login(head, flags, stub.text(answer) + data)
    return action


def login_pieces(data):
    """A long answer in pieces that are each as long as they may be (C bit)."""
    def action(self, head, flags, _answer):
        at = getattr(self, "at", 0)
        self.at = at + stub.DATA_MAX
        last = self.at >= len(data)
        self.send_login(head, flags if last else flags & 0x0C | 0x40, data[at:self.at])
    return action


def answer_with(**values):
    """Good answers but for these; None: no answer at all."""
    def action(self, head, flags, answer):
        answer = [(key, values.get(key, value)) for key, value in answer]
        super(Hostile, self).login_response(
            head, flags, [(key, value) for key, value in answer if value is not None], 0)
    return action


def never_end(self, head, flags, answer):
    self.send_login(head, flags & 0x0C, stub.text(answer if not hasattr(self, "said") else []))
    self.said = True


def redirect(address):
    def action(self, head, _flags, _answer):
        where = address or stub.portal(self.sock)
        data = stub.text([("TargetAddress", where)] if where != "-" else [])
        self.send_login(head, 0, data, 0x0101)
        raise EOFError
    return action


LOGIN = {
    "login-close": close,
    "login-reset": lambda self, *_: self.reset(),
    "login-silence": lambda self, *_: self.wait(),
    "login-half": part_of_login(Hostile.wait),
    "login-half-close": part_of_login(close),
    "login-drip": drip_login,
    "login-garbage": say(b"220 mail.example.org ESMTP ready\r\n" * 4),
    "login-16-mb": lambda self, head, *_: (self.raw(head, 0x23, 0x87, 0xFFFFFF), self.wait()),
    "login-no-nul": login_text(b"X-org.example.k=12345678"),
    "login-60-kb-key": login_pieces(b"X-org.example.key=" + b"x" * 60000 + b"\0"),
    "login-1000-keys": login_pieces(b"".join(b"X-org.example.%d=1\0" % n for n in range(1000))),
    "login-repeated": login_text(b"MaxBurstLength=512\0"),
    "login-unknown": login_text(b"X-org.example.unknown=1\0"),
    "login-rejected-key": answer_with(MaxBurstLength="Reject"),
    "login-not-understood": answer_with(MaxBurstLength="NotUnderstood"),
    "login-irrelevant": answer_with(MaxOutstandingR2T="Irrelevant"),
    "login-negative": answer_with(MaxBurstLength="-512"),
    "login-zero": answer_with(MaxBurstLength="0"),
    "login-overflow": answer_with(FirstBurstLength="18446744073709552128"),
    "login-too-much": answer_with(MaxBurstLength="16776193"),
    "login-no-receive": answer_with(MaxRecvDataSegmentLength="0"),
    "login-digest": answer_with(HeaderDigest="CRC32C"),
    "login-missing": answer_with(InitialR2T=None),
    "login-endless": never_end,
    "login-redirect-loop": redirect(None),
    "login-redirect-nowhere": redirect("-"),
    "login-redirect-garbage": redirect("not an address"),
    "login-redirect-dead": redirect("127.0.0.1:1"),
}


def read_order(self, head):
    self.data(head, bytes(18), offset=18, flags=0)
    self.data(head, bytes(18), offset=0, data_sn=1)


def stat_sn(self, head):
    self.stat_sn += 3
    self.good(head)


def ask_for_data(self, head):
    self.pdu(head, 0x31, 0x80, fields=struct.pack(">III", 0, 0, 512), ttt=1, status_counts=False)


def ping(self, head):
    self.send(0x20, 0x80, b"\xff" * 4, b"ping", ttt=7, status_counts=False)
    self.good(head)


def nothing(self, head):
    self.send(0x20, 0x80, b"\xff" * 4, status_counts=False)
    self.good(head)


def answer_twice(self, head):
    self.good(head)
    self.respond(head, 0)


def announce_sense(self, head):
    self.pdu(head, 0x21, 0x82, struct.pack(">H", 5000) + self.sense(5, 0x24, 0),
             struct.pack(">III", 0, 0, 36), with_ttt=False, byte3=2)


def part_of_data(then):
    def action(self, head):
        self.raw(head, 0x25, 0x81, 36, bytes(10))
        then(self)
    return action


def renegotiate(self, head):
    self.asynchronous(4, 0, 0, 3)
    self.good(head)


COMMAND = {
    "silence": lambda self, _head: self.wait(),
    "close": close,
    "reset": lambda self, _head: self.reset(),
    "half": part_of_data(Hostile.wait),
    "half-close": part_of_data(close),
    "drip": part_of_data(lambda self: self.drip(b"\0")),
    "garbage": lambda self, _head: say(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 4)(self),
    "16-mb": lambda self, head: (self.raw(head, 0x25, 0x81, 0xFFFFFF), self.wait()),
    "beyond": lambda self, head: self.data(head, bytes(4000)),
    "offset": lambda self, head: self.data(head, bytes(4), offset=0xFFFFFFF0),
    "order": read_order,
    "data-sn": lambda self, head: self.data(head, bytes(36), data_sn=9),
    "residual-lie": lambda self, head: self.data(head, bytes(10), flags=0x83, residual=3),
    "residual-more": lambda self, head: self.data(head, bytes(10), flags=0x83, residual=4000),
    "residual-none": lambda self, head: self.data(head, bytes(10)),
    "residual-both": lambda self, head: self.data(head, bytes(36), flags=0x87),
    "r2t": ask_for_data,
    "stat-sn": stat_sn,
    "ping": ping,
    "nop": nothing,
    "answer-to-no-ping": lambda self, head: self.send(0x20, 0x80, b"\0\0\0\5"),
    "unknown-tag": lambda self, head: self.pdu(head, 0x21, 0x80, itt=b"\0\7\0\7",
                                               with_ttt=False),
    "data-unknown-tag": lambda self, head: self.pdu(head, 0x25, 0x81, bytes(36), itt=b"\0\7\0\7"),
    "twice": answer_twice,
    "target-failure": lambda self, head: self.pdu(head, 0x21, 0x80, with_ttt=False, byte2=1),
    "sense-lie": announce_sense,
    "reject": lambda self, head: self.send(0x3F, 0x80, b"\xff" * 4, head, byte2=4),
    "reject-nothing": lambda self, head: self.send(0x3F, 0x80, b"\xff" * 4, b"", byte2=4),
    "renegotiate": renegotiate,
    "vendor-message": lambda self, head: (self.asynchronous(255, 1, 2, 3), self.good(head)),
    "login-response": lambda self, head: self.send_login(head, 0x87, b""),
}


class Liar(stub.Connection):
    """Who answers SendTargets in a wrong way."""

    def text(self, head, data):
        TEXT[stub.order("lie")](self, head)

    def say(self, head, data, more=False, ttt=5, **rest):
        self.send(0x24, 0x40 if more else 0x80, rest.pop("itt", head[16:20]), data,
                  ttt=ttt if more else 0xFFFFFFFF, **rest)


GOOD = b"TargetName=iqn.2003-01.org.example:stub\0"
TEXT = {
    "without-end": lambda self, head: self.say(head, GOOD * 100, more=True),
    "nothing-without-end": lambda self, head: self.say(head, b"", more=True),
    "wrong-tag": lambda self, head: self.say(head, GOOD, itt=b"\0\1\0\1"),
    "no-continuation-tag": lambda self, head: self.say(head, GOOD, more=True, ttt=0xFFFFFFFF),
    "no-nul": lambda self, head: self.say(head, GOOD[:-1] + b"x" * 5),
    "no-key": lambda self, head: self.say(head, b"no key at all\0"),
    "no-name": lambda self, head: self.say(head, b"TargetAddress=192.0.2.1\0"),
    "long-key": lambda self, head: self.say(head, b"T" * 8000, more=True),
    "silence": lambda self, head: None,
    "close": close,
    "rejected": lambda self, head: self.send(0x3F, 0x80, b"\xff" * 4, head, byte2=5),
    "data": lambda self, head: self.send(0x25, 0x81, head[16:20], GOOD),
    "16-mb": lambda self, head: Hostile.raw(self, head, 0x24, 0x80, 0xFFFFFF),
}


def serve(kind):
    return lambda client: kind(client).serve()


if __name__ == "__main__":
    sys.exit(stub.main({"STUB_HOSTILE": serve(Hostile), "STUB_LIAR": serve(Liar)}))

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A target that demands CHAP, besides those of stub.py:

STUB_CHAP     the order "chap" says how, one line each:
    user NAME SECRET      what the initiator has to prove
    mutual NAME SECRET    how the target proves itself; without it, it does not
    algorithms 5,8        what it knows
    quirk none            it chooses the method None
          skip            it goes on without authentication
          reject          it answers CHAP_A=Reject if it has none of the algorithms
          other           it chooses an algorithm nobody offered
          empty           its challenge has no bytes
          oversized       its challenge has more than 1,024 bytes
          liar            it proves itself with another secret
          mirror          it sends the initiator's own response back
"""

import hashlib
import os
import sys

import stub

HASHES = {5: hashlib.md5, 6: hashlib.sha1, 7: hashlib.sha256, 8: hashlib.sha3_256}
REFUSED = 0x0201


def binary(value):
    return bytes.fromhex(value[2:])


class ChapConnection(stub.Connection):
    """Security stage first, then as its base."""

    def login(self):
        lines = (stub.order("chap") or "").splitlines()
        self.rules = {line.split()[0]: line.split()[1:] for line in lines}
        self.quirk = self.rules.get("quirk", [None])[0]
        head, keys = self.ask()
        if head[1] >> 2 & 3 or "AuthMethod" not in keys:
            self.give_up(head, REFUSED)
        self.target = keys.get("TargetName")
        if self.quirk == "none":
            self.login_response(head, 0, [("AuthMethod", "None")], 0)
        elif self.quirk == "skip":
            self.login_response(head, 0x81, [], 0)
        else:
            self.login_response(head, 0, [("AuthMethod", "CHAP")], 0)
            self.authenticate()
        super().login()

    def ask(self):
        head, data = self.receive()
        keys = dict(stub.parse(data))
        for key in ("AuthMethod", "CHAP_A", "CHAP_N"):
            if key in keys:
                stub.log(f"{key}={keys[key]}")
        self.exp_cmd_sn = int.from_bytes(head[24:28], "big")
        return head, keys

    def give_up(self, head, status):
        self.login_response(head, 0, [], status)
        raise EOFError

    def choose(self, head, offered):
        known = [int(word) for word in self.rules["algorithms"][0].split(",")]
        for word in offered.split(","):
            if int(word) in known:
                return int(word)
        if self.quirk == "reject":
            self.login_response(head, 0, [("CHAP_A", "Reject")], 0)
            raise EOFError
        return self.give_up(head, 0x0200)

    def authenticate(self):
        head, keys = self.ask()
        algorithm = self.choose(head, keys["CHAP_A"])
        self.digest = HASHES[algorithm]
        sizes = {"empty": 0, "oversized": 1025}
        challenge = os.urandom(sizes.get(self.quirk, self.digest().digest_size))
        said = 9 if self.quirk == "other" else algorithm
        self.login_response(head, 0, [("CHAP_A", said), ("CHAP_I", 7),
                                      ("CHAP_C", "0x" + challenge.hex())], 0)
        head, keys = self.ask()
        name, secret = self.rules["user"]
        right = self.digest(b"\7" + secret.encode() + challenge).digest()
        if keys["CHAP_N"] != name or binary(keys["CHAP_R"]) != right:
            self.give_up(head, REFUSED)
        self.login_response(head, 0x81, self.prove(keys), 0)

    def prove(self, keys):
        """The answer to the initiator's challenge, if there is one."""
        if "mutual" not in self.rules or "CHAP_C" not in keys:
            return []
        name, secret = self.rules["mutual"]
        if self.quirk == "liar":
            secret += "x"
        proof = self.digest(bytes([int(keys["CHAP_I"])]) + secret.encode() +
                            binary(keys["CHAP_C"])).hexdigest()
        response = keys["CHAP_R"] if self.quirk == "mirror" else "0x" + proof
        return [("CHAP_N", name), ("CHAP_R", response)]


if __name__ == "__main__":
    sys.exit(stub.main({"STUB_CHAP": lambda client: ChapConnection(client).serve()}))

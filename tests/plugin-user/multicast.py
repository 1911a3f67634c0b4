#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command in a network namespace of its own, which has nothing but a loopback interface,
with SLP agents that listen for multicast: at 127.0.0.1, 127.0.0.2 and 127.0.0.3.

In $SERVICES_FOLDER are, for each ADDRESS, "mode.ADDRESS", one word, and "urls.ADDRESS", a line
for each URL, which the command writes; and "log".
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import slp_stub  # noqa: E402  pylint: disable=wrong-import-position

PORT = 427
ADDRESSES = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
GROUP = "239.255.255.253"
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
NETWORK = [["ip", "link", "set", "lo", "up"], ["ip", "link", "set", "lo", "multicast", "on"],
           ["ip", "route", "add", "224.0.0.0/4", "dev", "lo"]]


def enter():
    """Begin again inside of a namespace, if one can be made."""
    unshare = ["unshare", "--map-root-user", "--net"]
    probe = subprocess.run([*unshare, "sh", "-c", " && ".join(map(" ".join, NETWORK))],
                           env=dict(os.environ, PATH=PATH), capture_output=True, text=True,
                           check=False)
    if probe.returncode:
        print("1..0 # SKIP no network namespace can be made here: " +
              probe.stderr.strip().replace("\n", " "))
        return 0
    os.environ.update(PATH=PATH, MULTICAST_INSIDE="yes")
    os.execvp(unshare[0], [*unshare, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


class Agent(slp_stub.Agent):
    """An agent that looks up what it is and knows."""

    def __init__(self, folder, address):
        self.folder = folder
        super().__init__(None, self.read_urls, self.write_log, address, PORT, [GROUP])

    def read(self, name):
        """A file of this agent."""
        try:
            with open(os.path.join(self.folder, f"{name}.{self.address}"),
                      encoding="ascii") as file:
                return file.read().split()
        except OSError:
            return []

    def read_urls(self, kind):
        """Its services."""
        return [url for url in self.read("urls") if url.startswith(kind + ":")]

    def write_log(self, line):
        """What it was asked."""
        with open(os.path.join(self.folder, "log"), "a", encoding="ascii") as file:
            file.write(f"{self.address} {line}\n")

    @property
    def mode(self):
        """How it behaves now."""
        return (self.read("mode") or ["silent"])[0]

    @mode.setter
    def mode(self, _):
        pass


def main():
    """Run the command."""
    if "MULTICAST_INSIDE" not in os.environ:
        return enter()
    for command in NETWORK:
        subprocess.run(command, check=True)
    folder = tempfile.mkdtemp(prefix="multicast.")
    for address in ADDRESSES:
        Agent(folder, address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return subprocess.run(sys.argv[1:], env=dict(os.environ, SERVICES_FOLDER=folder),
                              check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

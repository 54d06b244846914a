#!/usr/bin/python3
"""Serve proxies of every kind on loopback, and TLS behind them, while a command runs.

    proxies.py ZOO COMMAND [ARGUMENT ...]

ZOO is (or becomes) a directory of tests/server/ca.py's certificates. The command finds the port of each
server and proxy NAME in its environment as PEER_NAME, and the directory as ZOO. Exits with its exit
status. The servers are some of peer.py's, which obey lines.

SPDX-License-Identifier: MIT
"""
import os
import subprocess
import sys

import peer

import proxy  # tests/server is in the path by now


def servers(zoo):
    made = {name: peer.fixed(os.path.join(zoo, name)) for name in ("good", "unknown")}
    return made | {"garbage": peer.serve_garbage}


def proxies(unknown):
    """A good one, one that wants a login, one that leads to whom nobody knows, and one of each fault."""
    made = {"proxy": proxy.Proxy(), "proxy_login": proxy.Proxy("panel:swordfish:7"),
            "proxy_elsewhere": proxy.Proxy(to=unknown)}
    made.update({"proxy_" + fault: proxy.Proxy(fault=fault) for fault in proxy.FAULTS})
    return made


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    zoo = peer.ca.make(sys.argv[1])
    ports = {name: peer.listen(serve) for name, serve in servers(zoo).items()}
    ports.update({name: made.listen() for name, made in proxies(ports["unknown"]).items()})
    environment = dict(os.environ, ZOO=zoo, **{"PEER_" + name: str(port) for name, port in ports.items()})
    sys.exit(subprocess.run(sys.argv[2:], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()

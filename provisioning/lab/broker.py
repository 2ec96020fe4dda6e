"""mosquitto's files: configuration, accounts with random passwords, and who may use which topic.

The rules are those of docs/protocol.md, topics: a node writes its own topics and reads its own and its
site's; the hub reads what nodes write and writes what they read. Nothing is anonymous.
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Iterable
from pathlib import Path

from lab.processes import run

HUB_RULES = """user {hub}
topic read cairn/1/up/#
topic read cairn/1/n/+/req
topic read cairn/1/n/+/cmdres
topic read cairn/1/p/+
topic write cairn/1/n/+/ack
topic write cairn/1/n/+/rsp
topic write cairn/1/n/+/cmd
topic write cairn/1/s/#
"""

NODE_RULES = """user {node}
topic read cairn/1/s/{site}/#
"""

EVERY_NODE_RULES = """pattern write cairn/1/up/+/%u
pattern write cairn/1/n/%u/req
pattern write cairn/1/n/%u/cmdres
pattern write cairn/1/p/%u
pattern read cairn/1/n/%u/ack
pattern read cairn/1/n/%u/rsp
pattern read cairn/1/n/%u/cmd
"""

# At a store's own broker (docs/protocol.md, LAN).
LAN_NODE_RULES = """user {node}
topic read cairn/1/l/{site}/#
topic write cairn/1/l/{site}/{node}/#
"""

CONFIGURATION = """# The bus is lossy on purpose: nothing depends on what the broker keeps (docs/protocol.md).
per_listener_settings false
listener {port} 127.0.0.1
allow_anonymous false
password_file {accounts}
acl_file {rules}
persistence false
max_inflight_messages 20
max_queued_messages 200
max_packet_size 1048576
set_tcp_nodelay true
{user}"""


def write_broker_files(directory: Path, port: int, hub: str, nodes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Writes broker.conf, its accounts and rules, and one password file for each account.

    `nodes`: (node id, site). Returns account -> password file. Accounts that exist keep their passwords.
    """
    nodes = list(nodes)
    rules = (
        HUB_RULES.format(hub=hub)
        + "".join(NODE_RULES.format(node=node, site=site) for node, site in nodes)
        + EVERY_NODE_RULES
    )
    return _write_files(directory, port, [hub, *(node for node, _ in nodes)], rules)


def write_lan_broker_files(directory: Path, port: int, site: str, nodes: Iterable[str]) -> dict[str, str]:
    """The same for the broker of a site's own, where its devices hear each other. It has no other accounts."""
    nodes = list(nodes)
    return _write_files(directory, port, nodes, "".join(LAN_NODE_RULES.format(node=node, site=site) for node in nodes))


def _write_files(directory: Path, port: int, names: list[str], all_rules: str) -> dict[str, str]:
    directory.mkdir(parents=True, exist_ok=True)
    accounts = directory / "broker.accounts"
    accounts.touch(mode=0o600)
    password_files: dict[str, str] = {}
    for account in names:
        file = directory / f"{account}.password"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(24) + "\n")
        done = run(["mosquitto_passwd", "-b", accounts, account, file.read_text().strip()])
        if done.returncode != 0:
            raise RuntimeError(f"mosquitto_passwd: {done.stderr.strip()}")
        password_files[account] = str(file)
    rules = directory / "broker.rules"
    rules.touch(mode=0o600)
    rules.write_text(all_rules)
    # Started as root, mosquitto changes to an account that may not read these files.
    user = "user root\n" if getpass.getuser() == "root" else ""
    (directory / "broker.conf").write_text(
        CONFIGURATION.format(port=port, accounts=accounts, rules=rules, user=user)
    )
    return password_files

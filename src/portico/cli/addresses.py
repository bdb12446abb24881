"""Where a server listens."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import click

from portico.errors import Misconfigured

Command = TypeVar("Command", bound="Callable[..., object] | click.Command")
RETRY_SECONDS = 0.01
LAST = 65535


@dataclass(frozen=True)
class Address:
    """A free place for a server: what the user called it, and what it is."""

    host: str
    ip: str
    port: int

    @property
    def url(self) -> str:
        """As a browser of this machine takes it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104  # compared, not bound
        return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}"


def address_options(command: Command) -> Command:
    """Give a command `--host` and `--port`."""
    port = click.option(
        "--port",
        type=click.IntRange(0, LAST),
        default=8000,
        envvar="PORT",
        show_envvar=True,
        show_default=True,
        help="0 takes any free one.",
    )
    host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
    return port(host(command))


def free_address(host: str, port: int) -> Address:
    """The address, if a server can listen there; raises Misconfigured."""
    try:
        family, kind, _, _, found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as problem:
        message = f"{host} is no address of this machine ({problem}): mend --host."
        raise Misconfigured(message) from None
    with socket.socket(family, kind) as probe:
        if os.name == "posix":  # elsewhere it would take a port that somebody has
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(found)
        except OSError as problem:
            raise Misconfigured(_refused(host, port, problem)) from None
        return Address(host, str(found[0]), int(probe.getsockname()[1]))


def keep_mails(address: Address) -> None:
    """Let mails stay in the process, with links to this address, unless the environment says otherwise."""
    os.environ.setdefault("PORTICO_MAIL", "mailbox")
    os.environ.setdefault("PORTICO_URL", address.url)


async def until_open(address: Address) -> None:
    """Wait until something listens there."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(address.ip, address.port)
            writer.close()
            return
        await asyncio.sleep(RETRY_SECONDS)


def _refused(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = port + 1 if port < LAST else port - 1
        return f"Port {port} of {host} is in use by another program: stop it, or choose another (PORT={other})."
    if problem.errno == errno.EACCES:
        return f"Port {port} of {host} is not for this user: choose one above 1023, such as --port 8000."
    return f"{host} cannot be listened at ({problem.strerror}): mend --host."

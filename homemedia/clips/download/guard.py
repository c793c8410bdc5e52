"""What a download may reach: addresses outside of the house, and programs that are named. For the child program.

The threat: whoever may send in a link names an address the server fetches, and so does every page, playlist and
redirect behind it. None of them may lead to the router, to a device of the house or to a service on this machine.

Every name is resolved by us, all its addresses are judged, and the connection goes to the very address that was
judged. Behind that stands an audit hook of the interpreter, which sees every connection whatever way it was made, and
every program that is started. A foreign program could connect where it likes: so none is handed an address.

Source:
    PEP 578; RFC 6890 by way of `core.http.addresses`.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from homemedia.core.http.addresses import Network, is_outside

# As `socket.getaddrinfo` answers: (family, type, proto, canonical name, socket address).
AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
LookUp = Callable[..., Sequence[AddressInfo]]
MAX_ADDRESSES = 10_000
DOORS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
NEVER_STARTED = frozenset(
    {"os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.startfile", "os.startfile/2", "pty.spawn"}
)


class ForbiddenAddressError(PermissionError):
    """An address in the house; an OSError, because that is what clients expect of a connection that fails."""


class Guard:
    """Judges addresses and programs.

    Args:
        allowed: the one `host:port` inside of the house that is let through; None: none.
        own: networks this machine is part of.
        look_up: the resolver, as `socket.getaddrinfo`.

    Attributes:
        refused: hosts and addresses that were refused, in order.
    """

    def __init__(
        self, *, allowed: str | None = None, own: Iterable[Network] = (), look_up: LookUp = socket.getaddrinfo
    ) -> None:
        self.refused: list[str] = []
        self._allowed = {allowed} if allowed else set()
        self._own = tuple(own)
        self._look_up = look_up
        self._judged: set[tuple[str, int]] = set()
        self._programs: set[str] = set()

    def let(self, host_and_port: str) -> None:
        """Let one more `host:port` through, until `forbid`."""
        self._allowed.add(host_and_port)

    def forbid(self, host_and_port: str) -> None:
        """Take back what was let through; connections that are open stay so."""
        self._allowed.discard(host_and_port)
        self._judged.clear()

    def let_start(self, *programs: str) -> None:
        """Name programs that may be started, by name or path."""
        self._programs.update(Path(program).name for program in programs)

    def addresses(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *args: Any,  # noqa: ANN401 - whatever the resolver takes
        **more: Any,  # noqa: ANN401 - likewise
    ) -> list[AddressInfo]:
        """As `socket.getaddrinfo`, with addresses of the net only.

        One address in the house is enough to refuse: such a name is made to deceive, or is one of the house.

        Raises:
            ForbiddenAddressError: the name leads into the house.
            OSError: there is no such name.
        """
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host or ""
        found = list(self._look_up(host, port, *args, **more))
        number = int(found[0][4][1]) if found else 0
        if f"{name.lower()}:{number}" not in self._allowed and not all(self._is_outside(one[4]) for one in found):
            self.refused.append(name)
            raise ForbiddenAddressError(None, f"{name} leads into the house")
        if len(self._judged) > MAX_ADDRESSES:
            self._judged.clear()
        self._judged.update((str(one[4][0]), int(one[4][1])) for one in found)
        return found

    def check_connection(self, address: object) -> None:
        """The last door.

        Raises:
            ForbiddenAddressError: nobody has judged this address, or it lies in the house.
        """
        if isinstance(address, tuple) and len(address) >= 2 and (str(address[0]), address[1]) in self._judged:
            return
        self.refused.append(str(address))
        raise ForbiddenAddressError(None, "this address was not asked for by its name")

    def check_program(self, executable: object, arguments: object) -> None:
        """Let only named programs start, and none with an address of the net among its words.

        Args:
            executable: None where the first word names it.
            arguments: words, or (on Windows) the whole line.

        Raises:
            PermissionError: it may not.
        """
        if isinstance(arguments, (str, bytes)):
            words = [_first_word(os.fsdecode(arguments)), os.fsdecode(arguments)]
        else:
            words = [os.fsdecode(word) for word in arguments] if isinstance(arguments, (list, tuple)) else []
        program = os.fsdecode(executable) if isinstance(executable, (str, bytes, os.PathLike)) else "".join(words[:1])
        if Path(program).name not in self._programs:
            raise PermissionError(None, "a program that is not known here")
        if any("://" in word for word in words[1:]):
            raise PermissionError(None, "no program is handed an address")

    def install(self) -> None:
        """Stand in every way out of this process, for as long as it lives."""
        socket.getaddrinfo = self.addresses
        socket.gethostbyname = _no_door
        socket.gethostbyname_ex = _no_door
        sys.addaudithook(self._hear)

    def _is_outside(self, address: tuple[Any, ...]) -> bool:
        return is_outside(str(address[0]), self._own)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in DOORS:
            if args[1] is not None:  # else it is connected already, and was judged then
                self.check_connection(args[1])
        elif event == "subprocess.Popen":
            self.check_program(args[0], args[1])
        elif event in NEVER_STARTED:
            raise PermissionError(None, "no program is started this way")


def _first_word(line: str) -> str:
    return line[1:].partition('"')[0] if line.startswith('"') else line.partition(" ")[0]


def _no_door(*_: object) -> NoReturn:
    raise ForbiddenAddressError(None, "names are resolved in one place")

"""The worker of downloads (`homemedia worker clips`): one order, one download, and the end.

A process of its own for each: the downloader blocks, patches the interpreter and never gives memory back; and a site
that breaks it breaks nothing else. It ends with the server, and takes what it started with it.
"""

import ctypes
import importlib
import ipaddress
import os
import signal
import sys
import threading
import time
import traceback
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from homemedia.clips.download import songs
from homemedia.clips.download.engine import RUNTIMES, Engine, runtimes
from homemedia.clips.download.following import ask_for_next, followed
from homemedia.clips.download.guard import ForbiddenAddressError, Guard
from homemedia.clips.download.models import DownloadRefused, Facts
from homemedia.clips.download.order import Brought, Looked, Message, News, Order, Refused
from homemedia.clips.download.reasons import code_of, refusal
from homemedia.core.worker_child import PR_SET_PDEATHSIG, stand_back, take_pipes

# Between three tries to find a song's sound.
PAUSES_S: Final = (2.0, 4.0)
# What no second try changes.
FINAL: Final = frozenset({"too_large", "too_long", "disk_full", "forbidden_address"})
# What a child of ours may know of its surroundings; the rest is the server's, secrets among it.
KEPT_VARIABLES: Final = frozenset(
    {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATHEXT", "COMSPEC", "TZ"}
    | {"SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
)
# Clients of the net that resolve names by themselves, or are not needed and differ from machine to machine.
NOT_USED: Final = ("curl_cffi", "requests", "urllib3", "websockets", "secretstorage", "mutagen", "brotli", "brotlicffi")
MAX_DETAIL: Final = 2000
# A page without an end is read into memory.
MAX_MEMORY_BYTES: Final = 1 << 30


def main() -> None:
    """Take the order from stdin, and answer on stdout."""
    orders, answers = take_pipes()
    stand_back()
    _take_all_along()
    out = _Out(answers)
    try:
        order = msgspec.json.decode(orders.readline(), type=Order)
    except msgspec.DecodeError:
        os._exit(2)
    threading.Thread(target=_watch, args=(orders,), name="watch", daemon=True).start()
    out.say(_outcome(order, out))
    # Not through the interpreter's end: threads of foreign code may hold it.
    os._exit(0)


def _outcome(order: Order, out: "_Out") -> Message:
    guard = Guard(allowed=order.allowed, own=[ipaddress.ip_network(text) for text in order.own])
    try:
        _leave_the_house(order.folder)
        guard.let_start(*RUNTIMES, order.ffmpeg or "ffmpeg")
        library = load(order.copy)
        if order.what == "look":
            return Looked(str(library.version.__version__), runtimes(library))
        guard.install()
        return Download(library, order, guard, out).run()
    except DownloadRefused as err:
        detail = str(err.__cause__ or "")[:MAX_DETAIL]
        return Refused("forbidden_address" if guard.refused and err.code != "too_large" else err.code, detail)
    except ForbiddenAddressError as err:
        return Refused("forbidden_address", str(err))
    except OSError as err:
        return Refused("forbidden_address" if guard.refused else code_of(str(err), err), str(err))
    except Exception as err:  # noqa: BLE001 - the edge of this process: whatever the downloader did wrong is told
        code = "forbidden_address" if guard.refused else code_of(str(err), err)
        return Refused(code, traceback.format_exc()[-MAX_DETAIL:])


class Download:
    """What is done for one order."""

    def __init__(self, library: Any, order: Order, guard: Guard, out: "_Out") -> None:  # noqa: ANN401 - a module
        self._order = order
        self._guard = guard
        self._out = out
        self._engine = Engine(library, order, out.say)
        self._is_local = order.allowed is not None

    def run(self) -> Brought:
        """Bring it.

        Raises:
            DownloadRefused: with its cause.
            OSError: the address cannot be reached.
        """
        order = self._order
        if not order.url.startswith(("http://", "https://")) or any(ord(char) <= 32 for char in order.url):
            raise refusal("unsupported")
        self._out.say(News("fetching"))
        url = order.url if self._is_local else followed(order.url, ask_for_next, self._is_readable)
        if order.content_type == "music":
            return self._song(url)
        return self._engine.fetch(url, Facts(), is_generic=self._is_local)

    def _is_readable(self, url: str) -> bool:
        # Of a song only the name is wanted: its own page need not be read.
        return self._order.content_type == "music" or self._engine.is_known(url)

    def _song(self, url: str) -> Brought:
        """Find out what song it is, tell so, and look for its sound."""
        if self._order.ffmpeg is None:
            raise refusal("other")
        facts = Facts(title=self._order.title, artist=self._order.artist)
        if self._order.resolver_url is not None:
            facts = self._resolved(url, self._order.resolver_url, facts)
        if facts != Facts():
            self._out.say(News("fetching", facts=facts))
        places = songs.sources(url, facts, self._order.search, is_local=self._is_local)
        if not places:
            raise refusal("unavailable" if facts.title else "unsupported")
        for pause_s in (*PAUSES_S, None):
            try:
                return self._tried(places, facts)
            except DownloadRefused as err:
                if pause_s is None or err.code in FINAL or self._guard.refused:
                    raise
                time.sleep(pause_s)
        raise refusal("other")

    def _tried(self, places: Sequence[str], facts: Facts) -> Brought:
        """The sound from the first place that gives it; why the last one did not, when none does."""
        for place in places[:-1]:
            try:
                return self._engine.fetch(place, facts, is_generic=self._is_local)
            except DownloadRefused as err:
                if err.code in FINAL or self._guard.refused:
                    raise
        return self._engine.fetch(places[-1], facts, is_generic=self._is_local)

    def _resolved(self, url: str, resolver_url: str, known: Facts) -> Facts:
        # Whom the household named may lie in the house; where he sends one on to may not.
        parts = urllib.parse.urlsplit(resolver_url)
        named = f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        was_allowed = named == self._order.allowed
        refused_before = len(self._guard.refused)
        self._guard.let(named)
        try:
            found = songs.resolved(url, resolver_url, songs.read_json)
        finally:
            if not was_allowed:
                self._guard.forbid(named)
            # A service that misbehaves is no reason to think ill of the link.
            del self._guard.refused[refused_before:]
        return msgspec.structs.replace(found, title=found.title or known.title, artist=found.artist or known.artist)


class _Out:
    """Writes messages, one a line, whole."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._lock = threading.Lock()

    def say(self, message: Message) -> None:
        line = msgspec.json.encode(message) + b"\n"
        try:
            with self._lock:
                self._answers.write(line)
                self._answers.flush()
        except OSError:  # nobody is there to read it
            _end_all()


def load(copy: str | None) -> Any:  # noqa: ANN401 - a module without types
    """The downloader, with the ways out closed that lead past the guard.

    Args:
        copy: folder of a newer one than that which comes along; None takes the latter.

    Raises:
        DownloadRefused: `no_provider`: there is none, or it has not the form one knows how to close.
    """
    for name in NOT_USED:
        sys.modules[name] = None  # type: ignore[assignment]  # the documented way to forbid an import
    if copy is not None:
        sys.path.insert(0, copy)
    try:
        library = importlib.import_module("yt_dlp")
        for name in ("utils", "globals", "networking.exceptions", "version", "downloader.external"):
            importlib.import_module(f"yt_dlp.{name}")
        if copy is not None and not Path(library.__file__ or "").is_relative_to(copy):
            raise refusal("no_provider")
        _close(library)
        _quicken(library)
    except (ImportError, AttributeError, SyntaxError) as err:
        raise refusal("no_provider") from err
    return library


def _close(library: Any) -> None:  # noqa: ANN401 - a module without types
    """Let no foreign program fetch anything.

    ffmpeg would resolve and connect by itself: it joins files that lie here, and nothing else.
    """
    external = library.downloader.external
    for kind in (external.ExternalFD, external.FFmpegFD):
        kind.available = classmethod(lambda *_, **__: False)
        kind.can_download = classmethod(lambda *_, **__: False)
        kind.real_download = _refuse
        kind._call_downloader = _refuse  # noqa: SLF001 - it has no public name
    known = library.downloader.PROTOCOL_MAP
    for protocol in list(known):
        if protocol not in {"m3u8", "m3u8_native", "http_dash_segments"}:
            known[protocol] = external.FFmpegFD


def _quicken(library: Any) -> None:  # noqa: ANN401 - a module without types
    """Streams with a lock (AES-128): in Python alone they open at 15 KB a second (measured, two busy cores)."""
    importlib.import_module("yt_dlp.downloader.fragment")
    if hasattr(library.downloader.fragment, "aes_cbc_decrypt_bytes"):
        library.downloader.fragment.aes_cbc_decrypt_bytes = _decrypted


def _decrypted(data: bytes, key: bytes, iv: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - few streams need it

    opened = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return opened.update(data) + opened.finalize()


def _refuse(*_: object, **__: object) -> None:
    raise refusal("unsupported")


def _leave_the_house(folder: str) -> None:
    """Forget what the server's surroundings say: proxies, secrets, settings and caches of the person who runs it."""
    for name in list(os.environ):
        if name.upper() not in KEPT_VARIABLES:
            del os.environ[name]
    os.environ |= {"YTDLP_NO_PLUGINS": "1", "no_proxy": "*"}
    if folder:
        os.environ |= dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"), folder)
        os.chdir(folder)


def _take_all_along() -> None:
    """When the server dies, end this process and what it started."""
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, lambda *_: _end_all())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _watch(orders: BinaryIO) -> None:
    threading.Thread(target=_watch_memory, name="memory", daemon=True).start()
    while orders.read(1):
        pass
    _end_all()


def _watch_memory() -> None:
    if sys.platform != "linux":
        return
    page = os.sysconf("SC_PAGE_SIZE")
    while True:
        time.sleep(0.5)
        resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * page
        if resident > MAX_MEMORY_BYTES:
            sys.stderr.write("the page is too large\n")
            _end_all()


def _end_all() -> None:
    """End the whole group, which is ours alone: whatever was started here goes along."""
    if sys.platform != "win32" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()

"""A newer downloader than the one that comes along: found in an index of packages, checked, unpacked.

The threat: whatever is unpacked here is run. It is taken from the index the settings name, must have the digest that
this index publishes, and of what it holds only the package itself is written, into a folder of our own.

Source:
    PyPI's JSON of a project; the wheel format (PEP 427).
"""

import contextlib
import hashlib
import io
import logging
import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

import aiohttp
import msgspec

from homemedia.core.http.client import Client
from homemedia.core.threads import Lane

log = logging.getLogger(__name__)

PROJECT: Final = "yt-dlp"
PACKAGE: Final = "yt_dlp"
# Scripts of the downloader for one site, in a package of their own; each release wants one release of them.
SCRIPTS: Final = "yt-dlp-ejs"
SCRIPTS_PACKAGE: Final = "yt_dlp_ejs"
MAX_INDEX_BYTES: Final = 16 << 20
MAX_WHEEL_BYTES: Final = 64 << 20
MAX_UNPACKED_BYTES: Final = 256 << 20
MAX_FILES: Final = 10_000
LIMIT: Final = aiohttp.ClientTimeout(total=90.0, sock_connect=8.0, sock_read=20.0)
VERSION: Final = re.compile(r"\d{1,4}(?:\.\d{1,6}){2,3}(?:\.(?:post|dev)\d{1,8})?", re.ASCII)
SUFFIXES: Final = frozenset({".py", ".js", ".json", ".txt", ".html", ".typed", ""})


# A package, the bytes of its wheel, and the digest they must have.
_Part = tuple[str, bytes, str]


class NotFetched(Exception):  # noqa: N818 - named for what the caller is told
    """There is no newer downloader to be had; the text says why, for the log."""


class _Digests(msgspec.Struct):
    sha256: str = ""


class _File(msgspec.Struct):
    packagetype: str = ""
    filename: str = ""
    url: str = ""
    digests: _Digests = msgspec.field(default_factory=_Digests)
    yanked: bool = False


class _About(msgspec.Struct):
    version: str = ""
    requires_dist: list[str] | None = None


class _Index(msgspec.Struct):
    info: _About
    urls: list[_File]


class Wheel(msgspec.Struct, frozen=True):
    """One release: where it lies, and the digest (SHA-256, hexadecimal) it must have.

    `scripts` is the version of the scripts it goes with; None: it names none.
    """

    version: str
    url: str
    sha256: str
    scripts: str | None = None


class WheelIndex(Client):
    """Asks the index. An async context manager.

    Args:
        url: of the project's JSON, `…/yt-dlp/json`.
    """

    def __init__(self, url: str) -> None:
        super().__init__(Lane("wheels", 1))
        self._url = url

    async def newest(self) -> Wheel:
        """The newest release.

        Raises:
            NotFetched: the index cannot be asked, or names none that one can use.
        """
        return await self._wheel(self._url)

    async def fetch(self, wheel: Wheel, folder: Path) -> None:
        """Fetch a release with its scripts, check and unpack them; the folder is there whole or not at all.

        Raises:
            NotFetched: it cannot be had, or is not what the index says. Scripts that cannot be had are left out.
        """
        parts = [await self._part(PACKAGE, wheel)]
        url = self._url_of_scripts(wheel)
        if url is not None:
            try:
                parts.append(await self._part(SCRIPTS_PACKAGE, await self._wheel(url)))
            except NotFetched as err:
                log.info("the downloader comes without its scripts: %s", err)
        await self._lane.run(_put, parts, folder)

    async def _part(self, package: str, wheel: Wheel) -> _Part:
        return package, await self._read(wheel.url, MAX_WHEEL_BYTES), wheel.sha256

    def _url_of_scripts(self, wheel: Wheel) -> str | None:
        head, is_there, tail = self._url.rpartition(f"/{PROJECT}/")
        if wheel.scripts is None or not is_there:
            return None
        return f"{head}/{SCRIPTS}/{wheel.scripts}/{tail}"

    async def _wheel(self, url: str) -> Wheel:
        try:
            index = msgspec.json.decode(await self._read(url, MAX_INDEX_BYTES), type=_Index)
        except msgspec.DecodeError as err:
            raise NotFetched("the index answers what cannot be read") from err
        for file in index.urls:
            if file.packagetype == "bdist_wheel" and file.filename.endswith("-none-any.whl") and not file.yanked:
                wanted = _scripts_of(index.info.requires_dist or [])
                return self._checked(Wheel(index.info.version, file.url, file.digests.sha256.lower(), wanted))
        raise NotFetched("the index names no wheel")

    def _checked(self, wheel: Wheel) -> Wheel:
        if not VERSION.fullmatch(wheel.version) or not re.fullmatch(r"[0-9a-f]{64}", wheel.sha256):
            raise NotFetched("the index names a release without a version or digest one can use")
        # An index that is asked safely does not send one elsewhere unsafely.
        if not wheel.url.startswith("https://") and not (
            self._url.startswith("http://") and wheel.url.startswith("http://")
        ):
            raise NotFetched("the index names an address that is not safe")
        return wheel

    async def _read(self, url: str, most: int) -> bytes:
        body = bytearray()
        try:
            async with self.session.get(url, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise NotFetched(f"the index answers {answer.status}")
                async for chunk in answer.content.iter_chunked(64 << 10):
                    body += chunk
                    if len(body) > most:
                        raise NotFetched("the index answers too much")
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as err:
            raise NotFetched(f"the index cannot be reached: {err}") from err
        return bytes(body)

    def _options(self) -> dict[str, Any]:
        return {"timeout": LIMIT, "headers": {"Accept-Encoding": "identity"}}


def order_of(version: str) -> tuple[int, ...]:
    """Versions in their order; 2026.10.26 is above 2026.9.1."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def unpack(body: bytes, folder: Path, package: str = PACKAGE) -> None:
    """Write what a wheel holds of a package into a folder that is there already.

    Raises:
        NotFetched: it is no wheel, or holds what no wheel should.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            entries = [entry for entry in packed.infolist() if _is_wanted(entry, package)]
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise NotFetched("the wheel is too large")
            for entry in entries:
                path = folder.joinpath(*PurePosixPath(entry.filename).parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(entry) as source, path.open("xb") as target:
                    # What the list of contents says of its size is not believed.
                    target.write(_whole(source.read(entry.file_size + 1), entry.file_size))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as err:
        raise NotFetched(f"the wheel cannot be unpacked: {err}") from err
    if not (folder / package / "__init__.py").is_file():
        raise NotFetched("the wheel does not hold the downloader")


def _whole(content: bytes, size: int) -> bytes:
    if len(content) != size:
        raise ValueError("a file is not as long as it says")
    return content


def _is_wanted(entry: zipfile.ZipInfo, package: str) -> bool:
    """Whether an entry is a file of the package; anything that points outside is refused with the whole wheel."""
    name = entry.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise NotFetched("the wheel names files outside of itself")
    kind = entry.external_attr >> 28
    if kind not in {0, 0o10, 0o04}:  # a file, or a folder: nothing that points elsewhere
        raise NotFetched("the wheel holds what is no file")
    return not entry.is_dir() and path.parts[:1] == (package,) and path.suffix in SUFFIXES


def _scripts_of(requirements: list[str]) -> str | None:
    """The version of the scripts that a release wants."""
    found = [re.match(rf"{SCRIPTS}\s*==\s*([\d.]+)", text) for text in requirements]
    return next((one[1] for one in found if one is not None and VERSION.fullmatch(one[1])), None)


def _put(parts: Sequence[_Part], folder: Path) -> None:
    if any(hashlib.sha256(body).hexdigest() != sha256 for _, body, sha256 in parts):
        raise NotFetched("the wheel has not the digest that the index publishes")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
        for package, body, _ in parts:
            unpack(body, part, package)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError as err:
        raise NotFetched(f"the downloader cannot be written: {err.strerror}") from err
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(part)

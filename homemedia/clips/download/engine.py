"""One download with yt-dlp. For the child program alone, which has armed its guard before.

The downloader is asked in two steps: what there is (and whether it is wanted), then for the files. It reads no
settings of anybody, keeps no cookies and no cache, and hands nothing that lies in the net to another program.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from homemedia.clips.download.heads import HEAD_BYTES, is_media, picture_suffix
from homemedia.clips.download.models import DownloadRefused, Facts
from homemedia.clips.download.order import Brought, News, Order
from homemedia.clips.download.reasons import code_of, longest_s, refusal

Say = Callable[[News], None]
Info = dict[str, Any]

SOCKET_LIMIT_S: Final = 20.0
NEWS_EVERY_S: Final = 0.25
MAX_PICTURE_BYTES: Final = 10 << 20
MAX_PICTURES: Final = 3
# A disk that is filled to its last byte takes more down than a download.
SPARE_BYTES: Final = 200 << 20
MAX_TITLE: Final = 1000
MAX_DESCRIPTION: Final = 5000
MAX_ADDRESS: Final = 2048
PLAIN_PROTOCOLS: Final = frozenset({"http", "https", "m3u8", "m3u8_native", "http_dash_segments"})
MEDIA_SUFFIXES: Final = frozenset(
    {".mp4", ".m4v", ".webm", ".mkv", ".mov", ".flv", ".avi", ".ts", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".wav"}
)
VIDEO_FORMAT: Final = "bv*+ba/b"
# Of the sizes the largest up to 1080 lines (the shorter side counts); of equal ones what every browser plays.
VIDEO_ORDER: Final = ["res:1080", "vcodec:h264", "acodec:aac", "ext:mp4:m4a"]
# What may run a site's scripts, the best first. Others would run them with all rights of ours.
RUNTIMES: Final = ("deno", "node")


class Engine:
    """One download.

    Args:
        library: the module yt_dlp.
        order: what is wanted.
        say: takes news.
    """

    def __init__(self, library: Any, order: Order, say: Say) -> None:  # noqa: ANN401 - a module without types
        self._library = library
        self._order = order
        self._say = say
        self._folder = Path(order.folder)
        self._is_music = order.content_type == "music"
        self._said_at = 0.0
        self._checked_at = 0.0
        self._done: dict[str, int] = {}
        self._expected = 0
        self._files = 1
        self._words: list[str] = []

    def fetch(self, url: str, known: Facts, *, is_generic: bool) -> Brought:
        """Bring what lies at an address.

        Args:
            url: of a page, a file, or a search of the downloader's own.
            known: facts that are known already; they win.
            is_generic: a host of the house, which no extractor is made for.

        Raises:
            DownloadRefused: there will be no file.
        """
        self._done.clear()
        with self._told(), self._library.YoutubeDL(self._options(is_generic=is_generic)) as downloader:
            info = _first(downloader.extract_info(url, download=False))
            self._check(info)
            facts = _joined(known, _facts(info, is_music=self._is_music))
            self._say(News("fetching", facts=facts))
            thumbnail = self._thumbnail(downloader, info, known)
            self._expected = _expected(info)
            self._files = max(1, len(info.get("requested_formats") or ()))
            downloader.process_info(info)
        media = self._found()
        self._weigh([media] + ([self._folder / thumbnail] if thumbnail else []))
        return Brought(media.name, thumbnail, facts)

    def is_known(self, url: str) -> bool:
        """Whether an extractor is made for such an address."""
        extractors = self._library.extractor.gen_extractor_classes()
        return any(one.suitable(url) for one in extractors if one.IE_NAME != "generic")

    def _options(self, *, is_generic: bool) -> dict[str, Any]:
        order = self._order
        options: dict[str, Any] = {
            "quiet": True,
            "noprogress": True,
            "logger": _Listener(self._words),
            "allowed_extractors": ["generic"] if is_generic else ["default", "-generic"],
            "noplaylist": True,
            "playlist_items": "1",
            "cachedir": False,
            "enable_file_urls": False,
            "proxy": "",
            "geo_bypass": False,
            "outtmpl": {"default": f"{order.clip_id}.%(ext)s"},
            "paths": {"home": order.folder, "temp": order.folder},
            "restrictfilenames": True,
            "overwrites": True,
            "continuedl": False,
            "updatetime": False,
            "max_filesize": order.max_bytes,
            "hls_prefer_native": True,
            "external_downloader": "native",
            "skip_unavailable_fragments": False,
            "ffmpeg_location": order.ffmpeg or str(self._folder / "no-ffmpeg"),
            "progress_hooks": [self._hear],
            "postprocessor_hooks": [self._hear_converting],
            "socket_timeout": SOCKET_LIMIT_S,
            "retries": 3,
            "fragment_retries": 3,
            "extractor_retries": 2,
            "js_runtimes": {name: {} for name in RUNTIMES},
            "remote_components": [],
        }
        if self._is_music:
            sound = {"key": "FFmpegExtractAudio", "preferredcodec": "mp3", "preferredquality": "0"}
            return options | {"format": "ba/b", "postprocessors": [sound]}
        if order.ffmpeg is None:
            return options | {"format": "b", "format_sort": VIDEO_ORDER}
        return options | {"format": VIDEO_FORMAT, "format_sort": VIDEO_ORDER, "merge_output_format": "mp4"}

    def _check(self, info: Info) -> None:
        if info.get("is_live") or info.get("live_status") in {"is_live", "is_upcoming"}:
            raise refusal("unsupported")
        formats = info.get("requested_formats") or [info]
        if any(part not in PLAIN_PROTOCOLS for one in formats for part in str(one.get("protocol") or "").split("+")):
            raise refusal("unsupported")
        limit, duration = self._order.max_bytes, info.get("duration")
        if limit is None:
            return
        longest = longest_s(limit, is_music=self._is_music)
        if longest is not None and isinstance(duration, int | float) and duration > longest:
            raise refusal("too_long", max_bytes=limit)
        if not self._is_music and sum(one.get("filesize") or 0 for one in formats) > limit:
            raise refusal("too_large", max_bytes=limit)

    def _hear(self, told: Mapping[str, Any]) -> None:
        """Called for every piece: say how far it is, and stop what grows beyond the limit."""
        name, done = str(told.get("filename")), int(told.get("downloaded_bytes") or 0)
        self._done[name] = done
        so_far = sum(self._done.values())
        total = told.get("total_bytes")
        limit = self._order.max_bytes
        if limit is not None and so_far + max(0, int(total or 0) - done) > limit:
            raise refusal("too_large", max_bytes=limit)
        if told.get("status") == "finished":
            self._look_into(Path(name))
        now = time.monotonic()
        if now - self._checked_at >= 1.0:
            self._checked_at = now
            if shutil.disk_usage(self._folder).free < SPARE_BYTES:
                raise refusal("disk_full")
        if now - self._said_at >= NEWS_EVERY_S or told.get("status") == "finished":
            self._said_at = now
            self._say(self._news(done, so_far, int(total or told.get("total_bytes_estimate") or 0)))

    def _news(self, done: int, so_far: int, estimate: int) -> News:
        """How far it is. Args: bytes of this file, of all, and how many this one will have (0: nobody knows)."""
        if self._expected:
            all_bytes = max(self._expected, so_far)
            return News("fetching", percent=so_far * 100 // all_bytes, bytes_done=so_far, bytes_total=all_bytes)
        if not estimate:
            return News("fetching", bytes_done=so_far)
        # Picture and sound that come apart count the same, since nobody said how large they are.
        part = min(1.0, done / estimate)
        percent = min(100, int((len(self._done) - 1 + part) * 100 / self._files))
        all_bytes_or_none = max(estimate, so_far) if self._files == 1 else None
        return News("fetching", percent=percent, bytes_done=so_far, bytes_total=all_bytes_or_none)

    def _hear_converting(self, told: Mapping[str, Any]) -> None:
        if told.get("status") == "started" and told.get("postprocessor") != "MoveFiles":
            self._say(News("converting", bytes_done=sum(self._done.values())))

    def _look_into(self, path: Path) -> None:
        """Refuse what is no film before any other program opens it."""
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except FileNotFoundError:
            return
        if not is_media(head):
            raise refusal("unsupported")

    def _found(self) -> Path:
        """The file that was made of it."""
        found = [
            path
            for path in sorted(self._folder.glob(f"{self._order.clip_id}.*"))
            if path.suffix.lower() in MEDIA_SUFFIXES and path.is_file() and not path.is_symlink()
        ]
        if len(found) != 1:
            words = "\n".join(self._words)
            if "max-filesize" in words:
                raise refusal("too_large", max_bytes=self._order.max_bytes)
            raise refusal(code_of(words))
        self._look_into(found[0])
        return found[0]

    def _weigh(self, files: list[Path]) -> None:
        limit = self._order.max_bytes
        if limit is not None and sum(path.stat().st_size for path in files) > limit:
            raise refusal("too_large", max_bytes=limit)

    def _thumbnail(self, downloader: Any, info: Info, known: Facts) -> str | None:  # noqa: ANN401 - no types
        """Save the source's picture, best first, where there is one that can be had."""
        found: list[tuple[str, dict[str, str]]] = [(known.album_art_url, {})] if known.album_art_url else []
        pictures = [one for one in info.get("thumbnails") or [] if isinstance(one, dict) and one.get("url")]
        found += [(str(one["url"]), dict(one.get("http_headers") or {})) for one in reversed(pictures)]
        for url, headers in found[:MAX_PICTURES]:
            name = self._save_picture(downloader, url, headers)
            if name is not None:
                return name
        return None

    def _save_picture(self, downloader: Any, url: str, headers: dict[str, str]) -> str | None:  # noqa: ANN401
        networking = self._library.networking
        try:
            with contextlib.closing(downloader.urlopen(networking.Request(url, headers=headers))) as answer:
                body = answer.read(MAX_PICTURE_BYTES + 1)
        except (OSError, ValueError, self._library.utils.YoutubeDLError, networking.exceptions.RequestError):
            return None
        suffix = picture_suffix(body[:16])
        if suffix is None or len(body) > MAX_PICTURE_BYTES:
            return None
        path = self._folder / f"{self._order.clip_id}-picture{suffix}"
        path.write_bytes(body)
        return path.name

    @contextlib.contextmanager
    def _told(self) -> Any:  # noqa: ANN401 - a context without a value
        """Whatever the downloader says of its failure is told in our words."""
        utils, exceptions = self._library.utils, self._library.networking.exceptions
        try:
            yield
        except DownloadRefused:
            raise
        except (utils.YoutubeDLError, exceptions.RequestError, OSError) as err:
            words = "\n".join([*self._words, str(err)])
            code = code_of(words, err)
            raise refusal(code, max_bytes=self._order.max_bytes) from err


class _Listener:
    """Takes what the downloader would print; warnings and errors are kept, for what they tell."""

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def debug(self, text: str) -> None:
        if "max-filesize" in text:
            self._words.append(text[:MAX_TITLE])

    info = debug

    def warning(self, text: str, *_: object) -> None:
        """Not a cause: a site may be complained about and give the film all the same."""

    def error(self, text: str) -> None:
        self._words.append(text[:MAX_TITLE])


def runtimes(library: Any) -> tuple[str, ...]:  # noqa: ANN401 - a module without types
    """The programs on this machine that could run a site's scripts, the best first. Starts each of them once."""
    known = library.globals.supported_js_runtimes.value
    found = {name: known[name]().info for name in RUNTIMES if name in known and shutil.which(name)}
    return tuple(name for name, info in found.items() if info is not None and info.supported)


def _first(info: Any) -> Info:  # noqa: ANN401 - as the downloader answers
    """The one film of an answer; of a list its first."""
    for _ in range(3):
        if not isinstance(info, dict):
            break
        if info.get("_type", "video") == "video":
            return info
        entries = [one for one in info.get("entries") or () if one]
        info = entries[0] if entries else None
    raise refusal("unsupported")


def _expected(info: Info) -> int:
    """How much there is to fetch, in bytes; 0 where nobody knows."""
    sizes = [one.get("filesize") or one.get("filesize_approx") for one in info.get("requested_formats") or [info]]
    return sum(int(size) for size in sizes) if all(sizes) else 0


def _facts(info: Info, *, is_music: bool) -> Facts:
    named = next((text for key in ("uploader", "channel", "uploader_id") if (text := _text(info, key))), "")
    creator = named.removeprefix("@") or None
    views, duration = info.get("view_count"), info.get("duration")
    return Facts(
        title=_text(info, "title"),
        description=_text(info, "description", MAX_DESCRIPTION),
        creator_name=creator,
        creator_url=_address(info, "uploader_url") or _address(info, "channel_url"),
        view_count=views if isinstance(views, int) and 0 <= views < 1 << 53 else None,
        duration_s=float(duration) if isinstance(duration, int | float) and 0 <= duration < 1e7 else None,
        artist=_text(info, "artist") or (creator if is_music else None),
    )


def _joined(known: Facts, found: Facts) -> Facts:
    """What is known wins over what was found."""
    fields = Facts.__struct_fields__
    values = {name: getattr(known, name) for name in fields}
    return Facts(**{name: getattr(found, name) if value is None else value for name, value in values.items()})


def _text(info: Info, key: str, longest: int = MAX_TITLE) -> str | None:
    value = info.get(key)
    if not isinstance(value, str):
        return None
    # A lone surrogate could not be written down.
    return value.replace("\0", "").encode("utf-8", "replace").decode().strip()[:longest] or None


def _address(info: Info, key: str) -> str | None:
    value = _text(info, key, MAX_ADDRESS + 1)
    return value if value and len(value) <= MAX_ADDRESS and value.startswith(("http://", "https://")) else None

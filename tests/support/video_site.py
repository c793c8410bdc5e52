"""A stand-in for the sites that clips come from, on loopback: films that play, streams, songs, and traps.

By hand: `python -m tests.support.video_site PORT`, then start the server with the settings it prints, and send in
`http://127.0.0.1:PORT/watch/anything`. What lies where is told at `/`.
"""

import argparse
import asyncio
import contextlib
import functools
import hashlib
import html
import json
import shutil
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any, Self

import ffmpeg
from aiohttp import web
from PIL import Image, ImageDraw

from tests.support.samples import a_film, run_ffmpeg

PATTERNS = ("testsrc2", "smptebars", "testsrc", "pal75bars")
TEN_GB = 10 << 30
CHUNK = 64 << 10
# The head of an MP4, so that what follows passes for one.
HEAD = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
APART = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=270x480,CODECS="avc1.42c00d,mp4a.40.2",AUDIO="sound"
picture.m3u8
"""
WORDS = """
/watch/NAME            a page with a film, its title, description, creator, views, length and picture
/og/NAME               a page that only has og:video
/v/NAME.mp4            a film (?seconds=, ?size=540x960, ?codec=hevc)
/hevc/NAME.mp4         a film most browsers do not play
/hls/NAME/index.m3u8   a film in pieces
/hls/NAME/apart.m3u8   a film in pieces, its sound apart
/hls/NAME/shut.m3u8    a film in pieces that are locked (AES-128)
/sound/NAME.m4a        a song
/slow/NAME.mp4         a film that comes at ?kbps=200
/endless.mp4           never ends and does not say how long it is
/promise.mp4           says that it has 10 GB
/silent.mp4            never answers
/gone /broken /refused answer 404, 500, 403
/long/NAME             a page that says the film takes an hour
/to?url=               sends one on
/inside/mp4 /inside/page /inside/hls /inside/segment /inside/picture /inside/links
                       lead to another port of this machine, which counts who comes
/locked.m3u8           a stream with a lock that is not known
/live.m3u8             a stream that goes on
/disguised.mp4         a playlist that calls itself a film and names a file of the server
/links?url=            what the song-link service would answer
/find?q=               what a search for a song leads to
/pypi/yt-dlp/json      what the index of packages says of the downloader
"""


class VideoSite:
    """An async context manager.

    Attributes:
        requests: how often each path was asked for.
        queries: the last query of each path.
        visitors: addresses that the port was asked for to which nobody may come.
        songs: what `/links` answers by address: title, artist and so on; absent ones get a 404.
        wheel: the downloader that `/pypi/yt-dlp/json` offers; None answers 404.
        scripts: its scripts, version 0.8.0; None: it names none.
        wheel_version: the version it offers.
        wheel_digest: its SHA-256 as published; None tells the true one.
        cut_at: `/v/` films end after so many bytes; None sends them whole.
    """

    def __init__(self, *, port: int = 0) -> None:
        self.requests: Counter[str] = Counter()
        self.queries: dict[str, dict[str, str]] = {}
        self.visitors: list[str] = []
        self.songs: dict[str, dict[str, str]] = {}
        self.wheel: bytes | None = None
        self.scripts: bytes | None = None
        self.wheel_version = "2099.01.01"
        self.wheel_digest: str | None = None
        self.cut_at: int | None = None
        self._port = port
        self._inside_port = 0
        self._folder = Path()
        self._lock = asyncio.Lock()
        self._gate = asyncio.Event()
        self._stack = contextlib.AsyncExitStack()

    @property
    def host(self) -> str:
        """As `clips.allowed_private_hosts` wants it."""
        return f"127.0.0.1:{self._port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def inside(self) -> str:
        """Where nobody may come."""
        return f"http://127.0.0.1:{self._inside_port}"

    def url(self, path: str) -> str:
        return f"{self.origin}/{path.removeprefix('/')}"

    async def __aenter__(self) -> Self:
        holder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="video-site-"))
        self._folder = Path(holder)
        self._port = await self._serve(self._app(), self._port)
        self._inside_port = await self._serve(self._inside_app(), 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gate.set()
        await self._stack.aclose()

    async def _serve(self, app: web.Application, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handle_signals=False)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        return int(runner.addresses[0][1])

    def _inside_app(self) -> web.Application:
        async def visited(request: web.Request) -> web.Response:
            self.visitors.append(request.path)
            return web.Response(body=HEAD, content_type="video/mp4")

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", visited)
        return app

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._count])
        handlers: dict[str, Any] = {
            "/": self._words,
            "/watch/{name}": self._watch,
            "/og/{name}": self._og,
            "/long/{name}": self._long,
            "/v/{name}.mp4": self._film,
            "/hevc/{name}.mp4": self._hevc,
            "/hls/{name}/{file}": self._hls,
            "/sound/{name}.m4a": self._sound,
            "/picture/{name}.jpg": self._picture,
            "/slow/{name}.mp4": self._slow,
            "/endless.mp4": self._endless,
            "/promise.mp4": self._promise,
            "/silent.mp4": self._silent,
            "/gone": functools.partial(self._status, 404),
            "/broken": functools.partial(self._status, 500),
            "/refused": functools.partial(self._status, 403),
            "/to": self._to,
            "/inside/{what}": self._lead_inside,
            "/disguised.mp4": self._disguised,
            "/locked.m3u8": self._locked,
            "/live.m3u8": self._live,
            "/links": self._links,
            "/find": self._find,
            "/pypi/yt-dlp/json": self._index,
            "/pypi/yt-dlp-ejs/{version}/json": self._scripts_index,
            "/pypi/yt_dlp-{version}.whl": self._wheel,
            "/pypi/yt_dlp_ejs-{version}.whl": self._scripts_wheel,
        }
        for path, handler in handlers.items():
            app.router.add_get(path, handler)
        return app

    @web.middleware
    async def _count(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests[request.path] += 1
        self.queries[request.path] = dict(request.query)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _words(self, _request: web.Request) -> web.Response:
        return web.Response(text=WORDS)

    async def _status(self, status: int, _request: web.Request) -> web.Response:
        return web.Response(status=status, text="no")

    async def _to(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["url"])

    # Pages

    async def _watch(self, request: web.Request) -> web.Response:
        return self._page(request.match_info["name"], "PT3S")

    async def _long(self, request: web.Request) -> web.Response:
        return self._page(request.match_info["name"], "PT1H")

    def _page(self, name: str, duration: str) -> web.Response:
        title = name.replace("-", " ").capitalize()
        told = {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": title,
            "description": f"{title}, told in a few words. #home",
            "thumbnailUrl": self.url(f"/picture/{name}.jpg"),
            "contentUrl": self.url(f"/v/{name}.mp4"),
            "uploadDate": "2026-03-01",
            "duration": duration,
            "author": {"@type": "Person", "name": "Ann Example", "url": self.url("/@ann")},
            "interactionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": "https://schema.org/WatchAction",
                "userInteractionCount": 321,
            },
        }
        return _html(title, f'<script type="application/ld+json">{json.dumps(told)}</script>')

    async def _og(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return self._og_page(name, self.url(f"/v/{name}.mp4"), self.url(f"/picture/{name}.jpg"))

    def _og_page(self, name: str, video: str, picture: str) -> web.Response:
        title = name.replace("-", " ").capitalize()
        metas = {
            "og:title": title,
            "og:description": f"{title}, told in a few words.",
            "og:video": video,
            "og:video:type": "video/mp4",
            "og:image": picture,
        }
        lines = [f'<meta property="{key}" content="{html.escape(value)}">' for key, value in metas.items()]
        return _html(title, "\n".join(lines))

    async def _lead_inside(self, request: web.Request) -> web.Response:
        """Ways to a host that was not asked for."""
        secret = f"{self.inside}/secret.mp4"
        match request.match_info["what"]:
            case "mp4":
                raise web.HTTPFound(secret)
            case "page":
                return self._og_page("Trap", secret, self.url("/picture/trap.jpg"))
            case "picture":
                return self._og_page("Trap", self.url("/v/trap.mp4"), f"{self.inside}/picture.jpg")
            case "hls":
                lines = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\n" + f"{self.inside}/inner.m3u8\n"
                return web.Response(text=lines, content_type="application/vnd.apple.mpegurl")
            case "segment":
                lines = _playlist([f"{self.inside}/piece.ts"])
                return web.Response(text=lines, content_type="application/vnd.apple.mpegurl")
            case "links":
                raise web.HTTPFound(f"{self.inside}/links")
        raise web.HTTPNotFound

    async def _disguised(self, _request: web.Request) -> web.Response:
        lines = _playlist(["file:///etc/hostname"])
        return web.Response(body=lines.encode(), content_type="video/mp4")

    async def _locked(self, _request: web.Request) -> web.Response:
        key = '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key"'
        lines = _playlist([self.url("/hls/locked/index0.ts")]).replace("#EXTINF", f"{key}\n#EXTINF", 1)
        return web.Response(text=lines, content_type="application/vnd.apple.mpegurl")

    async def _live(self, _request: web.Request) -> web.Response:
        lines = _playlist([self.url("/hls/live/index0.ts")])
        lines = lines.replace("#EXT-X-ENDLIST\n", "").replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "")
        return web.Response(text=lines, content_type="application/vnd.apple.mpegurl")

    # Films and sounds

    async def _film(self, request: web.Request) -> web.StreamResponse:
        name, query = request.match_info["name"], request.query
        path = await self._made(
            name,
            seconds=float(query.get("seconds", "3")),
            size=query.get("size", "270x480"),
            codec=query.get("codec", "h264"),
        )
        if self.cut_at is not None:
            return await self._cut(request, path.read_bytes(), self.cut_at)
        return web.FileResponse(path)

    async def _hevc(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(await self._made(request.match_info["name"], codec="hevc"))

    async def _made(self, name: str, *, seconds: float = 3, size: str = "270x480", codec: str = "h264") -> Path:
        path = self._folder / f"{_tame(name)}-{seconds}-{size}-{codec}.mp4"
        async with self._lock:
            if not path.exists():
                pattern = PATTERNS[zlib.crc32(name.encode()) % len(PATTERNS)]
                await asyncio.to_thread(a_film, path, seconds=seconds, size=size, codec=codec, picture=pattern)
        return path

    async def _hls(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        film = await self._made(name)
        folder = self._folder / f"hls-{_tame(name)}"
        async with self._lock:
            if not folder.exists():
                await asyncio.to_thread(_cut_up, film, folder)
        path = folder / _tame(request.match_info["file"])
        if not path.is_file() or path.suffix == ".txt":
            raise web.HTTPNotFound
        kinds = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".bin": "application/octet-stream"}
        return web.FileResponse(path, headers={"Content-Type": kinds[path.suffix]})

    async def _sound(self, request: web.Request) -> web.StreamResponse:
        path = self._folder / f"{_tame(request.match_info['name'])}.m4a"
        async with self._lock:
            if not path.exists():
                await asyncio.to_thread(a_film, path, seconds=2, codec=None, audio="aac")
        return web.FileResponse(path)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        path = self._folder / f"{_tame(name)}.jpg"
        if not path.exists():
            hue = zlib.crc32(name.encode()) % 256
            picture = Image.new("HSV", (360, 640), (hue, 160, 180)).convert("RGB")
            ImageDraw.Draw(picture).text((30, 300), name, fill="white")
            picture.save(path, quality=80)
        return web.FileResponse(path)

    # Trouble

    async def _cut(self, request: web.Request, body: bytes, at: int) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(len(body))})
        await answer.prepare(request)
        await answer.write(body[:at])
        if request.transport is not None:
            request.transport.close()
        return answer

    async def _slow(self, request: web.Request) -> web.StreamResponse:
        body = (await self._made(request.match_info["name"], seconds=10)).read_bytes()
        rate = int(request.query.get("kbps", "200")) * 125
        answer = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(len(body))})
        await answer.prepare(request)
        step = max(1, rate // 10)
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(body), step):
                await answer.write(body[start : start + step])
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await self._gate.wait()
        return answer

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        return await self._pour(request, answer)

    async def _promise(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(TEN_GB)})
        return await self._pour(request, answer)

    async def _pour(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            await answer.write(HEAD)
            while not self._gate.is_set():
                await answer.write(bytes(CHUNK))
        return answer

    async def _silent(self, _request: web.Request) -> web.Response:
        await self._gate.wait()
        return web.Response(status=503)

    # Services

    async def _links(self, request: web.Request) -> web.Response:
        """The shape of Odesli's answer, as far as it is read."""
        asked = request.query.get("url", "")
        song = self.songs.get(asked)
        if song is None:
            return web.json_response({"statusCode": 404, "code": "could_not_resolve_entity"}, status=404)
        entity = {
            "id": "1",
            "type": "song",
            "title": song["title"],
            "artistName": song["artist"],
            "thumbnailUrl": song.get("art", self.url("/picture/album.jpg")),
            "apiProvider": "spotify",
            "platforms": ["spotify"],
        }
        names = {"spotify": "spotify", "apple": "appleMusic", "youtube": "youtubeMusic"}
        links = {
            names[key]: {"url": song[key], "entityUniqueId": "SPOTIFY_SONG::1", "country": "US"}
            for key in names
            if key in song
        }
        return web.json_response(
            {
                "entityUniqueId": "SPOTIFY_SONG::1",
                "userCountry": "US",
                "pageUrl": "https://song.link/s/1",
                "entitiesByUniqueId": {"SPOTIFY_SONG::1": entity},
                "linksByPlatform": links,
            }
        )

    async def _find(self, request: web.Request) -> web.Response:
        words = request.query.get("q", "")
        if "nothing" in words.lower():
            raise web.HTTPNotFound
        return self._og_page(words, self.url(f"/sound/{_tame(words)}.m4a"), self.url("/picture/found.jpg"))

    async def _index(self, _request: web.Request) -> web.Response:
        if self.wheel is None:
            raise web.HTTPNotFound
        wanted = ['certifi; extra == "default"', 'yt-dlp-ejs==0.8.0; extra == "default"'] if self.scripts else []
        return self._project("yt_dlp", self.wheel_version, self.wheel, self.wheel_digest, wanted)

    async def _scripts_index(self, request: web.Request) -> web.Response:
        if self.scripts is None:
            raise web.HTTPNotFound
        return self._project("yt_dlp_ejs", request.match_info["version"], self.scripts, None, [])

    def _project(self, package: str, version: str, wheel: bytes, digest: str | None, wanted: list[str]) -> web.Response:
        name = f"{package}-{version}-py3-none-any.whl"
        source = {"packagetype": "sdist", "filename": f"{package}.tar.gz", "url": self.url("/gone"), "digests": {}}
        built = {
            "packagetype": "bdist_wheel",
            "filename": name,
            "url": self.url(f"/pypi/{name}"),
            "size": len(wheel),
            "digests": {"sha256": digest or hashlib.sha256(wheel).hexdigest()},
            "yanked": False,
        }
        return web.json_response({"info": {"version": version, "requires_dist": wanted}, "urls": [source, built]})

    async def _scripts_wheel(self, _request: web.Request) -> web.Response:
        if self.scripts is None:
            raise web.HTTPNotFound
        return web.Response(body=self.scripts, content_type="application/octet-stream")

    async def _wheel(self, _request: web.Request) -> web.Response:
        if self.wheel is None:
            raise web.HTTPNotFound
        return web.Response(body=self.wheel, content_type="application/octet-stream")


def _html(title: str, head: str) -> web.Response:
    page = f"<!doctype html><html><head><title>{html.escape(title)}</title>{head}</head><body></body></html>"
    return web.Response(text=page, content_type="text/html")


def _playlist(pieces: list[str]) -> str:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:4", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for piece in pieces:
        lines += ["#EXTINF:3.0,", piece]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def _cut_up(film: Path, folder: Path) -> None:
    part = folder.with_suffix(".part")
    part.mkdir()
    words: dict[str, Any] = {"c": "copy", "f": "hls", "hls_time": 1, "hls_playlist_type": "vod"}
    source = ffmpeg.input(str(film))
    run_ffmpeg(source.output(str(part / "index.m3u8"), **words), part / "index.m3u8")
    run_ffmpeg(source["v"].output(str(part / "picture.m3u8"), **words), part / "picture.m3u8")
    run_ffmpeg(source["a"].output(str(part / "sound.m3u8"), **words), part / "sound.m3u8")
    (part / "apart.m3u8").write_text(APART)
    (part / "key.bin").write_bytes(bytes(range(16)))
    (part / "key.txt").write_text(f"key.bin\n{part / 'key.bin'}\n")
    shut = words | {"hls_key_info_file": str(part / "key.txt")}
    run_ffmpeg(source.output(str(part / "shut.m3u8"), **shut), part / "shut.m3u8")
    shutil.move(part, folder)


def _tame(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-." else "-" for char in name).strip(".")[:80] or "x"


async def _serve(port: int) -> None:
    async with VideoSite(port=port) as site:
        site.songs["https://open.spotify.com/track/1"] = {
            "title": "Says",
            "artist": "Nils Example",
            "spotify": "https://open.spotify.com/track/1",
            "apple": "https://music.apple.com/us/album/1",
        }
        sys.stdout.write(f"HOMEMEDIA_CLIPS_ALLOWED_PRIVATE_HOSTS={site.host}\n")
        sys.stdout.write(f"HOMEMEDIA_CLIPS_MUSIC_RESOLVER_URL={site.url('/links')}\n")
        sys.stdout.write(f"HOMEMEDIA_CLIPS_PROVIDER_INDEX_URL={site.url('/pypi/yt-dlp/json')}\n")
        sys.stdout.write(WORDS)
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for the sites that clips come from.")
    parser.add_argument("port", type=int)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()

"""Reads streams of segments as a player does, and looks into what it got. Times in seconds of the film."""

import os
import struct
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from homemedia.accounts.tokens import TokenType
from homemedia.core.ids import new_uuid
from homemedia.media.hls.fmp4 import boxes, find, tracks_of
from homemedia.playback.means import Means
from homemedia.playback.session import Session
from tests.support.app import House
from tests.support.builders import Builders

OFFSET_S = 10.0
DAY_S = 86_400


class Listed(msgspec.Struct):
    """A media playlist: where each segment begins, how long it is, its address; the address of the description."""

    starts: list[float]
    lengths: list[float]
    urls: list[str]
    init: str | None
    target: int
    text: str


def listed(text: str, base: str) -> Listed:
    """A playlist taken apart; `base` is the address of its folder."""
    lines = text.splitlines()
    lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    urls = [f"{base}/{line}" for line in lines if not line.startswith("#")]
    init = next((line.split('"')[1] for line in lines if line.startswith("#EXT-X-MAP")), None)
    target = int(next(line for line in lines if line.startswith("#EXT-X-TARGETDURATION")).split(":")[1])
    return Listed(starts, lengths, urls, f"{base}/{init}" if init else None, target, text)


class Watcher:
    """A player of one session."""

    def __init__(self, house: House, opened: Any) -> None:
        self.house = house
        self.opened = opened
        self.id: str = opened["sessionId"]
        self.client = house.stranger()  # a player with nothing but the address
        self.list: Listed = Listed([], [], [], None, 0, "")
        self.init = b""

    async def start(self) -> "Watcher":
        """Fetch the playlist and the description."""
        url = self.opened["playlistUrl"]
        self.list = listed((await self.get(url)).decode(), url.rpartition("/stream.m3u8")[0])
        if self.list.init is not None:
            self.init = await self.get(self.list.init)
        return self

    async def get(self, url: str, status: int = 200) -> bytes:
        async with self.client.get(url) as answer:
            body = await answer.read()
            assert answer.status == status, f"{url}: {answer.status} {body[:300]!r}"
            return body

    async def segment(self, number: int) -> bytes:
        return await self.get(self.list.urls[number])


def packets(init: bytes, segments: Sequence[bytes], kind: str) -> list[tuple[float, float, float]]:
    """(shown at, decoded at, length) of every sample of a kind, `vide` or `soun`, in the order of the file.

    Read from the boxes as a browser does: libavformat moves the times of files with B-frames.
    """
    tracks = tracks_of(init[_start_of(init, b"moov") :])
    defaults = _defaults(init)
    found = []
    for body in segments:
        for start, end in find(body, b"moof", b"traf"):
            (tfhd, _), *_ = find(body, b"tfhd", start=start, end=end)
            (tfdt, _), *_ = find(body, b"tfdt", start=start, end=end)
            number = struct.unpack_from(">I", body, tfhd + 4)[0]
            if tracks[number].kind != kind:
                continue
            clock = tracks[number].timescale
            decoded = struct.unpack_from(">Q" if body[tfdt] else ">I", body, tfdt + 4)[0]
            length = _default_length(body, tfhd) or defaults.get(number, 0)
            for trun, _ in find(body, b"trun", start=start, end=end):
                for shift, lasts in _samples(body, trun, length):
                    found.append(((decoded + shift) / clock - OFFSET_S, decoded / clock - OFFSET_S, lasts / clock))
                    decoded += lasts
    return found


def _start_of(body: bytes, kind: bytes) -> int:
    return next(inner - 8 for name, inner, _ in boxes(body) if name == kind)


def _defaults(init: bytes) -> dict[int, int]:
    """Length of a sample by track, where the description says one."""
    return {
        struct.unpack_from(">I", init, start + 4)[0]: struct.unpack_from(">I", init, start + 12)[0]
        for start, _ in find(init, b"moov", b"mvex", b"trex")
    }


def _default_length(body: bytes, tfhd: int) -> int:
    flags = int.from_bytes(body[tfhd + 1 : tfhd + 4], "big")
    if not flags & 0x8:
        return 0
    at = tfhd + 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    return int(struct.unpack_from(">I", body, at)[0])


def _samples(body: bytes, trun: int, length: int) -> Iterator[tuple[int, int]]:
    """(composition offset, length) of each sample."""
    flags = int.from_bytes(body[trun + 1 : trun + 4], "big")
    (count,) = struct.unpack_from(">I", body, trun + 4)
    at = trun + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    for _ in range(count):
        lasts, shift = length, 0
        if flags & 0x100:
            (lasts,) = struct.unpack_from(">I", body, at)
            at += 4
        at += 4 * bool(flags & 0x200) + 4 * bool(flags & 0x400)
        if flags & 0x800:
            (shift,) = struct.unpack_from(">i" if body[trun] else ">I", body, at)
            at += 4
        yield shift, lasts


def widest_gap(found: Sequence[tuple[float, float, float]]) -> float:
    """The longest stretch that nothing covers between two packets, by the times they are shown."""
    spans = sorted((shown, shown + length) for shown, _, length in found)
    gap, reached = 0.0, spans[0][1]
    for (_, _), (start, end) in pairwise(spans):
        gap = max(gap, start - reached)
        reached = max(reached, end)
    return gap


async def films(house: House) -> dict[str, int]:
    """File ids by title of what lies in the library's folder."""
    then = time.time() - DAY_S
    for film in house.media.iterdir():
        os.utime(film, (then, then))  # nobody waits for what has lain there since yesterday to become steady
    library = await house.add_library("Films", "movie", house.media)
    page = await house.get(f"/api/libraries/{library['id']}/items")
    found: dict[str, int] = {}
    for item in page["items"]:
        detail = await house.get(f"/api/media/{item['id']}")
        found[detail["title"]] = detail["files"][0]["id"]
    return found


async def open_stream(house: House, file_id: int, **body: Any) -> Any:
    return await house.send("POST", f"/api/transcode/{file_id}", body, 201)


async def watch(house: House, file_id: int, **body: Any) -> Watcher:
    return await Watcher(house, await open_stream(house, file_id, **body)).start()


def session_of(house: House, watcher: Watcher) -> Session:
    return next(one for one in house.server.playback.sessions.living() if one.session_id == watcher.id)


def set_pace(house: House, **bounds: Any) -> None:
    """Have sessions begin with other bounds."""
    means = house.server.playback.means
    known = means.means

    async def bounded() -> Means:
        found = await known()
        return msgspec.structs.replace(found, pace=msgspec.structs.replace(found.pace, **bounds))

    means.means = bounded  # type: ignore[method-assign]


# A film of a few pixels is made so fast that every segment would be awaited.
FAR = {"ahead_s": 1.0, "soon_s": 0.0, "soon_segments": 1, "calm_s": 0.0}


async def a_neighbour(house: House, name: str = "bob", *, is_admin: bool = False) -> dict[str, str]:
    """Headers of another member, who is signed in."""
    make = Builders(house.server.db)
    member = await make.a_member(name, is_admin=is_admin)
    now = house.server.clock.now_ms()
    sign_in = {"session_id": new_uuid(), "user_id": member.user_id, "way": "password"}
    await make.insert("session", sign_in | {"created_at": now, "last_used_at": now})
    token = house.server.entrance.tokens.issue(
        TokenType.ACCESS, user_id=member.user_id, session_id=str(sign_in["session_id"])
    )
    return {"Authorization": f"Bearer {token}"}

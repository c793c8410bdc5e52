"""Music in a migrated database: artists, albums, tracks with their files, playlists. Builds on `builders.py`.

shelf = await a_music_shelf(house)
frahm = await shelf.artist("Nils Frahm")
spaces = await shelf.album(frahm, "Spaces", year=2013)
says = await shelf.track(spaces, "Says", number=2)
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from homemedia.core.db import Write
from homemedia.library.naming.normal import normalise
from homemedia.library.naming.sorting import sort_title
from homemedia.library.search import index_items
from homemedia.media import AudioStream, Probe
from tests.support.builders import Builders, File, Item, Library

MINUTE_MS = 60_000


def an_audio_probe(*, container: str = "flac", codec: str = "flac", duration_ms: int = 4 * MINUTE_MS) -> Probe:
    """What the media worker would say of an ordinary piece of music."""
    return Probe(
        container=container,
        duration_ms=duration_ms,
        bitrate=900_000,
        size_bytes=1_000_000,
        audio=(AudioStream(track=0, codec=codec, channels=2, sample_rate=44100, default=True),),
    )


class Shelf:
    """One music library and what is put into it."""

    def __init__(self, house: Builders, library: Library) -> None:
        self.house = house
        self.library = library

    async def artist(self, name: str, **more: Any) -> Item:
        return await self.house.an_item(
            self.library, title=name, kind="artist", identity_key=f"music/artist/{normalise(name)}", **more
        )

    async def album(self, artist: Item, title: str, *, by: Sequence[str] = (), **more: Any) -> Item:
        """An album below an artist; `by` are the album artists its tags name."""
        key = f"{artist.identity_key}/album/{normalise(title)}"
        album = await self.house.an_item(
            self.library, title=title, kind="album", parent=artist, **({"identity_key": key} | more)
        )
        await self.credit(album, "albumartist", by or [artist.title])
        return album

    async def track(
        self,
        album: Item,
        title: str,
        *,
        number: int | None = None,
        disc: int | None = None,
        by: Sequence[str] = (),
        minutes: float = 4,
        gain: dict[str, float] | None = None,
        has_file: bool = True,
        path: str | None = None,
        **more: Any,
    ) -> Item:
        """A track with a file below the library's folder; `gain` are fields of its kept tags."""
        track = await self.house.an_item(
            self.library,
            title=title,
            kind="track",
            parent=album,
            number=number,
            parent_number=disc,
            **({"identity_key": f"{album.identity_key}/disc/{disc or 1}/track/{number or normalise(title)}"} | more),
        )
        await self.credit(track, "artist", by)
        if has_file:
            file = await self.file(track, path or f"{album.title}/{title}.flac", minutes)
            if gain is not None:
                tags = {"title": title, **gain}
                values = {"file_id": file.file_id, "tags": msgspec.msgpack.encode(tags)}
                await self.house.insert("audio_tags", values)
        return track

    async def file(self, track: Item, path: str, minutes: float = 4, **more: Any) -> File:
        length = int(minutes * MINUTE_MS)
        probe = an_audio_probe(duration_ms=length)
        return await self.house.a_file(self.library, track, path=path, probe=probe, kind="audio", **more)

    async def credit(self, item: Item, job: str, names: Sequence[str]) -> None:
        """Credit people or bands in this order, and let them be found."""
        async with self.house.db.write() as tx:
            for position, name in enumerate(names):
                await _credit(tx, item, job, position, name)
            await index_items(tx, [item.item_id])

    async def appears_on(self, artist: Item, item: Item) -> None:
        """Link an artist to a track or album of somebody else."""
        async with self.house.db.write() as tx:
            await tx.run(
                "INSERT INTO item_artist (artist_id, item_id) VALUES (:artist_id, :item_id)",
                {"artist_id": artist.item_id, "item_id": item.item_id},
            )

    async def playlist(self, title: str, paths: Sequence[str], *, titles: Sequence[str | None] = ()) -> int:
        """A playlist of paths below the library's folder; its id."""
        file = await self.house.a_file(self.library, path=f"{title}.m3u8", kind="playlist", probed_at=0)
        facts = {
            "library_id": self.library.library_id,
            "file_id": file.file_id,
            "title": title,
            "sort_title": sort_title(title, "en"),
            "mark": "1",
            "updated_at": self.house.at_ms,
        }
        playlist_id = await self.house.insert("playlist", facts)
        rows = [
            {
                "playlist_id": playlist_id,
                "position": position,
                "path": path,
                "title": titles[position] if position < len(titles) else None,
                "root_id": self.library.root_id,
            }
            for position, path in enumerate(paths)
        ]
        async with self.house.db.write() as tx:
            await tx.many(
                "INSERT INTO playlist_entry (playlist_id, position, path, title, root_id)"
                " VALUES (:playlist_id, :position, :path, :title, :root_id)",
                rows,
            )
        return playlist_id


async def _credit(tx: Write, item: Item, job: str, position: int, name: str) -> None:
    person = {"name": name, "name_key": normalise(name)}
    await tx.run("INSERT INTO performer (name, name_key) VALUES (:name, :name_key) ON CONFLICT DO NOTHING", person)
    await tx.run(
        "INSERT INTO credit (item_id, performer_id, job, position)"
        " SELECT :item_id, performer_id, :job, :position FROM performer WHERE name_key = :name_key",
        {"item_id": item.item_id, "job": job, "position": position, "name_key": person["name_key"]},
    )


async def a_music_shelf(house: Builders, name: str = "Music") -> Shelf:
    return Shelf(house, await house.a_library(name, kind="music"))

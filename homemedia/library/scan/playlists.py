"""A step of music libraries: playlists are read when they change, or when something they name was not there before.

A playlist that is gone went with its file.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from homemedia.library.events import ItemsChanged
from homemedia.library.naming.playlists import Playlist, parse_playlist, places_of
from homemedia.library.naming.sorting import sort_title
from homemedia.library.naming.stacks import split_name
from homemedia.library.scan import playlists_store as store
from homemedia.library.scan import results_store
from homemedia.library.scan.context import Work

MAX_BYTES = 4 << 20
# As `naming.playlists.places_of` answers.
Places = list[tuple[int | None, str]]


async def read_playlists(work: Work) -> None:
    """Bring the playlists of this library in line with their files."""
    library_id = work.library.library_id
    for file in await store.files(work.db.read, library_id):
        if file.mark == file.known_mark and file.is_whole:
            continue
        where = f"{file.root_path}/{file.path}"
        if file.size_bytes > MAX_BYTES:
            await _note(work, where, "playlist_too_large", "This playlist is larger than 4 MiB, so it is not read.")
            continue
        try:
            read = await work.disks.ask(file.root_path, _read, where, [root.path for root in work.library.roots])
        except OSError:
            await _note(work, where, "playlist_unreadable", "This playlist cannot be read. Check its permissions.")
            continue
        await _keep(work, file, *read)


async def _keep(work: Work, file: store.PlaylistFile, playlist: Playlist, places: Sequence[Places]) -> None:
    library = work.library
    where = f"{file.root_path}/{file.path}"
    before = await store.kept(work.db.read, file.file_id) if file.mark == file.known_mark else []
    tried = {path for found in places for _, path in found} | {one.path for one in before}
    known = await store.known_paths(work.db.read, library.library_id, tried)
    entries = []
    for number, (entry, found) in enumerate(zip(playlist.entries, places, strict=True)):
        # A path of another machine may lie in any of the roots.
        wishes = [
            (root.root_id, path)
            for position, path in found
            for root in (library.roots if position is None else (library.roots[position],))
        ]
        own = [(library.roots[position].root_id, path) for position, path in found if position is not None]
        # A song that moved since was followed to where it is now.
        wishes += [(one.root_id, one.path) for one in before[number : number + 1] if one.root_id is not None]
        hit = next((wish for wish in wishes if wish in known), own[0] if own else None)
        entries.append(
            store.Placed(
                path=hit[1] if hit else entry.path,
                title=entry.title,
                duration_ms=entry.duration_ms,
                root_id=hit[0] if hit else None,
            )
        )
    if file.mark == file.known_mark and entries == before:
        return
    title = playlist.title or split_name(file.path)[0]
    async with work.db.write() as tx:
        await tx.call(
            functools.partial(
                store.put,
                file=file,
                library_id=library.library_id,
                title=title,
                sort_title=sort_title(title, library.language),
                entries=entries,
                now=work.clock.now_ms(),
            )
        )
        await tx.run(store.DROP_PROBLEM, {"library_id": library.library_id, "path": where})
        tx.announce(ItemsChanged(library.library_id, await tx.stamp()))


async def _note(work: Work, path: str, code: str, sentence: str) -> None:
    problem = results_store.Noted(path=path, step="match", code=code, sentence=sentence)
    async with work.db.write() as tx:
        await results_store.note_problems(tx, work.library.library_id, work.scan_id, [problem])


def _read(path: str, roots: Sequence[str]) -> tuple[Playlist, list[Places]]:
    """A playlist, and for each of its entries where it may lie.

    Blocking, and not for its file alone: ten thousand entries take 150 ms to be understood.
    """
    with Path(path).open("rb") as file:
        playlist = parse_playlist(file.read(MAX_BYTES))
    folder = path.rpartition("/")[0]
    return playlist, [places_of(entry.path, folder, roots) for entry in playlist.entries]

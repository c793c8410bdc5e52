"""From the sound files of one unit, with their tags, to artists, albums and tracks. Pure."""

from collections.abc import Mapping, Sequence

from homemedia.library.naming.albums import Album, SoundFile, Track, group_albums
from homemedia.library.naming.music import album_keys, artist_key, track_key
from homemedia.library.naming.stacks import split_name
from homemedia.library.scan.wanted import FileRef, Identified, Wanted, WantedFile
from homemedia.media import AudioTags

# Of two copies of a track that in the first of these plays by default.
LOSSLESS = ("flac", "wav", "aif", "aiff", "wv", "ape")


def identify_music(files: Sequence[FileRef], tags: Mapping[int, AudioTags]) -> Identified:
    """Sort the sound files of one unit into artists, albums and tracks.

    Args:
        files: of one unit, in order of their paths.
        tags: by file id; a file without any is named by its path.
    """
    by_path = {file.path: file for file in files}
    found = Identified(wanted=[], samples=[])
    artists: dict[str, int] = {}
    nothing = AudioTags()
    for album in group_albums([SoundFile(file.path, tags.get(file.file_id, nothing)) for file in files]):
        key = artist_key(album.artist)
        if key not in artists:
            artists[key] = len(found.wanted)
            found.wanted.append(Wanted(kind="artist", keys=(key,), title=album.artist))
        at = len(found.wanted)
        found.wanted.append(_album(album, artists[key]))
        for track in album.tracks:
            found.wanted.append(_track(found.wanted[at], at, track, by_path))
    return found


def _album(album: Album, artist: int) -> Wanted:
    return Wanted(
        kind="album",
        keys=album_keys(album.artist, album.title, album.year),
        title=album.title,
        parent=artist,
        year=album.year,
        release_date=album.release_date,
        genres=album.genres,
        studio=album.label,
        album_artists=album.artists,
    )


def _track(album: Wanted, at: int, track: Track, by_path: Mapping[str, FileRef]) -> Wanted:
    number = None if track.is_numbered_twice else track.number
    ordered = sorted(track.files, key=lambda path: split_name(path)[1] not in LOSSLESS)
    return Wanted(
        kind="track",
        keys=(track_key(album.keys[0], track.disc, number, track.title),),
        title=track.title,
        parent=at,
        number=track.number,
        parent_number=track.disc,
        genres=track.genres,
        artists=track.artists,
        composers=track.composers,
        files=tuple(
            WantedFile(by_path[path].file_id, split_name(path)[1].upper() if index else None, index, 1, 1)
            for index, path in enumerate(ordered)
        ),
    )

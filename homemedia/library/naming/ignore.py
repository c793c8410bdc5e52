"""What a scan takes and what it leaves: by extension, by name, by folder, by patterns people write.

Pure: the scanner reads folders and pattern files, and asks here.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from homemedia.library.naming.sidecars import SUBTITLE_EXTENSIONS

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VIDEO_EXTENSIONS = _words("""
    mkv mk3d mp4 m4v mov avi divx xvid wmv asf flv f4v webm ts m2ts mts m2t mpg mpeg mpe m2v vob ogv ogm 3gp 3g2 dv rm
    rmvb wtv dvr-ms nsv mxf
""")
AUDIO_EXTENSIONS = _words("mp3 m4a m4b aac flac ogg oga opus wav aif aiff wma ape wv mka")
PLAYLIST_EXTENSIONS = _words("m3u m3u8")
PHOTO_IMAGE_EXTENSIONS = _words("""
    3fr ari arw cap cin cr2 cr3 crw dcr dng erf fff iiq k25 kdc mrw nef nrw orf ori pef psd raf raw rw2 rwl sr2 srf srw
    x3f avif bmp gif heic heif hif insp jp2 jpe jpeg jpg jxl png svg tif tiff webp
""")
PHOTO_VIDEO_EXTENSIONS = _words("""
    3gp 3gpp avi flv insv m2t m2ts m4v mkv mov mp4 mpe mpeg mpg mts mxf ts vob webm wmv
""")
ARTWORK_EXTENSIONS = _words("jpg jpeg png webp gif bmp tbn avif")

IGNORED_SUFFIXES = (".part", ".tmp", ".crdownload", ".!qb", ".aria2")
# Those of the contract that begin with a dot (.snapshot, .zfs, .actors, .git) are left out as hidden.
IGNORED_FOLDERS = frozenset(
    {"@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found", "@recycle"}
    | {"metadata", "extrafanart", "extrathumbs", "__macosx"}
)
PATTERN_FILES = (".ignore", ".plexignore", ".heaperignore", ".homemediaignore")
CLOSING_FILE = ".nomedia"


class FileKind(StrEnum):
    """The values are those of the `file` table."""

    VIDEO = "video"
    SUBTITLE = "subtitle"
    NFO = "nfo"
    IMAGE = "image"
    AUDIO = "audio"
    PHOTO = "photo"
    PLAYLIST = "playlist"
    XMP = "xmp"
    FILE = "file"


class Ignored(StrEnum):
    """Why a file or folder was left out; counted by the scan."""

    HIDDEN = "hidden"
    UNFINISHED = "unfinished"
    SYSTEM = "system"
    PATTERN = "pattern"
    OTHER_KIND = "other_kind"


def file_kind(name: str, library_kind: str) -> FileKind | None:
    """What a file is to a library of that kind by its extension; None when the library has no use for it.

    Args:
        name: of the file.
        library_kind: `movie`, `show`, `video`, `music`, `photo`, or `folder`, which takes all that is not ignored.

    Source:
        Watch contract 4.2, photos contract 8.1. Disc images and `.strm` are nothing on purpose.
    """
    if library_kind == "folder":
        return FileKind.FILE if ignored_name(name, is_folder=False) is None else None
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    table = KINDS.get(library_kind, KINDS["movie"])
    return table.get(extension)


def is_video(name: str) -> bool:
    """Whether a file is a video by its extension."""
    return "." in name and name.rpartition(".")[2].lower() in VIDEO_EXTENSIONS


def ignored_name(name: str, *, is_folder: bool) -> Ignored | None:
    """Why the scanner passes by a file or folder of this name, wherever it lies; None when it does not.

    Source:
        Watch contract 4.2, heaps contract 9.2.
    """
    if name.startswith("."):
        return Ignored.HIDDEN
    folded = name.casefold()
    if is_folder:
        return Ignored.SYSTEM if folded in IGNORED_FOLDERS else None
    return Ignored.UNFINISHED if folded.endswith(IGNORED_SUFFIXES) else None


def is_closed(names: Collection[str], pattern_texts: Mapping[str, str]) -> bool:
    """Whether a folder with all below it is left out: it holds `.nomedia`, or an `.ignore` without a word in it.

    Args:
        names: of everything in the folder.
        pattern_texts: text of those of its files that `PATTERN_FILES` names.
    """
    return CLOSING_FILE in names or (".ignore" in pattern_texts and not pattern_texts[".ignore"].strip())


class IgnoreRules:
    """Patterns in git-ignore syntax that hold in a folder: the library's, and those of the folders above and itself.

    The innermost folder that says anything about a path decides, as git does; `!` takes a file back in.
    """

    def __init__(self, layers: "Sequence[tuple[str, GitIgnoreSpec]]" = ()) -> None:
        """Hold layers of (folder they stand in, patterns), outermost first; use `of_library` and `within`."""
        self._layers = tuple(layers)

    @classmethod
    def of_library(cls, patterns: Iterable[str]) -> "IgnoreRules":
        """The rules at a library's root from the option `ignore`."""
        return cls().within("", ["\n".join(patterns)])

    def within(self, folder: str, texts: Iterable[str]) -> "IgnoreRules":
        """These rules and those written in a folder; the same object when the texts hold no pattern.

        Args:
            folder: path below the library root, '' for the root.
            texts: of its pattern files. Lines that are no valid pattern are passed over.
        """
        spec = _spec("\n".join(texts))
        return self if spec is None else IgnoreRules([*self._layers, (folder, spec)])

    def ignores(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a path below the library root is left out by a pattern."""
        for folder, spec in reversed(self._layers):
            if folder and not path.startswith(f"{folder}/"):
                continue
            inner = path[len(folder) + 1 :] if folder else path
            verdict = spec.check_file(f"{inner}/" if is_folder else inner).include
            if verdict is not None:
                return verdict
        return False


def _spec(text: str) -> "GitIgnoreSpec | None":
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 30 modules that only who wrote patterns needs

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        valid = [line for line in lines if _is_pattern(GitIgnoreSpec, line)]
        return GitIgnoreSpec.from_lines(valid) if valid else None


def _is_pattern(reader: "type[GitIgnoreSpec]", line: str) -> bool:
    try:
        reader.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _table(**extensions: frozenset[str]) -> dict[str, FileKind]:
    return {extension: FileKind(kind) for kind, names in extensions.items() for extension in names}


WATCHED = _table(
    video=VIDEO_EXTENSIONS,
    subtitle=SUBTITLE_EXTENSIONS,
    nfo=frozenset({"nfo"}),
    image=ARTWORK_EXTENSIONS,
)
KINDS: dict[str, dict[str, FileKind]] = {
    "movie": WATCHED,
    "show": WATCHED,
    "video": WATCHED,
    "music": _table(
        audio=AUDIO_EXTENSIONS, playlist=PLAYLIST_EXTENSIONS, nfo=frozenset({"nfo"}), image=ARTWORK_EXTENSIONS
    ),
    "photo": _table(photo=PHOTO_IMAGE_EXTENSIONS, video=PHOTO_VIDEO_EXTENSIONS, xmp=frozenset({"xmp"})),
}

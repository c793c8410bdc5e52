"""Videos that not every browser plays get one beside them that all do, in the background. One job does it all.

What the original is stays as it is, and is what is downloaded.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import StorageFull, Unavailable
from homemedia.library.rendition_video import Outcome, VideoRenditions
from homemedia.media.photo_models import PhotoFacts
from homemedia.media.playable import Policy
from homemedia.photos import playable_store as store
from homemedia.photos.events import PhotosChanged
from homemedia.photos.models import PhotoKind
from homemedia.photos.playable_store import Film
from homemedia.photos.settle_store import Owed, free_key

_log = logging.getLogger(__name__)

KIND: Final = "photo.playable"
LANE: Final = "renditions"
# A second key, for work that came while the first job looked for the last time.
KEYS: Final = ("first", "second")
AGAIN_MS: Final = 60_000
ROOM_AGAIN_MS: Final = 3600 * 1000
PRESETS: Final = frozenset(
    {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"}
)
WHEN: Final = frozenset({"required", "optimal", "bitrate", "all", "disabled"})
BEST_CRF, WORST_CRF = 0, 51
MOST_THREADS: Final = 64
MOST_ASKED: Final = 100
_RATE = re.compile(r"(\d{1,9})\s*([kKmM]?)")
_USUAL = Policy()


class Playable:
    """Sees to it that videos play. An async context manager.

    Args:
        db: where it stands which do not.
        jobs: the queue; its lane `renditions` must be declared.
        videos: makes what is missing.

    Attributes:
        policy: what administrators have set.
    """

    def __init__(self, db: Database, jobs: Jobs, videos: VideoRenditions) -> None:
        self._db = db
        self._jobs = jobs
        self._videos = videos
        self._asked: set[str] = set()
        self.policy: Callable[[], Policy] = lambda: _USUAL

    def register(self) -> None:
        """Tell the queue who does jobs of this kind."""
        self._jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, _photos: object = None) -> None:
        """Have videos looked after that are owed a playable one: call it in the transaction that makes them owe it."""
        key = await free_key(tx, KIND, KEYS)
        if key is not None:
            await tx.enqueue(KIND, key)

    async def notice(self, tx: Write, photo: Owed, _facts: PhotoFacts) -> None:
        """A file was read: a video that nobody has looked into is owed a playable one."""
        if photo.kind == PhotoKind.VIDEO.value and not await self._videos.is_known(tx, photo.file_id):
            await store.owe(tx, photo.photo_id)
            await self.wish(tx)

    def ask(self, photo_id: str) -> None:
        """Somebody waits for this video: it is next."""
        if len(self._asked) < MOST_ASKED:
            self._asked.add(photo_id)

    async def look_again(self) -> None:
        """What administrators have set is different now."""
        async with self._db.write() as tx:
            await self.wish(tx)

    async def __aenter__(self) -> Self:
        """Go on where a server that was killed stopped."""
        if await store.following(self._db.read, asked=set(), skipped=set()) is not None:
            await self.look_again()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of its own is left behind."""

    async def _work(self, run: JobRun) -> None:
        skipped: set[str] = set()
        async with self._db.write() as tx:
            await store.forgive_stills(tx)
        while self.policy().when != "disabled":
            film = await store.following(self._db.read, asked=self._asked, skipped=skipped)
            if film is None:
                return
            if KIND in self._jobs.held:
                raise Retry(AGAIN_MS, "held by an administrator")
            try:
                if not await self._is_settled(run, film):
                    skipped.add(film.photo_id)
            except StorageFull as err:
                raise Retry(ROOM_AGAIN_MS, err.message) from err
            except Unavailable as err:
                _log.warning("videos are not made playable: %s", err.message)
                return

    async def _is_settled(self, run: JobRun, film: Film) -> bool:
        """See to one video; False when nothing can be said of it now."""
        run.progress(current=film.original_name, done_ms=0, of_ms=film.duration_ms)
        done = await self._videos.make(film.file_id, self.policy(), lambda at_ms: run.progress(done_ms=at_ms))
        self._asked.discard(film.photo_id)
        if done.outcome is Outcome.LATER:
            return False
        async with self._db.write() as tx:
            is_entered = await self._videos.enter(tx, done)
            if is_entered:
                await store.settled(tx, film.photo_id)
                if done.outcome is Outcome.MADE:
                    tx.announce(PhotosChanged(owner_id=film.owner_id, photo_ids=(film.photo_id,)))
        await self._videos.tidy(film.file_id)
        return is_entered


def policy_of(section: Mapping[str, Any]) -> Policy:
    """What the section `ffmpeg` of the photo settings says; what it says in no words we know is as usual.

    Source:
        Photos contract 10.5.
    """
    when, lines, preset = section.get("transcode"), str(section.get("targetResolution")), section.get("preset")
    return Policy(
        when=when if when in WHEN else _USUAL.when,
        video_codecs=_names(section.get("acceptedVideoCodecs"), _USUAL.video_codecs),
        audio_codecs=_names(section.get("acceptedAudioCodecs"), _USUAL.audio_codecs),
        containers=_names(section.get("acceptedContainers"), _USUAL.containers),
        lines=None if lines == "original" else max(2, int(lines)) if lines.isdecimal() else _USUAL.lines,
        max_bitrate=_rate(str(section.get("maxBitrate", "0"))),
        crf=_within(section.get("crf"), BEST_CRF, WORST_CRF, _USUAL.crf),
        preset=preset if preset in PRESETS else _USUAL.preset,
        threads=_within(section.get("threads"), 0, MOST_THREADS, _USUAL.threads),
        maps_tone=section.get("tonemap") != "disabled",
    )


def _names(value: object, usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else usual


def _within(value: object, least: int, most: int, usual: int) -> int:
    return min(max(value, least), most) if isinstance(value, int) else usual


def _rate(text: str) -> int:
    """Bits a second: "2600k", "4M", or a number of kilobits; 0 for none."""
    match = _RATE.fullmatch(text.strip())
    return int(match[1]) * (1_000_000 if match[2] in {"m", "M"} else 1000) if match else 0

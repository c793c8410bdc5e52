"""The server's door to everything that looks into media: an async facade over worker processes.

No decoder is loaded into the server. Probing and pictures have pools of their own, so that a scan of a large disk does
not keep a person waiting for a poster.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, Self, TypeVar

from homemedia.core.problems import AppError, Unprocessable
from homemedia.core.workers import OperationFailed, WorkerCrashed, WorkerPool
from homemedia.media.gazetteer import GazetteerRequest
from homemedia.media.hls.index import KeyframeIndex
from homemedia.media.meaning import MeaningAnswer, MeaningRequest, Nearest, NearestRequest
from homemedia.media.models import (
    IMAGE_LIMIT_S,
    KEYFRAMES_LIMIT_S,
    PROBE_LIMIT_S,
    STILL_LIMIT_S,
    AnimationRequest,
    AudioResult,
    CoverRequest,
    Guess,
    ImageFacts,
    KeyframesRequest,
    MomentRequest,
    ProbeRequest,
    ProbeResult,
    Rendering,
    RenderRequest,
    StillRequest,
)
from homemedia.media.photo_models import PHOTO_LIMIT_S, PhotoRequest, PhotoResult
from homemedia.media.trickplay import Sheet, SheetRequest

T = TypeVar("T")

# Files per request to a worker: below 8 the way there and back shows, above 64 nothing is gained any more.
BATCH = 32
# A still opens the file at three places; its own limit is kept inside, this one ends a worker that hangs.
STILL_KILL_S = STILL_LIMIT_S + 5
# Opening, and the final seconds of a film that was too long to read, come on top of the limit.
KEYFRAMES_KILL_S = 8.0
GUESS_LIMIT_S = 30.0
# A hundred pictures over a slow network, or decoded all the way; the worker itself takes it easier after 90 s.
SHEET_LIMIT_S = 600.0
# Two seconds here, twenty on the slowest card of a small computer.
PLACES_LIMIT_S = 120.0
# Loading a model of a gigabyte from a slow disk comes before the first answer.
MEANING_LIMIT_S = 180.0


class Failed(NamedTuple):
    """A file over which the worker itself failed."""

    path: str
    code: str
    sentence: str


class Executor(Protocol):
    """Where heavy work is done: here in child processes, elsewhere by whoever fulfils these two lines."""

    async def call(self, operation: str, argument: object, answer: type[T], *, limit_s: float) -> T: ...

    async def close(self) -> None: ...


class MediaTools:
    """Probing, stills, covers, pictures and name guessing.

    Args:
        probing: where files are probed and names guessed; by default up to two worker processes.
        imaging: where stills and pictures are made; by default up to two worker processes.
        reading: where films are read from end to end; by default up to two worker processes.
        idling: where sheets of small pictures are made; by default one worker process, ended when its work is no
            longer wanted at once.
        developing: where photos that came in are looked into; by default up to two worker processes.
        comparing: where a model tells what pictures show; by default one worker process.
        command: command line of the workers, where it is not the program's own.
        idle_s: a worker without work for so long is ended, and its memory with it.
    """

    def __init__(
        self,
        *,
        probing: Executor | None = None,
        imaging: Executor | None = None,
        reading: Executor | None = None,
        idling: Executor | None = None,
        developing: Executor | None = None,
        comparing: Executor | None = None,
        command: Sequence[str] | None = None,
        idle_s: float = 60.0,
    ) -> None:
        self._probing = probing or WorkerPool("media", limit=2, idle_s=idle_s, command=command)
        self._imaging = imaging or WorkerPool("media", limit=2, idle_s=idle_s, command=command)
        self._reading = reading or WorkerPool("media", limit=2, idle_s=idle_s, command=command)
        self._idling = idling or WorkerPool("media", limit=1, idle_s=idle_s, command=command, drops_cancelled=True)
        self._developing = developing or WorkerPool("media", limit=2, idle_s=idle_s, command=command)
        self._comparing = comparing or WorkerPool("media", limit=1, idle_s=idle_s, command=command)

    async def probe(self, requests: Sequence[ProbeRequest]) -> list[ProbeResult]:
        """Look into files; one result per request, in the same order, never an exception for a bad file.

        A file that hangs or crashes the worker costs its neighbours a second try, nothing else.
        """
        size = max(1, min(BATCH, -(-len(requests) // 2)))
        batches = [requests[start : start + size] for start in range(0, len(requests), size)]
        answers = await asyncio.gather(*(self._probe_batch(batch) for batch in batches))
        return [result for answer in answers for result in answer]

    async def read_audio(self, requests: Sequence[ProbeRequest]) -> list[AudioResult]:
        """Read the tags of sound files and probe them, each opened but once; otherwise as `probe`."""
        size = max(1, min(BATCH, -(-len(requests) // 2)))
        batches = [requests[start : start + size] for start in range(0, len(requests), size)]
        answers = await asyncio.gather(*(self._audio_batch(batch) for batch in batches))
        return [result for answer in answers for result in answer]

    async def keyframes(
        self, path: Path, *, track: int | None = None, limit_s: float = KEYFRAMES_LIMIT_S
    ) -> KeyframeIndex:
        """Where a film can be cut; not whole where `limit_s` were not enough to read it.

        Raises:
            OperationFailed: `no_video`, `not_media`, `probe_failed`, `file_missing`, `empty_file`.
            TimedOut: `timeout`: the disk does not answer.
        """
        request = KeyframesRequest(str(path), track, limit_s)
        return await self._reading.call("keyframes", request, KeyframeIndex, limit_s=limit_s + KEYFRAMES_KILL_S)

    async def still(self, source: Path, target: Path, *, max_width: int = 1920) -> ImageFacts:
        """Grab a telling frame of a film and save it as JPEG at `target`.

        Raises:
            OperationFailed: `no_video`, `still_failed`, `not_media`, `file_missing`.
            TimedOut: `timeout`.
        """
        request = StillRequest(source=str(source), target=str(target), max_width=max_width)
        return await self._imaged("still", request, ImageFacts, limit_s=STILL_KILL_S)

    async def cover(self, source: Path, target: Path) -> ImageFacts:
        """Save the picture embedded in a media file, byte for byte, at `target`.

        Raises:
            OperationFailed: `no_cover`, `image_unreadable`, `not_media`, `file_missing`.
            TimedOut: `timeout`.
        """
        request = CoverRequest(source=str(source), target=str(target))
        return await self._imaged("cover", request, ImageFacts, limit_s=PROBE_LIMIT_S)

    async def moment(self, source: Path, target: Path, *, at_ms: int, max_side: int) -> ImageFacts:
        """Save the frame that a film shows at a moment as JPEG at `target`.

        Raises:
            As `still`.
        """
        request = MomentRequest(source=str(source), target=str(target), at_ms=at_ms, max_side=max_side)
        return await self._imaged("moment", request, ImageFacts, limit_s=STILL_KILL_S)

    async def page(self, source: Path, target: Path, *, max_side: int) -> ImageFacts:
        """Save the first page of a PDF as JPEG at `target`.

        Raises:
            OperationFailed: `page_unreadable`, `file_missing`, `not_written`.
            TimedOut: `timeout`.
        """
        request = StillRequest(source=str(source), target=str(target), max_width=max_side)
        return await self._imaged("page", request, ImageFacts, limit_s=STILL_KILL_S)

    async def animation(self, request: AnimationRequest) -> int:
        """Make a short moving picture; how many frames it has.

        Raises:
            OperationFailed: `not_moving`; as `still` and `render`.
            TimedOut: `timeout`.
        """
        return await self._imaged("animation", request, int, limit_s=STILL_KILL_S)

    async def sheet(self, request: SheetRequest) -> Sheet:
        """Make one sheet of small pictures of a film; broken off at once when the caller is cancelled.

        Raises:
            OperationFailed: `no_video`, `not_media`, `probe_failed`, `file_missing`, `not_written`.
            TimedOut: `timeout`.
            WorkerCrashed: the file is too much for the decoder.
        """
        return await self._idling.call("sheet", request, Sheet, limit_s=SHEET_LIMIT_S)

    async def photo(self, request: PhotoRequest) -> PhotoResult:
        """Look into a photo and make pictures of it from one decode; what is wrong with the file stands in the answer.

        A thousand photos that come in take nothing from a person who waits for a poster: they have workers of their
        own.

        Raises:
            TimedOut: `timeout`.
            WorkerCrashed: the file is too much for the decoder, twice.
        """
        try:
            return await self._developing.call("photo", request, PhotoResult, limit_s=PHOTO_LIMIT_S)
        except WorkerCrashed:
            return await self._developing.call("photo", request, PhotoResult, limit_s=PHOTO_LIMIT_S)

    async def places(self, folder: Path, target: Path) -> int:
        """Make the table of towns at `target`; how many there are.

        Raises:
            OperationFailed: `no_places`: there is nothing to make it of; `places_unreadable`.
            TimedOut: `timeout`.
        """
        request = GazetteerRequest(folder=str(folder), target=str(target))
        return await self._developing.call("places", request, int, limit_s=PLACES_LIMIT_S)

    async def zone(self, north: float, east: float) -> str | None:
        """The IANA name of the zone at a position in degrees; None where nobody can tell.

        Raises:
            TimedOut: `timeout`.
        """
        return await self._developing.call("zone", (north, east), str | None, limit_s=PROBE_LIMIT_S)  # type: ignore[arg-type]  # a union is no class

    async def meaning_of_words(self, folder: Path, text: str) -> bytes:
        """The vector of a sentence, by the model in a folder.

        Raises:
            OperationFailed: `no_model`, `model_unusable`.
            TimedOut: `timeout`.
            WorkerCrashed: the model is too much for this machine.
        """
        request = MeaningRequest(folder=str(folder), text=text)
        return (await self._comparing.call("meaning", request, MeaningAnswer, limit_s=MEANING_LIMIT_S)).vectors[0]

    async def meaning_of_pictures(self, folder: Path, pictures: Sequence[Path]) -> list[bytes]:
        """The vectors of pictures, b"" for one that cannot be read; errors as `meaning_of_words`."""
        request = MeaningRequest(folder=str(folder), pictures=tuple(map(str, pictures)))
        return (await self._comparing.call("meaning", request, MeaningAnswer, limit_s=MEANING_LIMIT_S)).vectors

    async def nearest(self, request: NearestRequest) -> list[int]:
        """The places of the vectors that are nearest to one; errors as `meaning_of_words`."""
        return (await self._comparing.call("nearest", request, Nearest, limit_s=MEANING_LIMIT_S)).rows

    async def render(self, request: RenderRequest) -> Rendering:
        """Make a picture of the wanted size, never larger than its source.

        Raises:
            OperationFailed: `image_unreadable`, `image_too_large`, `image_unsupported`, `file_missing`.
            TimedOut: `timeout`.
        """
        return await self._imaged("render", request, Rendering, limit_s=IMAGE_LIMIT_S)

    async def facts(self, path: Path) -> ImageFacts:
        """Size, format, tone and hash of a picture.

        Raises:
            As `render`.
        """
        return await self._imaged("facts", str(path), ImageFacts, limit_s=IMAGE_LIMIT_S)

    async def guess(self, names: Sequence[str]) -> list[Guess]:
        """What file names seem to say, in the same order; for those our own rules cannot read (7 ms a name)."""
        batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
        answers = await asyncio.gather(
            *(self._probing.call("guess", list(batch), list[Guess], limit_s=GUESS_LIMIT_S) for batch in batches)
        )
        return [guess for answer in answers for guess in answer]

    async def close(self) -> None:
        """End the workers, 8 s at most."""
        pools = (self._probing, self._imaging, self._reading, self._idling, self._developing, self._comparing)
        await asyncio.gather(*(pool.close() for pool in pools))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _imaged(self, operation: str, argument: object, answer: type[T], *, limit_s: float) -> T:
        try:
            return await self._imaging.call(operation, argument, answer, limit_s=limit_s)
        except WorkerCrashed:
            # A system short of memory ends the largest process; only who dies twice over a file dies of it.
            return await self._imaging.call(operation, argument, answer, limit_s=limit_s)

    async def _probe_batch(self, batch: Sequence[ProbeRequest]) -> list[ProbeResult]:
        results = await self._one_by_one("probe", batch, list[ProbeResult])
        return [
            result
            if isinstance(result, ProbeResult)
            else ProbeResult(path=result.path, code=result.code, error=result.sentence)
            for result in results
        ]

    async def _audio_batch(self, batch: Sequence[ProbeRequest]) -> list[AudioResult]:
        results = await self._one_by_one("audio", batch, list[AudioResult])
        return [
            result
            if isinstance(result, AudioResult)
            else AudioResult(path=result.path, code=result.code, error=result.sentence)
            for result in results
        ]

    async def _one_by_one(
        self, operation: str, batch: Sequence[ProbeRequest], answer: type[list[T]]
    ) -> Sequence[T | Failed]:
        """The answers of one batch; where that fails as a whole, of each file for itself."""
        limit_s = max(request.limit_s for request in batch)
        try:
            return await self._probing.call(operation, list(batch), answer, limit_s=limit_s)
        except UnicodeEncodeError:
            # A name that is not UTF-8 cannot be written down, neither to the worker nor to the database.
            failure: AppError = Unprocessable("The name of this file cannot be read.", code="name_unreadable")
        except AppError as err:
            if err.code == "stopping":
                raise
            failure = err
        if len(batch) > 1:
            return [result for request in batch for result in await self._one_by_one(operation, [request], answer)]
        code = failure.code if failure.code in {"timeout", "name_unreadable"} else "probe_failed"
        return [Failed(batch[0].path, code, failure.message)]


__all__ = ["Executor", "MediaTools", "OperationFailed"]

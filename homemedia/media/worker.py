"""The media worker (`homemedia worker media`): what it can do, by name.

Imports stand in the functions: a worker that only probes has no business loading Pillow and guessit.
"""

from collections.abc import Mapping

from homemedia.core.worker_child import Operation, serve_worker
from homemedia.media.gazetteer import GazetteerRequest
from homemedia.media.hls.index import KeyframeIndex
from homemedia.media.meaning import MeaningAnswer, MeaningRequest, Nearest, NearestRequest
from homemedia.media.models import (
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
from homemedia.media.photo_models import PhotoRequest, PhotoResult
from homemedia.media.trickplay import Sheet, SheetRequest


def probe(requests: list[ProbeRequest]) -> list[ProbeResult]:
    from homemedia.media.probe import probe_many  # noqa: PLC0415 - see above

    return probe_many(requests)


def audio(requests: list[ProbeRequest]) -> list[AudioResult]:
    from homemedia.media.audio import read_many  # noqa: PLC0415 - see above

    return read_many(requests)


def keyframes(request: KeyframesRequest) -> KeyframeIndex:
    from homemedia.media.keyframes import keyframes as find  # noqa: PLC0415 - see above

    return find(request)


def still(request: StillRequest) -> ImageFacts:
    from homemedia.media.stills import still as grab  # noqa: PLC0415 - see above

    return grab(request)


def cover(request: CoverRequest) -> ImageFacts:
    from homemedia.media.stills import cover as extract  # noqa: PLC0415 - see above

    return extract(request)


def moment(request: MomentRequest) -> ImageFacts:
    from homemedia.media.stills import moment as grab  # noqa: PLC0415 - see above

    return grab(request)


def page(request: StillRequest) -> ImageFacts:
    from homemedia.media.pages import first_page  # noqa: PLC0415 - see above

    return first_page(request)


def animation(request: AnimationRequest) -> int:
    from homemedia.media.animations import animation as make  # noqa: PLC0415 - see above

    return make(request)


def sheet(request: SheetRequest) -> Sheet:
    from homemedia.media.sprites import make_sheet, stand_far_back  # noqa: PLC0415 - see above

    stand_far_back()
    return make_sheet(request)


def render(request: RenderRequest) -> Rendering:
    from homemedia.media.images import render as make  # noqa: PLC0415 - see above

    return make(request)


def photo(request: PhotoRequest) -> PhotoResult:
    from homemedia.media.developing import photo as develop  # noqa: PLC0415 - see above

    return develop(request)


def places(request: GazetteerRequest) -> int:
    from homemedia.media.gazetteer import build  # noqa: PLC0415 - see above

    return build(request)


def zone(position: tuple[float, float]) -> str | None:
    from homemedia.media.photo_facts import zone_of  # noqa: PLC0415 - see above

    return zone_of(position)


def facts(path: str) -> ImageFacts:
    from homemedia.media.images import image_facts  # noqa: PLC0415 - see above

    return image_facts(path)


def meaning(request: MeaningRequest) -> MeaningAnswer:
    from homemedia.media.meaning import meaning as ask  # noqa: PLC0415 - see above

    return ask(request)


def nearest(request: NearestRequest) -> Nearest:
    from homemedia.media.meaning import nearest as find  # noqa: PLC0415 - see above

    return find(request)


def guess(names: list[str]) -> list[Guess]:
    from homemedia.media.guess import guess_names  # noqa: PLC0415 - see above

    return guess_names(names)


OPERATIONS: Mapping[str, Operation] = {
    "probe": probe,
    "audio": audio,
    "keyframes": keyframes,
    "still": still,
    "cover": cover,
    "moment": moment,
    "page": page,
    "animation": animation,
    "sheet": sheet,
    "render": render,
    "photo": photo,
    "places": places,
    "zone": zone,
    "facts": facts,
    "meaning": meaning,
    "nearest": nearest,
    "guess": guess,
}


def main() -> None:
    """Serve until the server closes the pipe or dies."""
    serve_worker(OPERATIONS)


if __name__ == "__main__":
    main()

"""Short moving pictures: of films, and of pictures that move themselves. Worker only."""

import io
from collections.abc import Iterator
from itertools import islice

from PIL import Image, ImageSequence

from homemedia.core.problems import Unprocessable
from homemedia.media import images, probe, streams
from homemedia.media.models import STILL_LIMIT_S, AnimationRequest
from homemedia.media.stills import frames_from

FRAMES = 36
STEP_MS = 84
BEGIN_SHARE = 0.10
QUALITY = 70


def animation(request: AnimationRequest) -> int:
    """Save a short moving picture; how many frames it has.

    Raises:
        Unprocessable: `not_moving`: it is one picture; `not_written`; those of `still` and `render`.
        NotFound, TimedOut: likewise.
    """
    taken = list(islice(_of_film(request) if request.is_film else _of_picture(request), FRAMES))
    if len(taken) < 2:
        raise Unprocessable("This does not move.", code="not_moving")
    frames = [frame for frame, _ in taken]
    words = {"quality": QUALITY, "method": 2} if request.format == "webp" else {"disposal": 2}
    body = io.BytesIO()
    frames[0].save(
        body,
        request.format.upper(),
        save_all=True,
        append_images=frames[1:],
        duration=[shown_ms for _, shown_ms in taken],
        loop=0,
        **words,
    )
    images.written(body.getvalue(), request.target)
    return len(frames)


def _of_film(request: AnimationRequest) -> Iterator[tuple[Image.Image, int]]:
    with probe.opened(request.source, limit_s=STILL_LIMIT_S, is_quick=True) as container:
        begin_ms = round((streams.duration_ms(container) or 0) * BEGIN_SHARE)
    for frame in frames_from(request.source, begin_ms, STEP_MS, max_side=request.max_side):
        yield frame, STEP_MS


def _of_picture(request: AnimationRequest) -> Iterator[tuple[Image.Image, int]]:
    """Its own frames, so far apart that they are no more than twelve in a second."""
    with images.opened(request.source) as image:
        waiting: Image.Image | None = None
        shown_ms = 0
        for frame in ImageSequence.Iterator(image):
            lasts_ms = int(frame.info.get("duration") or 100)
            if waiting is None:
                waiting = images.plain(frame.copy(), keeps_alpha=True)
                waiting.thumbnail((request.max_side, request.max_side))
            shown_ms += lasts_ms
            if shown_ms >= STEP_MS:
                yield waiting, shown_ms
                waiting, shown_ms = None, 0
        if waiting is not None:
            yield waiting, max(shown_ms, STEP_MS)

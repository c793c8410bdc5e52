"""What this machine converts with: the program, the encoder, its quality, and the bounds of a session."""

import os
from typing import Protocol

import msgspec

from homemedia.core.threads import Lane
from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.ffmpeg import Ffmpeg, find_ffmpeg
from homemedia.playback.decide import Machine
from homemedia.playback.serving import Pace


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What counts for a session that begins now; `ffmpeg` is None where there is none."""

    ffmpeg: Ffmpeg | None
    machine: Machine
    encoder: EncoderChoice = SOFTWARE
    preset: str = "veryfast"
    crf: int = 22
    dialogue_boost: bool = False
    pace: Pace = Pace()


class MeansSource(Protocol):
    """Who knows them: the hardware's settings and trials."""

    async def means(self) -> Means: ...

    def failed(self, encoder: EncoderChoice) -> None:
        """A session could not be made with this encoder."""


class SoftwareMeans:
    """The processor alone, unmeasured: what there is until the machine has been tried."""

    def __init__(self, lane: Lane, setting: str) -> None:
        self._lane = lane
        self._setting = setting
        self._found: list[Ffmpeg | None] = []

    async def means(self) -> Means:
        if not self._found:
            self._found.append(await self._lane.run(find_ffmpeg, self._setting))
        ffmpeg = self._found[0]
        pace = Pace(max_encoding=max(1, (os.cpu_count() or 1) // 2))
        return Means(ffmpeg=ffmpeg, machine=Machine(has_ffmpeg=ffmpeg is not None), pace=pace)

    def failed(self, encoder: EncoderChoice) -> None:
        """Nothing to choose from."""

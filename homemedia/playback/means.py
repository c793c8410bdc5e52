"""What this machine converts with: the program, the encoder, its quality, and the bounds of a session."""

from pathlib import Path
from typing import Protocol

import msgspec

from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.ffmpeg import Ffmpeg
from homemedia.media.plans import VideoPlan
from homemedia.playback.decide import Machine
from homemedia.playback.serving import Pace


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What counts for a session that begins now; `ffmpeg` is None where there is none, `temp_dir` when nobody chose."""

    ffmpeg: Ffmpeg | None
    machine: Machine
    encoder: EncoderChoice = SOFTWARE
    hevc_encoder: EncoderChoice | None = None
    preset: str = "veryfast"
    crf: int = 22
    dialogue_boost: bool = False
    pace: Pace = Pace()
    temp_dir: Path | None = None

    def encoder_for(self, video: VideoPlan | None) -> EncoderChoice:
        """What makes a picture; the processor, where none is made or no device can."""
        if video is None or video.action == "copy" or video.needs_reshaping:
            return SOFTWARE
        return self.hevc_encoder or self.encoder if video.codec == "hevc" else self.encoder


class MeansSource(Protocol):
    """Who knows them: the hardware's settings and trials."""

    async def means(self) -> Means: ...

    def failed(self, encoder: EncoderChoice) -> None:
        """A session could not be made with this encoder."""

"""What shall become of the streams of one file on their way to a player. Plain structs; who decides is above."""

from typing import Literal

import msgspec

Action = Literal["copy", "transcode"]
RESHAPED = 5  # the profile of Dolby Vision whose pictures are purple until they are reshaped


class VideoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The picture: copied, or made anew.

    Attributes:
        track: stream number in the file.
        codec_from: codec of the file.
        codec: what the player gets.
        width: of what the player gets, shown upright with square pixels.
        height: likewise.
        bitrate: bits/s to aim at; None when copied.
        frame_rate: of the source; None when unknown.
        hdr: dynamic range of what the player gets: none, hdr10, hlg, ….
        tone_map: HDR is brought down to SDR.
        dolby_vision: `RESHAPED` when the file has such pictures, of whatever codec; None otherwise.
        deinterlace: fields are joined first.
        rotation: degrees clockwise the picture is turned by when made anew.
        burn: number of the bitmap subtitle stream drawn into the picture, or None. Text is burnt from a file.
        burns_beside: bitmap subtitles out of a file beside the film are drawn into it.
        burns_text: text subtitles are drawn into the picture.
    """

    action: Action
    track: int
    codec_from: str
    codec: str
    width: int
    height: int
    bitrate: int | None = None
    frame_rate: float | None = None
    hdr: str = "none"
    tone_map: bool = False
    dolby_vision: int | None = None
    deinterlace: bool = False
    rotation: int = 0
    burn: int | None = None
    burns_beside: bool = False
    burns_text: bool = False

    @property
    def burns_bitmaps(self) -> bool:
        return self.burn is not None or self.burns_beside

    @property
    def needs_reshaping(self) -> bool:
        """Whether the picture is made anew from one that has to be reshaped first: only the processor does that."""
        return self.action == "transcode" and self.dolby_vision == RESHAPED


class AudioPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The sound: copied, or encoded with so many `channels` at `bitrate` bits/s."""

    action: Action
    track: int
    codec_from: str
    codec: str
    channels: int
    bitrate: int | None = None
    language: str | None = None


class SubtitlePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What happens with the chosen subtitles: sent beside the picture, or drawn into it.

    `index` is the number the API counts by, `track` the stream in the file; None for a file beside it.
    """

    action: Literal["none", "external", "burn"] = "none"
    index: int | None = None
    track: int | None = None
    is_text: bool = True

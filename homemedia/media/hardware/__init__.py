"""What encodes on this machine, found out by trying. Rules of choice are above, in playback."""

from homemedia.media.hardware.candidates import candidates
from homemedia.media.hardware.models import DECODED, Abilities, Api, Candidate, DeviceTrial, Tried
from homemedia.media.hardware.trials import abilities, is_old, maps_dolby, short_version, software_fps, try_device

__all__ = [
    "DECODED",
    "Abilities",
    "Api",
    "Candidate",
    "DeviceTrial",
    "Tried",
    "abilities",
    "candidates",
    "is_old",
    "maps_dolby",
    "short_version",
    "software_fps",
    "try_device",
]

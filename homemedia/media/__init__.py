"""Tools on media files; no database, no HTTP.

Importing this loads no decoder: PyAV, Pillow, tinytag and guessit live in the worker process alone (`media.worker`),
which `MediaTools` talks to.
"""

from homemedia.core.workers import OperationFailed, WorkerCrashed
from homemedia.media.models import (
    AnimationRequest,
    Attachment,
    AudioResult,
    AudioStream,
    AudioTags,
    Chapter,
    Guess,
    ImageFacts,
    Probe,
    ProbeRequest,
    ProbeResult,
    Rendering,
    RenderRequest,
    SubtitleStream,
    Tags,
    VideoStream,
)
from homemedia.media.pure import hdr_kind, ladder, language_tag, video_resolution
from homemedia.media.tools import Executor, MediaTools

__all__ = [
    "AnimationRequest",
    "Attachment",
    "AudioResult",
    "AudioStream",
    "AudioTags",
    "Chapter",
    "Executor",
    "Guess",
    "ImageFacts",
    "MediaTools",
    "OperationFailed",
    "Probe",
    "ProbeRequest",
    "ProbeResult",
    "RenderRequest",
    "Rendering",
    "SubtitleStream",
    "Tags",
    "VideoStream",
    "WorkerCrashed",
    "hdr_kind",
    "ladder",
    "language_tag",
    "video_resolution",
]

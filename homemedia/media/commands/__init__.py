"""Command lines for ffmpeg, built from a plan. Pure: nothing here starts anything.

One small module per family of encoders, and one each for what they share: `source`, `filters`, `audio`, `muxing`.
"""

from homemedia.media.commands.build import command
from homemedia.media.commands.plan import (
    SOFTWARE,
    EncoderChoice,
    Family,
    Format,
    RunPlan,
    begin,
    lead,
    lead_into_a_hole,
)

__all__ = ["SOFTWARE", "EncoderChoice", "Family", "Format", "RunPlan", "begin", "command", "lead", "lead_into_a_hole"]

"""How far a scan is, told to whoever asks and, at most four times a second, to whoever listens."""

import time
from collections.abc import Callable

from homemedia.core.jobs import JobRun
from homemedia.library.events import ScanProgressed
from homemedia.library.models import Phase
from homemedia.library.scan.tally import Tally

TELL_EVERY_S = 0.25


class Reporter:
    """Writes the progress of one job; cheap enough to be called for every batch."""

    def __init__(
        self, run: JobRun, library_id: str, tally: Tally, publish: Callable[[object], None], started_at: int
    ) -> None:
        self._run = run
        self._event = ScanProgressed(run.job_id, library_id)
        self._tally = tally
        self._publish = publish
        self._told_s = 0.0
        self._bytes = 0
        self._phase_began_s = time.monotonic()
        run.progress(phase="discover", done=0, total=0, current="", started_at=started_at, per_second=0)

    def phase(self, phase: Phase, total: int = 0) -> None:
        """Begin a phase with so much to do; 0 when nobody knows."""
        self._phase_began_s = time.monotonic()
        self._run.progress(phase=phase, done=0, total=total, current="", per_second=0)
        self._tell()

    def step(self, done: int, current: str = "", total: int | None = None) -> None:
        """So much of the phase is done."""
        passed_s = time.monotonic() - self._phase_began_s
        self._run.progress(done=done, per_second=round(done / passed_s) if passed_s > 0.01 else 0)
        if total is not None:
            self._run.progress(total=total)
        if current:
            self._run.progress(current=current)
        self._tell()

    def read(self, size_bytes: int) -> None:
        """So many bytes more were read of files."""
        self._bytes += size_bytes
        self._run.progress(bytes_done=self._bytes)

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told_s >= TELL_EVERY_S:
            self._told_s = now
            self._run.progress(counts=self._tally.counts())
            self._publish(self._event)

"""What this machine converts with: the program, the devices that were tried, the settings, and the choice among them.

Trials are made in a quiet moment and kept; asking never waits for one. Who plays asks `means`.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.places import Places
from homemedia.core.problems import AppError, BadRequest, Unavailable
from homemedia.core.setting_store import put_setting, setting
from homemedia.core.threads import Lane
from homemedia.media.commands import EncoderChoice
from homemedia.media.ffmpeg import ENVIRONMENT, Ffmpeg, ffmpeg_version, find_ffmpeg
from homemedia.media.hardware import (
    Abilities,
    Candidate,
    DeviceTrial,
    abilities,
    candidates,
    is_old,
    maps_dolby,
    short_version,
    software_fps,
    try_device,
)
from homemedia.playback import hardware_store as store
from homemedia.playback.decide import Machine
from homemedia.playback.hardware_settings import (
    HardwareSettings,
    best,
    choice_of,
    estimated_fps,
    hevc_choice_of,
    machine_of,
    most_sessions,
    pace_of,
    problems_of,
    struck_out_until,
)
from homemedia.playback.means import Means

log = logging.getLogger(__name__)

SETTING = "hardware"
# After the start the house has other things to do; and what was asked for by hand should not wait.
QUIET_S = 60.0
LOOK_AGAIN_S = 30.0
# The processor is measured when it has this much of itself to spare.
IDLE_LOAD = 0.5
MOST_TRIES = 3


class Struck(msgspec.Struct, frozen=True):
    """How often a device failed of late, and until when it is left alone (ms)."""

    failures: int = 0
    until_ms: int | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an administrator is shown. `trials` has one entry a device: the best of its trials."""

    ffmpeg: Ffmpeg | None
    program: Abilities | None
    problems: list[str]
    active: DeviceTrial | None
    probed_at_ms: int | None
    is_probing: bool
    trials: list[DeviceTrial]
    untried: list[Candidate]
    struck: dict[str, Struck]
    software_fps: float | None
    settings: HardwareSettings
    temp_dir: Path
    max_sessions: int


class Hardware:
    """An async context manager; reads what is kept when it is entered.

    Args:
        db: the library's.
        clock: the time.
        places: folders.
        fixed_ffmpeg: program named from outside; then the setting does not count.
        quiet_s: how long after the start trials may begin; None for never by themselves.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        places: Places,
        *,
        fixed_ffmpeg: str = "",
        quiet_s: float | None = QUIET_S,
    ) -> None:
        self._db = db
        self._clock = clock
        self._places = places
        self._fixed = fixed_ffmpeg or os.environ.get(ENVIRONMENT, "")
        self._quiet_s = quiet_s
        self._lane = Lane("hardware", 1)
        self._knowing = asyncio.Lock()
        self._trying = asyncio.Lock()
        self._ffmpeg: Ffmpeg | None = None
        self._programs: tuple[Abilities, ...] | None = None
        self._candidates: tuple[Candidate, ...] = ()
        self._trials: list[DeviceTrial] = []
        self._measured: store.Measured | None = None
        self._probed_at_ms: int | None = None
        self._tries = 0
        self._owes_measure = False
        self._failures: dict[str, list[int]] = {}
        self._is_busy = False
        self._wishes = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self.settings = HardwareSettings()

    async def __aenter__(self) -> Self:
        kept = await setting(self._db.read, SETTING)
        if kept is not None:
            try:
                self.settings = msgspec.json.decode(kept, type=HardwareSettings)
            except msgspec.DecodeError:
                log.warning("the settings of converting cannot be read; the usual ones are used")
        self._trials = await store.trials(self._db.read)
        self._watch = asyncio.create_task(self._look_after(), name="hardware")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._lane.close()

    # For who plays

    async def means(self) -> Means:
        """What counts for a session that begins now."""
        await self._know()
        trial = self._active
        return Means(
            ffmpeg=self._ffmpeg,
            machine=self.machine(),
            encoder=self._choice(trial),
            hevc_encoder=hevc_choice_of(trial, self.settings, self._usual),
            preset=self.settings.preset,
            crf=self.settings.crf,
            dialogue_boost=self.settings.dialogue_boost,
            pace=pace_of(self.settings, most_sessions(self.settings, trial, self._fps)),
            temp_dir=self.temp_dir,
        )

    def machine(self) -> Machine:
        """What may be converted, as far as it is known by now."""
        maps_dolby = self._measured is not None and self._measured.maps_dolby
        return machine_of(self._program, self._active, self.settings, self._fps, maps_dolby=maps_dolby)

    def failed(self, encoder: EncoderChoice) -> None:
        """A session could not be made with this encoder; three times in ten minutes, and it rests for an hour."""
        if encoder.family == "software":
            return
        device = f"{encoder.family}:{encoder.device}" if encoder.device else encoder.family
        now_ms = self._clock.now_ms()
        was_struck = self._struck(device).until_ms is not None
        self._failures[device] = [*self._failures.get(device, [])[-9:], now_ms]
        if not was_struck and self._struck(device).until_ms is not None:
            log.warning("%s failed three times within ten minutes and is left alone for an hour", device)

    def on_load(self, is_encoding: bool) -> None:  # noqa: FBT001 - a switch that sessions throw
        """Trials wait while something is encoded."""
        self._is_busy = is_encoding

    @property
    def temp_dir(self) -> Path:
        """Where segments lie while somebody watches."""
        return Path(self.settings.temp_dir) if self.settings.temp_dir else self._places.transcode_dir

    # For administrators

    async def report(self) -> Report:
        """Everything that is known; finds the program first, which takes 0.3 s once."""
        await self._know()
        best_of: dict[str, DeviceTrial] = {}
        for trial in self._current:
            other = best_of.get(trial.candidate.id)
            if other is None or (trial.is_usable, trial.fps) > (other.is_usable, other.fps):
                best_of[trial.candidate.id] = trial
        active = self._active
        return Report(
            ffmpeg=self._ffmpeg,
            program=self._program,
            problems=problems_of(self._program),
            active=active,
            probed_at_ms=max(
                (one.tried_at_ms for one in self._current),
                default=self._probed_at_ms or (self._measured.at_ms if self._measured is not None else None),
            ),
            is_probing=self._trying.locked() or self._wishes.is_set(),
            trials=list(best_of.values()),
            untried=[one for one in self._candidates if one.id not in best_of],
            struck={device: self._struck(device) for device in self._failures},
            software_fps=self._measured_fps,
            settings=self.settings,
            temp_dir=self.temp_dir,
            max_sessions=most_sessions(self.settings, active, self._fps),
        )

    async def change(self, changes: dict[str, Any], *, user_id: str, rescans: bool) -> None:
        """Take over settings; what is not named stays.

        Args:
            changes: by name of a field of `HardwareSettings`, each of its type.
            user_id: who changes.
            rescans: try all devices again, in a quiet moment.

        Raises:
            BadRequest: `device_unusable`, `path_not_writable`, `ffmpeg_invalid`; nothing is changed then.
            Unavailable: a device has to be tried first, and something is being encoded.
        """
        wanted = msgspec.structs.replace(self.settings, **changes)
        if wanted.temp_dir and wanted.temp_dir != self.settings.temp_dir:
            await self._lane.run(_check_folder, Path(wanted.temp_dir))
        if wanted.ffmpeg_path and wanted.ffmpeg_path != self.settings.ffmpeg_path:
            await self._lane.run(_check_program, wanted.ffmpeg_path)
        names_device = wanted.device or wanted.acceleration not in {"auto", "none"}
        is_other = (wanted.acceleration, wanted.device) != (self.settings.acceleration, self.settings.device)
        if names_device and is_other and wanted.acceleration != "none":
            await self._check_device(wanted)
        if wanted != self.settings:
            text = msgspec.json.encode(wanted).decode()
            async with self._db.write() as tx:
                await put_setting(tx, SETTING, text, by=user_id, now=self._clock.now_ms())
        is_other_program = wanted.ffmpeg_path != self.settings.ffmpeg_path
        self.settings = wanted
        if is_other_program or rescans:
            self._programs = None
        if rescans:
            self._failures.clear()
            self._wishes.set()

    # How it is found out

    @property
    def _program(self) -> Abilities | None:
        return self._programs[0] if self._programs else None

    @property
    def _current(self) -> list[DeviceTrial]:
        """Trials of devices that are there with programs that are in use."""
        programs = {(one.path, one.version) for one in self._programs or ()}
        devices = {one.id for one in self._candidates}
        return [
            one for one in self._trials if one.candidate.id in devices and (one.ffmpeg, one.ffmpeg_version) in programs
        ]

    @property
    def _active(self) -> DeviceTrial | None:
        out = {device for device in self._failures if self._struck(device).until_ms is not None}
        return best(self._current, self.settings, struck_out=out, software_fps=self._measured_fps)

    @property
    def _fps(self) -> float:
        return self._measured_fps or estimated_fps(os.cpu_count())

    @property
    def _measured_fps(self) -> float | None:
        return self._measured.fps if self._measured is not None else None

    def _choice(self, trial: DeviceTrial | None) -> EncoderChoice:
        return choice_of(trial, self._usual)

    @property
    def _usual(self) -> str:
        return self._ffmpeg.path if self._ffmpeg is not None else ""

    def _struck(self, device: str) -> Struck:
        failures, now_ms = self._failures.get(device, []), self._clock.now_ms()
        until_ms = struck_out_until(failures)
        if until_ms is not None and until_ms <= now_ms:
            self._failures[device] = []
            return Struck()
        return Struck(len(failures), until_ms)

    async def _know(self) -> None:
        """Find the programs and what they can do, once."""
        async with self._knowing:
            if self._programs is not None:
                return
            named = self._fixed or self.settings.ffmpeg_path
            self._ffmpeg = await self._lane.run(find_ffmpeg, named)
            found = [] if self._ffmpeg is None else [(self._ffmpeg.path, self._ffmpeg.version)]
            system = await self._lane.run(_system_ffmpeg)
            if system is not None and (not found or system[0] != found[0][0]):
                found.append(system)
            self._candidates = await self._lane.run(candidates)
            programs = []
            # Only the usual program is needed now; the other one only where there is a device to drive.
            for path, version in found if self._candidates else found[:1]:
                with contextlib.suppress(AppError):
                    programs.append(await abilities(path, version))
            self._programs = tuple(programs)
            first = self._program
            if first is not None:
                self._measured = await store.measured(self._db.read, first.path, first.version)

    async def _look_after(self) -> None:
        """Try devices and measure the processor, when that is owed and nobody is disturbed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._quiet_s):
                await self._wishes.wait()
        while True:
            try:
                await self._catch_up(is_asked=self._wishes.is_set())
            except Exception:
                # Whatever it was, a later wish must find somebody who listens.
                log.exception("encoders could not be tried")
                self._wishes.clear()
            if not self._is_owed:
                await self._wishes.wait()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._wishes.wait()

    @property
    def _is_owed(self) -> bool:
        tried = {(one.candidate.id, one.ffmpeg) for one in self._current}
        missing = any(
            (device.id, program.path) not in tried for device in self._candidates for program in self._programs or ()
        )
        return missing or self._may_measure

    @property
    def _may_measure(self) -> bool:
        """A machine that cannot be measured in a few tries is left in peace."""
        is_owed = self._measured is None or self._owes_measure
        return is_owed and self._tries < MOST_TRIES and self._program is not None and self._program.can_encode

    async def _catch_up(self, *, is_asked: bool) -> None:
        await self._know()
        if self._is_busy or not (is_asked or _is_idle()):
            if is_asked:
                await asyncio.sleep(1.0)  # a wish waits for the film that is being converted
            return
        async with self._trying:
            self._wishes.clear()
            tried = {} if is_asked else {(one.candidate.id, one.ffmpeg): one for one in self._current}
            found: list[DeviceTrial] = []
            for device in self._candidates:
                for program in self._programs or ():
                    known = tried.get((device.id, program.path))
                    found.append(known or await try_device(device, program, now_ms=self._clock.now_ms()))
            if found != self._trials:
                async with self._db.write() as tx:
                    await store.put_trials(tx, found)
                self._trials = found
                for one in found:
                    log.info(
                        "%s with ffmpeg %s: %s", one.candidate.id, one.ffmpeg_version, one.error or f"{one.fps} fps"
                    )
            self._probed_at_ms = self._clock.now_ms()
            if is_asked:
                self._tries, self._owes_measure = 0, True
            # On a machine that is at work the figure would be too small, and films would be made small for it.
            if self._may_measure and _is_idle():
                await self._measure()

    async def _measure(self) -> None:
        program = self._program
        if program is None or not program.can_encode or self._is_busy:
            return
        self._tries += 1
        fps = await software_fps(program.path)
        if fps is None or self._is_busy:
            return  # what was measured beside a film says nothing
        dolby = program.has_libplacebo and await maps_dolby(program.path)
        found = store.Measured(fps=fps, maps_dolby=dolby, at_ms=self._clock.now_ms())
        async with self._db.write() as tx:
            await store.put_measured(tx, program.path, program.version, found)
        self._measured, self._owes_measure = found, False

    async def _check_device(self, wanted: HardwareSettings) -> None:
        """Refuse a device that does not encode; one that was never tried is tried now."""
        await self._know()
        meant = [
            one
            for one in self._candidates
            if (not wanted.device or one.id == wanted.device) and wanted.acceleration in {"auto", one.api}
        ]
        if not meant:
            raise BadRequest(
                "There is no such device in this machine.",
                code="device_unusable",
                field="device" if wanted.device else "acceleration",
            )
        reason = ""
        for device in meant:
            known = [one for one in self._current if one.candidate.id == device.id]
            if not known and self._is_busy:
                raise Unavailable("Devices are tried when no film is being converted.", retry_after_s=60)
            if not known:
                async with self._trying:
                    now_ms = self._clock.now_ms()
                    known = [await try_device(device, program, now_ms=now_ms) for program in self._programs or ()]
                    self._trials = [*self._trials, *known]
                    async with self._db.write() as tx:
                        await store.put_trials(tx, self._trials)
            if any(one.is_usable for one in known):
                return
            reason = reason or next((one.error for one in known if one.error), "")
        raise BadRequest(
            f"This device cannot encode: {reason or 'its test failed.'}",
            code="device_unusable",
            field="device" if wanted.device else "acceleration",
            reason=reason,
        )


def _system_ffmpeg() -> tuple[str, str] | None:
    path = shutil.which("ffmpeg")
    version = ffmpeg_version(path) if path else None
    return (path, version) if path and version else None


def _is_idle() -> bool:
    if sys.platform == "win32":
        return True
    return os.getloadavg()[0] < IDLE_LOAD * (os.cpu_count() or 1)


def _check_folder(folder: Path) -> None:
    """Raises BadRequest `path_not_writable`."""
    if not folder.is_absolute():
        raise BadRequest("Name the folder from the root on.", code="path_not_writable", field="tempDir")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".homemedia-writable"
        probe.touch()
        probe.unlink()
    except OSError as err:
        raise BadRequest(
            f"The server cannot write into this folder: {err.strerror}.", code="path_not_writable", field="tempDir"
        ) from None


def _check_program(path: str) -> None:
    """Raises BadRequest `ffmpeg_invalid`. Threat: a setting must not start just any program of the machine."""
    name = Path(path).name.casefold()
    is_named = Path(path).is_absolute() and name.startswith("ffmpeg")
    version = ffmpeg_version(path) if is_named else None
    if version is None:
        raise BadRequest("This is no ffmpeg that runs here.", code="ffmpeg_invalid", field="ffmpegPath")
    if is_old(short_version(version)):
        raise BadRequest(
            f"ffmpeg {short_version(version)} is too old; 5.0 or newer is needed.",
            code="ffmpeg_invalid",
            field="ffmpegPath",
        )

"""Devices and settings of converting, through the whole server; devices are made up, trials too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.media.commands import EncoderChoice
from homemedia.media.hardware import Abilities, Candidate, DeviceTrial, Tried
from homemedia.media.plans import VideoPlan
from homemedia.playback import hardware as hardware_module
from homemedia.playback.hardware import Hardware
from tests.support.app import PASSWORD, House, a_house
from tests.support.samples import ffmpeg_path

NODE = "vaapi:/dev/dri/renderD128"
CANDIDATES = (
    Candidate(api="vaapi", device="/dev/dri/renderD128", name="Intel (VA-API)"),
    Candidate(api="nvenc", device="0", name="NVIDIA H200"),
)


class Machine:
    """What candidates there are, and how their trials end."""

    def __init__(self) -> None:
        self.works = {NODE}
        self.tried: list[str] = []

    def candidates(self) -> tuple[Candidate, ...]:
        return CANDIDATES

    async def abilities(self, path: str, version: str) -> Abilities:
        return Abilities(path=path, version=version)

    async def try_device(self, candidate: Candidate, program: Abilities, *, now_ms: int) -> DeviceTrial:
        self.tried.append(candidate.id)
        ok = candidate.id in self.works
        error = None if ok else "No capable devices found: this card has no encoder."
        encoder = Tried(name=f"h264_{candidate.api}", ok=ok, fps=412.0 if ok else None, error=error)
        return DeviceTrial(
            candidate=candidate,
            ffmpeg=program.path,
            ffmpeg_version=program.version,
            encoders=(encoder,),
            decoders=("h264", "hevc"),
            tried_at_ms=now_ms,
        )

    async def software_fps(self, _path: str) -> float:
        return 61.0


@contextlib.asynccontextmanager
async def an_attic(folder: Path) -> AsyncIterator[House]:
    """A house with its administrator signed in, new or started again."""
    async with a_house(folder) as house:
        if house.server.is_claimed:
            await house.send("POST", "/api/auth/login", {"username": "admin", "password": PASSWORD})
        else:
            await house.claim()
        yield house


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    for name in ("candidates", "abilities", "try_device", "software_fps"):
        monkeypatch.setattr(hardware_module, name, getattr(made, name))
    monkeypatch.setattr(hardware_module, "_system_ffmpeg", lambda: None)
    monkeypatch.setattr(hardware_module, "_is_idle", lambda: True)
    return made


async def settled(house: House) -> dict[str, Any]:
    """The answer once nothing is being tried any more."""
    async with asyncio.timeout(10):
        while True:
            answer: dict[str, Any] = await house.get("/api/hardware")
            if not answer["probing"]:
                return answer
            await asyncio.sleep(0.01)


def the_hardware(house: House) -> Hardware:
    found = house.server.playback.means
    assert isinstance(found, Hardware)
    return found


async def test_new_house_converts_on_the_processor(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        answer = await house.get("/api/hardware")

    assert answer["active"] == "software"
    assert answer["ffmpeg"]["ok"]
    assert answer["ffmpeg"]["path"] == ffmpeg_path()
    assert answer["software"] == {"encoder": "libx264", "fps1080": None, "toneMapping": True}
    assert [device["usable"] for device in answer["devices"]] == [False, False]
    assert answer["settings"] == {
        "acceleration": "auto",
        "device": "",
        "preset": "veryfast",
        "crf": 22,
        "allowHevc": False,
        "maxHeight": 1080,
        "maxSessions": 0,
        "maxSessionsPerUser": 3,
        "segmentSeconds": 4,
        "aheadSeconds": 60,
        "idleSeconds": 60,
        "sessionSeconds": 1800,
        "tempDir": str(tmp_path / "data" / "cache" / "transcode"),
        "tempLimitMb": 10240,
        "toneMapping": "auto",
        "dialogueBoost": False,
        "ffmpegPath": "",
    }
    assert machine.tried == []


async def test_rescan_tries_every_device_and_the_best_is_used(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        assert (await house.send("PUT", "/api/hardware", {"rescan": True}))["probing"]
        answer = await settled(house)
        means = await the_hardware(house).means()

    assert answer["active"] == NODE
    works, refuses = answer["devices"]
    assert works["encoders"] == [{"name": "h264_vaapi", "ok": True, "fps": 412.0}]
    assert works["decoders"] == {"h264": True, "hevc": True, "hevc10": False, "vp9": False, "av1": False}
    assert not refuses["usable"]
    assert "no encoder" in refuses["error"]
    assert refuses["encoders"][0]["error"] == refuses["error"]
    assert answer["software"]["fps1080"] == 61.0
    assert answer["limits"] == {"maxSessions": 6}
    assert answer["probedAt"]
    assert means.encoder.name == "h264_vaapi"
    assert not means.machine.is_software


async def test_what_was_found_out_outlives_a_restart(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        await house.send("PUT", "/api/hardware", {"rescan": True, "crf": 18})
        await settled(house)
    count = len(machine.tried)
    async with an_attic(tmp_path) as house:
        answer = await house.get("/api/hardware")

    assert len(machine.tried) == count
    assert (answer["active"], answer["settings"]["crf"], answer["software"]["fps1080"]) == (NODE, 18, 61.0)


async def test_trials_wait_for_a_film_that_is_being_converted(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        the_hardware(house).on_load(True)
        await house.send("PUT", "/api/hardware", {"rescan": True})
        assert (await house.get("/api/hardware"))["probing"]
        assert machine.tried == []

        the_hardware(house).on_load(False)
        await settled(house)

    assert set(machine.tried) == {NODE, "nvenc:0"}


async def test_device_that_fails_thrice_rests_for_an_hour(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        await house.send("PUT", "/api/hardware", {"rescan": True})
        await settled(house)
        hardware = the_hardware(house)
        choice = (await hardware.means()).encoder

        for _ in range(3):
            hardware.failed(choice)
        answer = await house.get("/api/hardware")
        hardware.failed(EncoderChoice())

    assert answer["active"] == "software"
    assert answer["devices"][0]["failures"] == 3
    assert answer["devices"][0]["disabledUntil"] > answer["probedAt"]


async def test_device_that_cannot_encode_is_refused_with_its_reason(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        refused = await house.send("PUT", "/api/hardware", {"device": "nvenc:0"}, status=400)
        missing = await house.send("PUT", "/api/hardware", {"acceleration": "amf"}, status=400)
        taken = await house.send("PUT", "/api/hardware", {"acceleration": "vaapi"})
        kept = await house.get("/api/hardware")

    assert refused["code"] == missing["code"] == "device_unusable"
    assert "no encoder" in refused["message"]
    assert taken["active"] == NODE
    assert kept["settings"]["device"] == ""


async def test_settings_are_changed_one_by_one_and_set_back(machine: Machine, tmp_path: Path) -> None:
    async with an_attic(tmp_path) as house:
        await house.send("PUT", "/api/hardware", {"crf": 20, "preset": "fast", "segmentSeconds": 6, "unknown": 1})
        answer = await house.send("PUT", "/api/hardware", {"crf": None, "maxHeight": 0})
        means = await the_hardware(house).means()

    changed = {name: answer["settings"][name] for name in ("crf", "preset", "segmentSeconds", "maxHeight")}
    assert changed == {"crf": 22, "preset": "fast", "segmentSeconds": 6, "maxHeight": 0}
    assert (means.preset, means.pace.segment_s, means.machine.cap) == ("fast", 6.0, 1080)


@pytest.mark.parametrize(
    "body",
    [
        {"crf": 15},
        {"crf": "x"},
        {"preset": "placebo"},
        {"segmentSeconds": 1},
        {"acceleration": "cuda"},
        {"maxHeight": -1},
    ],
    ids=str,
)
async def test_values_out_of_range_are_refused(machine: Machine, tmp_path: Path, body: dict[str, object]) -> None:
    async with an_attic(tmp_path) as house:
        assert (await house.send("PUT", "/api/hardware", body, status=400))["code"] == "invalid_request"


async def test_folder_must_be_one_the_server_can_write(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with an_attic(tmp_path) as house:
        for path in (str(tmp_path / "file" / "below"), "relative"):
            refused = await house.send("PUT", "/api/hardware", {"tempDir": path}, status=400)
            assert refused["code"] == "path_not_writable"
        taken = await house.send("PUT", "/api/hardware", {"tempDir": str(tmp_path / "big disk")})

    assert taken["settings"]["tempDir"] == str(tmp_path / "big disk")
    assert list((tmp_path / "big disk").iterdir()) == []


async def test_program_must_be_an_ffmpeg(machine: Machine, tmp_path: Path) -> None:
    other, old = tmp_path / "other", tmp_path / "ffmpeg-old"
    ran = tmp_path / "ran"
    other.write_text(f"#!/bin/sh\ntouch {ran}\necho 'ffmpeg version 7.1'\n", "ascii")
    old.write_text("#!/bin/sh\necho 'ffmpeg version 4.4.2'\n", "ascii")
    for program in (other, old):
        program.chmod(0o755)

    async with an_attic(tmp_path) as house:
        for path in (str(other), str(old), "ffmpeg", str(tmp_path / "ffmpeg-away")):
            refused = await house.send("PUT", "/api/hardware", {"ffmpegPath": path}, status=400)
            assert refused["code"] == "ffmpeg_invalid"
        taken = await house.send("PUT", "/api/hardware", {"ffmpegPath": ffmpeg_path()})

    assert not ran.exists()
    assert taken["settings"]["ffmpegPath"] == taken["ffmpeg"]["path"] == ffmpeg_path()


async def test_copies_and_reshaped_pictures_never_need_a_device(machine: Machine, tmp_path: Path) -> None:
    video = VideoPlan(action="transcode", track=0, codec_from="hevc", codec="h264", width=1280, height=720)
    async with an_attic(tmp_path) as house:
        await house.send("PUT", "/api/hardware", {"rescan": True})
        await settled(house)
        means = await the_hardware(house).means()
        chosen = [
            means.encoder_for(one).family
            for one in (
                video,
                msgspec.structs.replace(video, action="copy"),
                msgspec.structs.replace(video, tone_map=True, dolby_vision=5),
                None,
            )
        ]

    assert chosen == ["vaapi", "software", "software", "software"]


async def test_only_administrators_see_it(machine: Machine, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.stranger().get("/api/hardware") as answer:
        assert answer.status == 401

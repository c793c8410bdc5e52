"""Makes the manual page from packaging/debian/homemedia.1.in and the command line as it is.

    python packaging/man.py > homemedia.1

Commands and options come from the program's own parser, so that none is forgotten and none is told that is gone.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from linux import DEBIAN, changed_at, version

from homemedia.cli import _parser as command_line

TEMPLATE = "homemedia.1.in"
EVERYWHERE = {"help", "data_dir", "config", "log_level"}


def page() -> str:
    """The page of the program, in troff's words."""
    return filled(TEMPLATE).replace("@COMMANDS@\n", "".join(f"{line}\n" for line in _commands(command_line(), [])))


def filled(template: str) -> str:
    """A page with the version and its date in place."""
    day = time.strftime("%Y-%m-%d", time.gmtime(changed_at()))
    return (DEBIAN / template).read_text("utf-8").replace("@VERSION@", version()).replace("@DATE@", day)


def commands(
    parser: argparse.ArgumentParser, before: list[str]
) -> Iterator[tuple[list[str], str, argparse.ArgumentParser]]:
    """Every command as its words, what is said of it, and its own parser; a command of commands is not told itself."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to its commands
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - likewise
            continue
        said = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001 - likewise
        for name, child in action.choices.items():
            deeper = list(commands(child, [*before, name]))
            if deeper:
                yield from deeper
            elif name in said and said[name] != argparse.SUPPRESS:
                yield [*before, name], said[name], child


def _commands(parser: argparse.ArgumentParser, before: list[str]) -> Iterator[str]:
    for words, said, child in commands(parser, before):
        told = [action for action in child._actions if action.help != argparse.SUPPRESS]  # noqa: SLF001
        places = [action for action in told if not action.option_strings]
        yield ".TP"
        yield " ".join([rf"\fB{_plain(' '.join(words))}\fR", *(rf"\fI{_plain(_called(place))}\fR" for place in places)])
        yield _sentence(child.description or said)
        for action in told:
            # Those that every command has stand once, below.
            if action.help and action.dest not in EVERYWHERE:
                yield from _option(action)


def _called(action: argparse.Action) -> str:
    metavar = action.metavar
    if metavar is None and action.choices is not None:
        return "|".join(str(choice) for choice in action.choices)
    if isinstance(metavar, tuple):
        return " ".join(metavar)
    return metavar or action.dest.upper()


def _option(action: argparse.Action) -> Iterator[str]:
    yield ".RS"
    yield ".TP"
    names = ", ".join(rf"\fB{_plain(name)}\fR" for name in action.option_strings)
    if not names:
        yield rf"\fI{_plain(_called(action))}\fR"
    elif action.nargs == 0:
        yield names
    else:
        yield rf"{names} \fI{_plain(_called(action))}\fR"
    yield _sentence(action.help or "")
    yield ".RE"


def _sentence(text: str) -> str:
    whole = _plain(text.strip().replace("`", ""))
    whole = whole[:1].upper() + whole[1:]
    return whole if whole.endswith(".") else f"{whole}."


def _plain(text: str) -> str:
    """Words as troff shows them: it would take a backslash, a leading dot and a bare hyphen for its own."""
    safe = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{safe}" if safe[:1] in {".", "'"} else safe


if __name__ == "__main__":
    sys.stdout.write(page())

"""What is drawn by way of pystray, with a drawing that only keeps what it is given."""

import subprocess
from typing import Any, ClassVar

import pytest

from homemedia.desktop import backends
from homemedia.desktop.backends import LONGEST_BODY, LONGEST_TITLE, NoBackend, Shell
from homemedia.desktop.facts import facts_of, picture_name, tooltip
from homemedia.desktop.hosts import chosen
from homemedia.desktop.menu import Entry, entries
from tests.support.desktop_door import a_state


class Drawing:
    """In place of pystray's icon."""

    HAS_NOTIFICATION = True
    problem: ClassVar[Exception | None] = None

    def __init__(self, _name: str, *, icon: Any, title: str, menu: Any) -> None:
        self.changes: list[tuple[str, Any]] = []
        self.notes: list[tuple[str, str]] = []

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in ("icon", "title", "menu"):
            self.changes.append((name, value))

    def notify(self, body: str, title: str) -> None:
        if self.problem is not None:
            raise self.problem
        self.notes.append((title, body))


@pytest.fixture
def pressed() -> list[Entry]:
    return []


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, pressed: list[Entry]) -> Shell:
    monkeypatch.setenv("PYSTRAY_BACKEND", "dummy")
    pystray = pytest.importorskip("pystray")
    monkeypatch.setattr(pystray, "Icon", Drawing)
    return Shell("win32", press=pressed.append, open_page=lambda _address: None)


def show(shell: Shell, state: str, **changes: Any) -> list[str]:
    """What had to be drawn for it."""
    shell.icon.changes.clear()
    facts = facts_of(a_state(state, **changes))
    shell.show(picture_name(facts), tooltip(facts), entries(facts, starts_by_itself=True))
    return [name for name, _ in shell.icon.changes]


def test_only_what_changed_is_drawn(shell: Shell) -> None:
    assert show(shell, "scanning", percent=20) == ["icon", "title", "menu"]
    assert show(shell, "scanning", percent=20) == []
    assert show(shell, "scanning", percent=21) == ["title"]
    assert show(shell, "scanning", percent=99) == ["icon", "title"]
    assert show(shell, "scanning", percent=99, isScanningPaused=True) == ["menu"]


def test_menu_is_handed_over_as_it_is_meant(shell: Shell, pressed: list[Entry]) -> None:
    show(shell, "streaming")

    items = list(shell.icon.menu)
    by_name = {item.text: item for item in items}
    by_name["Pause scanning"](shell.icon)
    shell.icon.menu(shell.icon)  # a click on the icon itself

    assert [entry.what for entry in pressed] == ["pause", "open"]
    assert by_name["Start with the computer"].checked is True
    assert by_name["Open"].checked is None
    assert not items[0].enabled
    # Windows would underline a letter for one ampersand.
    assert [item.text for item in by_name["Who is watching (2)"].submenu][1] == "Ben && Tom: The Wire"


def test_note_is_cut_to_what_every_system_takes(shell: Shell) -> None:
    shell.notify("title " * 30, "body " * 300, "/")
    shell.notify("Only a title", "", "/")

    title, body = shell.icon.notes[0]
    assert (len(title) <= LONGEST_TITLE, len(body) <= LONGEST_BODY) == (True, True)
    assert shell.icon.notes[1] == ("Only a title", "Only a title")


@pytest.mark.parametrize("problem", [OSError("no"), subprocess.CalledProcessError(1, "osascript")])
def test_note_that_cannot_be_shown_does_no_harm(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    monkeypatch.setattr(Drawing, "problem", problem)

    shell.notify("title", "body", "/")

    assert shell.icon.notes == []


def test_toolkit_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSTRAY_BACKEND", "dummy")
    monkeypatch.setitem(backends.MODULES, "strange", "homemedia.desktop.icon_strange")

    with pytest.raises(NoBackend, match="strange"):
        Shell("strange", press=lambda _entry: None, open_page=lambda _address: None)


@pytest.mark.parametrize(
    ("kinds", "has_watcher", "has_xembed", "kind"),
    [
        (["appindicator", "gtk"], True, True, "appindicator"),
        (["appindicator", "gtk"], True, False, "appindicator"),
        (["appindicator", "gtk"], False, True, "gtk"),
        (["appindicator", "gtk"], False, False, None),
        (["gtk"], True, False, None),
        (["xorg"], False, True, "xorg"),
        (["xorg"], True, False, None),
        (["win32"], False, False, "win32"),
        (["darwin"], False, False, "darwin"),
        ([], True, True, None),
    ],
)
def test_backend_is_the_best_that_this_desktop_takes_in(
    kinds: list[str], *, has_watcher: bool, has_xembed: bool, kind: str | None
) -> None:
    assert chosen(kinds, has_watcher=has_watcher, has_xembed=has_xembed) == kind

"""Drawing the icon and its menu: pystray, with what it lacks on each system.

pystray is loaded late, when the backend is chosen: it opens the display on import. What each system's toolkit needs
stands in `icon_…`.
"""

from __future__ import annotations

import importlib
import logging
import os
import subprocess
from collections.abc import Callable
from typing import Any

from homemedia.desktop.facts import shortened
from homemedia.desktop.hosts import has_xembed
from homemedia.desktop.menu import Entry
from homemedia.desktop.picture import Picture

_log = logging.getLogger(__name__)

NAME = "homemedia"
# What we add to pystray's classes, where it needs something.
MODULES = {
    "appindicator": "homemedia.desktop.icon_gtk",
    "gtk": "homemedia.desktop.icon_gtk",
    "xorg": "homemedia.desktop.icon_x",
    "darwin": "homemedia.desktop.icon_mac",
}
# Longer ones do not fit into what Windows takes (64 and 256 with their ends).
LONGEST_TITLE, LONGEST_BODY = 60, 240

Press = Callable[[Entry], None]


class NoBackend(Exception):  # noqa: N818 - says what is
    """The toolkit is there, but does not start."""


def at_once(do: Callable[[], None]) -> None:
    """Backends that may be told from any thread."""
    do()


class Shell:
    """The icon on this desktop. `run` keeps the main thread; everything else may be called from any thread.

    Args:
        kind: pystray's name of the backend.
        press: called when somebody presses an entry, on the main thread: it must not block.
        open_page: called with the address of a note that was pressed.

    Raises:
        NoBackend: it cannot be loaded.
    """

    def __init__(self, kind: str, *, press: Press, open_page: Callable[[str], None]) -> None:
        self._press = press
        self._shown: tuple[str, str, tuple[Entry, ...]] = ("", "", ())
        self._kind = kind
        os.environ["PYSTRAY_BACKEND"] = kind
        try:
            self._pystray: Any = importlib.import_module("pystray")
            own: Any = importlib.import_module(MODULES[kind]) if kind in MODULES else None
        except Exception as err:  # an ImportError, or whatever the toolkit raises without a display
            raise NoBackend(f"{kind}: {err}") from err
        icon_class = own.CLASSES[kind] if own else self._pystray.Icon
        self._on_main: Callable[[Callable[[], None]], None] = getattr(own, "on_main", at_once)
        self._notify: Callable[[str, str, str], None] | None = None
        if hasattr(own, "notify_with"):
            self._notify = own.notify_with(open_page)
        self.icon: Any = icon_class(NAME, icon=Picture("starting"), title="HomeMedia", menu=self._pystray.Menu())

    def run(self, ready: Callable[[], None]) -> None:
        """Show the icon until `stop`; on the main thread. `ready` is called in another one when it is there."""

        def setup(icon: Any) -> None:  # noqa: ANN401 - pystray has no types
            icon.visible = True
            ready()

        self.icon.run(setup)

    def stop(self) -> None:
        self.icon.stop()

    def show(self, picture: str, tooltip: str, entries: tuple[Entry, ...]) -> None:
        """What has changed is drawn anew, and nothing else: an open menu stays open."""
        self._on_main(lambda: self._show(picture, tooltip, entries))

    def look_again(self) -> None:
        """Go into a panel that came later, where the toolkit does not see to that itself. Not on the main thread."""
        if getattr(self.icon, "is_outside", False) and has_xembed():
            self.icon.visible = False
            self.icon.visible = True

    def notify(self, title: str, body: str, address: str) -> None:
        """A note in the corner of the screen; nothing where there is no such thing."""
        title, body = shortened(title, LONGEST_TITLE), shortened(body, LONGEST_BODY)
        if self._notify is not None:
            notify = self._notify
            self._on_main(lambda: notify(title, body or title, address))
        elif self.icon.HAS_NOTIFICATION:
            try:
                self.icon.notify(body or title, title)
            except (OSError, subprocess.SubprocessError) as err:
                _log.info("no note: %s", err)

    def _show(self, picture: str, tooltip: str, entries: tuple[Entry, ...]) -> None:
        was_picture, was_tooltip, was_entries = self._shown
        self._shown = (picture, tooltip, entries)
        if picture != was_picture:
            self.icon.icon = Picture(picture)
        if tooltip != was_tooltip:
            self.icon.title = tooltip
        if entries != was_entries:
            self.icon.menu = self._menu(entries)

    def _menu(self, entries: tuple[Entry, ...]) -> Any:  # noqa: ANN401
        return self._pystray.Menu(*(self._item(entry) for entry in entries))

    def _item(self, entry: Entry) -> Any:  # noqa: ANN401
        if entry.is_separator:
            return self._pystray.Menu.SEPARATOR
        # Windows underlines the letter after an ampersand.
        text = entry.text.replace("&", "&&") if self._kind == "win32" else entry.text
        checked = None if entry.is_checked is None else (lambda _item: bool(entry.is_checked))
        if entry.children:
            return self._pystray.MenuItem(text, self._menu(entry.children))
        return self._pystray.MenuItem(
            text,
            lambda _icon, _item: self._press(entry),
            checked=checked,
            default=entry.is_default,
            enabled=entry.what is not None,
        )

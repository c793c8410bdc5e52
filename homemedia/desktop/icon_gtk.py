"""The icon by GTK: a StatusNotifierItem ("appindicator") or a window in an older panel ("gtk"). Needs gi.

Loaded when pystray's backend is chosen. Against pystray's own classes: pictures are our files, no notification service
has to be there, and a menu that is open is not replaced under the hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pystray
from gi.repository import GLib, Gtk

from homemedia.desktop.notes import Notes
from homemedia.desktop.picture import FOLDER

# A panel shows icons at 22 px, or at twice that on a screen of double density, and scales to what it needs.
INDICATOR_SIDE = 44
NOTE_PICTURE = str(FOLDER / "ready-64.png")

# Or else panels call us what the command line begins with.
GLib.set_prgname("homemedia")
GLib.set_application_name("HomeMedia")


def on_main(do: Callable[[], None]) -> None:
    """Have it done by GTK's thread, soon."""

    def once() -> bool:
        do()
        return False

    GLib.idle_add(once)


def notify_with(open_page: Callable[[str], None]) -> Callable[[str, str, str], None]:
    """How notes are shown, given what is to happen when one is pressed."""
    return Notes(open_page, picture=NOTE_PICTURE).notify


class OfGtk(pystray.Icon):
    """What both have in common."""

    _menu_handle: Any = None
    _waits_for_menu = False

    def _initialize(self) -> None:
        # pystray looks for the notification service here, and ends where there is none.
        self._mark_ready()

    def _finalize(self) -> None:
        # pystray's own removes a file of its own, and a note.
        pass

    def _remove_fs_icon(self) -> None:
        self._icon_valid = False

    def _update_fs_icon(self) -> None:
        self._icon_path = str(self.icon.path(self._side()))
        self._icon_valid = True

    def _side(self) -> int:
        return INDICATOR_SIDE

    def _update_menu(self) -> None:
        on_main(self._make_menu)

    def _make_menu(self) -> None:
        handle = self._menu_handle
        if handle is None or not handle.get_mapped():
            self._menu_handle = self._create_menu(self.menu)
            self._hand_over()
        elif not self._waits_for_menu:
            self._waits_for_menu = True
            handle.connect("unmap", self._after_menu)

    def _after_menu(self, _menu: object) -> None:
        self._waits_for_menu = False
        self._update_menu()

    def _hand_over(self) -> None:
        """Give the new menu to whoever shows it."""


class Indicator(OfGtk):
    def _create_default_menu(self) -> Any:  # noqa: ANN401 - gi has no types
        # Without a menu none of these is shown at all; pystray's own stumbles while there is no entry yet.
        return Gtk.Menu.new()

    def _hand_over(self) -> None:
        if self._menu_handle is not None:
            self._appindicator.set_menu(self._menu_handle)


class StatusIcon(OfGtk):
    def _side(self) -> int:
        # Drawn for the size at hand where there is one: scaled strokes are blurred.
        return self._status_icon.get_size() or INDICATOR_SIDE

    def _update_title(self) -> None:
        on_main(self._tell_title)

    def _tell_title(self) -> None:
        self._status_icon.set_title("HomeMedia")
        self._status_icon.set_tooltip_text(self.title)


CLASSES = {"appindicator": Indicator, "gtk": StatusIcon}

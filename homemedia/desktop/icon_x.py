"""The icon without a toolkit: a window in a panel of X whose click opens the page. Needs Xlib and Pillow.

It has neither menu nor notes. Loaded when pystray's backend is chosen.
"""

from __future__ import annotations

import threading
from typing import Any

import PIL.Image
import pystray
import Xlib.X

GROUND = "#00757a"


class XWindow(pystray.Icon):
    """Against pystray's own: our pictures, and a panel may go and come back."""

    _icon_data: Any
    _systray_manager: Any

    def _create_window(self) -> Any:  # noqa: ANN401 - Xlib has no types
        window = super()._create_window()
        # pystray forgets to ask for clicks.
        window.change_attributes(event_mask=Xlib.X.ExposureMask | Xlib.X.StructureNotifyMask | Xlib.X.ButtonPressMask)
        return window

    def _run(self) -> None:
        # pystray sets it after it has told that it is ready, and is asked for it before that.
        self._thread = threading.current_thread()
        super()._run()

    def _assert_icon_data(self, width: int, height: int) -> None:
        if self._icon_data and self._icon_data.size == (width, height):
            return
        side = max(min(width, height), 1)
        drawn = PIL.Image.open(self._icon.path(side)).convert("RGBA").resize((side, side))
        # A window of this kind knows no transparency: our ground fills the corners.
        self._icon_data = PIL.Image.new("RGB", (width, height), GROUND)
        self._icon_data.paste(drawn, ((width - side) // 2, (height - side) // 2), drawn)
        self._icon_data.tostring = self._icon_data.tobytes

    def _update_title(self) -> None:
        # Panels of this kind show no words; those that list windows read this old property, which knows Latin 1 only.
        self._window.set_wm_name(self.title.encode("latin-1", "replace").decode("latin-1"))

    def _update_icon(self) -> None:
        self._icon_data = None
        if self._systray_manager:
            self._draw()
        self._icon_valid = True

    def _on_destroy_notify(self, event: Any) -> None:  # noqa: ANN401 - Xlib has no types
        # pystray stumbles when the panel goes and no other is there. `Shell.look_again` finds the next one.
        if self._systray_manager and event.window.id == self._systray_manager.id:
            self._systray_manager = None

    @property
    def is_outside(self) -> bool:
        """Whether no panel shows it now."""
        return self._systray_manager is None


CLASSES = {"xorg": XWindow}

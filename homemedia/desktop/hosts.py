"""Whether this desktop has a place for icons, and which kind. Linux only: elsewhere there always is one.

There are two kinds. StatusNotifierItem (KDE, GNOME with its extension, most Wayland panels) is a service on the bus of
the session; XEmbed (older panels) is a window of X that owns a selection. Standard library, and gi where it is there.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import sys
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
PROPERTIES = "org.freedesktop.DBus.Properties"
ASK_MS = 2000
# At login the panel often comes after the programs that start by themselves.
LOGIN_WAIT_S = 10.0
LOOK_AGAIN_S = 0.5


def toolkits() -> list[str]:
    """Which of pystray's backends can be loaded here, the best first; empty where none can."""
    if sys.platform == "darwin":
        return ["darwin"]
    if sys.platform == "win32":
        return ["win32"]
    return _of_gtk() or _of_x()


def _of_gtk() -> list[str]:
    try:
        import gi  # noqa: PLC0415 - of the system's Python alone

        gi.require_version("Gtk", "3.0")
        gi.require_version("Gio", "2.0")
    except (ImportError, ValueError):
        return []
    for name in ("AppIndicator3", "AyatanaAppIndicator3"):
        try:
            gi.require_version(name, "0.1")
        except ValueError:
            continue
        return ["appindicator", "gtk"]
    return ["gtk"]


def _of_x() -> list[str]:
    return ["xorg"] if all(importlib.util.find_spec(name) for name in ("Xlib", "PIL")) else []


def chosen(kinds: list[str], *, has_watcher: bool, has_xembed: bool) -> str | None:
    """Which backend shows the icon here: the best of `kinds` that this desktop takes in; None where none is."""
    for kind in kinds:
        if kind in ("darwin", "win32"):
            return kind
        if has_watcher if kind == "appindicator" else has_xembed:
            return kind
    return None


def wait_for_place(kinds: list[str], *, wait_s: float = LOGIN_WAIT_S, is_over: Callable[[], bool]) -> str | None:
    """The backend to use, as soon as the desktop is there; None when there is no place within `wait_s`."""
    until = time.monotonic() + wait_s
    while True:
        kind = chosen(kinds, has_watcher=has_watcher(kinds), has_xembed=has_xembed())
        if kind is not None or is_over() or time.monotonic() >= until:
            return kind
        time.sleep(LOOK_AGAIN_S)


def has_watcher(kinds: list[str]) -> bool:
    """Whether the session's bus knows a panel that takes icons in."""
    if "appindicator" not in kinds:
        return False
    from gi.repository import Gio, GLib  # noqa: PLC0415 - of the system's Python alone

    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        ask = GLib.Variant("(ss)", (WATCHER, "IsStatusNotifierHostRegistered"))
        # Without starting it: a service that is asked for by name would be started for us alone.
        answer = bus.call_sync(
            WATCHER, WATCHER_PATH, PROPERTIES, "Get", ask, None, Gio.DBusCallFlags.NO_AUTO_START, ASK_MS, None
        )
    except GLib.GError as err:
        _log.debug("no panel on the bus: %s", err)
        return False
    return bool(answer.unpack()[0])


def has_xembed() -> bool:
    """Whether a panel on the X display takes windows in: the owner of the selection _NET_SYSTEM_TRAY_Sn."""
    if sys.platform in ("win32", "darwin") or not os.environ.get("DISPLAY"):
        return False
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XDefaultScreen.argtypes = [ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return False
    try:
        name = f"_NET_SYSTEM_TRAY_S{x11.XDefaultScreen(display)}"
        return bool(x11.XGetSelectionOwner(display, x11.XInternAtom(display, name.encode(), 0)))
    finally:
        x11.XCloseDisplay(display)

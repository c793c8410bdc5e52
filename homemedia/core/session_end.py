"""Windows tells of the end of a session in two ways, neither of them a signal; here both become one call.

A program with a console hears a control event, one without a console needs a window that is asked. Windows ends the
process as soon as it was answered, so the answer waits until everything is written down, for at most five seconds:
after that Windows shows the person that we keep the computer from shutting down.

Source:
    Microsoft: "HandlerRoutine callback function", "WM_QUERYENDSESSION message", "WM_ENDSESSION message".
"""

import sys
import threading
from collections.abc import Callable

GRACE_S = 4.5

if sys.platform == "win32":  # pragma: no cover - checked on Windows
    import ctypes
    from ctypes import wintypes

    _CLOSE, _LOGOFF, _SHUTDOWN = 2, 5, 6
    _QUERY_END, _END, _QUIT = 0x0011, 0x0016, 0x0012
    _Result = ctypes.c_ssize_t
    _ControlHandler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
    _WindowHandler = ctypes.WINFUNCTYPE(_Result, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)

    class _WindowClass(ctypes.Structure):
        _fields_ = (
            ("style", wintypes.UINT),
            ("handler", _WindowHandler),
            ("class_extra", ctypes.c_int),
            ("window_extra", ctypes.c_int),
            ("instance", wintypes.HINSTANCE),
            ("icon", wintypes.HANDLE),
            ("cursor", wintypes.HANDLE),
            ("background", wintypes.HANDLE),
            ("menu_name", wintypes.LPCWSTR),
            ("class_name", wintypes.LPCWSTR),
        )

    class SessionEnd:
        """Calls `told` when the session ends, and holds the end up until `close`; both from threads of the system."""

        def __init__(self, told: Callable[[], None]) -> None:
            self._told = told
            self._over = threading.Event()
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._user = ctypes.WinDLL("user32", use_last_error=True)
            # Kept here: what Windows calls must not be collected.
            self._on_control = _ControlHandler(self._control)
            self._on_message = _WindowHandler(self._message)
            self._kernel.SetConsoleCtrlHandler(self._on_control, True)
            self._thread = threading.Thread(target=self._listen, name="end of session", daemon=True)
            self._thread_id = 0
            self._is_listening = threading.Event()
            self._thread.start()

        def close(self) -> None:
            """Everything is written down."""
            self._over.set()
            self._kernel.SetConsoleCtrlHandler(self._on_control, False)
            if self._is_listening.wait(1.0):
                self._user.PostThreadMessageW(self._thread_id, _QUIT, 0, 0)
                self._thread.join(1.0)

        def _ends(self) -> None:
            self._told()
            self._over.wait(GRACE_S)

        def _control(self, kind: int) -> bool:
            if kind not in (_CLOSE, _LOGOFF, _SHUTDOWN):
                return False
            self._ends()
            return True

        def _message(self, window: int, kind: int, wide: int, long: int) -> int:
            if kind == _QUERY_END:
                return 1
            if kind == _END:
                if wide:
                    self._ends()
                return 0
            return int(self._user.DefWindowProcW(window, kind, wide, long))

        def _listen(self) -> None:
            """Have a window that nobody sees; one for messages alone is not told of the end."""
            user = self._user
            user.DefWindowProcW.restype = _Result
            user.DefWindowProcW.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
            user.CreateWindowExW.restype = wintypes.HWND
            user.CreateWindowExW.argtypes = (
                *(wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD),
                *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int),
                *(wintypes.HWND, wintypes.HMENU, wintypes.HINSTANCE, wintypes.LPVOID),
            )
            self._kernel.GetModuleHandleW.restype = wintypes.HMODULE
            made = _WindowClass()
            made.handler = self._on_message
            made.instance = self._kernel.GetModuleHandleW(None)
            made.class_name = "HomeMediaEndOfSession"
            self._thread_id = self._kernel.GetCurrentThreadId()
            user.RegisterClassW(ctypes.byref(made))
            window = user.CreateWindowExW(
                0, made.class_name, "HomeMedia", 0, 0, 0, 0, 0, None, None, made.instance, None
            )
            self._is_listening.set()
            message = wintypes.MSG()
            while window and user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                user.DispatchMessageW(ctypes.byref(message))
            if window:
                user.DestroyWindow(window)
            user.UnregisterClassW(made.class_name, made.instance)

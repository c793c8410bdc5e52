"""Logs: short lines for a person on the terminal, JSON lines in a rotating file. Secrets never enter either.

Writing happens on a thread of its own, so that a slow disk does not hold up the event loop.
"""

import logging
import logging.handlers
import queue
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

# What is told of requests goes into a file of its own and not to the terminal.
REQUEST_LOGGER = "homemedia.requests"
MAX_BYTES = 10 << 20
KEPT_FILES = 10
# Parameters whose value opens something (design 7.36); code and state are what a provider sends somebody back with.
_SECRET_QUERY = re.compile(
    r"(?i)\b(token|key|slug|access|password|api_?key|sessionKey|secret|code|state|id_token)=[^&\s\"']+"
)
# Of addresses that are themselves secrets, six characters are enough to tell them apart.
_SECRET_PATH = re.compile(r"(/(?:shared|share|s|join|invites|invite-info)/[^/\s?\"']{6})[^/\s?\"']+")
# What could end a line, move the cursor or recolour a terminal, or is half a character and fits into no file: names of
# files and addresses come from outside.
_HALVES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile(f"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]|{_HALVES.pattern}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def redact(text: str) -> str:
    """`text` without tokens, passwords and the secret part of link addresses."""
    text = _SECRET_QUERY.sub(r"\1=…", text)
    text = _SECRET_PATH.sub(r"\1…", text)
    return _JWT.sub("eyJ…", text)


def one_line(text: str) -> str:
    """`text` with every control character as it is written in a string."""
    return _CONTROLS.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%H:%M:%S", time.localtime(record.created))
        line = f"{moment} {record.levelname.lower():7} {one_line(record.getMessage())}"
        if record.exc_info:
            line += "".join("\n" + one_line(part) for part in self.formatException(record.exc_info).split("\n"))
        return redact(line)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _HALVES.sub(_written, redact(record.getMessage())),
        }
        entry.update(getattr(record, "facts", {}))
        if record.exc_info:
            entry["traceback"] = _HALVES.sub(_written, redact(self.formatException(record.exc_info)))
        return msgspec.json.encode(entry).decode()


class _File(logging.handlers.RotatingFileHandler):
    """A log that says once that it cannot be written: the disk is full, the folder went away."""

    is_failing = False

    def emit(self, record: logging.LogRecord) -> None:
        was_failing, self.is_failing = self.is_failing, False
        super().emit(record)
        if self.is_failing and not was_failing:
            sys.stderr.write(f"homemedia: the log {self.baseFilename} cannot be written; the terminal still has it\n")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own name
        self.is_failing = True


class _Outlet:
    """A logger's lines on their way through a queue to the handlers, which write on a thread of their own."""

    def __init__(self, logger: logging.Logger, handlers: Sequence[logging.Handler]) -> None:
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._logger = logger
        self._handlers = handlers
        self._entry = logging.handlers.QueueHandler(lines)
        # The default `prepare` formats the record and drops its traceback; ours travel inside one process.
        self._entry.prepare = lambda record: record  # type: ignore[method-assign]
        self._listener = logging.handlers.QueueListener(lines, *handlers)
        logger.addHandler(self._entry)
        self._listener.start()

    def close(self) -> None:
        self._logger.removeHandler(self._entry)
        self._listener.stop()
        for handler in self._handlers:
            handler.close()


class Logging:
    """Logging set up for one process; `close` writes what is still queued."""

    def __init__(self, level: str, folder: Path | None) -> None:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setFormatter(_Plain())
        root = logging.getLogger()
        root.setLevel(level.upper())
        for noisy in ("aiosqlite", "asyncio", "watchdog", "zeroconf", "PIL"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        if folder is None:
            self._outlets = [_Outlet(root, [terminal])]
            return
        requests = logging.getLogger(REQUEST_LOGGER)
        requests.setLevel(logging.INFO)
        requests.propagate = False
        self._outlets = [
            _Outlet(root, [terminal, _file(folder / "homemedia.log")]),
            _Outlet(requests, [_file(folder / "requests.log")]),
        ]

    def close(self) -> None:
        for outlet in self._outlets:
            outlet.close()


def _file(path: Path) -> logging.Handler:
    file = _File(path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES - 1, encoding="utf-8", delay=True)
    file.setFormatter(_Json())
    return file

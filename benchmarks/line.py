"""One connection to a server that costs next to nothing on the asking side, and how long answers took."""

import asyncio
import time
from collections.abc import Sequence


class Line:
    """One kept-alive connection that costs next to nothing on the asking side."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token

    async def open(self) -> "Line":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def get(self, path: str, body: bytes = b"") -> bytes:
        method = "POST" if body else "GET"
        length = f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n" if body else ""
        sign = f"Authorization: Bearer {self._token}\r\n" if self._token else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{sign}{length}\r\n".encode() + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        answer = await self._reader.readexactly(size)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        return answer

    def close(self) -> None:
        self._writer.close()


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


async def timed(line: Line, paths: Sequence[str]) -> list[float]:
    took = []
    for path in paths:
        started = time.perf_counter()
        await line.get(path)
        took.append(time.perf_counter() - started)
    return took

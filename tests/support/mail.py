"""A mail server on loopback that takes letters and keeps them; its refusals can be chosen. Enter it to have it run.

By hand: `python -m tests.support.mail PORT` prints every letter.
"""

import asyncio
import base64
import email
import email.policy
import ssl
import sys
from email.message import EmailMessage
from typing import Self


class MailServer:
    """Attributes tell it what to do; `letters` holds what it took.

    Args:
        context: with one it speaks TLS from the first byte.
        user: who must sign in; "" takes everybody.
        password: his.
    """

    def __init__(self, context: ssl.SSLContext | None = None, *, user: str = "", password: str = "") -> None:
        self.context = context
        self.user = user
        self.password = password
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.greeting = b"220 mail.test ESMTP"
        self.refuse_sender = b""
        self.refuse_recipient = b""
        self.refuse_data = b""
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", port, ssl=self.context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: C901 - one branch a word
        def say(line: bytes) -> None:
            writer.write(line + b"\r\n")

        is_known = not self.user
        say(self.greeting)
        try:
            while line := await reader.readline():
                text = line.decode("utf-8", "replace").strip()
                verb = text[:4].upper()
                if verb == "EHLO":
                    say(b"250-mail.test")
                    say(b"250-SMTPUTF8")
                    say(b"250-8BITMIME")
                    say(b"250 AUTH PLAIN" if self.user else b"250 OK")
                elif verb == "AUTH":
                    _, name, word = base64.b64decode(text.split()[2]).decode().split("\0")
                    is_known = (name, word) == (self.user, self.password)
                    say(b"235 OK" if is_known else b"535 5.7.8 no")
                elif verb == "MAIL":
                    say(self.refuse_sender or (b"250 OK" if is_known else b"530 5.7.0 sign in"))
                elif verb == "RCPT":
                    self.recipients.append(text.partition("<")[2].partition(">")[0])
                    say(self.refuse_recipient or b"250 OK")
                elif verb == "DATA":
                    if self.refuse_data:
                        say(self.refuse_data)
                        continue
                    say(b"354 go on")
                    raw = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                    self.letters.append(email.message_from_bytes(raw, policy=email.policy.default))
                    say(b"250 kept")
                elif verb == "QUIT":
                    say(b"221 bye")
                    break
                else:
                    say(b"250 OK" if verb in {"RSET", "NOOP"} else b"502 no")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _by_hand(port: int) -> None:
    server = MailServer()
    await server.start(port)
    seen = 0
    while True:
        await asyncio.sleep(0.2)
        for letter in server.letters[seen:]:
            print(letter, flush=True)  # noqa: T201 - by hand
        seen = len(server.letters)


if __name__ == "__main__":
    asyncio.run(_by_hand(int(sys.argv[1])))

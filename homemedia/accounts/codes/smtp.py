"""Sends codes by e-mail, with the standard library in a thread of its own: a code a minute needs nothing more."""

import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import formatdate, make_msgid
from typing import ClassVar, Literal

import msgspec

from homemedia.accounts.codes.senders import Letter, Outcome, Purpose, Reaches, SenderName, Sent
from homemedia.core.threads import Lane

TIMEOUT_S = 15.0
# What we call ourselves to the mail server; the machine's own name is nobody's business.
OWN_NAME = "homemedia.local"
_TRY_LATER = frozenset({421, 450, 451, 452, 471})
Security = Literal["tls", "starttls", "none"]


class SmtpConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server. `sender` is the address that letters come from."""

    host: str
    port: int = 465
    security: Security = "tls"
    user: str = ""
    password: str = ""
    sender: str

    def __repr__(self) -> str:
        return f"SmtpConfig({self.host})"  # whatever prints it, the password stays inside


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that holds no code. `house` is the household's name."""

    to: str
    subject: str
    text: str
    house: str


class SmtpSender:
    """Sends letters by one mail server."""

    name: ClassVar[SenderName] = "smtp"
    reaches: ClassVar[Reaches] = "email"

    def __init__(self, config: SmtpConfig, lane: Lane, context: ssl.SSLContext | None = None) -> None:
        self._config = config
        self._lane = lane
        self._context = context

    async def send(self, letter: Letter) -> Sent:
        """Send a letter."""
        return await self._lane.run(self._send, lambda: message_of(letter, self._config.sender))

    async def send_mail(self, mail: Mail) -> Sent:
        """Send what is no code."""
        return await self._lane.run(self._send, lambda: mail_of(mail, self._config.sender))

    def _send(self, made: Callable[[], EmailMessage]) -> Sent:
        try:
            message = made()
        except ValueError:
            return _failed("Letters cannot be sent to this address.")
        try:
            self._deliver(message)
        except (OSError, ValueError) as err:  # all of smtplib's and of ssl's are OSErrors
            return sent_after(err, self._config)
        return Sent(Outcome.OK)

    def _deliver(self, message: EmailMessage) -> None:
        with self._connect() as server:
            if self._config.security == "starttls":
                server.starttls(context=self._tls())
            if self._config.user:
                server.login(self._config.user, self._config.password)
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        place = (self._config.host, self._config.port)
        if self._config.security == "tls":
            return smtplib.SMTP_SSL(*place, local_hostname=OWN_NAME, timeout=TIMEOUT_S, context=self._tls())
        return smtplib.SMTP(*place, local_hostname=OWN_NAME, timeout=TIMEOUT_S)

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter that is sent.

    Raises:
        ValueError: an address is none.
    """
    house = _line(letter.house)
    subject = f"Test of {house}" if letter.purpose is Purpose.TEST else f"{letter.code} is your code"
    message = _envelope(sender, letter.to, subject, house)
    unasked = "" if letter.purpose is Purpose.TEST else "\nYou did not ask for a code? Then nothing needs to be done.\n"
    message.set_content(f"{letter.text}\n{unasked}")
    return message


def mail_of(mail: Mail, sender: str) -> EmailMessage:
    """The letter that is sent.

    Raises:
        ValueError: an address is none.
    """
    message = _envelope(sender, mail.to, _line(mail.subject), _line(mail.house))
    message.set_content(mail.text)
    return message


def _envelope(sender: str, to: str, subject: str, house: str) -> EmailMessage:
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = _address(sender, house)
    message["To"] = _address(to)
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    return message


def _line(text: str) -> str:
    """A text that fits into a header."""
    return "".join(char if char.isprintable() else " " for char in text)


def _address(text: str, name: str = "") -> Address:
    """An address for a letter; by its parts, since read as a whole it might hold ASCII alone."""
    local, _, domain = text.rpartition("@")
    if not local or not domain or not text.isprintable():
        raise ValueError("no address")
    return Address(display_name=name, username=local, domain=domain.encode("idna").decode("ascii"))


def sent_after(err: Exception, config: SmtpConfig) -> Sent:
    """What a mail server's refusal means, as a sentence."""
    where = config.host
    if _is_for_later(err):
        return Sent(Outcome.RATE_LIMITED, f"{where} wants to be asked later.")
    sentences: tuple[tuple[type[Exception], str], ...] = (
        (smtplib.SMTPAuthenticationError, f"{where} did not take the user name and password."),
        (smtplib.SMTPRecipientsRefused, f"{where} does not deliver to this address."),
        (smtplib.SMTPSenderRefused, f"{where} does not take letters from {config.sender}."),
        (smtplib.SMTPNotSupportedError, f"{where} does not offer what is set here: look at encryption and user name."),
        (smtplib.SMTPServerDisconnected, f"{where} broke off, or did not answer in time."),
        (smtplib.SMTPConnectError, f"{where} does not speak as a mail server should."),
        (smtplib.SMTPResponseException, f"{where} refused the letter (answer {getattr(err, 'smtp_code', '')})."),
        (smtplib.SMTPException, f"{where} does not speak as a mail server should."),
        (ssl.SSLCertVerificationError, f"The certificate of {where} is not valid."),
        (ssl.SSLError, f"{where} does not speak the encryption that is set here."),
        (ValueError, f"{where} does not speak as a mail server should."),
    )
    known = (sentence for kind, sentence in sentences if isinstance(err, kind))
    return _failed(next(known, f"{where} did not answer on port {config.port}."))


def _is_for_later(err: Exception) -> bool:
    if isinstance(err, smtplib.SMTPRecipientsRefused):
        return {code for code, _ in err.recipients.values()} <= _TRY_LATER
    return isinstance(err, smtplib.SMTPResponseException) and err.smtp_code in _TRY_LATER


def _failed(problem: str) -> Sent:
    return Sent(Outcome.FAILED, problem)

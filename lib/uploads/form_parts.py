"""Reads an upload form part by part: small fields first, then files, each no larger than it may be.

The moment the first file begins, the fields before it are known and `admit` decides: a wrong password ends the form
there, before a byte of a photo is read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request
from starlette.types import Message

from lib.albums.problems import ShareProblem
from lib.settings import Settings
from lib.text.later import later
from lib.uploads.door import body

_FIELD_BYTES: Final = 16_000  # of one field: the words of an album are the longest
_FIELDS: Final = 40
_IN_MEMORY: Final = 1_000_000  # of a file; the rest waits in the temporary folder


class FormRefused(ShareProblem):
    """What came is no form of this app, or arrived broken."""

    title = later("This upload was refused")
    fix = later("Open the page again and choose the photos there.")
    status = 403


class FormTooLarge(ShareProblem):
    """More than photos may have together."""

    title = later("Too much at once")
    fix = later("Send fewer photos at a time.")
    status = 413


@dataclass
class SentFile:
    """One file of a form. `too_large` says that it was longer than it may be; then its bytes are gone."""

    name: str
    file: IO[bytes] = field(repr=False)
    size: int = 0
    too_large: bool = False


@dataclass
class Form:
    """All parts of a form; `close` gives up its files."""

    fields: dict[str, str]
    files: list[SentFile]

    def close(self) -> None:
        """Delete the files that were read."""
        for one in self.files:
            one.file.close()


class _FormReading:
    """The state between two pieces of a body."""

    def __init__(self, max_file_bytes: int, max_files: int) -> None:
        self.form = Form({}, [])
        self.begins_files = False
        self.whole = False
        self._max_file_bytes = max_file_bytes
        self._max_files = max_files
        self._headers: dict[str, str] = {}
        self._name = self._value = b""
        self._field = ""
        self._text = b""
        self._file: SentFile | None = None

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin, "on_header_field": self._header_name, "on_header_value": self._header_value,
            "on_header_end": self._header_end, "on_headers_finished": self._known, "on_part_data": self._data,
            "on_part_end": self._end, "on_end": self._whole,
        }  # fmt: skip

    def _begin(self) -> None:
        self._headers, self._name, self._value = {}, b"", b""
        self._field, self._text, self._file = "", b"", None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._name = self._value = b""

    def _known(self) -> None:
        _kind, options = parse_options_header(self._headers.get("content-disposition", ""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.form.fields) >= _FIELDS:
                raise FormRefused(later("It has more fields than this page."))
            return
        self.begins_files = True
        if len(self.form.files) >= self._max_files:
            raise FormTooLarge(later("That is more than {most} files.", most=self._max_files))
        name = options[b"filename"].decode("utf-8", "replace")
        self._file = SentFile(name, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed with the form
        self.form.files.append(self._file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._text += data[start:end]
            if len(self._text) > _FIELD_BYTES:
                raise FormRefused(later("One of its fields is too long."))
            return
        if self._file.too_large:
            return
        self._file.size += end - start
        if self._file.size > self._max_file_bytes:
            self._file.too_large = True
            self._file.file.seek(0)
            self._file.file.truncate()
        else:
            self._file.file.write(data[start:end])

    def _whole(self) -> None:
        self.whole = True

    def _end(self) -> None:
        if self._file is None:
            self.form.fields[self._field] = self._text.decode("utf-8", "replace")


def _piece(message: Message) -> bytes:
    """Return the bytes of one piece of a body. Raises `FormRefused` where it ended early."""
    if message["type"] != "http.request":
        raise FormRefused(later("The connection ended before all of it was here."), fix=later("Try once more."))
    piece: bytes = message.get("body", b"")
    return piece


def _too_large() -> FormTooLarge:
    return FormTooLarge(later("That is more than photos may have together."))


def _broken() -> Form:
    raise FormRefused(later("The upload arrived broken."), fix=later("Try once more."))


async def read_form(
    request: Request,
    *,
    max_file_bytes: int,
    max_files: int,
    max_bytes: int,
    settings: Settings,
    admit: Callable[[Mapping[str, str]], Awaitable[None]],
) -> Form:
    """Read a form. `admit` is asked once, with the fields before the first file, and raises to end it there.

    Raises `FormRefused`, `FormTooLarge`, `SentTooSlowly`, and what `admit` raises; then nothing of it is kept.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise FormRefused(later("It was not sent by an upload form."))
    reading = _FormReading(max_file_bytes, max_files)
    parser = MultipartParser(options[b"boundary"], reading.callbacks())  # type: ignore[arg-type]
    receive, admitted = body(request, settings, max_bytes, _too_large), False
    try:
        while True:
            message = await receive()
            piece = _piece(message)
            # A file's first bytes may come with the fields before it: they are not kept before they are admitted.
            parser.write(piece)
            if not admitted and (reading.begins_files or not message.get("more_body")):
                await admit(reading.form.fields)
                admitted = True
            if not message.get("more_body"):
                parser.finalize()
                return reading.form if reading.whole else _broken()
    except BaseException as error:
        reading.form.close()
        if isinstance(error, FormParserError | UnicodeError):
            return _broken()
        raise

"""Read everything that a photo tells: one call for the inspector, the cards and the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lib.photos import heic, source
from lib.photos.containers import Contents, Part, PartKind, take_apart
from lib.photos.metadata import exif, icc, iptc, phones, xmp
from lib.photos.metadata.report import Finding, FindingKind, MetadataReport, verdict
from lib.photos.problems import BrokenPicture, EmptyFile, UnsupportedPicture
from lib.photos.sniff import Format, format_of
from lib.photos.towns import nearest_town
from lib.text.amounts import size
from lib.text.later import later

MAX_NESTING = 4  # an EXIF block in a Photoshop block in a TIFF is two
UPRIGHT_BELOW = 5  # orientations from 5 on lie on their side
MAX_FINDINGS = 2_000  # more is an attack on the page that lists them


@dataclass(slots=True)
class _Notes:
    findings: list[Finding] = field(default_factory=list)
    position: tuple[float, float] | None = None
    taken_at: str | None = None
    device: str | None = None
    orientation: int = 1
    maker: str = ""
    emptied: bool = False
    previews: list[bytes] = field(default_factory=list)

    def say(self, kind: FindingKind, label: str, value: str, where: str, *, private: bool = True) -> None:
        self.findings.append(Finding(kind, label, value, private=private, where=where))

    def learn(self, found: exif.Exif | xmp.Xmp) -> None:
        self.findings += found.findings
        self.position = self.position or found.position
        self.taken_at = self.taken_at or found.taken_at
        self.device = self.device or found.device


def read_metadata(data: source.Source, *, max_bytes: int = source.MAX_BYTES) -> MetadataReport:
    """Return everything that a photo tells. Raises `PhotoProblem` when it is no picture; broken metadata is fine.

    `data` is a path, bytes, or a binary file that is open: that is read from its beginning, and stays open. A
    file over `max_bytes` is refused; bytes are taken as they are.
    """
    data = source.bytes_of(data, max_bytes)
    if not data:
        raise EmptyFile(later("The file has no content."))
    kind = format_of(data)
    report = inspect(data, kind).report
    if kind is Format.HEIC and report.embedded_preview is None:  # decoding it takes some milliseconds: only on request
        return replace(report, embedded_preview=heic.thumbnail(data))
    return report


@dataclass(frozen=True, slots=True)
class Inspection:
    """A report, and what cleaning needs to know besides."""

    report: MetadataReport
    contents: Contents
    orientation: int


def inspect(data: bytes, kind: Format) -> Inspection:
    """Take a photo apart and report. Raises `BrokenPicture` when not even its size can be read."""
    contents = take_apart(data, kind)
    if contents.width <= 0 or contents.height <= 0:
        if kind is Format.RAW:
            raise UnsupportedPicture(later("This is a raw camera photo without a preview inside that could be sent."))
        raise BrokenPicture(later("The start of this {kind} file is damaged: its size cannot be read.", kind=kind))
    notes = _Notes()
    _interpret(notes, contents.parts)
    if kind in {Format.HEIC, Format.AVIF}:
        notes.orientation = 1  # there, only the container turns
    left_out = _left_out(notes)
    if left_out:
        notes.say("position", later("Location"), left_out, "EXIF", private=False)
    width, height = contents.width, contents.height
    if notes.orientation >= UPRIGHT_BELOW:
        width, height = height, width
    findings = tuple(dict.fromkeys(notes.findings))[:MAX_FINDINGS]
    place = nearest_town(*notes.position) if notes.position else None
    report = MetadataReport(
        format=kind.value,
        width=width,
        height=height,
        size_bytes=len(data),
        frames=contents.frames,
        findings=findings,
        latitude=notes.position[0] if notes.position else None,
        longitude=notes.position[1] if notes.position else None,
        place=place,
        taken_at=notes.taken_at,
        device=notes.device,
        embedded_preview=next(iter(notes.previews), None),
        verdict=verdict(findings, place, notes.device, located=notes.position is not None, left_out=left_out),
    )
    return Inspection(report, contents, notes.orientation)


def _left_out(notes: _Notes) -> str:
    """The sentence about a location that the phone took out itself; empty where that is not known."""
    told = notes.position or any(finding.kind == "position" and finding.private for finding in notes.findings)
    out = not told and phones.left_location_out(notes.maker, notes.taken_at, emptied=notes.emptied)
    return phones.LEFT_OUT if out else ""


def _interpret(notes: _Notes, parts: Iterable[Part], depth: int = 0) -> None:
    for part in parts:
        if depth <= MAX_NESTING and len(notes.findings) < MAX_FINDINGS:
            _one(notes, part, depth)


def _one(notes: _Notes, part: Part, depth: int) -> None:  # noqa: C901, PLR0912 - one short case for each kind
    match part.kind:
        case PartKind.EXIF:
            found = exif.interpret(part.data)
            notes.learn(found)
            if notes.orientation == 1 and depth == 0:
                notes.orientation = found.orientation
            notes.maker = notes.maker or found.maker
            notes.emptied = notes.emptied or found.emptied
            if found.preview:
                notes.previews.append(found.preview)
            _interpret(notes, found.parts, depth + 1)
        case PartKind.XMP:
            notes.learn(xmp.interpret(part.data, part.where))
        case PartKind.PHOTOSHOP:
            findings, inner = iptc.photoshop(part.data)
            notes.findings += findings
            _interpret(notes, inner, depth + 1)
        case PartKind.IPTC:
            notes.findings += iptc.iptc(part.data)
        case PartKind.ICC:
            name = icc.name_of(part.data) or part.name or "without a name"
            notes.say(
                "profile", later("Colour profile"), exif.short(name), part.where, private=not icc.is_ordinary(name)
            )
        case PartKind.COMMENT:
            notes.say("comment", later("Comment"), _as_text(part.data), part.where)
        case PartKind.TEXT:
            notes.say("text", part.name or later("Text"), _as_text(part.data), part.where)
        case PartKind.PREVIEW:
            _preview(notes, part)
        case PartKind.TRAILER:
            if not _credentials(notes, part):
                notes.say("trailer", later("Behind the picture"), _trailer(part), part.where)
        case PartKind.OTHER:
            if _credentials(notes, part):
                return
            name = f"{part.name}, " if part.name else ""
            notes.say("other", later("Further data"), f"{name}{size(len(part.data))}", part.where)


CREDENTIALS = later("a signed record of camera and edits; TikTok reads it to label AI pictures")
LOOKED_THROUGH = 4_096  # bytes; the name of the record stands at its start


def _credentials(notes: _Notes, part: Part) -> bool:
    """Whether this is (a piece of) Content Credentials by C2PA, wherever the format keeps them. Said once."""
    start = part.data[:LOOKED_THROUGH]
    named = part.name.lower().startswith(("content credentials", "c2pa")) or part.where == "WebP C2PA"
    jumbf = (b"jumb" in start or b"jumd" in start) and (b"c2pa" in start or b"cabx" in start)
    again = part.where == "JPEG APP11" and start[:2] == b"JP" and _said(notes)
    if not (named or jumbf or again):
        return False
    if not _said(notes):
        notes.say("credentials", later("Content Credentials"), CREDENTIALS, part.where)
    return True


def _said(notes: _Notes) -> bool:
    return any(finding.kind == "credentials" for finding in notes.findings)


def _as_text(data: bytes) -> str:
    return exif.short(data.decode("utf-8", "replace")) or "empty"


def _preview(notes: _Notes, part: Part) -> None:
    label = later("Gain map inside") if part.name == "gain map" else later("Second picture inside")
    extent = part.name if part.name.endswith("pixels") else size(len(part.data))
    hidden = part.name != "gain map" or not part.data or bool(take_apart(part.data, Format.JPEG).parts)
    notes.say("preview", label, extent if part.data or part.name else "a few bytes", part.where, private=hidden)
    if part.data and part.name != "gain map":
        notes.previews.append(part.data)


def _trailer(part: Part) -> str:
    data = part.data
    what = part.name and f"box {part.name}"
    if b"ftyp" in data[:64] or b"ftypmp42" in data or b"ftypisom" in data or part.name == "mpvd":
        what = "a video (motion photo)"
    elif data[:3] == b"\xff\xd8\xff":
        what = "another picture"
    elif b"SEFT" in data[-16:] or part.name == "sefd":
        what = "Samsung's own block"
    return f"{size(len(data))}: {what}" if what else f"{size(len(data))} of unknown data"

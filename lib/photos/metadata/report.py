"""What was found in one photo, as data and as one sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lib.photos.towns import Place
from lib.text.later import Later, Together, from_plain, later, to_plain

FindingKind = Literal[
    "position", "device", "lens", "serial", "owner", "time", "software", "preview", "caption", "xmp", "iptc", "comment",
    "profile", "trailer", "maker_note", "text", "credentials", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a photo tells. `private` means: it says something about a person, a place or a device."""

    kind: FindingKind
    label: str
    value: str
    private: bool
    where: str  # "EXIF GPS", "XMP", …

    @property
    def text(self) -> str:
        """Label and value in one line."""
        return f"{self.label}: {self.value}" if self.value else self.label


@dataclass(frozen=True, slots=True)
class MetadataReport:
    """Everything that one photo tells. Width and height are as people see it: turned upright."""

    format: str
    width: int
    height: int
    size_bytes: int
    frames: int
    findings: tuple[Finding, ...]
    latitude: float | None
    longitude: float | None
    place: Place | None
    taken_at: str | None  # "2014-02-08 12:34:56", with the offset where the camera knew it
    device: str | None
    embedded_preview: bytes | None = field(default=None, repr=False)  # a whole JPEG, to show
    verdict: str = ""

    @property
    def private(self) -> tuple[Finding, ...]:
        """Only what says something about a person, a place or a device."""
        return tuple(finding for finding in self.findings if finding.private)

    def to_dict(self) -> dict[str, Any]:
        """JSON values for JSON and sessions, without the preview."""
        row = asdict(self)
        del row["embedded_preview"]
        row["findings"] = [asdict(finding) for finding in self.findings]
        row["verdict"] = to_plain(self.verdict)
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> MetadataReport:
        """The way back from `to_dict`."""
        place = Place(**row["place"]) if row["place"] else None
        row = {name: value for name, value in row.items() if name in cls.__dataclass_fields__}
        findings = tuple(Finding(**finding) for finding in row["findings"])
        return cls(**{**row, "place": place, "findings": findings, "verdict": from_plain(row.get("verdict", ""))})


# What the verdict names, most telling first
_TOLD: tuple[tuple[frozenset[str], Later], ...] = (
    (frozenset(("owner",)), later("This photo named a person: {value}.")),
    (frozenset(("serial",)), later("This photo held a number that only this camera or photo has.")),
    (frozenset(("device", "lens")), later("This photo told which device took it: {device}.")),
    (frozenset(("time",)), later("This photo told when it was taken or edited.")),
    (frozenset(("credentials",)), later("This photo held Content Credentials: {value}.")),
    (frozenset(("preview",)), later("This photo held a second, smaller picture inside.")),
    (frozenset(("trailer",)), later("This photo held more behind the end of the picture.")),
    (
        frozenset(("caption", "text", "comment", "iptc", "xmp")),
        later("This photo held words that the picture does not show."),
    ),
    (frozenset(("profile",)), later("This photo held a colour profile with a name of its own: {value}.")),
    (frozenset(("maker_note", "software", "other")), later("This photo held data of the camera or app that made it.")),
)


def verdict(
    findings: tuple[Finding, ...], place: Place | None, device: str | None, *, located: bool, left_out: str = ""
) -> str:
    """One sentence, in the past tense: the caller may add "Removed.". `left_out` comes before it, where it is true."""
    told = _verdict(findings, place, device, located=located)
    return Together((left_out, told)) if left_out else told


def _verdict(findings: tuple[Finding, ...], place: Place | None, device: str | None, *, located: bool) -> str:
    private = [finding for finding in findings if finding.private]
    if located:
        if place:
            return later("This photo told where it was taken: {place}.", place=place.text())
        return later("This photo told where it was taken.")
    if any(finding.kind == "position" for finding in private):
        return later("This photo told something about where it was taken.")
    for kinds, text in _TOLD:
        first = next((finding for finding in private if finding.kind in kinds), None)
        if first:
            values = {"value": first.value, "device": device or first.value}
            return later(str(text), **{name: one for name, one in values.items() if f"{{{name}}}" in text})
    return later("This photo held nothing private.")

"""XMP, the block that holds most: names, places, editing history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from lib.photos.metadata.exif import moment, short
from lib.photos.metadata.report import Finding, FindingKind

MAX_BYTES = 8_000_000
MAX_PROPERTIES = 500  # an edited photo has up to a few hundred
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STRUCTURE = frozenset(
    ("about", "parseType", "xmptk", "lang", "ID", "nodeID", "resource", "datatype", "Seq", "Bag", "Alt")
)

# property name without its namespace -> kind, label
TELLING: dict[str, tuple[FindingKind, str]] = {
    "GPSLatitude": ("position", "Latitude"),
    "GPSLongitude": ("position", "Longitude"),
    "GPSAltitude": ("position", "Altitude"),
    "GPSTimeStamp": ("position", "Time by satellite"),
    "GPSImgDirection": ("position", "Direction of view"),
    "City": ("position", "City"),
    "State": ("position", "State"),
    "Country": ("position", "Country"),
    "CountryCode": ("position", "Country"),
    "CountryName": ("position", "Country"),
    "Location": ("position", "Place"),
    "Sublocation": ("position", "Place"),
    "creator": ("owner", "Creator"),
    "rights": ("owner", "Copyright"),
    "Credit": ("owner", "Credit"),
    "AuthorsPosition": ("owner", "Creator's position"),
    "CaptionWriter": ("owner", "Caption writer"),
    "OwnerName": ("owner", "Owner of the camera"),
    "CameraOwnerName": ("owner", "Owner of the camera"),
    "Artist": ("owner", "Artist"),
    "Copyright": ("owner", "Copyright"),
    "PersonInImage": ("owner", "Person in the photo"),
    "PersonDisplayName": ("owner", "Person in the photo"),
    "Name": ("owner", "Name of a marked face or object"),
    "CiEmailWork": ("owner", "E-mail address"),
    "CiTelWork": ("owner", "Telephone"),
    "CiUrlWork": ("owner", "Web address"),
    "SerialNumber": ("serial", "Serial number of the camera"),
    "BodySerialNumber": ("serial", "Serial number of the camera"),
    "CameraSerialNumber": ("serial", "Serial number of the camera"),
    "LensSerialNumber": ("serial", "Serial number of the lens"),
    "ImageUniqueID": ("serial", "Unique number of this photo"),
    "DocumentID": ("xmp", "Number of the document"),
    "OriginalDocumentID": ("xmp", "Number of the first document"),
    "InstanceID": ("xmp", "Number of this version"),
    "Make": ("device", "Maker"),
    "Model": ("device", "Model"),
    "Lens": ("lens", "Lens"),
    "LensModel": ("lens", "Lens"),
    "CreatorTool": ("software", "Software"),
    "softwareAgent": ("software", "Software that edited it"),
    "Software": ("software", "Software"),
    "CreateDate": ("time", "Created"),
    "DateTimeOriginal": ("time", "Taken"),
    "DateCreated": ("time", "Taken"),
    "ModifyDate": ("time", "Last changed"),
    "MetadataDate": ("time", "Details last changed"),
    "when": ("time", "Edited"),
    "title": ("caption", "Title"),
    "description": ("caption", "Description"),
    "subject": ("caption", "Keyword"),
    "Headline": ("caption", "Headline"),
    "UserComment": ("comment", "User comment"),
    "MotionPhoto": ("trailer", "Video inside (motion photo)"),
    "MicroVideo": ("trailer", "Video inside (motion photo)"),
}


@dataclass(slots=True)
class Xmp:
    """What one XMP block tells."""

    findings: list[Finding] = field(default_factory=list)
    position: tuple[float, float] | None = None
    taken_at: str | None = None
    device: str | None = None


def interpret(data: bytes, where: str = "XMP") -> Xmp:
    """Read one XMP block into findings."""
    xmp = Xmp()
    root = _parse(data)
    if root is None:
        xmp.findings.append(
            Finding("xmp", "XMP block", f"{len(data):,} bytes, not readable", private=True, where=where)
        )
        return xmp
    found: dict[str, str] = {}
    for count, (name, value) in enumerate(_properties(root)):
        if count >= MAX_PROPERTIES:
            more = Finding("xmp", "More details", f"over {MAX_PROPERTIES} in all", private=True, where=where)
            xmp.findings.append(more)
            break
        found.setdefault(name, value)
        kind, label = TELLING.get(name, ("xmp", _WORD.sub(" ", name).capitalize()))
        finding = Finding(kind, label, short(value), private=True, where=where)
        if finding not in xmp.findings:
            xmp.findings.append(finding)
    latitude, longitude = _degrees(found.get("GPSLatitude")), _degrees(found.get("GPSLongitude"))
    if latitude is not None and longitude is not None:
        xmp.position = latitude, longitude
    times = (moment(found.get(name, "")) for name in ("DateTimeOriginal", "DateCreated", "CreateDate"))
    xmp.taken_at = next((time for time in times if time), None)
    xmp.device = found.get("Model")
    return xmp


def _parse(data: bytes) -> ET.Element | None:
    data = data[:MAX_BYTES].strip(b"\x00 \r\n\t\xef\xbb\xbf")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # entities could grow without end
        return None
    try:
        return ET.fromstring(data)  # noqa: S314 - without a DOCTYPE there are no entities
    except (ET.ParseError, ValueError, LookupError):
        return None


def _properties(root: ET.Element) -> Iterator[tuple[str, str]]:
    """Names without namespaces and their values, from attributes and elements alike."""
    parents: list[tuple[ET.Element, str]] = [(root, "")]
    while parents:
        element, name = parents.pop()
        own = _local(element.tag)
        name = name if own in {"li", "Seq", "Bag", "Alt", "Description", "RDF", "xmpmeta"} else own
        for key, value in element.attrib.items():
            if _local(key) not in _STRUCTURE and value.strip():
                yield _local(key), value.strip()
        if element.text and element.text.strip():
            yield name or "Text", element.text.strip()
        parents += [(child, name) for child in reversed(element)]


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _degrees(value: str | None) -> float | None:
    """44,25.1234N or 44.4187 as degrees."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW]?)", value or "")
    if not found:
        return None
    degrees = float(found[1]) + float(found[2] or 0) / 60 + float(found[3] or 0) / 3600
    return -degrees if found[4] in {"S", "W"} else degrees

"""XMP, the block that holds most: names, places, editing history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from lib.photos.metadata.exif import moment, short
from lib.photos.metadata.report import Finding, FindingKind
from lib.text.later import later

MAX_BYTES = 8_000_000
MAX_PROPERTIES = 500  # an edited photo has up to a few hundred
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STRUCTURE = frozenset(
    ("about", "parseType", "xmptk", "lang", "ID", "nodeID", "resource", "datatype", "Seq", "Bag", "Alt")
)

# property name without its namespace -> kind, label
TELLING: dict[str, tuple[FindingKind, str]] = {
    "GPSLatitude": ("position", later("Latitude")),
    "GPSLongitude": ("position", later("Longitude")),
    "GPSAltitude": ("position", later("Altitude")),
    "GPSTimeStamp": ("position", later("Time by satellite")),
    "GPSImgDirection": ("position", later("Direction of view")),
    "City": ("position", later("City")),
    "State": ("position", later("State")),
    "Country": ("position", later("Country")),
    "CountryCode": ("position", later("Country")),
    "CountryName": ("position", later("Country")),
    "Location": ("position", later("Place")),
    "Sublocation": ("position", later("Place")),
    "creator": ("owner", later("Creator")),
    "rights": ("owner", later("Copyright")),
    "Credit": ("owner", later("Credit")),
    "AuthorsPosition": ("owner", later("Creator's position")),
    "CaptionWriter": ("owner", later("Caption writer")),
    "OwnerName": ("owner", later("Owner of the camera")),
    "CameraOwnerName": ("owner", later("Owner of the camera")),
    "Artist": ("owner", later("Artist")),
    "Copyright": ("owner", later("Copyright")),
    "PersonInImage": ("owner", later("Person in the photo")),
    "PersonDisplayName": ("owner", later("Person in the photo")),
    "Name": ("owner", later("Name of a marked face or object")),
    "CiEmailWork": ("owner", later("E-mail address")),
    "CiTelWork": ("owner", later("Telephone")),
    "CiUrlWork": ("owner", later("Web address")),
    "SerialNumber": ("serial", later("Serial number of the camera")),
    "BodySerialNumber": ("serial", later("Serial number of the camera")),
    "CameraSerialNumber": ("serial", later("Serial number of the camera")),
    "LensSerialNumber": ("serial", later("Serial number of the lens")),
    "ImageUniqueID": ("serial", later("Unique number of this photo")),
    "DocumentID": ("xmp", later("Number of the document")),
    "OriginalDocumentID": ("xmp", later("Number of the first document")),
    "InstanceID": ("xmp", later("Number of this version")),
    "Make": ("device", later("Maker")),
    "Model": ("device", later("Model")),
    "Lens": ("lens", later("Lens")),
    "LensModel": ("lens", later("Lens")),
    "CreatorTool": ("software", later("Software")),
    "softwareAgent": ("software", later("Software that edited it")),
    "Software": ("software", later("Software")),
    "CreateDate": ("time", later("Created")),
    "DateTimeOriginal": ("time", later("Taken")),
    "DateCreated": ("time", later("Taken")),
    "ModifyDate": ("time", later("Last changed")),
    "MetadataDate": ("time", later("Details last changed")),
    "when": ("time", later("Edited")),
    "title": ("caption", later("Title")),
    "description": ("caption", later("Description")),
    "subject": ("caption", later("Keyword")),
    "Headline": ("caption", later("Headline")),
    "UserComment": ("comment", later("User comment")),
    "MotionPhoto": ("trailer", later("Video inside (motion photo)")),
    "MicroVideo": ("trailer", later("Video inside (motion photo)")),
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

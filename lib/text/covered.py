"""What was covered in the pictures of an album, or is visible in them, as one line."""

from __future__ import annotations

from collections.abc import Mapping

from lib.text.amounts import listed
from lib.text.catalogue import Catalogue


def covered_line(covered: Mapping[str, int], say: Catalogue) -> str:
    """Return "3 faces and 1 code covered in 2 photos" of what a receipt holds as `covered`; empty for nothing."""
    places = places_line(covered, say)
    photos = say.counted("{n} photo", "{n} photos", covered.get("photos", 0))
    return say("{places} covered in {photos}", places=places, photos=photos) if places else ""


def places_line(counts: Mapping[str, int], say: Catalogue) -> str:
    """Return "3 faces and 1 code" of how many there are of each kind; empty for nothing."""
    faces, codes, others = (counts.get(kind, 0) for kind in ("face", "code", "other"))
    plates, numbers, texts = (counts.get(kind, 0) for kind in ("plate", "number", "text"))
    parts = [
        say.counted("{n} face", "{n} faces", faces) if faces else "",
        say.counted("{n} code", "{n} codes", codes) if codes else "",
        say.counted("{n} number plate", "{n} number plates", plates) if plates else "",
        say.counted("{n} house number", "{n} house numbers", numbers) if numbers else "",
        say.counted("{n} text", "{n} texts", texts) if texts else "",
        say.counted("{n} place", "{n} places", others) if others else "",
    ]
    told = [part for part in parts if part]
    return listed(told, say.language) if told else ""

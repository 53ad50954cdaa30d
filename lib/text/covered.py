"""What was covered in the pictures of an album, as one line."""

from __future__ import annotations

from collections.abc import Mapping

from lib.text.amounts import listed
from lib.text.catalogue import Catalogue


def covered_line(covered: Mapping[str, int], say: Catalogue) -> str:
    """Return "3 faces and 1 code covered in 2 photos" of what a receipt holds as `covered`; empty for nothing."""
    faces, codes, others = (covered.get(kind, 0) for kind in ("face", "code", "other"))
    parts = [
        say.counted("{n} face", "{n} faces", faces) if faces else "",
        say.counted("{n} code", "{n} codes", codes) if codes else "",
        say.counted("{n} place", "{n} places", others) if others else "",
    ]
    told = [part for part in parts if part]
    photos = say.counted("{n} photo", "{n} photos", covered.get("photos", 0))
    return say("{places} covered in {photos}", places=listed(told, say.language), photos=photos) if told else ""

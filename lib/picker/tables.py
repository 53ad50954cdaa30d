"""What the picker's script and the server must know alike, as one JavaScript module made from the server's own tables.

`python -m lib.picker.tables` writes `web/tables.js` anew, and the names of what photos hold into the words of each
language; a test fails where that was forgotten.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

TABLES: Final = Path(__file__).parent / "web" / "tables.js"
_HEAD: Final = (
    "// Made by `python -m lib.picker.tables` from the server's own tables: change those, then make it again.\n\n"
)
_NAMES_HEAD: Final = (
    "\n// Made by `python -m lib.picker.tables` from the sender's catalogue: names of what a photo may hold.\n"
)
# Names that stand in the code of the two readers and in no table of theirs
_FURTHER: Final = (
    "Small preview inside", "Second picture inside", "Gain map inside", "Behind the picture", "Further data", "Text",
)  # fmt: skip
# Transfer curves of HDR by the numbers of ITU-T H.273: PQ and HLG
HDR_CURVES: Final = (16, 18)


def _rows() -> dict[str, tuple[str, Any]]:
    """Name -> its type for `tsc`, and its value."""
    from PIL import ExifTags

    from lib.photos import policy, raw, sniff
    from lib.photos.containers import gif, heif, png, webp
    from lib.photos.metadata import exif, icc, iptc, xmp

    numbers, text = "number[]", "string[]"
    telling = "Record<string, [string, string]>"
    return {
        "POLICY": ("import('./policy.js').Table", _without_reasons(policy.TABLE)),
        "HDR_CURVES": (numbers, HDR_CURVES),
        "AVIF_BRANDS": (text, _names(sniff.AVIF_BRANDS)),
        "HEIC_BRANDS": (text, _names(sniff.HEIC_BRANDS)),
        "PICTURE_BRANDS": (text, _names(sniff.PICTURE_BRANDS)),
        "RAW_SIGNATURES": (text, _names(start for start, kind in sniff.SIGNATURES if kind is sniff.Format.RAW)),
        "RAW_PHOTOMETRIC": (numbers, sorted(raw.RAW_PHOTOMETRIC)),
        "RAW_COMPRESSION": (numbers, sorted(raw.RAW_COMPRESSION)),
        "PNG_DRAWING": (text, _names(png.DRAWING)),
        "WEBP_DRAWING": (text, _names(webp.DRAWING)),
        "GIF_LOOPING": (text, _names(gif.LOOPING)),
        "HEIF_PLAIN_BOXES": (text, _names(heif.PLAIN_BOXES)),
        "AUXILIARY": ("Record<string, string>", heif.AUXILIARY),
        "C2PA_UUID": (numbers, list(heif.C2PA)),
        "ICC_ORDINARY": (text, icc.ORDINARY),
        "EXIF_TELLING": (telling, exif.TELLING),
        "EXIF_BLOCKS": ("Record<string, string>", {tag: kind.value for tag, kind in exif.BLOCKS.items()}),
        "EXIF_PICTURE": (numbers, sorted(exif.POINTERS | exif.PICTURE)),
        "EXIF_KNOWN": (numbers, sorted(ExifTags.TAGS)),
        "XMP_TELLING": (telling, xmp.TELLING),
        "IPTC_TELLING": (telling, iptc.TELLING),
    }


def _names(codes: Any) -> list[str]:
    return sorted(code.decode("latin-1") for code in codes)


def _without_reasons(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_reasons(inner) for key, inner in value.items() if key not in {"why", "unit"}}
    return value


def made() -> str:
    """Return the module as it has to be."""
    return _HEAD + "".join(
        f"/** @type {{{kind}}} */\nexport const {name} = {json.dumps(value)};\n"
        for name, (kind, value) in _rows().items()
    )


def words_file(language: str) -> Path:
    """Return where the picker's words of a language stand."""
    return TABLES.with_name(f"words.{language}.js")


def made_words(language: str) -> str:
    """Return the words of a language as they have to be: what people wrote, then the names out of the catalogue."""
    from lib.photos.metadata import exif, iptc, xmp
    from lib.text.catalogue import catalogue

    say = catalogue(language)
    tables: list[dict[Any, tuple[Any, str]]] = [exif.TELLING, xmp.TELLING, iptc.TELLING]
    names = {str(name) for table in tables for _, name in table.values()} | set(_FURTHER)
    written = words_file(language).read_text(encoding="utf-8").partition(_NAMES_HEAD)[0]
    told = json.dumps({name: say(name) for name in sorted(names)}, ensure_ascii=False)
    return f"{written}{_NAMES_HEAD}/** @type {{Record<string, string>}} */\nexport const NAMES = {told};\n"


if __name__ == "__main__":
    from lib.text.catalogue import LANGUAGES

    TABLES.write_text(made(), encoding="utf-8")
    for spoken in LANGUAGES[1:]:
        words_file(spoken).write_text(made_words(spoken), encoding="utf-8")

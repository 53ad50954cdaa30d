"""The one way in: any photo becomes clean JPEG or PNG bytes, with a report of what it told."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

from lib.photos import cost, glow, policy, raw, source
from lib.photos.cover import SPREAD, Edit
from lib.photos.decode import DECODER_ERRORS, STORES_EXACTLY, Pixels, Wish, decode
from lib.photos.formats import Format
from lib.photos.gate import decoding
from lib.photos.leftovers import find_leftovers
from lib.photos.metadata.read import Inspection, inspect
from lib.photos.metadata.report import MetadataReport
from lib.photos.problems import BrokenPicture, check_bytes, check_pixels
from lib.photos.resize import resize
from lib.photos.sniff import format_of
from lib.photos.write import (
    clean_size,
    has_transparency,
    same_scanlines,
    without_hidden_colours,
    write_jpeg,
    write_png,
)
from lib.text.later import Number, later

MAX_SIDE = 2048  # fills every phone and most screens
QUALITY = 85
MAX_BYTES = source.MAX_BYTES  # callers pass their settings; these are the defaults of the settings
MAX_PIXELS = 250_000_000
# A JPEG that already holds nothing but the picture may stay as it is, unless it spends more than this: at quality 85
# the photos tried take 0.1 to 0.3 bytes a pixel.
MAX_BYTES_PER_PIXEL = 0.7
WEBP_HEAD = 256  # bytes: the first picture of a WebP begins within these
QUALITY_STEPS = (80, 75)  # tried when a picture that keeps its size would have more bytes than it came with

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
TRANSPARENT = later("Transparent parts are white now.")
KEPT = later("Its extra brightness on HDR screens was kept.")
FLATTENED = later("Its extra brightness (HDR) was brought down to what every screen shows.")


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A clean photo. `report` tells what the original held; `notes` what a person should know about the cleaning."""

    data: bytes = field(repr=False)
    width: int
    height: int
    format: Literal["JPEG", "PNG"]
    report: MetadataReport = field(repr=False)
    notes: tuple[str, ...] = ()
    seen: bytes | None = field(default=None, repr=False)  # what `find_leftovers` saw, and found nothing in

    @property
    def looked_through(self) -> bool:
        """Whether `find_leftovers` has seen these very bytes, and found nothing."""
        return self.seen is self.data

    @property
    def media_type(self) -> str:
        """The type to serve it with."""
        return MEDIA_TYPES[self.format]


def prepare_photo(
    data: source.Source,
    *,
    max_side: int = MAX_SIDE,
    quality: int = QUALITY,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    edit: Edit | None = None,
) -> PreparedPhoto:
    """Return the photo upright, in sRGB, at most `max_side` pixels long, with nothing inside but the picture.

    With an `edit` the original's pixels are covered and cropped first, and what was below is in no byte that comes out.
    `data` is a path, bytes, or a binary file that is open: that is read from its beginning, and stays open.
    Raises `PhotoProblem` in one of its kinds, `UnreadableFile` for what is no file to read. Uses one core and lets
    other threads run; keep it off event loops.
    """
    data = source.bytes_of(data, max_bytes)
    check_bytes(data, max_bytes)
    kind = format_of(data)
    inspection = inspect(data, kind)
    size = inspection.contents.width, inspection.contents.height
    check_pixels(*size, max_pixels)
    notes = _notes(inspection.report.frames, kind)
    if edit is not None:
        upright = inspection.report.width, inspection.report.height
        edit = edit.in_fractions(upright)  # said before anything is decoded
    if kind is Format.RAW:
        found = raw.preview(data)
        notes = (
            *notes,
            _used(found.width, found.height),
        )
    if edit:
        return _edited(data, kind, inspection, edit, Wish(max_side, max_pixels), quality, notes)
    wish = Wish(max_side, max_pixels)
    facts = facts_of(data, kind, inspection)
    amount = cost.of(data, kind, size, wish.choose(_at_most(facts)))
    while amount > decoding.limit and wish.side > MAX_SIDE:  # as large as there is memory for
        wish = Wish(max(MAX_SIDE, wish.side * 3 // 4), max_pixels)
        amount = cost.of(data, kind, size, wish.choose(_at_most(facts)))
    if wish.side < max_side:
        shorter = later("Made {side} pixels long: for more this server has not enough memory.", side=Number(wish.side))
        notes = (*notes, shorter)
    cost.check(amount, decoding.limit)
    with decoding.room(amount):
        kept = _as_it_is(data, kind, inspection, wish)
        if kept is not None:
            return kept
        pixels = decode(data, kind, wish=wish, facts=facts, orientation=inspection.orientation)
        clean, form, more = _written(data, kind, inspection, pixels, quality)
        lit, shines = None, glow.has_map(data, kind, inspection.contents)
        if shines and form == "JPEG" and not pixels.hdr and max_side >= policy.value("thumbnail_below"):
            lit = _with_glow(data, kind, inspection, pixels, clean)
            clean, shines = lit or clean, lit is None
            more = (*more, *((KEPT,) if lit else ()))
    told = (pixels.choice.note, FLATTENED if pixels.hdr or shines else "")
    notes = (*notes, *(note for note in told if note), *more)
    return PreparedPhoto(clean, *pixels.image.size, form, inspection.report, notes, seen=lit)


def _edited(
    data: bytes, kind: Format, inspection: Inspection, edit: Edit, wish: Wish, quality: int, notes: tuple[str, ...]
) -> PreparedPhoto:
    """The photo with its covers and its crop, from as many of its own pixels as there is memory for."""
    facts = facts_of(data, kind, inspection)
    whole = max(facts.width, facts.height)
    size = inspection.contents.width, inspection.contents.height
    for side in (whole, *(whole * eighths // 8 for eighths in range(7, 0, -1))):
        opened = Wish(side, wish.max_pixels, by_policy=False)
        choice = opened.choose(facts)
        # The picture, its covered copy and the crop stand beside each other for a moment.
        amount = cost.of(data, kind, size, choice) + 2 * cost.RGBA * choice.width * choice.height
        if amount <= decoding.limit or side <= wish.side:
            break
    cost.check(amount, decoding.limit)
    with decoding.room(amount):
        pixels = decode(data, kind, wish=opened, facts=facts, orientation=inspection.orientation)
        before = pixels.image.size
        flat = policy.flat_share(pixels.image) if facts.lossless or policy.may_be_drawn(facts, wish.side) else None
        own = before[0] * before[1] >= facts.width * facts.height
        image = edit.apply(pixels.image, spread=0 if own else SPREAD)
        shape = policy.Facts(*image.size, facts.lossless, facts.camera, flat)
        choice = wish.choose(shape)
        image = edit.cover_again(resize(image, (choice.width, choice.height)), before)
        made = Pixels(image, choice, pixels.hdr)
        clean, form, more = _written(data, kind, inspection, made, quality, edited=True)
    dark = pixels.hdr or glow.has_map(data, kind, inspection.contents)  # a gain map would show what was covered
    told = (choice.note, FLATTENED if dark else "")
    notes = (*notes, *(note for note in told if note), *more)
    return PreparedPhoto(clean, *image.size, form, inspection.report, notes)


def _with_glow(data: bytes, kind: Format, inspection: Inspection, pixels: Pixels, clean: bytes) -> bytes | None:
    """Return the clean JPEG with its gain map, written anew; None where the map cannot be read or makes no sense.

    The second parser has looked through what is returned, and found nothing.
    """
    found = glow.read(data, kind, inspection.contents)
    if found is None:
        return None
    lit = glow.write(clean, glow.fitted(found, pixels.image.size, pixels.turns))
    return None if find_leftovers(lit) else lit


def facts_of(data: bytes, kind: Format, inspection: Inspection) -> policy.Facts:
    """What the policy looks at, before a pixel is decoded."""
    report = inspection.report
    lossless = kind in STORES_EXACTLY or (kind is Format.WEBP and b"VP8L" in data[12:WEBP_HEAD])
    return policy.Facts(report.width, report.height, lossless, report.device is not None)


def _at_most(facts: policy.Facts) -> policy.Facts:
    """The same, as if it were a drawing where it may be one: what takes most memory."""
    return policy.Facts(facts.width, facts.height, facts.lossless, facts.camera, 1.0 if facts.lossless else None)


def _written(
    data: bytes, kind: Format, inspection: Inspection, pixels: Pixels, quality: int, *, edited: bool = False
) -> tuple[bytes, policy.Form, tuple[str, ...]]:
    """The bytes that recipients get: never more than the file itself would have without what is hidden in it."""
    image, choice = without_hidden_colours(pixels.image), pixels.choice
    same_size = not edited and image.width * image.height == inspection.contents.width * inspection.contents.height
    transparent = image.mode == "RGBA" and has_transparency(image)
    if choice.kind == "drawing":
        jpeg = write_jpeg(image, choice.quality, choice.chroma, baseline=True)
        png = write_png(image)
        if kind is Format.PNG and same_size and inspection.orientation == 1:
            png = min((png, same_scanlines(data, image) or png), key=len)
        form = policy.form_of("drawing", png_bytes=len(png), jpeg_bytes=len(jpeg), transparent=transparent)
        if form == "PNG":
            return png, form, ()
    else:
        chroma = choice.chroma
        quality = min(quality, choice.quality)
        jpeg = write_jpeg(image, quality, chroma)
        if same_size and pixels.choice.kind in {"photo", "panorama", "long"}:
            jpeg = _no_larger(jpeg, data, kind, pixels, quality)
    return jpeg, "JPEG", (TRANSPARENT,) if transparent else ()


def _no_larger(jpeg: bytes, data: bytes, kind: Format, pixels: Pixels, quality: int) -> bytes:
    """A picture that keeps its size gains nothing by more bytes than it came with."""
    limit = clean_size(data, kind)
    if len(jpeg) <= limit:
        return jpeg
    if pixels.tables:  # compressed again exactly as it was: next to nothing is lost
        again = write_jpeg(pixels.image, quality, tables=pixels.tables)
        if len(again) <= limit:
            return again
        jpeg = min(jpeg, again, key=len)
    for lower in QUALITY_STEPS:
        if len(jpeg) > limit and lower < quality:
            jpeg = min(jpeg, write_jpeg(pixels.image, lower, pixels.choice.chroma), key=len)
    return jpeg


def _used(width: int, height: int) -> str:
    return later(
        "The preview inside this raw photo was used ({width} × {height}).", width=Number(width), height=Number(height)
    )


def _notes(frames: int, kind: Format) -> tuple[str, ...]:
    if kind in {Format.HEIC, Format.AVIF} and frames > 1:
        return (later("Only the main picture of the sequence was kept."),)
    if frames <= 1:
        return ()
    if kind is Format.TIFF:
        return (later("Only the first of {n} pages was kept.", n=Number(frames)),)
    return (later("Only the first of {n} frames was kept.", n=Number(frames)),)


def _as_it_is(data: bytes, kind: Format, inspection: Inspection, wish: Wish) -> PreparedPhoto | None:
    """Keep a JPEG that was cleaned before (on the phone), so that it is not compressed twice."""
    report = inspection.report
    spends = len(data) / (report.width * report.height)
    if kind is not Format.JPEG or spends > MAX_BYTES_PER_PIXEL:
        return None
    choice = wish.choose(policy.Facts(report.width, report.height))
    if (choice.width, choice.height) != (report.width, report.height):
        return None
    if report.findings or inspection.orientation != 1 or find_leftovers(data):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            image.load()
            usual = image.mode in {"L", "RGB"} and image.size == (report.width, report.height)
    except DECODER_ERRORS as error:
        raise BrokenPicture(later("This JPEG picture is cut off or damaged and cannot be shown.")) from error
    return PreparedPhoto(data, report.width, report.height, "JPEG", report, seen=data) if usual else None

"""The second opinion on a video: nothing inside but the boxes and numbers that a player needs.

As in `lib.photos.leftovers`, it holds a list of what is allowed (byte by byte for boxes that never change) and reports
everything else: tags, dates, names of cameras and encoders, further tracks, text between the frames. It shares no code
with the encoder. FFmpeg's own reader checks the video as well.
"""

# ruff: noqa: PLR2004 - the numbers are places in the format (ISO/IEC 14496-12 and -15)
from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

UNITY = re.escape(struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))  # not turned, not skewed
# Box -> the boxes that it may hold, each once
HOLDS: dict[bytes, tuple[bytes, ...]] = {
    b"": (b"ftyp", b"moov", b"free", b"mdat"),
    b"moov": (b"mvhd", b"trak", b"udta"),
    b"trak": (b"tkhd", b"edts", b"mdia"),
    b"edts": (b"elst",),
    b"mdia": (b"mdhd", b"hdlr", b"minf"),
    b"minf": (b"vmhd", b"dinf", b"stbl"),
    b"dinf": (b"dref",),
    b"stbl": (b"stsd", b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco"),
}
NOT_NEEDED = frozenset((b"free", b"udta", b"edts", b"elst", b"stss", b"ctts", b"pasp", b"btrt"))
# Box -> what it holds. A dot is a byte of a number: a length, a size or a rate. Times of making are zeros.
FIXED: dict[bytes, bytes] = {
    b"ftyp": rb"isom\0\0\x02\0isomiso2avc1mp41",
    b"free": rb"",
    b"mvhd": rb"\0{12}.{8}\0\x01\0\0\x01\0\0{10}" + UNITY + rb"\0{24}\0\0\0\x02",
    b"tkhd": rb"\0\0\0\x03\0{8}\0\0\0\x01\0{4}.{4}\0{16}" + UNITY + rb".{8}",
    b"elst": rb"\0{4}\0\0\0\x01.{8}\0\x01\0\0",
    b"mdhd": rb"\0{12}.{8}\x55\xc4\0\0",
    b"hdlr": rb"\0{8}vide\0{12}VideoHandler\0",
    b"vmhd": rb"\0\0\0\x01\0{8}",
    b"dref": rb"\0{4}\0\0\0\x01\0\0\0\x0curl \0\0\0\x01",
    b"udta": rb"\0\0\0\x35meta\0{4}\0\0\0!hdlr\0{8}mdirappl\0{9}\0\0\0\x08ilst",  # a list of tags, empty
    b"colr": rb"nclx\0\x01\0\x01\0\x01\0",
    b"pasp": rb"\0\0\0\x01\0\0\0\x01",
    b"btrt": rb".{12}",
}
ENTRY = re.compile(
    rb"\0{4}\0\0\0\x01(?P<size>.{4})avc1\0{6}\0\x01\0{16}.{4}\0\x48\0\0\0\x48\0\0\0{4}\0\x01\0{32}\0\x18\xff\xff",
    re.DOTALL,
)  # of the one track: H.264, without the name of what compressed it
IN_ENTRY = (b"avcC", b"colr", b"pasp", b"btrt")
SLICES = frozenset((1, 5))  # NAL units with picture in them; words would be in units of type 6
SETUP = {0xE1: 7, 0x01: 8}  # number of units as avcC writes it -> their type: the size of pictures, how they are coded
MAX_SETUP = 64  # bytes; ours take about 30
HEAD = 8
# What FFmpeg tells of every MP4, whoever made it
OF_FILE = {"major_brand": "isom", "minor_version": "512", "compatible_brands": "isomiso2avc1mp41"}
OF_TRACK = {"language": "und", "handler_name": "VideoHandler", "vendor_id": "[0][0][0][0]"}

Found = tuple[str, str]  # where, what


def in_mp4(data: bytes) -> list[Found]:
    """Return what is in an MP4 and should not be there, or is missing. Empty means clean and whole. Never raises."""
    walk = _Walk(memoryview(data))
    walk.box(b"", 0, len(data))
    if not walk.found:
        walk.samples()
    return walk.found or _by_ffmpeg(data)  # nothing that looks wrong is handed on


@dataclass
class _Walk:
    data: memoryview
    found: list[Found] = field(default_factory=list)
    seen: dict[bytes, tuple[int, int]] = field(default_factory=dict)  # box -> where its content begins and ends

    def says(self, name: bytes, what: str) -> None:
        text = "".join(chr(byte) if 32 <= byte < 127 else "?" if byte < 127 else chr(byte) for byte in name)
        self.found.append((f"MP4 {text}".rstrip(), what))

    def box(self, name: bytes, start: int, end: int) -> None:
        """Look at the content of one box, and of those inside it."""
        if name in HOLDS:
            self.children(name, start, end, HOLDS[name])
        elif name in FIXED:
            if re.fullmatch(FIXED[name], self.data[start:end], re.DOTALL) is None:
                self.says(name, f"{end - start:,} bytes that a video from here does not hold")
        elif name == b"stsd":
            self.entry(start, end)
        elif name == b"avcC":
            self.setup(start, end)

    def children(self, parent: bytes, start: int, end: int, allowed: tuple[bytes, ...]) -> None:
        for name, first, last in self.boxes(parent, start, end):
            if name not in allowed:
                self.says(name, f"{last - first:,} bytes")
            elif name in self.seen:
                self.says(name, "more than one")
            else:
                self.seen[name] = first, last
                self.box(name, first, last)
        for name in allowed:
            if name not in self.seen and name not in NOT_NEEDED:
                self.says(name, "is missing")

    def boxes(self, parent: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """Yield name, first and last place of the content of each box."""
        while at < end:
            size = int.from_bytes(self.data[at : at + 4], "big")
            if end - at < HEAD or size < HEAD or at + size > end:
                self.says(parent, f"{end - at:,} bytes that are no whole box")
                return
            yield bytes(self.data[at + 4 : at + HEAD]), at + HEAD, at + size
            at += size

    def entry(self, start: int, end: int) -> None:
        entry = ENTRY.match(self.data[start:end])
        if entry is None or int.from_bytes(entry["size"], "big") != end - start - HEAD:
            self.says(b"stsd", "not one track of H.264 alone")
        else:
            self.children(b"stsd", start + entry.end(), end, IN_ENTRY)

    def setup(self, start: int, end: int) -> None:
        """avcC: one unit with the size of the pictures, one with how they are coded, and nothing else."""
        at = start + 5
        for number, kind in SETUP.items():
            size = int.from_bytes(self.data[at + 1 : at + 3], "big")
            unit = self.data[at + 3 : at + 3 + size]
            if (
                bytes(self.data[at : at + 1]) != bytes([number])
                or not 0 < size <= MAX_SETUP
                or unit[:1].tobytes() == b""
            ):
                self.says(b"avcC", "other settings than a video from here has")
                return
            if unit[0] & 31 != kind:
                self.says(b"avcC", f"a unit of type {unit[0] & 31}")
            at += 3 + size
        if re.fullmatch(rb"([\xfc-\xff][\xf8-\xff]{2}\0)?", self.data[at:end]) is None:
            self.says(b"avcC", f"{end - at:,} bytes behind the settings")

    # Pictures

    def samples(self) -> None:
        """Every byte of mdat has to belong to one picture, and every picture to consist of slices alone."""
        sizes = self.table(b"stsz", 1, head=8)
        if sizes is None or any(self.data[self.seen[b"stsz"][0] + 4 : self.seen[b"stsz"][0] + 8]):
            self.says(b"stsz", "sizes that cannot be read")
            return
        for name in (b"stts", b"ctts"):
            runs = self.table(name, 2) if name in self.seen else [len(sizes), 0]
            if runs is None or sum(runs[::2]) != len(sizes) or 0 in runs[::2]:
                self.says(name, "times that do not fit the pictures")
        jumps = self.table(b"stss", 1) if b"stss" in self.seen else []
        if jumps is None or jumps != sorted({number for number in jumps if 0 < number <= len(sizes)}):
            self.says(b"stss", "numbers that name no picture")
        self.places(sizes)
        at = self.seen[b"mdat"][0]
        for size in sizes:
            if not self.picture(at, at + size):
                return
            at += size
        if at != self.seen[b"mdat"][1]:
            self.says(b"mdat", f"{self.seen[b'mdat'][1] - at:,} bytes that belong to no picture")

    def places(self, sizes: list[int]) -> None:
        """Chunks have to follow one another without a gap, from the first byte of mdat."""
        runs, starts = self.table(b"stsc", 3), self.table(b"stco", 1)
        if not runs or not starts or runs[0] != 1 or any(runs[2::3][n] != 1 for n in range(len(runs) // 3)):
            self.says(b"stsc", "chunks that cannot be read")
            return
        firsts, counts = runs[::3], runs[1::3]
        at, picture, run = self.seen[b"mdat"][0], 0, 0
        for chunk, start in enumerate(starts, 1):
            if run + 1 < len(firsts) and firsts[run + 1] == chunk:
                run += 1
            if start != at:
                self.says(b"stco", f"chunk {chunk} is not where it should be")
                return
            at += sum(sizes[picture : picture + counts[run]])
            picture += counts[run]
        if picture != len(sizes) or run != len(firsts) - 1:
            self.says(b"stsc", "chunks that do not hold the pictures")

    def picture(self, at: int, end: int) -> bool:
        while at < end:
            size = int.from_bytes(self.data[at : at + 4], "big")
            if end - at <= 4 or not size or at + 4 + size > end or end > self.seen[b"mdat"][1]:
                self.says(b"mdat", "a picture that is not whole")
                return False
            kind = self.data[at + 4] & 31
            if kind not in SLICES:
                self.says(b"mdat", f"a unit of type {kind}, {size:,} bytes")
                return False
            at += 4 + size
        return True

    def table(self, name: bytes, columns: int, head: int = 4) -> list[int] | None:
        """Return the numbers of a table, row after row; None when it is not exactly as long as it says."""
        start, end = self.seen[name]
        body = start + head + 4
        if end < body or any(self.data[start : start + 4]):
            return None
        rows = int.from_bytes(self.data[body - 4 : body], "big")
        if end - body != rows * columns * 4:
            return None
        return list(struct.unpack(f">{rows * columns}I", self.data[body:end]))


def _by_ffmpeg(data: bytes) -> list[Found]:
    import av

    try:
        with av.open(io.BytesIO(data), format="mp4") as container:
            told = [("file", container.metadata.items() - OF_FILE.items())]
            told += [
                (f"track {n}", one.metadata.items() - OF_TRACK.items()) for n, one in enumerate(container.streams, 1)
            ]
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        return [("MP4", f"something that FFmpeg cannot read ({type(error).__name__})")]
    found = [(f"MP4 {where}", f"{key}: {value[:80]}") for where, tags in told for key, value in sorted(tags)]
    if len(told) != 2:
        found.append(("MP4", f"{len(told) - 1} tracks instead of one"))
    return found

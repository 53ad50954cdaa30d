"""A link as a QR code, to show to somebody nearby or to print."""

from __future__ import annotations

import io

import segno

_QUIET_ZONE = 4  # modules of white around the code; ISO/IEC 18004 asks for four


def qr_png(link: str, *, scale: int = 8) -> bytes:
    """Return a black-on-white PNG, `scale` pixels a module. White stays white in dark mode, or scanners fail."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=scale, border=_QUIET_ZONE)
    return out.getvalue()

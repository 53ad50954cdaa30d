"""A video made here, behind a link: one more thing in the album, served in parts, and never taken from outside."""

from __future__ import annotations

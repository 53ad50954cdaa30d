"""What a photo tells about the person who took it: found, put into short words, never changed."""

from __future__ import annotations

from lib.photos.metadata.read import read_metadata
from lib.photos.metadata.report import Finding, MetadataReport

__all__ = ["Finding", "MetadataReport", "read_metadata"]

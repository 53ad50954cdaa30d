"""Providers without an API: the app cleans the photos, a person uploads them, and the app checks the link."""

from lib.services.guided.reader import Guided, Way, guided

__all__ = ["Guided", "Way", "guided"]

"""Dropbox, by its own SDK. The SDK is imported when a provider is opened, not when the app starts."""

from lib.services.access import Visit
from lib.services.base import Provider

__all__ = ["open_provider"]


def open_provider(visit: Visit) -> Provider:
    """Open the visitor's Dropbox. Raises `SignInNeeded`."""
    from lib.services.dropbox.client import DropboxProvider

    return DropboxProvider(visit)

"""This server as a provider: album and link stay here."""

from lib.services.access import Visit
from lib.services.base import Provider

__all__ = ["open_provider"]


def open_provider(visit: Visit) -> Provider:
    """Open this server for one visitor."""
    from lib.albums import open_share
    from lib.services.this_server.client import ThisServer

    return ThisServer(open_share(visit.settings), visit.owner, visit.base_url)

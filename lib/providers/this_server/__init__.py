"""This server as a provider: album and link stay here."""

from lib.providers.this_server.client import ThisServer, open_provider
from lib.providers.this_server.description import DESCRIPTION

__all__ = ["DESCRIPTION", "ThisServer", "open_provider"]

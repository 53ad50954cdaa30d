"""The HTTP API for one's own links: below `/api/1`, with a token of My links, for Shortcuts, ShareX, curl and scripts.

`operations.py` is the table of what can be asked; `shapes.py` says what goes in and comes out; `openapi.py` writes both
down as a document that is served; `endpoints.py` answers. Everything goes through the same door for bytes, the same
cleaning and the same limits as the pages.
"""

from lib.http_api.endpoints import routes

__all__ = ["routes"]

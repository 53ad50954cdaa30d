"""How the app is installed on a phone: its manifest, its icons, and where the gallery shares photos to."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lib.settings import ROOT, below

_ASSETS: Final = ROOT / "lib" / "ui" / "assets"
_DAY_S: Final = 86_400
_ICONS: Final = ("icon-192.png", "icon-512.png", "icon-maskable-512.png", "apple-touch-icon.png")
_HEADERS: Final = {"Cache-Control": f"public, max-age={_DAY_S}", "X-Content-Type-Options": "nosniff"}


def routes() -> list[BaseRoute]:
    """Return the routes of the manifest and its icons."""
    icons = [Route(f"/icons/{name}", partial(_icon, name), methods=["GET"]) for name in _ICONS]
    return [Route("/manifest.webmanifest", manifest, methods=["GET"]), *icons]


async def manifest(_request: Request) -> Response:
    """Say how the app is installed, and that the gallery can share photos to it."""
    icons = [
        {"src": f"{below()}/icons/{name}", "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (
            ("icon-192.png", "192x192", "any"),
            ("icon-512.png", "512x512", "any"),
            ("icon-maskable-512.png", "512x512", "maskable"),
        )
    ]
    return JSONResponse(
        {
            "id": f"{below()}/create",  # the name under which phones know an app that was installed before
            "lang": "en",
            "name": "Passalong",
            "short_name": "Passalong",
            "description": "Photos in, link out: nothing private left inside.",
            "start_url": f"{below()}/send",
            "scope": f"{below()}/",
            "display": "standalone",
            "background_color": "#fdfcf9",
            "theme_color": "#0b7a66",
            "icons": icons,
            "shortcuts": [
                {"name": "Send photos", "url": f"{below()}/send"},
                {"name": "Attach clean photos", "url": f"{below()}/attach"},
                {"name": "My links", "url": f"{below()}/links"},
            ],
            "share_target": {
                "action": f"{below()}/send",
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {
                    "title": "title",
                    "text": "text",
                    "url": "url",
                    "files": [{"name": "photos", "accept": ["image/*", ".heic", ".heif", ".avif", ".tif", ".tiff"]}],
                },
            },
        },
        headers=_HEADERS,
        media_type="application/manifest+json",
    )


async def _icon(name: str, _request: Request) -> Response:
    return FileResponse(_ASSETS / name, media_type="image/png", headers=_HEADERS)

"""A link that was just made: its address as people get it, and the look as a stranger, at this very process."""

from __future__ import annotations

import asyncio
import ipaddress

from starlette.requests import Request

from lib.albums.host import Share
from lib.links.stranger import StrangerView, open_as_stranger, read_view, view_to_dict
from lib.settings import Settings
from lib.tunnels import public_base


def base_of(request: Request, settings: Settings) -> str:
    """Return what stands before the path of a link: the host's own address, or the one that this caller used."""
    return public_base(settings) or f"{request.url.scheme}://{request.url.netloc}"


def inner_base(request: Request, settings: Settings) -> str:
    """Return where this process itself finds its links: the host's own address, or the one it listens on."""
    host, port = request.scope.get("server") or ("127.0.0.1", None)
    return public_base(settings) or f"http://{host if _is_one_address(host) else '127.0.0.1'}:{port or 80}"


async def look(share: Share, request: Request, owner: str, album_id: str, *, anew: bool = False) -> StrangerView | None:
    """Open an album's link as a stranger and keep what was seen; an earlier look is enough, unless `anew`."""
    info = await asyncio.to_thread(share.albums.get, owner, album_id)
    if info.link is None:
        return None
    if not anew and (kept := info.result.get("seen")):
        return read_view(kept)
    base = inner_base(request, share.settings)
    view = await open_as_stranger(base + info.link.path, expected=info.link.photo_count, own_origins=frozenset({base}))
    await asyncio.to_thread(share.albums.keep, owner, album_id, seen=view_to_dict(view))
    return view


def _is_one_address(host: str) -> bool:
    """Say whether a server listens on this one numeric address, and not on every one."""
    try:
        return not ipaddress.IPv4Address(host).is_unspecified
    except ValueError:
        return False

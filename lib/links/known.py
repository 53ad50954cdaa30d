"""The services whose links are known, and what is true of every server."""

from __future__ import annotations

import functools

from lib.links.rules import FOLDER, LinkProvider, read_provider
from lib.services import reader

OTHER = "other"  # the id of a server that no service answers for


def providers() -> tuple[LinkProvider, ...]:
    """Return every provider, those with hosts of their own first, then those known by their paths, any server last."""
    return _providers(reader.services())


@functools.lru_cache(maxsize=4)
def _providers(services: reader.Services) -> tuple[LinkProvider, ...]:
    found = sorted((one.links for one in services.every if one.links), key=lambda each: ("*" in each.hosts, each.id))
    return (*found, other())


def provider(provider_id: str) -> LinkProvider:
    """Return one provider by its id or a former one; any server for an id that is not known (any more)."""
    return _provider(reader.services(), provider_id)


@functools.lru_cache(maxsize=1_024)
def _provider(services: reader.Services, provider_id: str) -> LinkProvider:
    service = services.find(provider_id)
    if service is not None and service.links is not None:
        return service.links
    return next((each for each in common() if each.id == provider_id), other())


def own_pages() -> tuple[LinkProvider, ...]:
    """Return who answers for addresses of this app itself."""
    return (*(each for each in providers() if each.kept_here), other())


def at_host(host: str) -> tuple[LinkProvider, ...]:
    """Return who may answer for a host: the one service that it belongs to, or all that run anywhere."""
    return _at_host(reader.services(), host)


@functools.lru_cache(maxsize=1_024)
def _at_host(services: reader.Services, host: str) -> tuple[LinkProvider, ...]:
    found = _providers(services)
    named = tuple(each for each in found if "*" not in each.hosts and each.serves(host))
    return named[:1] or tuple(each for each in found if "*" in each.hosts)


@functools.cache
def other() -> LinkProvider:
    """Return what is known of the links of any server."""
    return read_provider(FOLDER / "other.toml")


@functools.cache
def common() -> tuple[LinkProvider, LinkProvider]:
    """Return what is true of every server: rules that come before a provider's own, and rules that come after."""
    return read_provider(FOLDER / "before.toml"), read_provider(FOLDER / "after.toml")

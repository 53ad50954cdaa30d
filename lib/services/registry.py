"""Every place where albums can go, and how to open one. Pages ask what it can do; only its folder knows its name."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import cast

from lib.services import reader
from lib.services.access import Credentials, Visit
from lib.services.base import Description, Provider
from lib.services.problems import NotSetUp
from lib.settings import Settings


def client(provider_id: str, part: str = "") -> ModuleType:
    """Return the package of an uploading service, or a module of it, such as "connect"."""
    return importlib.import_module(".".join(filter(None, ("lib.services", description(provider_id).id, part))))


def all_descriptions() -> tuple[Description, ...]:
    """Return what every place is and can do: those that upload first, this server at the head, then those by hand."""
    found = [one.description for one in reader.services().every if one.description]
    return tuple(sorted(found, key=lambda one: (not one.can_upload, not one.kept_here)))


def description(provider_id: str) -> Description:
    """Return one description by its id or a former one. Raises `NotSetUp` for an id that does not exist."""
    found = reader.services().find(provider_id)
    if found is None or found.description is None:
        raise NotSetUp(
            f"There is no service called {provider_id!r}.",
            fix=f"Choose one of {', '.join(one.id for one in all_descriptions())}.",
        )
    return found.description


def description_or_blank(provider_id: str) -> Description:
    """Return one description, or a blank one that can do nothing: links at a left-out service stay listed."""
    try:
        return description(provider_id)
    except NotSetUp:
        return Description(id=provider_id, label=provider_id, icon=":material/help:", summary="")


def by_hand(provider_id: str) -> tuple[reader.Service, reader.ByHand]:
    """Return a service that a person uses by hand, and how. Raises `NotSetUp`."""
    found = reader.services().find(provider_id)
    if found is None or found.by_hand is None:
        raise NotSetUp(f"Nothing is known of a way by hand to {description(provider_id).label}.")
    return found, found.by_hand


def labels_that(capability: str, *, but: str = "") -> list[str]:
    """Return the labels of uploading providers with a capability, such as "can_password", without provider `but`.

    A capability that depends on a plan does not count: advice has to hold for everybody.
    """
    topic = capability.removeprefix("can_").removeprefix("block_").removeprefix("limit_")
    return [
        one.label
        for one in all_descriptions()
        if one.can_upload and getattr(one, capability) and one.id != but and topic not in one.on_some_plans
    ]


def issuers_without_nonce() -> frozenset[str]:
    """Return the issuers whose ID tokens come without the nonce that was sent."""
    return frozenset(one.issuer_without_nonce for one in all_descriptions() if one.issuer_without_nonce)


def is_set_up(provider_id: str, settings: Settings, sign_ins: frozenset[str], *, host_account: bool) -> bool:
    """Return whether the host has done what this provider needs.

    `sign_ins` are the names of the complete `[auth.<name>]` tables; `host_account` says whether visitors may use the
    accounts in secrets.toml (`may_use_host_account`).
    """
    one = description(provider_id)
    if not one.can_upload or not one.needs_sign_in:
        return True
    return one.sign_in in sign_ins or (host_account and host_credentials(provider_id, settings) is not None)


def host_credentials(provider_id: str, settings: Settings) -> Credentials | None:
    """Return the host's own account, where secrets.toml has one. Ask `may_use_host_account` before using it."""
    one = description(provider_id)
    if not one.settings:
        return None
    values = {name: getattr(settings, name) for name in one.settings}
    if any(value is None for value in values.values()):
        return None
    return Credentials("host", stored=values[one.settings[-1]].get_secret_value())


def setup_text(provider_id: str) -> str:
    """Return what a host does once to set a provider up, as Markdown: the `setup.md` of its folder."""
    return (reader.FOLDER / description(provider_id).id / "setup.md").read_text(encoding="utf-8")


def open_provider(provider_id: str, visit: Visit) -> Provider:
    """Open an uploading provider for one visitor. Raises `NotSetUp` or `SignInNeeded`."""
    one = description(provider_id)
    if not one.can_upload:
        raise NotSetUp(
            f"{one.label} takes photos by hand only.", fix="Follow the steps on the page, then paste the link."
        )
    return cast("Provider", client(one.id).open_provider(visit))

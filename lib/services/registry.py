"""Every provider there is, and how to open one. Pages ask what it can do; only its own folder knows its name."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path
from types import ModuleType
from typing import Final, cast

from lib.facts import FactProblem
from lib.services.access import Credentials, Visit
from lib.services.base import Description, Provider
from lib.services.guided import guided
from lib.services.problems import NotSetUp
from lib.settings import Settings

# Folders of this package whose provider uploads by itself, in the order in which a person chooses.
_LOG: Final = logging.getLogger(__name__)
PROVIDERS: Final = ("this_server", "dropbox", "google_drive")


def _module(folder: str) -> ModuleType:
    return importlib.import_module(f"lib.services.{folder}")


def _folders() -> dict[str, str]:
    return {cast("Description", _module(folder).DESCRIPTION).id: folder for folder in PROVIDERS}


def all_descriptions() -> tuple[Description, ...]:
    """Return what every provider is and can do: those that upload first, then the guided ones.

    A fact table that cannot be trusted takes the guided ones away, and nothing else.
    """
    uploading = tuple(_module(folder).DESCRIPTION for folder in PROVIDERS)
    try:
        return uploading + tuple(one.description for one in guided().values())
    except FactProblem as problem:
        _LOG.error("%s", problem)
        return uploading


def description(provider_id: str) -> Description:
    """Return one description. Raises `NotSetUp` for an id that does not exist."""
    for one in all_descriptions():
        if one.id == provider_id:
            return one
    raise NotSetUp(
        f"There is no provider called {provider_id!r}.",
        fix=f"Choose one of {', '.join(one.id for one in all_descriptions())}.",
    )


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
    return (Path(__file__).parent / _folders()[provider_id] / "setup.md").read_text(encoding="utf-8")


def open_provider(provider_id: str, visit: Visit) -> Provider:
    """Open an uploading provider for one visitor. Raises `NotSetUp` or `SignInNeeded`."""
    one = description(provider_id)
    if not one.can_upload:
        raise NotSetUp(
            f"{one.label} takes photos by hand only.", fix="Follow the steps on the page, then paste the link."
        )
    return cast("Provider", _module(_folders()[one.id]).open_provider(visit))

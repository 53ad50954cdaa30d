"""Asked and granted, in words: nothing that a sender wished is dropped silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.services.base import Description, Outcome, Wishes
from lib.services.registry import labels_that
from lib.text.later import Listed, Moment, Together, later, later_counted

_ROUNDING = timedelta(minutes=1)  # providers keep whole seconds or minutes


@dataclass(frozen=True, slots=True)
class Granted:
    """What a provider says that a link gives now."""

    open_to_anyone: bool
    who: str  # "Anyone with the link", in the provider's sense
    password: bool = False
    expires_at: datetime | None = None
    download: bool = True
    advice: str = ""  # what to do when it is not open to anyone


def outcomes(description: Description, wishes: Wishes, granted: Granted, plan: str = "") -> tuple[Outcome, ...]:
    """Compare wishes with what was granted. `plan` names the sender's plan where that is the reason."""
    me = plan or description.label
    rows = [
        Outcome(
            "anyone_can_view", later("Anyone with the link can look"), granted.who, granted.open_to_anyone,
            "" if granted.open_to_anyone else granted.advice,
        )
    ]  # fmt: skip
    rows += _password(description, wishes, granted, me)
    rows += _expiry(description, wishes, granted, me)
    if wishes.max_views is not None:
        rows.append(
            Outcome(
                "views", later_counted("At most {n} view", "At most {n} views", wishes.max_views),
                later("No limit: {place} does not count views", place=description.label),
                kept=False, advice=_others("can_limit_views", description),
            )
        )  # fmt: skip
    if not wishes.allow_download:
        granted_text = (
            later("Can be downloaded: {plan} has no such switch", plan=later(me))
            if granted.download
            else later("No download button")
        )
        rows.append(
            Outcome(
                "download", later("Looking only, no download"), granted_text, not granted.download,
                _others("can_block_download", description) if granted.download
                else later("A screenshot is always possible."),
            )
        )  # fmt: skip
    return tuple(rows)


def _password(description: Description, wishes: Wishes, granted: Granted, me: str) -> list[Outcome]:
    if wishes.password is None and not granted.password:
        return []
    if wishes.password is None:
        return [
            Outcome(
                "password", later("No password"), later("A password, which nobody asked for here"), kept=False,
                advice=later("Send the password too, or remove it at {place}.", place=description.label),
            )
        ]  # fmt: skip
    if granted.password:
        return [Outcome("password", later("A password"), later("A password"), kept=True)]
    return [Outcome("password", later("A password"), later("No password: {plan} has none", plan=later(me)), kept=False,
                    advice=_others("can_password", description))]  # fmt: skip


def _expiry(description: Description, wishes: Wishes, granted: Granted, me: str) -> list[Outcome]:
    asked, given = wishes.expires_at, granted.expires_at
    if asked is None and given is None:
        return []
    if asked is None and given is not None:
        return [
            Outcome("expiry", later("No end date"), later("Ends {moment}", moment=Moment(given)), kept=False,
                    advice=later(
                        "{place} or its administrator sets this. Tell the recipient the date.", place=description.label
                    ))
        ]  # fmt: skip
    assert asked is not None  # noqa: S101 - for the type checker
    if given is None:
        return [
            Outcome(
                "expiry", later("Ends {moment}", moment=Moment(asked)),
                later("No end date: {plan} has none for such links", plan=later(me)),
                kept=False,
                advice=Together(
                    (
                        later("Take it back yourself on {moment}, in My links.", moment=Moment(asked)),
                        _others("can_expire", description),
                    )
                ),
            )
        ]  # fmt: skip
    return [
        Outcome(
            "expiry",
            later("Ends {moment}", moment=Moment(asked)),
            later("Ends {moment}", moment=Moment(given)),
            given <= asked + _ROUNDING,
        )
    ]


def _others(capability: str, description: Description) -> str:
    """Name the providers that can, in a sentence such as "This server can"."""
    labels = labels_that(capability, but=description.id)
    if not labels:
        return later("None of the services here can.")
    return later("Possible with: {places}.", places=Listed(labels))

"""What a sender may ask of a link: checked once, so that no wrong value is taken for "for ever" or "no limit"."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final

from lib.albums.problems import WishRefused
from lib.settings import Settings
from lib.text.later import Later, Number, later, later_counted

DAY_S: Final = 86_400
MIN_LIFE_S: Final = 300  # a link that lives for less is over before it is opened
MAX_VIEWS: Final = 1_000_000  # more is no limit
MIN_PASSWORD: Final = 4  # shorter ones fall to guessing even with growing waits
MAX_PASSWORD: Final = 200  # characters
MAX_TITLE: Final = 120  # characters; a chat preview shows fewer
MAX_WORDS: Final = 1_000
MAX_NAME: Final = 80
_SLACK_S: Final = 120  # between choosing a date on a page and pressing the button


def expiry_after(amount: float, settings: Settings) -> datetime:
    """Return the moment that many seconds from now. Raises `WishRefused` for 0, negative, NaN and too long."""
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount):
        raise WishRefused(later("How long a link works has to be a number."))
    if not MIN_LIFE_S <= amount <= settings.max_link_days * DAY_S:
        raise WishRefused(_life_text(settings))
    return datetime.now(UTC) + timedelta(seconds=amount)


def checked_expiry(wished: datetime | None, settings: Settings, now: float) -> float:
    """Return when the link ends, in seconds since 1970; None means the host's default."""
    if wished is None:
        return now + settings.default_link_days * DAY_S
    if not isinstance(wished, datetime):
        raise WishRefused(later("When a link ends has to be a date and a time."))
    if wished.tzinfo is None or wished.utcoffset() is None:
        raise WishRefused(later("When a link ends needs a time zone: without one it could end hours early or late."))
    try:
        ends = wished.timestamp()
    except (OverflowError, ValueError):
        raise WishRefused(_life_text(settings)) from None
    if not MIN_LIFE_S - _SLACK_S <= ends - now <= settings.max_link_days * DAY_S + _SLACK_S:
        raise WishRefused(_life_text(settings))
    return ends


def checked_idle(wished: float | None, settings: Settings) -> int | None:
    """Return how long after the last visit a link ends, in seconds; None means that visits do not move its end."""
    if wished is None:
        return None
    if isinstance(wished, bool) or not isinstance(wished, int | float) or not math.isfinite(wished):
        raise WishRefused(later("How long a link works after the last visit has to be a number."))
    if not DAY_S <= wished <= settings.max_link_days * DAY_S:
        raise WishRefused(
            later(
                "A link works for 1 to {max_link_days} days after the last visit.", max_link_days=settings.max_link_days
            )
        )
    return int(wished)


def _life_text(settings: Settings) -> Later:
    days = settings.max_link_days
    return later_counted(
        "A link works for at least {minutes} minutes and at most {n} day.",
        "A link works for at least {minutes} minutes and at most {n} days.",
        days,
        minutes=MIN_LIFE_S // 60,
    )


def checked_views(wished: int | None) -> int | None:
    """Return the limit on views; None means no limit, and nothing else does."""
    if wished is None:
        return None
    if isinstance(wished, bool) or not isinstance(wished, int) or not 1 <= wished <= MAX_VIEWS:
        raise WishRefused(later("A view limit is a whole number from 1 to {max_views}.", max_views=Number(MAX_VIEWS)))
    return wished


def normalised_password(typed: str) -> str:
    """Return a password in the one form that is hashed: phones write the same letters in several, and add spaces."""
    return unicodedata.normalize("NFKC", typed).strip()


def checked_password(wished: str | None) -> str | None:
    """Return the password to hash; None means none, and an empty one is refused."""
    if wished is None:
        return None
    if not isinstance(wished, str):
        raise WishRefused(later("A password is a text."))
    normalised = normalised_password(wished)
    if not MIN_PASSWORD <= len(normalised) <= MAX_PASSWORD:
        raise WishRefused(
            later(
                "A password has {min_password} to {max_password} characters.",
                min_password=MIN_PASSWORD,
                max_password=MAX_PASSWORD,
            )
        )
    return normalised


def clean_text(text: str, limit: int, what: str, *, lines: bool = False) -> str:
    """Return a text without control characters and without marks that turn the direction of what follows."""
    kept = "".join(
        c for c in text.replace("\r\n", "\n") if (lines and c == "\n") or unicodedata.category(c) not in _NEVER
    )
    kept = kept.translate(TURNS).strip()
    if len(kept) > limit:
        raise WishRefused(
            later(
                "{what} has at most {limit} characters; this has {typed}.",
                what=what,
                limit=Number(limit),
                typed=Number(len(kept)),
            )
        )
    return kept


# Control characters, surrogates and unassigned code points; joiners (Cf) stay: emoji and Persian need them.
_NEVER: Final = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
TURNS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])

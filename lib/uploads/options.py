"""What can be chosen for a link: one definition for the app and for the plain page, whatever draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from lib.albums.choices import Choices
from lib.albums.problems import WishRefused
from lib.services.base import Description, LinkQuestion, Preview
from lib.settings import Settings
from lib.text.later import later

HOUR_S: Final = 3_600
DAY_S: Final = 86_400
# Lives that people ask for, in seconds.
LIVES: Final = (HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S)
VIEWS: Final = (1, 3, 10)  # limits that people ask for; any other number can be typed
# Named sizes: the longest side in pixels. Standard is sharper than any phone's screen shows and small to load.
SIZES: Final[dict[str, int]] = {"Small": 1280, "Standard": 2048, "Large": 4096}
USUAL_SIZE: Final = "Standard"
QUESTIONS: Final = tuple(LinkQuestion)
PREVIEWS: Final = (Preview.NONE, Preview.BLURRED, Preview.COVER)


class Say(Protocol):
    """The catalogue of somebody's language; see `lib.text.catalogue`."""

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in this language."""

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number."""


def lives(settings: Settings) -> tuple[int, ...]:
    """Return the lives that this host allows, in seconds."""
    return tuple(life for life in LIVES if life <= settings.max_link_days * DAY_S) or (settings.max_link_days * DAY_S,)


def usual_life(settings: Settings) -> int:
    """Return the life, in seconds, of a link whose sender did not choose."""
    wanted = settings.default_link_days * DAY_S
    return min(lives(settings), key=lambda life: abs(life - wanted))


def life_text(life_s: float, say: Say) -> str:
    """Return "1 hour", "3 days", "30 days", "3 months" or "1 year"."""
    days = round(life_s / DAY_S)
    if life_s < DAY_S:
        return say.counted("{n} hour", "{n} hours", max(1, round(life_s / HOUR_S)))
    if days % 365 == 0:
        return say.counted("{n} year", "{n} years", days // 365)
    if days > 31 and days % 30 == 0:  # noqa: PLR2004 - a month is said as 30 days, and longer ones as months
        return say.counted("{n} month", "{n} months", days // 30)
    return say.counted("{n} day", "{n} days", days)


def views_text(limit: int | None, say: Say) -> str:
    """Return "no view limit" or "3 views"."""
    return say("no view limit") if limit is None else say.counted("{n} view", "{n} views", limit)


def size_text(name: str, say: Say) -> str:
    """Return a named size with its longest side."""
    names = {"Small": say("Small"), "Standard": say("Standard"), "Large": say("Large")}
    return f"{names[name]} ({SIZES[name]} px)"


def preview_text(preview: Preview, say: Say) -> str:
    """Return what a chat app may show beside the link."""
    text = {
        Preview.NONE: say("No picture"), Preview.BLURRED: say("Blurred"), Preview.COVER: say("First photo"),
    }  # fmt: skip
    return text[preview]


def question_text(question: LinkQuestion, say: Say) -> str:
    """Return what everybody who opens the link is asked."""
    words = {
        LinkQuestion.NONE: say("No question"), LinkQuestion.LIKE: say("Which ones do you like?"),
        LinkQuestion.ONE: say("Which one shall I take?"), LinkQuestion.MANY: say("How many of each?"),
    }  # fmt: skip
    return words[question]


def place_text(place: Description, say: Say) -> str:
    """Return the name of a place: products keep their own, this server is named in the reader's language."""
    return say("This server") if place.kept_here else place.label


def summary(choices: Choices, *, settings: Settings, place: str, can: Callable[[str], bool], say: Say) -> str:
    """Return the line that says the sum of all options: "Works for 30 days · no password · This server".

    `can` says what the chosen place can keep ("can_expire", "can_password", …): what it cannot is not promised here.
    """
    parts = []
    if can("can_expire"):
        life = life_text(choices.life_s or usual_life(settings), say)
        parts.append(say("Works for {life}", life=life))
    if can("can_password"):
        parts.append(say("with a password") if choices.has_password else say("no password"))
    if can("can_limit_views") and choices.max_views is not None:
        parts.append(views_text(choices.max_views, say))
    if can("can_block_download") and not choices.allow_download:
        parts.append(say("no save button"))
    if can("can_ask") and choices.question is not LinkQuestion.NONE:
        parts.append(question_text(choices.question, say))
    return " · ".join([*parts, place])


def choices_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Read a plain form into what `share.albums.choose` takes. Fields that the form does not have are left alone.

    Raises `WishRefused` for a number that cannot be read; everything else is checked where it is kept.
    """
    made: dict[str, Any] = {
        name: form[name] for name in ("title", "words", "name", "preview", "question", "size") if name in form
    }
    if form.get("password"):
        made["password"] = form["password"]
    elif form.get("no_password"):
        made["password"] = None
    if "life" in form:
        made["life_s"] = _number(form["life"])
    if "views" in form:
        made["max_views"] = _number(form["views"])
    if "options" in form:  # an unchecked box sends nothing: the form says that it was there
        made["allow_download"] = "download" in form
    return made


def _number(text: str) -> int | None:
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise WishRefused(later("This has to be a whole number."))
    return int(typed[:12])

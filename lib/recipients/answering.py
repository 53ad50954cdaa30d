"""The answer of a recipient to the sender's question: a plain form, no account, and changed later by a cookie.

The page that shows the form gives it a secret; the answer is kept under its hash, so that the same form sent twice is
one answer. Only with the answer the browser gets the secret as a cookie, for this link alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from time import time
from typing import Final

from lib.albums.answers import Fate, OwnAnswer
from lib.albums.keys import TOKEN_CHARS, new_id
from lib.albums.link_rows import PhotoRow
from lib.recipients import pages
from lib.recipients.gate import LinkGate
from lib.recipients.pace import Pace
from lib.recipients.request import NO_STORE, LinkVisit
from lib.services.base import LinkQuestion

ANSWER_COOKIE: Final = "passalong_answer"
OF_NETWORK: Final = 30  # answers and changes an hour: a family, or an office, that changes its mind
OF_LINK: Final = 300
FORM_OPEN_S: Final = 7 * 86_400  # how long a page may be open before its form is sent
_COOKIE_S: Final = 400 * 86_400  # the longest that browsers keep a cookie
_BYTES_A_PHOTO: Final = 20  # of the form: "p1234=999&"
_SECRET: Final = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARS}}}")


class Answering:
    """Shows the form with what this browser answered before, and takes what it sends."""

    def __init__(self, gate: LinkGate) -> None:
        self._gate = gate
        self._of_network = Pace(OF_NETWORK)
        self._of_link = Pace(OF_LINK)

    async def form(self, visit: LinkVisit) -> pages.AnswerForm | None:
        """Return what the page needs for the form; None where the sender asked nothing."""
        link = visit.link
        if link.question == LinkQuestion.NONE:
            return None
        secret = _secret(visit)
        before: OwnAnswer | None = await visit.read(visit.share.answers.own, link.id, secret) if secret else None
        key = visit.share.keys.sign("answer", [link.id, secret or new_id()])
        return pages.AnswerForm(LinkQuestion(link.question), key, before)

    async def take(self, visit: LinkVisit) -> None:
        """Keep the answer that was sent, and say that it arrived."""
        request, share, link, texts = visit.request, visit.share, visit.link, visit.request.texts
        _own, inside = await self._gate.inside(visit)
        if link.question == LinkQuestion.NONE or (link.used_up and not inside):
            await request.gone()
            return
        if not inside:
            await self._gate.page(visit, 403)
            return
        if not request.from_our_page(visit.hosts):
            await self._say(visit, 403, texts["answer_failed"])
            return
        if not (self._of_network.take_of_network(request.address) and self._of_link.take(link.id)):
            await self._say(visit, 429, texts["answer_busy"], (b"retry-after", b"600"))
            return
        form = await request.form(more_fields=share.settings.max_photos, bytes_a_field=_BYTES_A_PHOTO)
        key = share.keys.read("answer", form.get("key", ""), FORM_OPEN_S) if form else None
        if form is None or key is None or key[0] != link.id:
            await self._say(visit, 400, texts["answer_failed"])
            return
        secret = _secret(visit) or str(key[1])
        emptied = form.get("do") == "remove"
        chosen = {} if emptied else _chosen(form)
        said = {"name": form.get("name", ""), "words": "" if emptied else form.get("words", "")}
        kept = await asyncio.to_thread(share.answers.put, link, secret, chosen, **said)
        if kept is Fate.KEPT:
            photos = await visit.read(share.visits.photos_of, link.album_id)
            life = _COOKIE_S if link.idles else max(0, min(_COOKIE_S, int(link.expires_at - time())))
            cookie = visit.cookie(ANSWER_COOKIE, secret, life)
            told = [texts.say("answer_chosen", photos=places)] if (places := _places(chosen, photos)) else []
            html = pages.note_page(
                texts, texts["answer_thanks"], texts["answer_arrived"], *told, texts["answer_later"], back=visit.base
            )
            await request.page(200, html, NO_STORE, cookie)
        elif kept is Fate.TAKEN_BACK:
            html = pages.note_page(texts, texts["answer_removed"], back=visit.base)
            await request.page(200, html, NO_STORE, visit.cookie(ANSWER_COOKIE, "", 0))
        else:
            status, text = {
                Fate.EMPTY: (400, "answer_empty"), Fate.FULL: (429, "answer_busy"), Fate.GONE: (409, "answer_failed"),
            }[kept]  # fmt: skip
            await self._say(visit, status, texts[text])

    @staticmethod
    async def _say(visit: LinkVisit, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
        await visit.request.page(status, pages.note_page(visit.request.texts, text, back=visit.base), NO_STORE, *more)


def _secret(visit: LinkVisit) -> str:
    """Return the secret in this browser's cookie, or an empty text."""
    found = visit.request.cookie(ANSWER_COOKIE)
    return found if _SECRET.fullmatch(found) else ""


def _chosen(form: Mapping[str, str]) -> dict[int, int]:
    """Read hearts and numbers out of a form: number of a photo -> how many. What is no number is no choice."""
    fields = {name[1:]: text for name, text in form.items() if name.startswith("p")} | {form.get("one", ""): "1"}
    return {_number(name): many for name, text in fields.items() if _number(name) and (many := _number(text))}


def _number(text: str) -> int:
    text = text.strip()
    return int(text[:6]) if text.isascii() and text.isdigit() else 0


def _places(chosen: Mapping[int, int], photos: Sequence[PhotoRow]) -> str:
    """Return the chosen photos by what stands on the page: "2, 5 Blue cup (×3)"."""
    return ", ".join(
        f"{photo.place} {photo.label}".rstrip() + (f" (×{chosen[photo.number]})" if chosen[photo.number] > 1 else "")
        for photo in photos
        if photo.number in chosen
    )

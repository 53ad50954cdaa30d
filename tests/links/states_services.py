"""States of more services: a link each, what the servers answer as their public clients know it, and the verdict."""

from __future__ import annotations

import re

from internet import answer, page, redirect
from states import State, image, link, og

IBB, POST, LIGHT = link("imgbb", "photo"), link("postimages", "photo"), link("lightroom", "album")
SMUG, PIXI, JOTTA = link("smugmug", "album"), link("pixieset", "album"), link("jottacloud", "album")
MEDIA, SWISS, FACE = link("mediafire", "file"), link("swisstransfer", "transfer"), link("facebook", "post or photo")
INSTA, TELE, DISCORD = link("instagram", "post"), link("telegram", "message"), link("discord", "picture")
WE = link("wetransfer", "transfer", 1)
THERE = re.escape


def shown(host: str) -> tuple[tuple[str, object], ...]:
    """A page that names its picture, and the picture."""
    tags = og(title="Beach", image=f"https://{host}/k7/beach.jpg")
    return ((rf"^{THERE(host)}/k7/", image()), (r".", page(tags)))


def shares_config(more: str) -> str:
    return f"{og(title='Summer')}<script>window.SharesConfig = {{ spaceAttributes: {{}}, {more} }};</script>"


def transfer(**data: object) -> tuple[tuple[str, object], ...]:
    """What api/links of SwissTransfer tells."""
    return ((r"/api/links/", answer({"result": "success", "data": data})),)


ONE_FILE = [{"fileName": "beach.jpg", "fileSizeInBytes": 10}]

SERVICE_STATES = (
    State("imgbb photo", IBB, shown("i.ibb.co"), "OPEN_PHOTO"),
    State("imgbb nothing", IBB, (), "NOT_FOUND"),
    State("imgbb stand-in", link("imgbb", "picture"), ((r"^i\.ibb", redirect("https://imgbb.com/images/404.png")),
          (r"404\.png", image())), "NOT_FOUND"),
    State("postimages photo", POST, shown("i.postimg.cc"), "OPEN_PHOTO"),
    State("lightroom album", LIGHT, ((r".", page(shares_config("albumAttributes: {}"))),), "OPEN_ALBUM"),
    State("lightroom nothing", LIGHT, (), "GONE_OR_PRIVATE"),
    State("smugmug gallery", SMUG, shown("photos.smugmug.com"), "OPEN_ALBUM"),
    State("smugmug password", SMUG, ((r".", page('<div class="sm-page-unlock">Password</div>')),), "NEEDS_PASSWORD"),
    State("pixieset gallery", PIXI, shown("images.pixieset.com"), "OPEN_ALBUM"),
    State("pixieset for guests", PIXI, ((r"guestlogin", page("x")), (r".", redirect("/guestlogin/summer/"))),
          "NEEDS_PASSWORD"),
    State("jottacloud album", JOTTA, ((r"/small", image()), (r"^api\.", answer({"title": "Summer", "photos": [
          {"id": "1", "thumbnail_url": "https://api.jottacloud.com/small"}]}))), "OPEN_ALBUM"),
    State("jottacloud empty", JOTTA, ((r"^api\.", answer({"title": "Summer", "photos": []})),), "OPEN_ALBUM_EMPTY"),
    State("jottacloud nothing", JOTTA, (), "NOT_FOUND"),
    State("mediafire file", MEDIA, ((r".", page('<a aria-label="Download file" href="x">Download</a>')),),
          "OPEN_AFTER_CLICK"),
    State("mediafire removed", MEDIA, ((r"/file/", redirect("https://www.mediafire.com/error.php?errno=320")),
          (r".", page("x"))), "NOT_FOUND"),
    State("mediafire blocked", MEDIA, ((r"/file/", redirect("https://www.mediafire.com/error.php?errno=378")),
          (r".", page("x"))), "TAKEN_DOWN"),
    State("swisstransfer", SWISS, transfer(container={"files": ONE_FILE, "needPassword": 0}, downloadCounterCredit=5),
          "OPEN_AFTER_CLICK"),
    State("swisstransfer password", SWISS, transfer(container={"files": ONE_FILE, "needPassword": 1}),
          "NEEDS_PASSWORD"),
    State("swisstransfer run out", SWISS, transfer(type="expired"), "EXPIRED"),
    State("swisstransfer used up", SWISS, transfer(container={"files": ONE_FILE}, downloadCounterCredit=0), "EXPIRED"),
    State("wetransfer open", WE, ((r".", page('<script>{"state":"downloadable"}</script>')),), "OPEN_AFTER_CLICK"),
    State("wetransfer run out", WE, ((r".", page('<script>{"state":"expired"}</script>')),), "EXPIRED"),
    State("facebook sign-in", FACE, ((r"/login", page("x")), (r".", redirect("https://www.facebook.com/login/?next=x"))),
          "NEEDS_SIGNIN"),
    State("instagram sign-in", INSTA, ((r"/accounts/login", page("x")), (r".", redirect("/accounts/login/?next=x"))),
          "NEEDS_SIGNIN"),
    State("telegram no such message", TELE,
          ((r".", page('<div class="tgme_widget_message_error">Post not found</div>')),), "NOT_FOUND"),
    State("discord picture that ran out", DISCORD.replace("ex=6f000000", "ex=7f000000"), (), "NOT_FOUND"),
    State("discord picture", DISCORD.replace("ex=6f000000", "ex=7f000000"), ((r".", image()),), "EXPIRES_AT"),
)  # fmt: skip

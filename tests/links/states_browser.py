# ruff: noqa: E501 - pages as servers send them
"""States that asking alone cannot tell, and what a stranger meets there once the page's own program has run.

Each is a page with its program, and what its servers answer. "" as the verdict: a browser cannot tell it either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from internet import Reply, answer, page
from states import FLICKR, IMGUR, picture
from states_2026 import LOGIN_FORM, PAGE, with_cookie

Play = Reply | Callable[[dict[str, str]], Reply]
LARGE = page(picture(size=(900, 600)), Content_Type="image/jpeg")
SMALL = page(picture(size=(48, 48)), Content_Type="image/jpeg")
HERE = r"^photos\.example\.org/a/1$"


def program(script: str, body: str = '<div id="root"></div>', head: str = "") -> Reply:
    """A page that is only a program."""
    return page(f"<!doctype html><html><head>{head}</head><body>{body}<script>{script}</script></body></html>")


def drawn(inside: str, after_ms: int = 0) -> Reply:
    """A page whose program draws this, at once or after a while."""
    quoted = inside.replace("`", "\\`")
    return program(
        f"setTimeout(() => {{ document.getElementById('root').innerHTML = `{quoted}`; }}, {after_ms});"
        if after_ms
        else f"document.getElementById('root').innerHTML = `{quoted}`;"
    )


PICTURE = '<img src="/p/{}.jpg" width="300" height="200">'
MANY = "".join(PICTURE.format(n) for n in range(6))
FROM_API = """
fetch('/api/album').then(async (got) => {
  const root = document.getElementById('root');
  if (!got.ok) { root.innerHTML = `<h2>${(await got.json()).message}</h2>`; return; }
  for (const each of (await got.json()).photos) { const i = new Image(); i.src = each; i.width = 320; root.append(i); }
});
"""
SHADOW = """
customElements.define('my-album', class extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = `%s`; }
});
document.getElementById('root').innerHTML = '<my-album></my-album>';
"""
LAZY = """
const root = document.getElementById('root');
for (let n = 0; n < 8; n++) {
  const i = document.createElement('div'); i.style = 'height:300px;width:380px'; i.dataset.src = `/p/${n}.jpg`; root.append(i);
  new IntersectionObserver((seen, watch) => seen.forEach((each) => { if (each.isIntersecting) {
    const p = new Image(); p.src = each.target.dataset.src; p.width = 380; each.target.append(p); watch.disconnect(); } })).observe(i);
}
"""
BLOB = """
fetch('/p/1.jpg').then((got) => got.blob()).then((found) => {
  const i = new Image(); i.src = URL.createObjectURL(found); i.width = 380; document.getElementById('root').append(i);
});
"""
CANVAS = """
const i = new Image(); i.onload = () => { const c = document.createElement('canvas'); c.width = 900; c.height = 600; c.style.width = '380px';
  c.getContext('2d').drawImage(i, 0, 0); document.getElementById('root').append(c); }; i.src = '/p/1.jpg';
"""
BEHIND = """
const root = document.getElementById('root');
root.innerHTML = `<div style="position:fixed;inset:0;background:white;padding:20px"><h1>%s</h1><p>%s</p><button id="no">%s</button><button id="yes">%s</button></div>`;
document.getElementById('yes').onclick = () => { root.innerHTML = `%s`; };
document.getElementById('no').onclick = () => { root.innerHTML = '<p>Good bye.</p>'; };
"""
CHALLENGE = """
setTimeout(() => { document.cookie = 'passed=1; path=/'; location.reload(); }, 2500);
"""


@dataclass(frozen=True)
class DrawnState:
    name: str
    routes: tuple[tuple[str, Play], ...]
    expected: str
    link: str = PAGE


def here(name: str, shows: Play, expected: str, *more: tuple[str, Play]) -> DrawnState:
    return DrawnState(name, ((HERE, shows), *more), expected)


def behind(title: str, words: str, no: str, yes: str, then: str = MANY) -> Reply:
    return program(BEHIND % (title, words, no, yes, then))


DRAWN = [
    here("album", drawn(MANY), "OPEN_ALBUM"),
    here("one photo", drawn(PICTURE.format(1)), "OPEN_PHOTO"),
    here("album by its interface", program(FROM_API), "OPEN_ALBUM", (r"/api/album", answer({"photos": [f"/p/{n}.jpg" for n in range(5)]}))),
    here("interface says not found", program(FROM_API), "GONE_OR_PRIVATE", (r"/api/album", answer({"message": "This album does not exist or is no longer shared."}, 404))),
    here("interface says run out", program(FROM_API), "EXPIRED", (r"/api/album", answer({"message": "This link has expired."}, 410))),
    here("interface asks to sign in", program(FROM_API), "NEEDS_SIGNIN", (r"/api/album", answer({"message": "Please log in to see this album."}, 401))),
    here("interface asks for a password", program(FROM_API), "NEEDS_PASSWORD", (r"/api/album", answer({"message": "This album is protected. Enter the password."}, 403))),
    here("album that comes after three seconds", drawn(MANY, 3_000), "OPEN_ALBUM"),
    here("album inside a shadow", program(SHADOW % MANY), "OPEN_ALBUM"),
    here("password inside a shadow", program(SHADOW % '<p>Album</p><input type="password"><button>OK</button>'), "NEEDS_PASSWORD"),
    here("album inside a frame", drawn('<iframe src="/inner" width="380" height="700"></iframe>'), "OPEN_ALBUM", (r"/inner$", page(MANY))),
    here("photos that wait for the screen", program(LAZY), "OPEN_ALBUM"),
    here("photo out of a blob", program(BLOB), "OPEN_PHOTO"),
    here("photo on a canvas", program(CANVAS), "OPEN_PHOTO"),
    here("photos as backgrounds", program("document.getElementById('root').innerHTML = '<style>.t{width:300px;height:200px;background:url(/p/1.jpg)}.u{width:300px;height:200px;background-image:url(/p/2.jpg)}</style><div class=t></div><div class=u></div>';"), "OPEN_ALBUM"),
    here("sign-in form", drawn(LOGIN_FORM), "NEEDS_SIGNIN"),
    here("sign-in with a single field", drawn('<h1>Sign in</h1><input type="email" placeholder="E-mail"><button>Next</button>'), "NEEDS_SIGNIN"),
    here("sign-in by its program, in German", program("if (self) location.replace('/anmelden?weiter=1')"), "NEEDS_SIGNIN", (r"/anmelden", page(LOGIN_FORM))),
    here("password field without a form", drawn('<h3>Zugang</h3><input type="password"><button>Weiter</button>'), "NEEDS_PASSWORD"),
    here("not found, Polish", drawn("<h1>Ups</h1><p>Nie znaleziono albumu. Mógł zostać usunięty.</p>"), "GONE_OR_PRIVATE"),
    here("asks for access, Spanish", drawn("<h1>Necesitas acceso</h1><button>Solicitar acceso</button>"), "NEEDS_REQUEST"),
    here("taken away", drawn("<h1>Blocked</h1><p>This album was removed for violating our rules.</p>"), "TAKEN_DOWN"),
    here("question about cookies over everything", behind("Cookies", "We use cookies.", "Settings", "Accept all"), "OPEN_AFTER_CLICK"),
    here("question about cookies, German", behind("Ihre Privatsphäre", "Wir verwenden Cookies.", "Ablehnen", "Alle akzeptieren"), "OPEN_AFTER_CLICK"),
    here("question about cookies, Japanese", behind("クッキー", "当サイトはクッキーを使用しています", "設定", "すべて同意する"), "OPEN_AFTER_CLICK"),
    here("question about an age", behind("Age check", "Are you 18 or older?", "No", "Yes, I am over 18"), ""),
    here("question about cookies, then a sign-in", behind("Cookies", "We use cookies.", "Settings", "Accept all", LOGIN_FORM), "NEEDS_SIGNIN"),
    here("robot check that passes by itself", with_cookie("passed=1", page(MANY), page(f"<title>Just a moment...</title><h1>Checking your browser</h1><script>window._cf_chl_opt={{}};{CHALLENGE}</script>")), "OPEN_ALBUM"),
    here("robot check that stays", page('<title>Just a moment...</title><p>Verify you are human</p><script>window._cf_chl_opt={}</script><div class="cf-turnstile"></div>'), ""),
    here("a circle that turns for ever", drawn('<svg width="40" height="40"></svg><p>Loading…</p>'), ""),
    here("a face and a logo", drawn('<img src="/avatars/ann.jpg" width="300"><img src="/logo.png" width="300">'), ""),
    here("not for this country", drawn("<h1>Sorry</h1><p>This content is not available in your country.</p>"), ""),
    here("a photo page whose picture is gone", page('<title>Beach</title><meta property="og:image" content="/p/gone.jpg"><img src="/p/gone.jpg" width="300" height="200"><script>1</script>'), "GONE_OR_PRIVATE"),
    DrawnState("page in between that leads on after some seconds", ((r"^bit\.ly", program(f"let n = 2; setInterval(() => {{ if (--n === 0) location.href = '{IMGUR}'; }}, 1000)", '<p>You will be redirected in 2 seconds</p><div id="root"></div>')), (r"^imgur", page("", 404))), "GONE", "https://bit.ly/3abcDEF"),
    here("page for an app that shows the photo all the same", page(f"<title>Album</title><p>Open in app. Download the app</p>{MANY}"), "OPEN_ALBUM"),
    here("server that lets browsers in only", lambda request: page(MANY) if "sec-ch-ua" in request or "chrome" in request.get("user-agent", "").lower() else page("<h1>Forbidden</h1>", 403), "OPEN_ALBUM"),
    here("a page that names a picture which is gone", page('<title>Beach</title><meta property="og:image" content="/p/gone.jpg"><p>Beach</p>' + "<p>words</p>" * 20), ""),
    DrawnState("photo page that names a picture which is gone", ((r"^www\.flickr", page('<meta property="og:image" content="https://live.staticflickr.com/1/gone.jpg"><title>Beach</title>')), (r"staticflickr", page("", 404))), "GONE_OR_PRIVATE", FLICKR),
    here("only small pictures", drawn("".join(f'<img src="/s/{n}.jpg" width="48" height="48">' for n in range(9))), ""),
]  # fmt: skip

# What answers beside the page itself.
BESIDE: tuple[tuple[str, Play], ...] = (
    (r"/p/gone", page("", 404)),
    (r"/s/", SMALL),
    (r"/p/|/avatars/|/logo|^lh3|^i\.imgur", LARGE),
)

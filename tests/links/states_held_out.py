# ruff: noqa: E501, RUF001 - pages as servers send them, in their languages
"""States that were written down before the rules were looked at, each with every verdict that is right for it.

They measure how the rules do on what nobody has tuned them for: `tests.links.measures` says how many are right. What was
wrong at the first look has been mended since, kind by kind; the figures of that first look stand in the README.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from internet import Reply, answer, page, redirect
from states import (  # fmt: skip
    ALBUM,
    BOX,
    DB_FILE,
    ENTE,
    FILE,
    FLICKR,
    IC_OLD,
    IMGUR,
    IMGUR_PIC,
    IMMICH,
    LYCHEE,
    MEGA_FILE,
    NEXT,
    PROTON,
    SHORT,
    SIGN_IN,
    SP,
    TO_GOOGLE,
    UC,
    YANDEX,
    heic,
    image,
    link,
    og,
    picture,
)
from states_2026 import FILE_URL, HERE, LOGIN_FORM, PAGE, pass_on, said, with_cookie

from lib.links.verdicts import verdicts

UNTOLD = frozenset({"UNRECOGNISED_PAGE", "CHECKER_BLOCKED", "CHECKER_RATE_LIMITED", "INAPP_DIFFERS"})
NOT_THERE = frozenset({"EXPIRED", "GONE", "GONE_OR_PRIVATE", "NOT_FOUND"})
OPEN = frozenset(code for code, each in verdicts().items() if each.opens)


class Case(NamedTuple):
    """One state: what is asked, what the servers answer, and the verdicts that are right."""

    name: str
    link: str
    routes: tuple[tuple[str, Reply | Callable[[dict[str, str]], Reply]], ...]
    right: frozenset[str] | set[str]


def says(name: str, title: str, text: str, right: frozenset[str] | set[str], status: int = 200) -> Case:
    """A page that only says something."""
    return Case(name, PAGE, ((HERE, said(title, text, status)),), right)


PASSWORD = '<html lang="{l}"><title>{t}</title><body><form method="post"><label>{t}</label><input type="password" name="p"><button>OK</button></form></body></html>'
GALLERY = (
    "<html><head><title>Sommerfest | Fotos</title>"
    '<meta property="og:image" content="https://photos.example.org/i/1.jpg"></head><body>'
    + "".join(f'<a href="/a/1/{n}"><img src="/i/{n}.jpg" alt="Foto {n}"></a>' for n in range(12))
    + "</body></html>"
)
CASES = [
    # soft 404 other languages
    says("soft404 de", "Hoppla", "Diese Seite gibt es leider nicht (mehr).", NOT_THERE),
    says("soft404 fr", "Oups", "La page demandée est introuvable.", NOT_THERE),
    says("soft404 it", "Pagina non trovata", "L'album che cerchi non esiste più.", NOT_THERE),
    says("soft404 pt", "Ops!", "Não encontramos a página que procura.", NOT_THERE),
    says("soft404 nl", "Niet gevonden", "Deze pagina bestaat niet meer.", NOT_THERE),
    says("soft404 pl", "Błąd", "Nie znaleziono strony. Album został usunięty.", NOT_THERE),
    says("soft404 tr", "Hata", "Aradığınız sayfa bulunamadı.", NOT_THERE),
    says("soft404 id", "Ups", "Halaman tidak ditemukan atau telah dihapus.", NOT_THERE),
    says("soft404 zh", "页面不存在", "您访问的相册不存在或已被删除。", NOT_THERE),
    says("soft404 zh-tw", "找不到頁面", "您要找的頁面不存在。", NOT_THERE),
    says("soft404 ko", "오류", "페이지를 찾을 수 없습니다.", NOT_THERE),
    says("soft404 vi", "Lỗi", "Không tìm thấy trang.", NOT_THERE),
    says("soft404 sv", "Hoppsan", "Sidan kunde inte hittas.", NOT_THERE),
    says("soft404 no", "Beklager", "Fant ikke siden du leter etter.", NOT_THERE),
    says("soft404 uk", "Помилка", "Сторінку не знайдено.", NOT_THERE),
    says("soft404 hi", "त्रुटि", "पृष्ठ नहीं मिला", NOT_THERE),
    says("soft404 ro", "Eroare", "Pagina nu a fost găsită.", NOT_THERE),
    says("soft404 hu", "Hiba", "Az oldal nem található.", NOT_THERE),
    says(
        "soft404 album gone en",
        "Sorry",
        "This gallery is no longer available. The owner may have removed it.",
        NOT_THERE,
    ),
    says(
        "soft404 file deleted", "File not available", "The file you requested has been deleted by its owner.", NOT_THERE
    ),
    says("expired de", "Link abgelaufen", "Die Freigabe ist nicht mehr gültig.", NOT_THERE),
    says("expired fr", "Lien expiré", "Ce lien de partage a expiré.", NOT_THERE),
    says("expired ja", "リンク", "このリンクの有効期限が切れています。", NOT_THERE),
    says("expired zh", "分享", "该分享链接已过期", NOT_THERE),
    says(
        "expired en transfer",
        "Transfer expired",
        "Sorry, this transfer has expired and is not available any more.",
        NOT_THERE,
    ),
    says("expired ru", "Ссылка", "Срок действия ссылки истёк.", NOT_THERE),
    # walls in words
    says("password it", "Album protetto", "Inserisci la password per vedere le foto.", {"NEEDS_PASSWORD"}),
    says("password es", "Álbum protegido", "Introduce la contraseña para ver este álbum.", {"NEEDS_PASSWORD"}),
    says("password ja", "保護されたアルバム", "パスワードを入力してください。", {"NEEDS_PASSWORD"}),
    says("password ru", "Доступ", "Введите пароль для просмотра альбома.", {"NEEDS_PASSWORD"}),
    says("password extraction code", "提取文件", "请输入提取码", {"NEEDS_PASSWORD"}),
    says("password pin en", "Private gallery", "Please enter your gallery PIN to continue.", {"NEEDS_PASSWORD"}),
    Case("password form hu", PAGE, ((HERE, page(PASSWORD.format(l="hu", t="Jelszó"))),), {"NEEDS_PASSWORD"}),
    Case("password form 401 + form", PAGE, ((HERE, page(PASSWORD.format(l="en", t="Code"), 401)),), {"NEEDS_PASSWORD"}),
    Case(
        "basic auth",
        PAGE,
        ((HERE, page("Unauthorized", 401, WWW_Authenticate='Basic realm="Fotos"')),),
        {"NEEDS_PASSWORD", "NEEDS_SIGNIN"},
    ),
    says("signin it", "Accedi", "Devi effettuare l'accesso per vedere questo contenuto.", {"NEEDS_SIGNIN"}),
    says("signin ru", "Вход", "Войдите, чтобы посмотреть этот альбом.", {"NEEDS_SIGNIN"}),
    says("signin zh", "登录", "请先登录后查看", {"NEEDS_SIGNIN"}),
    says("signin ar", "تسجيل الدخول", "يرجى تسجيل الدخول لعرض الألبوم", {"NEEDS_SIGNIN"}),
    says("signin pt", "Entrar", "Faça login para ver este álbum.", {"NEEDS_SIGNIN"}),
    says(
        "signin private en",
        "This album is private",
        "You must be logged in to view it.",
        {"NEEDS_SIGNIN", "NEEDS_REQUEST", "GONE_OR_PRIVATE"},
    ),
    says("request fr", "Accès requis", "Demandez l'accès au propriétaire.", {"NEEDS_REQUEST"}),
    says("request it", "Serve l'autorizzazione", "Richiedi accesso al proprietario.", {"NEEDS_REQUEST"}),
    says("request ja", "アクセス権が必要です", "アクセス権をリクエストしてください", {"NEEDS_REQUEST"}),
    says(
        "request en",
        "You need permission",
        "Request access, or switch to an account with permission.",
        {"NEEDS_REQUEST"},
    ),
    says("org en", "Contoso", "This link only works for people in Contoso.", {"ORG_ONLY"}),
    says("org de", "Zugriff", "Dieser Link funktioniert nur für Personen in Ihrer Organisation.", {"ORG_ONLY"}),
    says("org es", "Acceso", "Solo las personas de su organización pueden abrir este vínculo.", {"ORG_ONLY"}),
    # redirects
    *[
        Case(f"hop {p}", PAGE, ((HERE, redirect(p)), (r"/", page("<form>"))), {"NEEDS_SIGNIN"})
        for p in (
            "/connexion?retour=/a/1",
            "/iniciar-sesion",
            "/accedi",
            "/inloggen",
            "/logowanie",
            "/users/sign_in",
            "/account/login?ReturnUrl=%2Fa%2F1",
            "/wp-login.php?redirect_to=x",
            "/giris",
            "/oauth2/start?rd=/a/1",
            "/saml/login",
            "/ucp.php?mode=login",
            "/index.php/login?redirect_url=/a/1",
            "/zaloguj",
            "/einloggen",
            "/entrar",
            "/login.html",
            "/auth/realms/x/protocol/openid-connect/auth?client_id=a",
        )
    ],
    Case(
        "hop okta",
        PAGE,
        ((HERE, redirect("https://contoso.okta.com/app/x/sso/saml")), (r"okta", page("<form>"))),
        {"ORG_ONLY", "NEEDS_SIGNIN"},
    ),
    Case(
        "hop authelia",
        PAGE,
        (
            (HERE, redirect("https://auth.example.org/?rd=https%3A%2F%2Fphotos.example.org%2Fa%2F1")),
            (r"^auth", page("<div id=root></div><title>Login - Authelia</title>")),
        ),
        {"NEEDS_SIGNIN", "ORG_ONLY"},
    ),
    Case(
        "hop signin apple",
        PAGE,
        ((HERE, redirect("/private")), (r"/private", said("Private", "This gallery is private."))),
        {"NEEDS_SIGNIN", "NEEDS_REQUEST", "NEEDS_PASSWORD", "GONE_OR_PRIVATE"} | UNTOLD,
    ),
    Case(
        "hop home soft",
        PAGE,
        (
            (HERE, redirect("/")),
            (r"org/$", said("Fotowelt", "Willkommen! Lege dein eigenes Album an. Jetzt registrieren.")),
        ),
        NOT_THERE | UNTOLD,
    ),
    # country, age, rules, quota, virus
    says(
        "country en", "Not available", "This service isn't available in your location.", UNTOLD | {"OPEN_REGION_RISK"}
    ),
    says("country es", "Aviso", "Este contenido no está disponible en tu país.", UNTOLD | {"OPEN_REGION_RISK"}),
    says("country ja", "お知らせ", "お住まいの地域ではご利用いただけません。", UNTOLD | {"OPEN_REGION_RISK"}),
    says("country uk imgur", "Sorry", "Imgur is not available in the United Kingdom.", UNTOLD | {"OPEN_REGION_RISK"}),
    Case(
        "451 words",
        PAGE,
        ((HERE, said("451", "Unavailable for legal reasons in your country", 451)),),
        UNTOLD | {"OPEN_REGION_RISK"},
    ),
    Case("451 plain", PAGE, ((HERE, page("", 451)),), UNTOLD | {"OPEN_REGION_RISK", "TAKEN_DOWN"}),
    says(
        "age de",
        "Altersprüfung",
        "Dieser Inhalt ist erst ab 18 Jahren. Bist du über 18?",
        UNTOLD | {"OPEN_AFTER_CLICK", "NEEDS_SIGNIN"},
    ),
    says(
        "age fr",
        "Contenu pour adultes",
        "Confirmez que vous avez plus de 18 ans.",
        UNTOLD | {"OPEN_AFTER_CLICK", "NEEDS_SIGNIN"},
    ),
    says(
        "rules fr",
        "Indisponible",
        "Ce fichier a été supprimé car il enfreint nos conditions d'utilisation.",
        {"TAKEN_DOWN"},
    ),
    says("rules it", "Non disponibile", "Questo contenuto viola i nostri termini di servizio.", {"TAKEN_DOWN"}),
    says("rules dmca", "Removed", "File removed due to a copyright claim (DMCA).", {"TAKEN_DOWN"}),
    says("rules pt", "Indisponível", "Este item viola os nossos Termos de Serviço.", {"TAKEN_DOWN"}),
    says("quota de", "Limit erreicht", "Das Download-Limit für diese Datei wurde überschritten.", {"QUOTA"}),
    says("quota es", "Error", "Demasiados usuarios han visto o descargado este archivo recientemente.", {"QUOTA"}),
    says(
        "quota dropbox",
        "Error (429)",
        "This account's links are generating too much traffic and have been temporarily disabled!",
        {"QUOTA"},
    ),
    says("quota fr", "Oups", "La limite de bande passante de ce lien est dépassée.", {"QUOTA"}),
    says("virus", "Blocked", "A virus was detected in this file.", {"TAKEN_DOWN"} | UNTOLD),
    # bot checks
    Case(
        "bot hcaptcha",
        PAGE,
        ((HERE, page("<title>Security check</title><div class='h-captcha' data-sitekey=x></div>", 403)),),
        UNTOLD,
    ),
    Case(
        "bot turnstile",
        PAGE,
        ((HERE, page("<title>One moment</title><div class='cf-turnstile' data-sitekey=x></div>")),),
        UNTOLD,
    ),
    Case(
        "bot perimeterx",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>Access to this page has been denied</title><div id=px-captcha></div><script src='//client.perimeterx.net/x'></script>",
                    403,
                ),
            ),
        ),
        UNTOLD,
    ),
    Case(
        "bot datadome",
        PAGE,
        ((HERE, page("<script>var dd={'host':'geo.captcha-delivery.com'}</script>", 403)),),
        UNTOLD,
    ),
    Case(
        "bot akamai",
        PAGE,
        (
            (
                HERE,
                page(
                    "<H1>Access Denied</H1>You don't have permission to access this on this server.<P>Reference #18.2d",
                    403,
                ),
            ),
        ),
        UNTOLD,
    ),
    Case(
        "bot incapsula",
        PAGE,
        (
            (
                HERE,
                page(
                    "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful. Incapsula incident ID</iframe>"
                ),
            ),
        ),
        UNTOLD,
    ),
    Case(
        "bot ddos-guard",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
                    403,
                ),
            ),
        ),
        UNTOLD,
    ),
    says("bot de", "Sind Sie ein Mensch?", "Bitte bestätigen Sie, dass Sie kein Roboter sind.", UNTOLD),
    says("bot es", "Verificación", "Confirma que no eres un robot.", UNTOLD),
    Case(
        "bot sucuri",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>Sucuri WebSite Firewall - Access Denied</title><h1>Access Denied - Sucuri Website Firewall</h1>",
                    403,
                ),
            ),
        ),
        UNTOLD,
    ),
    Case("429", PAGE, ((HERE, page("Too many requests", 429)),), UNTOLD),
    # servers
    Case("503 retry", PAGE, ((HERE, page("Service starting", 503, Retry_After="30")),), {"SERVER_5XX"} | UNTOLD),
    Case("502", PAGE, ((HERE, page("<h1>502 Bad Gateway</h1><center>nginx</center>", 502)),), {"SERVER_5XX"} | UNTOLD),
    Case("530 tunnel", PAGE, ((HERE, page("error code: 1033 Cloudflare Tunnel error", 530)),), {"SERVER_5XX"} | UNTOLD),
    says("render waking", "Service waking up", "Application loading", UNTOLD | {"SERVER_5XX"}),
    says(
        "nextcloud maintenance",
        "Nextcloud",
        "This Nextcloud instance is currently in maintenance mode, which may take a while.",
        {"SERVER_5XX"} | UNTOLD,
    ),
    says("db error", "Error", "Error establishing a database connection", {"SERVER_5XX"} | UNTOLD),
    says("domain parked de", "example.org", "Diese Domain steht zum Verkauf.", NOT_THERE | UNTOLD),
    says(
        "default page",
        "Welcome to nginx!",
        "If you see this page, the nginx web server is successfully installed and working.",
        NOT_THERE | UNTOLD | {"SERVER_5XX"},
    ),
    says(
        "hosting suspended",
        "Account Suspended",
        "This account has been suspended. Contact your hosting provider for more information.",
        NOT_THERE | UNTOLD | {"TAKEN_DOWN", "SERVER_5XX"},
    ),
    # short links
    Case("goo.gl dead", "https://goo.gl/AbCdEf", ((r"^goo\.gl", page("", 404)),), NOT_THERE),
    Case(
        "tinyurl to dropbox open",
        "https://tinyurl.com/sommer25",
        (
            (r"^tinyurl", redirect(DB_FILE, 301)),
            (r"dropbox", page(og(title="a.jpg", image="https://uc1.previews.dropboxusercontent.com/p/thumb/x"))),
        ),
        OPEN | UNTOLD,
    ),
    Case(
        "tinyurl to own dropbox",
        "https://tinyurl.com/sommer25",
        ((r"^tinyurl", redirect("https://www.dropbox.com/home/Fotos")),),
        {"ACCOUNT_BOUND", "NEEDS_SIGNIN"},
    ),
    Case(
        "t.co to imgur pic",
        "https://t.co/Zz9AbCdEf1",
        ((r"^t\.co", redirect("https://i.imgur.com/aB7xQ2m.jpeg", 301)), (r"^i\.imgur", image())),
        {"OPEN_PHOTO", "OPEN_REGION_RISK"},
    ),
    Case(
        "bit.ly to removed imgur",
        "https://bit.ly/4xYzAbC",
        (
            (r"^bit\.ly", redirect("https://i.imgur.com/aB7xQ2m.jpeg", 301)),
            (r"aB7x", redirect("https://i.imgur.com/removed.png")),
            (r"removed", image(picture("PNG", (161, 81)), "image/png")),
        ),
        NOT_THERE,
    ),
    Case(
        "bit.ly to photo file",
        "https://bit.ly/4xYzAbC",
        ((r"^bit\.ly", redirect(FILE_URL, 301)), (r"beach", image())),
        {"OPEN_PHOTO"},
    ),
    Case(
        "short js location",
        "https://bit.ly/4xYzAbC",
        ((r"^bit\.ly", page(f'<script>window.location.href="{FILE}";</script>')), (r"/file/d/", TO_GOOGLE)),
        {"NEEDS_SIGNIN"},
    ),
    Case(
        "short link expired rebrandly",
        "https://bit.ly/4xYzAbC",
        ((r"^bit\.ly", said("Link expired", "The link you are trying to access has expired.")),),
        NOT_THERE,
    ),
    # cookies
    Case(
        "cookie 307 loop",
        PAGE,
        (
            (HERE, with_cookie("t=1", page(GALLERY), Reply(307, b"", {"Location": "/a/1", "Set-Cookie": "t=1"}))),
            (r"/i/1", image()),
        ),
        OPEN | UNTOLD,
    ),
    Case(
        "cookie sub path",
        FILE_URL,
        (
            (r"beach", with_cookie("g=ok", image(), pass_on("/gate?x", "g=ok; Path=/a"))),
            (r"/gate", redirect("/a/beach.jpg")),
        ),
        {"OPEN_PHOTO"},
    ),
    # pictures
    Case("webp", FILE_URL, ((r"beach", image(picture("WEBP"), "image/webp")),), {"OPEN_PHOTO"}),
    Case("heic file", FILE_URL, ((r"beach", image(heic(), "image/heic")),), {"OPEN_FORMAT_RISK"}),
    Case(
        "pdf under jpg",
        FILE_URL,
        ((r"beach", image(b"%PDF-1.7\n" + bytes(900), "application/pdf")),),
        {"OPEN_FILE_NOT_PHOTO"},
    ),
    Case("html 200 under jpg", FILE_URL, ((r"beach", page("<title>Bild nicht gefunden</title>")),), NOT_THERE | UNTOLD),
    Case("wrong type png as jpeg", FILE_URL, ((r"beach", image(picture("PNG"), "image/jpeg")),), {"OPEN_PHOTO"}),
    Case(
        "no type nosniff",
        FILE_URL,
        ((r"beach", Reply(200, picture(), {"X-Content-Type-Options": "nosniff"})),),
        {"OPEN_FORMAT_RISK", "OPEN_FILE_NOT_PHOTO"} | UNTOLD | {"OPEN_PHOTO"},
    ),
    Case(
        "binary/octet-stream",
        FILE_URL,
        ((r"beach", image(kind="binary/octet-stream")),),
        {"OPEN_FORMAT_RISK", "OPEN_FILE_NOT_PHOTO"} | UNTOLD,
    ),
    Case(
        "force-download type",
        FILE_URL,
        ((r"beach", image(kind="application/force-download")),),
        {"OPEN_FORMAT_RISK", "OPEN_FILE_NOT_PHOTO"} | UNTOLD,
    ),
    Case(
        "filename* attachment",
        FILE_URL,
        ((r"beach", image(Content_Disposition="attachment; filename*=UTF-8''strand.jpg")),),
        {"OPEN_FORMAT_RISK", "OPEN_FILE_NOT_PHOTO"},
    ),
    Case("inline ok", FILE_URL, ((r"beach", image(Content_Disposition="inline; filename=beach.jpg")),), {"OPEN_PHOTO"}),
    Case(
        "placeholder no-photo",
        FILE_URL,
        ((r"/a/beach", redirect("/img/no-photo-available.jpg")), (r"/img", image())),
        NOT_THERE | UNTOLD,
    ),
    Case(
        "placeholder default",
        FILE_URL,
        ((r"/a/beach", redirect("/assets/default_image.png")), (r"/assets", image(picture("PNG"), "image/png"))),
        NOT_THERE | UNTOLD,
    ),
    Case("1x1 gif", FILE_URL, ((r"beach", image(picture("GIF", (1, 1)), "image/gif")),), UNTOLD),
    Case(
        "avatar og",
        FLICKR,
        (
            (r"^www\.flickr", page(og(title="Ann", image="https://live.staticflickr.com/1/buddyicons/5_r.jpg"))),
            (r"staticflickr", image()),
        ),
        UNTOLD | NOT_THERE | {"NEEDS_SIGNIN"},
    ),
    Case(
        "gcs denied",
        FILE_URL,
        (
            (
                r"beach",
                Reply(
                    403,
                    b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>Anonymous caller does not have storage.objects.get access</Details></Error>",
                    {"Content-Type": "application/xml"},
                ),
            ),
        ),
        NOT_THERE | {"NEEDS_SIGNIN"},
    ),
    Case(
        "s3 nosuchkey",
        FILE_URL,
        ((r"beach", Reply(404, b"<Error><Code>NoSuchKey</Code></Error>", {"Content-Type": "application/xml"})),),
        NOT_THERE,
    ),
    Case(
        "azure 409",
        FILE_URL,
        (
            (
                r"beach",
                Reply(
                    409,
                    b"<Error><Code>PublicAccessNotPermitted</Code><Message>Public access is not permitted on this storage account.</Message></Error>",
                    {"Content-Type": "application/xml"},
                ),
            ),
        ),
        NOT_THERE | {"NEEDS_SIGNIN"} | UNTOLD,
    ),
    Case(
        "azure 403 sig expired",
        FILE_URL,
        (
            (
                r"beach",
                Reply(
                    403,
                    b"<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail></Error>",
                    {"Content-Type": "application/xml"},
                ),
            ),
        ),
        NOT_THERE,
    ),
    Case(
        "signed s3 expired token",
        FILE_URL,
        (
            (
                r"beach",
                Reply(
                    400,
                    b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>",
                    {"Content-Type": "application/xml"},
                ),
            ),
        ),
        NOT_THERE,
    ),
    Case("unknown gallery open", PAGE, ((HERE, page(GALLERY)), (r"/i/", image())), OPEN | UNTOLD),
    Case(
        "unknown gallery, pictures 403",
        PAGE,
        ((HERE, page(GALLERY)), (r"/i/", page("", 403))),
        UNTOLD | {"NEEDS_SIGNIN"},
    ),
    Case(
        "spa",
        PAGE,
        (
            (
                HERE,
                page(
                    "<!doctype html><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=/m.js></script>"
                ),
            ),
        ),
        UNTOLD,
    ),
    Case(
        "app only ko",
        PAGE,
        ((HERE, said("앱에서 열기", "앱을 다운로드하여 사진을 확인하세요.")),),
        UNTOLD | {"OPEN_AFTER_CLICK"},
    ),
    Case("market hop", PAGE, ((HERE, redirect("market://details?id=com.example")),), UNTOLD),
    Case(
        "play store",
        PAGE,
        (
            (HERE, redirect("https://play.google.com/store/apps/details?id=com.example")),
            (r"play", page("<title>Album - Apps on Google Play</title>")),
        ),
        UNTOLD,
    ),
    Case(
        "cookie consent de",
        PAGE,
        ((HERE, said("Bevor Sie fortfahren", "Wir verwenden Cookies. Alle akzeptieren. Alle ablehnen.")),),
        UNTOLD | {"OPEN_AFTER_CLICK"},
    ),
    # services
    Case("gphotos 500", ALBUM, ((r"^photos\.google", page("", 500)),), {"SERVER_5XX"} | UNTOLD),
    Case(
        "gphotos consent",
        ALBUM,
        ((r"^photos\.google", redirect("https://consent.google.com/m?continue=x")), (r"consent", page("<form>"))),
        UNTOLD,
    ),
    Case(
        "gphotos short to signin",
        SHORT,
        (
            (r"^photos\.app", redirect(ALBUM)),
            (r"^photos\.google", redirect("https://accounts.google.com/ServiceLogin?x")),
            (r"accounts", SIGN_IN),
        ),
        {"NEEDS_SIGNIN", "GONE_OR_PRIVATE"},
    ),
    Case(
        "drive es request",
        FILE,
        ((r"/file/d/", said("Google Drive: acceso denegado", "Necesitas acceso. Solicitar acceso")),),
        {"NEEDS_REQUEST"},
    ),
    Case(
        "drive ja request",
        FILE,
        (
            (
                r"/file/d/",
                said("Google ドライブ: アクセス権がありません", "アクセス権が必要です アクセス権をリクエスト"),
            ),
        ),
        {"NEEDS_REQUEST"},
    ),
    Case(
        "drive fr tos",
        FILE,
        (
            (
                r"/file/d/",
                said(
                    "Google Drive",
                    "Désolé, vous ne pouvez pas accéder à cet élément, car il enfreint nos Conditions d'utilisation.",
                ),
            ),
        ),
        {"TAKEN_DOWN"},
    ),
    Case(
        "drive trash",
        FILE,
        ((r"/file/d/", said("Google Drive", "The file is in the owner's trash")),),
        NOT_THERE | UNTOLD,
    ),
    Case("drive uc quota fr", UC, ((r"/download", page("<title>Google Drive – Quota dépassé</title>")),), {"QUOTA"}),
    Case(
        "drive org",
        FILE,
        (
            (r"/file/d/", redirect("https://accounts.google.com/v3/signin/identifier?continue=x&hd=school.edu")),
            (r"accounts", SIGN_IN),
        ),
        {"NEEDS_SIGNIN", "ORG_ONLY"},
    ),
    Case(
        "dropbox deleted de",
        DB_FILE,
        ((r"dropbox", page("<title>Dropbox - Datei gelöscht</title><h1>Dieses Element wurde gelöscht</h1>")),),
        NOT_THERE,
    ),
    Case("dropbox 410", DB_FILE, ((r"dropbox", page("", 410)),), NOT_THERE),
    Case(
        "sharepoint fedauth folder",
        link("sharepoint", "file or folder"),
        (
            (
                r"/:[a-z]:/",
                pass_on(
                    "https://example-my.sharepoint.com/personal/ann/_layouts/15/onedrive.aspx?id=2",
                    "FedAuth=zz; path=/; secure",
                ),
            ),
            (
                r"onedrive\.aspx",
                with_cookie(
                    "FedAuth=zz",
                    page('<script>var g_listData = {"Row":[{"FileLeafRef":"a.jpg"}]};</script>'),
                    redirect("https://login.microsoftonline.com/x"),
                ),
            ),
        ),
        OPEN | UNTOLD,
    ),
    Case(
        "sharepoint removed",
        SP,
        (
            (r"/:i:/", redirect("https://example-my.sharepoint.com/personal/ann/_layouts/15/AccessDenied.aspx?p=1")),
            (
                r"AccessDenied",
                said(
                    "Error", "Sorry, something went wrong. The link you're trying to use has been removed or expired."
                ),
            ),
        ),
        NOT_THERE | {"ORG_ONLY", "NEEDS_REQUEST", "NEEDS_SIGNIN"},
    ),
    Case(
        "sharepoint otp",
        SP,
        (
            (r"/:i:/", redirect("https://example-my.sharepoint.com/personal/ann/_layouts/15/guestaccess.aspx?share=x")),
            (
                r"guestaccess",
                page(
                    "<h1>Verify Your Identity</h1><p>You've received a secure link. To open this secure link, we'll need you to enter the email that this item was shared to.</p><input type='email' id='txtTOAAEmail'>"
                ),
            ),
        ),
        {"NEEDS_SIGNIN", "NEEDS_REQUEST", "ORG_ONLY"},
    ),
    Case("icloud 410", IC_OLD, ((r"icloud", page("", 410)),), NOT_THERE),
    Case(
        "wetransfer expired html",
        "https://wetransfer.com/downloads/2d56c956e577a54d4678b63e27d3cef876874773954536/42cbf7",
        ((r"wetransfer", said("WeTransfer", "This transfer has expired")),),
        {"EXPIRED"},
    ),
    Case("imgur 404", IMGUR, ((r"imgur", page("<title>imgur: the simple 404 page</title>", 404)),), NOT_THERE),
    Case(
        "imgur removed",
        IMGUR_PIC,
        (
            (r"^i\.imgur\.com/(?!removed)", redirect("https://i.imgur.com/removed.png")),
            (r"removed", image(picture("PNG", (161, 81)), "image/png")),
        ),
        NOT_THERE,
    ),
    Case(
        "facebook login",
        "https://www.facebook.com/share/p/1k7XmT2vRw/",
        (
            (r"facebook\.com/share", redirect("https://www.facebook.com/login/?next=x")),
            (r"/login", page("<title>Log in to Facebook</title>" + LOGIN_FORM)),
        ),
        {"NEEDS_SIGNIN"},
    ),
    Case(
        "instagram login",
        "https://www.instagram.com/p/DPk7XmT2vRw/",
        ((r"/p/", redirect("/accounts/login/?next=x")), (r"/accounts", page("<title>Login • Instagram</title>"))),
        {"NEEDS_SIGNIN"} | UNTOLD,
    ),
    Case(
        "telegram private",
        "https://t.me/+k7XmT2vRwNb9LpYz",
        (
            (
                r"t\.me",
                page(og(title="Join group chat on Telegram") + '<a class="tgme_action_button_new" href="tg://join">'),
            ),
        ),
        {"NEEDS_REQUEST", "NEEDS_SIGNIN"} | UNTOLD,
    ),
    Case(
        "discord expired",
        "https://cdn.discordapp.com/attachments/1101/1201/a.png?ex=68000000&is=67ffff00&hm=ab",
        ((r"discord", page("This content is no longer available.", 404)),),
        NOT_THERE | {"EXPIRED_URL"},
    ),
    Case(
        "postimg removed",
        "https://postimg.cc/k7XmT2vR",
        ((r"postimg", page("<title>Postimages</title><h1>Image not found</h1>", 404)),),
        NOT_THERE,
    ),
    Case(
        "swisstransfer expired",
        "https://www.swisstransfer.com/d/3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        (
            (r"/api/links", answer({"result": "error", "data": {"type": "expired"}}, 404)),
            (r".", page("<div id=app></div>")),
        ),
        NOT_THERE | UNTOLD,
    ),
    Case(
        "mediafire deleted",
        "https://www.mediafire.com/file/k7xmt2vrwnb9lpy/a.jpg/file",
        (
            (r"mediafire\.com/file", redirect("https://www.mediafire.com/error.php?errno=320")),
            (r"error", said("File sharing", "Invalid or Deleted File.")),
        ),
        NOT_THERE,
    ),
    Case(
        "pixieset password",
        "https://annphoto.pixieset.com/guestlogin/anna/",
        (
            (
                r"pixieset",
                page(
                    og(title="Anna", image="https://images.pixieset.com/x.jpg")
                    + "<form><input type=password name=password></form>"
                ),
            ),
        ),
        {"NEEDS_PASSWORD"},
    ),
    Case(
        "smugmug private",
        "https://annphoto.smugmug.com/Weddings/n-k7XmT2/",
        (
            (
                r"smugmug",
                page(
                    "<title>Log In</title><h1>This gallery requires a password</h1><form><input type=password></form>"
                ),
            ),
        ),
        {"NEEDS_PASSWORD"},
    ),
    Case(
        "nextcloud password",
        NEXT,
        (
            (r"status\.php", answer({"productname": "Nextcloud"})),
            (r"/authenticate/", page('<form id="password-input-form"><input type="password" name="password"></form>')),
            (r"/s/", redirect("/s/x/authenticate/showShare")),
        ),
        {"NEEDS_PASSWORD"},
    ),
    Case(
        "immich pw",
        IMMICH,
        (
            (r"/api/shared-links/me", answer({"message": "Invalid password", "statusCode": 401}, 401)),
            (r"/api/server", answer({"res": "pong"})),
            (r".", page("<title>Immich</title>")),
        ),
        {"NEEDS_PASSWORD"},
    ),
]

# A second look, written after the first was mended.
CASES += [
    says("sk gone", "Chyba", "Stránka sa nenašla.", NOT_THERE),
    says("bg gone", "Грешка", "Страницата не е намерена.", NOT_THERE),
    says("hr gone", "Greška", "Stranica nije pronađena.", NOT_THERE),
    says("ms gone", "Ralat", "Halaman tidak dijumpai.", NOT_THERE),
    says("ca gone", "Error", "No s'ha trobat la pàgina.", NOT_THERE),
    says("sr gone", "Greška", "Strana nije pronađena", NOT_THERE),
    says("lt gone", "Klaida", "Puslapis nerastas", NOT_THERE),
    says("et gone", "Viga", "Lehte ei leitud", NOT_THERE),
    says("sl gone", "Napaka", "Strani ni mogoče najti", NOT_THERE),
    says("lv gone", "Kļūda", "Lapa nav atrasta", NOT_THERE),
    says("fa gone", "خطا", "صفحه پیدا نشد", NOT_THERE),
    says("bn gone", "ত্রুটি", "পৃষ্ঠাটি পাওয়া যায়নি", NOT_THERE),
    says("photo owner removed", "This photo is gone", "The photographer has deleted this gallery.", NOT_THERE),
    says("no longer shared", "Ann stopped sharing this album", "", NOT_THERE),
    says("link disabled", "Link disabled", "The owner has turned off this link.", NOT_THERE),
    says("link deactivated de", "Link deaktiviert", "Der Besitzer hat die Freigabe beendet.", NOT_THERE),
    says(
        "transfer deleted",
        "Transfer unavailable",
        "This transfer was deleted or has reached its download limit.",
        NOT_THERE | {"QUOTA"},
    ),
    says("pw de2", "Geschützter Bereich", "Bitte Passwort eingeben", {"NEEDS_PASSWORD"}),
    says("pw pl", "Galeria", "Galeria jest zabezpieczona. Podaj kod dostępu.", {"NEEDS_PASSWORD"}),
    says("pw ko", "앨범", "비밀번호를 입력하세요", {"NEEDS_PASSWORD"}),
    says("pw client", "Client gallery", "Please enter the password provided by your photographer.", {"NEEDS_PASSWORD"}),
    says(
        "email gate",
        "View gallery",
        "Enter your email address to view this gallery.",
        {"NEEDS_SIGNIN", "OPEN_AFTER_CLICK", "NEEDS_REQUEST"} | UNTOLD,
    ),
    says("signin nl", "Inloggen", "Log in om dit album te bekijken.", {"NEEDS_SIGNIN"}),
    says("signin vi", "Đăng nhập", "Bạn cần đăng nhập để xem.", {"NEEDS_SIGNIN"}),
    says("signin he", "כניסה", "יש להתחבר כדי לצפות", {"NEEDS_SIGNIN"}),
    says("signin pl", "Logowanie", "Zaloguj się, aby zobaczyć album.", {"NEEDS_SIGNIN"}),
    says(
        "follow only",
        "This account is private",
        "Follow this account to see their photos and videos.",
        {"NEEDS_SIGNIN", "NEEDS_REQUEST"},
    ),
    says(
        "friends only",
        "Content not available",
        "You may need to be friends with the owner to see it, log in.",
        {"NEEDS_SIGNIN", "NEEDS_REQUEST", "GONE_OR_PRIVATE"},
    ),
    says("request pt", "Acesso negado", "Você precisa de permissão. Solicitar acesso.", {"NEEDS_REQUEST"}),
    says("request ru", "Нужен доступ", "Запросите доступ у владельца", {"NEEDS_REQUEST"}),
    says("request zh", "您需要访问权限", "申请访问权限", {"NEEDS_REQUEST"}),
    says("org ja", "アクセス", "このリンクは組織内のユーザーのみが開けます", {"ORG_ONLY"}),
    says("org fr", "Accès", "Ce lien fonctionne uniquement pour les personnes de votre organisation.", {"ORG_ONLY"}),
    says(
        "rules de",
        "Gesperrt",
        "Diese Datei wurde wegen Verstoßes gegen die Nutzungsbedingungen gesperrt.",
        {"TAKEN_DOWN"},
    ),
    says("rules ja", "閲覧できません", "このコンテンツは利用規約に違反しているため削除されました", {"TAKEN_DOWN"}),
    says(
        "suspended acct",
        "Account suspended",
        "This account has been suspended for violating the rules.",
        {"TAKEN_DOWN"} | NOT_THERE,
    ),
    says("quota it", "Limite superato", "Il limite di download è stato raggiunto.", {"QUOTA"}),
    says("quota ja", "エラー", "ダウンロード数の上限に達しました", {"QUOTA"}),
    says(
        "quota en2",
        "Too much traffic",
        "This link has been temporarily disabled because it generated too much traffic.",
        {"QUOTA"},
    ),
    says("country ko", "안내", "해당 국가에서는 이용할 수 없습니다.", UNTOLD),
    says("country pt", "Aviso", "Este serviço não está disponível na sua região.", UNTOLD),
    says(
        "age es",
        "Contenido sensible",
        "Debes tener 18 años o más para ver este contenido.",
        UNTOLD | {"OPEN_AFTER_CLICK"},
    ),
    says("bot fr", "Vérification", "Confirmez que vous n'êtes pas un robot.", UNTOLD),
    says("bot ja", "確認", "ロボットではないことを確認してください", UNTOLD),
    Case(
        "bot geetest",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>Checking</title><div id='geetest_captcha'></div><script src='https://static.geetest.com/v4/gt4.js'></script>",
                    403,
                ),
            ),
        ),
        UNTOLD,
    ),
    Case(
        "bot queue-it",
        PAGE,
        (
            (HERE, redirect("https://queue.example.org/?c=x")),
            (r".", said("Waiting room", "You are in line. Your estimated wait time is 2 minutes")),
        ),
        UNTOLD | {"DNS"},
    ),
    Case(
        "maint 503 de",
        PAGE,
        ((HERE, said("Wartung", "Wir führen Wartungsarbeiten durch.", 503)),),
        {"SERVER_5XX"} | UNTOLD,
    ),
    says("maint 200", "Be right back", "We are down for maintenance.", {"SERVER_5XX"} | UNTOLD),
    says(
        "php fatal",
        "Fatal error",
        "Uncaught Error: Call to undefined function in /var/www/html/index.php on line 3",
        {"SERVER_5XX"} | UNTOLD,
    ),
    Case(
        "524",
        PAGE,
        ((HERE, page("<title>example.org | 524: A timeout occurred</title>", 524)),),
        {"SERVER_5XX", "TIMEOUT"} | UNTOLD,
    ),
    Case(
        "index of",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>Index of /a</title><h1>Index of /a</h1><a href='1.jpg'>1.jpg</a><a href='2.jpg'>2.jpg</a>"
                ),
            ),
            (r".", image()),
        ),
        OPEN | UNTOLD,
    ),
    Case(
        "soft home",
        PAGE,
        ((HERE, redirect("/?error=notfound")), (r".", said("Fotos", "Willkommen"))),
        NOT_THERE | UNTOLD,
    ),
    Case(
        "hop 302 /login?expired",
        PAGE,
        ((HERE, redirect("/login?reason=expired")), (r".", page(LOGIN_FORM))),
        {"NEEDS_SIGNIN"},
    ),
    Case(
        "hop keycloak",
        PAGE,
        (
            (HERE, redirect("https://auth.example.org/realms/family/protocol/openid-connect/auth?client_id=x")),
            (r".", page(LOGIN_FORM)),
        ),
        {"NEEDS_SIGNIN", "ORG_ONLY"},
    ),
    Case(
        "hop /registrieren",
        PAGE,
        ((HERE, redirect("/registrieren")), (r".", said("Registrieren", "Erstellen Sie ein Konto"))),
        {"NEEDS_SIGNIN"} | UNTOLD,
    ),
    Case(
        "hop /signup",
        PAGE,
        ((HERE, redirect("/signup?next=/a/1")), (r".", said("Create your account", "Sign up to continue"))),
        {"NEEDS_SIGNIN"} | UNTOLD,
    ),
    Case("hop /gone", PAGE, ((HERE, redirect("/link-expired")), (r".", said("Ups", ""))), NOT_THERE | UNTOLD),
    Case(
        "form js login",
        PAGE,
        (
            (
                HERE,
                page(
                    "<title>Photos</title><div>Username</div><input name=u><div>Password</div><input type=password name=p><button>Sign in</button>"
                ),
            ),
        ),
        {"NEEDS_SIGNIN"},
    ),
    Case(
        "cookie meta refresh",
        FILE_URL,
        (
            (
                r"beach",
                with_cookie(
                    "v=1",
                    image(),
                    Reply(
                        200,
                        b'<meta http-equiv="refresh" content="0">',
                        {"Content-Type": "text/html", "Set-Cookie": "v=1; Path=/"},
                    ),
                ),
            ),
        ),
        {"OPEN_PHOTO"} | UNTOLD,
    ),
    Case("dropbox wrong key", DB_FILE, ((r"dropbox", page("<title>Dropbox - 404</title>", 404)),), NOT_THERE),
    Case("gdrive 404 es", FILE, ((r"/file/d/", page("<title>Página no encontrada</title>", 404)),), NOT_THERE),
    Case(
        "yandex gone",
        YANDEX,
        ((r"cloud-api", answer({"error": "DiskNotFoundError"}, 404)), (r".", page("", 404))),
        NOT_THERE,
    ),
    Case(
        "box removed",
        BOX,
        (
            (
                r".",
                page(
                    "<title>Box</title>This shared file or folder link has been removed or is unavailable to you.", 404
                ),
            ),
        ),
        NOT_THERE,
    ),
    Case("mega gone", MEGA_FILE, ((r"g\.api", answer([-9])),), NOT_THERE),
    Case("proton gone", PROTON, ((r".", answer({"Code": 2501, "Error": "does not exist"}, 422)),), NOT_THERE | UNTOLD),
    Case("ente expired", ENTE, ((r"ente", answer({"code": "LINK_EXPIRED"}, 410)),), NOT_THERE),
    Case(
        "imgur 403 uk",
        IMGUR_PIC,
        ((r"imgur", said("Imgur", "Content not viewable in your region", 403)),),
        UNTOLD | {"OPEN_REGION_RISK", "TAKEN_DOWN"},
    ),
    Case(
        "lychee closed",
        LYCHEE,
        ((r".", page("<title>Lychee</title>Unauthorized", 401)),),
        {"NEEDS_SIGNIN", "NEEDS_PASSWORD", "GONE_OR_PRIVATE"} | UNTOLD,
    ),
    Case(
        "jpg is svg",
        FILE_URL,
        (
            (
                r"beach",
                page("<svg xmlns='http://www.w3.org/2000/svg'><text>404</text></svg>", Content_Type="image/svg+xml"),
            ),
        ),
        UNTOLD | NOT_THERE | {"OPEN_FILE_NOT_PHOTO", "OPEN_PHOTO"},
    ),
    Case("jpg truncated by server", FILE_URL, ((r"beach", image(picture(size=(900, 700))[:2000])),), UNTOLD),
    Case("avif", FILE_URL, ((r"beach", image(picture("AVIF"), "image/avif")),), {"OPEN_PHOTO", "OPEN_FORMAT_RISK"}),
    Case("gif", FILE_URL, ((r"beach", image(picture("GIF"), "image/gif")),), {"OPEN_PHOTO"}),
    Case(
        "x-download",
        FILE_URL,
        ((r"beach", image(kind="application/x-download")),),
        {"OPEN_FORMAT_RISK", "OPEN_FILE_NOT_PHOTO"} | UNTOLD,
    ),
    Case(
        "text/html jpeg",
        FILE_URL,
        ((r"beach", image(kind="text/html")),),
        {"OPEN_FILE_NOT_PHOTO", "OPEN_FORMAT_RISK"} | UNTOLD,
    ),
    Case(
        "multi placeholder",
        FILE_URL,
        (
            (r"/a/beach", redirect("/wp-content/uploads/placeholder-600x400.png")),
            (r"/wp", image(picture("PNG"), "image/png")),
        ),
        NOT_THERE | UNTOLD,
    ),
    Case(
        "hotlink image",
        FILE_URL,
        ((r"/a/beach", redirect("/hotlink.gif")), (r"/hot", image(picture("GIF"), "image/gif"))),
        NOT_THERE | UNTOLD,
    ),
    Case("error image 404", FILE_URL, ((r"beach", Reply(404, picture(), {"Content-Type": "image/jpeg"})),), NOT_THERE),
]

# Pages about which nothing can be told, with words at which a hasty reader would cry wolf.
_WORDS = [
    (
        "Sommer 2025 | Annas Fotos",
        "<p>24 Fotos</p><a>Link teilen</a> <a>Album herunterladen</a> <a>Foto löschen</a> Link-Gültigkeit: 12.12.2026",
    ),
    (
        "Our wedding",
        "<p>124 photos · Share link · Download all · Comments are not available · Report copyright infringement · Terms · Privacy policy</p>",
    ),
    ("School fair", "<p>Photos of members of the school choir. Only the best. Password forgotten? Members sign in</p>"),
    (
        "Fotos de boda",
        "<p>Álbum con 40 fotos. Compartir enlace. Denunciar infracción de derechos de autor. Política de privacidad</p>",
    ),
    ("写真館", "<p>写真 30枚 リンクの有効期限: 2026/12/31 ダウンロード アルバムを共有 利用規約 著作権侵害を報告</p>"),
    ("相册", "<p>30 张照片 分享链接 下载 登录 注册 版权声明 违规举报</p>"),
    (
        "Альбом",
        "<p>30 фото. Скачать файл. Удалить. Срок действия ссылки: до 12.12.2026. Пожаловаться на нарушение правил</p>",
    ),
    (
        "Album photo",
        "<p>30 photos. Télécharger le fichier. Signaler une violation des conditions d'utilisation. Aucun commentaire. Lien valable jusqu'au 12/12</p>",
    ),
    ("Album", "<p>30 foto. Condividi il link. Segnala violazione dei termini. Elimina foto. Nessun commento</p>"),
    ("Fotoğraflar", "<p>30 fotoğraf. Albümü paylaş. Silin. İhlal bildir. Kullanım şartları</p>"),
    ("사진", "<p>30장 사진 링크 유효기간: 2026-12-31 파일 다운로드 댓글이 없습니다 저작권 침해 신고</p>"),
    (
        "Photos",
        "<p>Loading gallery. If your photos do not appear, please enable JavaScript. Need access to more storage? Upgrade.</p>",
    ),
    ("Album de vacances", "<p>Chargement… Demander un tirage. Mot de passe oublié ? Accès membres</p>"),
    ("Holiday", "<p>Access the full album. Ask for prints. You need Adobe Reader for the PDF.</p>"),
    (
        "Urlaub",
        "<p>Alle Bilder. Kein Konto nötig. Passwort: keins. Limit: 500 Downloads. Bitte Bilder nicht weitergeben, das Urheberrecht liegt bei Anna.</p>",
    ),
    ("Project", "<p>In our company we share photos with people outside of your team. Works within your browser.</p>"),
]


def _gallery(title: str, body: str) -> Reply:
    return page(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}<script src=/a.js></script></body></html>"
    )


NEUTRAL = [Case(f"neutral: {title}", PAGE, ((HERE, _gallery(title, body)),), UNTOLD | OPEN) for title, body in _WORDS]

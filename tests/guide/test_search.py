"""What people type leads to what they mean."""

import pytest

from lib.guide import content
from lib.guide.search import entries, entry, search


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("several photos at once", "several-photos"),
        ("you need access", "need-access"),
        ("unsend", "take-it-back"),
        ("disappear", "disappearing"),
        ("google photos link", "make-a-link"),
        ("phone full", "phone-full"),
        ("never got my message", "message-request"),
        ("spam", "message-request"),
        ("slideshow", "as-video"),
        ("DM", "message-request"),
        ("keystroke typing", "can-tiktok-see"),
        ("photo mode", "post-post"),
        ("Anyone with the link", "link-make"),
        ("customer", "business"),
        ("permision denied", "need-access"),
        ("MEGA key", "cut-link"),
    ],
)
def test_a_search_finds_it_among_the_first_three(typed: str, found: str) -> None:
    assert found in [one.id for one in search(typed)[:3]]


# What people type, and the answer they mean: it has to be the first. In eight languages, some of it spelt wrong.
FIRST = [
    ("instagram", "other-apps"), ("whatsapp", "other-apps"), ("virus", "virus"), ("blackmail", "stop-threats"),
    ("children", "children-photos"), ("copyright", "copyright"), ("AI", "ai"), ("face", "faces"), ("HEIC", "heic"),
    ("blurry", "blurry"), ("can't send", "no-photo-button"), ("harassment", "stop-harassment"),
    ("someone threatens to share my nudes", "stop-threats"), ("passport", "stop-document"), ("GPS", "how-private"),
    ("blakmail", "stop-threats"), ("instgram", "other-apps"), ("harassement", "stop-harassment"),
    ("copyrigt", "copyright"), ("unsned", "take-it-back"), ("permision denied", "need-access"),
    ("Erpressung", "stop-threats"), ("unscharf", "blurry"), ("chantaje", "stop-threats"), ("niños", "children-photos"),
    ("droits d’auteur", "copyright"), ("flou", "blurry"), ("passaporto", "stop-document"), ("sfocata", "blurry"),
    ("direitos autorais", "copyright"), ("crianças", "children-photos"), ("hak cipta", "copyright"),
    ("kecerdasan buatan", "ai"), ("yapay zeka", "ai"), ("şantaj", "stop-threats"),
    ("bulan\N{LATIN SMALL LETTER DOTLESS I}k", "blurry"),
    ("Kinder", "children-photos"), ("keystroke", "can-tiktok-see"), ("DM", "message-request"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "first"), FIRST, ids=[typed for typed, _ in FIRST])
def test_what_people_type_finds_what_they_mean_first(typed: str, first: str) -> None:
    assert [one.id for one in search(typed)][:1] == [first]


# Thought up after search.toml was written, to see what it does not know; what it missed was mended by kind.
ASKED = [
    ("photo wont upload", "make-a-link"), ("where is the picture button", "no-photo-button"),
    ("delet a picture i sent", "take-it-back"), ("ex is sharing my pics", "stop-intimate"),
    ("he wants money or he posts my photos", "stop-threats"), ("does tiktok ruin quality", "blurry"),
    ("link expierd", "link-gone"), ("link not clickable", "not-tappable"), ("did she see my pictures", "was-it-opened"),
    ("can tiktok read my dms", "can-tiktok-see"), ("send photos anonymously", "how-private"),
    ("free cloud storage", "without-cloud"), ("scammer asked for my id", "stop-document"),
    ("album with 100 photos", "several-photos"), ("heic to jpg", "heic"),
    ("wie verschicke ich viele bilder", "several-photos"), ("Foto zurückhohlen", "take-it-back"),
    ("jemand erpresst mich mit fotos", "stop-threats"), ("Gesichter verpixeln", "faces"),
    ("Bilder ohne Standort", "how-private"), ("TikTok Nachricht nicht angekommen", "message-request"),
    ("me estan acosando", "stop-harassment"), ("mandar un video con fotos", "as-video"),
    ("quien vio mi foto", "was-it-opened"), ("foto que desaparece", "disappearing"),
    ("on me menace de publier mes photos", "stop-threats"), ("harcelement en ligne", "stop-harassment"),
    ("mi hanno rubato le foto", "copyright"), ("qualcuno mi ricatta", "stop-threats"),
    ("não recebeu minha mensagem", "message-request"), ("vazaram meus nudes", "stop-intimate"),
    ("diancam sebar foto", "stop-threats"), ("foto buram di tiktok", "blurry"),
    ("fotoğraf\N{LATIN SMALL LETTER DOTLESS I} geri alma", "take-it-back"), ("telif hakki", "copyright"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "first"), ASKED, ids=[typed for typed, _ in ASKED])
def test_whole_sentences_and_misspellings_find_what_is_meant_first(typed: str, first: str) -> None:
    assert [one.id for one in search(typed)][:1] == [first]


# Three sittings of people typing whatever comes to mind, in eight languages; what was missed was mended by kind.
# Where two answers are as good, both stand.
SAID: list[tuple[str, str]] = [
    ("how do i send a picture to my mum", "attach-send|several-photos|without-cloud"),
    ("snapchat link", "other-apps"),
    ("is it ilegal to share someones photo", "copyright"),
    ("my teacher asks for a selfie", "stop-stranger"),
    ("someone i dont know is asking for pictures of me", "stop-stranger"),
    ("screenshot notification", "disappearing|faces"),
    ("does the photo keep gps", "how-private"),
    ("remove locaton", "how-private"),
    ("passwrod on link", "how-private|in-app-sign-in"),
    ("they say file not found", "cut-link|link-gone"),
    ("how long does the link last", "link-gone"),
    ("send 500 pics", "several-photos"),
    ("wedding album for guests", "several-photos|collections"),
    ("cant open heif on windows", "heic"),
    ("picture too dark pixelly", "blurry"),
    ("fake account pretending to be me", "stop-harassment|stop-stranger"),
    ("revenge porn", "stop-intimate"),
    ("sexting", "stop-intimate|stop-intimate-minor"),
    ("my daughter is 12", "children-photos|stop-child"),
    ("grandma has no account", "need-access|offline|without-cloud"),
    ("mi ex publicó mis fotos intimas", "stop-intimate"),
    ("como borro una foto que mandé", "take-it-back"),
    ("se ve borroso", "blurry"),
    ("no le llegó el mensaje", "message-request"),
    ("mon lien ne marche pas", "not-tappable|need-access|own-address"),
    ("suprimer une photo envoyée", "take-it-back"),
    ("photo floues", "blurry"),
    ("comment envoyer plusieurs foto", "several-photos"),
    ("Link abgelaufn", "link-gone"),
    ("Foto löschn", "take-it-back"),
    ("wer hat mein Foto angeschaut", "was-it-opened"),
    ("jemand verlangt Geld von mir", "stop-threats"),
    ("il link è scadutto", "link-gone"),
    ("foto sgranate", "blurry"),
    ("come mandare tante foto insieme", "several-photos"),
    ("mi minaciano", "stop-threats"),
    ("a foto ficou embasada", "blurry"),
    ("apagar foto enviada", "take-it-back"),
    ("estão me chantageando", "stop-threats"),
    ("link expirado", "link-gone"),
    ("tautan kadaluarsa", "link-gone"),
    ("cara menghapus foto", "take-it-back"),
    ("siapa yang lihat foto saya", "was-it-opened"),
    ("saya diperas", "stop-threats"),
    ("bağlantı süresi bitmiş", "link-gone"),  # noqa: RUF001 - Turkish
    ("fotoğraf silmek istiyorum", "take-it-back"),
    ("beni tehdit ediyorlar", "stop-threats"),
    ("fotolar bulanik", "blurry"),
    ("telegram original quality", "as-a-file"),
    ("whatsap document", "as-a-file"),
    ("does opening a link cost data", "phone-full|offline"),
    ("shadow ban", "against-the-rules"),
    ("community guidelines strike", "against-the-rules"),
    ("ai face swap", "ai|faces"),
    ("nude leak", "stop-intimate"),
    ("phone number", "stop-stranger|stop-harassment"),
    ("bank card photo", "stop-document"),
    ("ticket barcode", "stop-document"),
    ("is my picture stored forever", "link-gone|take-it-back|disappearing|was-it-opened|phone-full"),
    ("girlfriend wants nudes", "stop-intimate"),
    ("can my boss see who opened", "was-it-opened"),
    ("dropbx sign in", "need-access|in-app-sign-in|make-a-link"),
    ("wrong chat", "take-it-back"),
    ("vidoe too long", "as-video"),
    ("grupo de clase fotos", "collections|several-photos"),
    ("foto de mi dni", "stop-document"),
    ("me piden fotos desnuda", "stop-intimate"),
    ("no puedo abrir el enlace", "not-tappable|need-access"),
    ("mon ex menace", "stop-threats"),
    ("envoyer 40 photos", "several-photos"),
    ("qui a ouvert mon lien", "was-it-opened"),
    ("photo de mon passeport", "stop-document"),
    ("Handy voll", "phone-full"),
    ("Kann TikTok mitlesen", "can-tiktok-see"),
    ("Foto von meinem Ausweis", "stop-document"),
    ("Nachricht kommt nicht an", "message-request"),
    ("qualità bassa", "blurry"),
    ("foto di mio figlio", "children-photos"),
    ("non vedo il pulsante foto", "no-photo-button"),
    ("meu filho no tiktok", "children-photos"),
    ("pediram meu CPF", "stop-document"),
    ("link só abre pra mim", "own-address"),
    ("foto KTP saya", "stop-document"),
    ("kirim banyak foto sekaligus", "several-photos"),
    ("aplikasi minta login", "need-access|in-app-sign-in"),
    ("çocuğumun fotoğrafı", "children-photos"),  # noqa: RUF001 - Turkish
    ("kimlik fotoğrafı istiyorlar", "stop-document"),  # noqa: RUF001 - Turkish
    ("videoya çevir", "as-video"),
    ("he has a picture of me and wants more", "stop-threats|stop-intimate|stop-stranger"),
    ("pictures look fuzzy after sending", "blurry"),
    ("can I undo sending", "take-it-back"),
    ("my link stopped working", "link-gone|need-access"),
    ("is dropbox safe", "are-links-safe"),
    ("does recipient need google account", "need-access|offline|other-apps"),
    ("una persona me pide la tarjeta", "stop-document"),
    ("quiero mandar fotos a un grupo", "collections|several-photos"),
    ("la foto no carga", "offline"),
    ("una desconocida me escribe", "stop-stranger"),
    ("est ce que tiktok lit mes messages", "can-tiktok-see"),
    ("envoyer photo sans perdre qualité", "blurry|as-a-file"),
    ("je me fais harceler", "stop-harassment"),
    ("bouton photo introuvable", "no-photo-button"),
    ("Kind 12 Jahre TikTok", "children-photos|stop-child|no-photo-button"),
    ("Fotos als Diashow", "as-video"),
    ("wurde mein Link geöffnet", "was-it-opened"),
    ("verschwommene Bilder", "blurry"),
    ("il mio ex minaccia", "stop-threats"),
    ("riconoscere un viso", "faces"),
    ("il link chiede la password", "in-app-sign-in|need-access"),
    ("quero apagar uma foto", "take-it-back"),
    ("golpista pediu dinheiro", "stop-threats"),
    ("foto de criança na escola", "children-photos"),
    ("cara kirim foto tanpa pecah", "blurry"),
    ("ada orang asing minta foto", "stop-stranger"),
    ("foto anak saya", "children-photos"),
    ("yabancı biri fotoğraf istiyor", "stop-stranger"),  # noqa: RUF001 - Turkish
    ("linki kim açtı", "was-it-opened"),  # noqa: RUF001 - Turkish
    ("fotoğraf kalitesi düşük", "blurry"),
]


def test_what_people_say_in_their_own_words_finds_an_answer_that_fits_first() -> None:
    first = {typed: next((one.id for one in search(typed)), "") for typed, _ in SAID}
    missed = {typed: first[typed] for typed, fits in SAID if first[typed] not in fits.split("|")}
    assert not missed, missed
    known = {one.id for one in entries()}
    assert {name for _, fits in SAID for name in fits.split("|")} <= known


def test_nudes_lead_to_a_stop_before_anything_else() -> None:
    assert {one.kind for one in search("nudes")[:2]} == {"stop"}


def test_every_row_of_typed_words_belongs_to_an_answer() -> None:
    assert [row.id for row in content.search_words() if entry(row.id) is None] == []


@pytest.mark.parametrize("row", content.search_words(), ids=lambda row: row.id)
def test_every_typed_word_finds_its_answer_among_the_first_three(row: content.SearchWords) -> None:
    for words in row.also:
        assert row.id in [one.id for one in search(words)[:3]], words


@pytest.mark.parametrize("typed", ['"', "AND OR NOT", "NEAR(", "title:", "*", "a'; DROP TABLE entry; --", "( ^"])
def test_the_language_of_the_index_cannot_be_typed(typed: str) -> None:
    search(typed)
    assert search("unsend")


@pytest.mark.parametrize("typed", ["", "   ", "?!", "<script>alert(1)</script>zzz", "qqqqq", "\x00", "🙂"])
def test_a_search_for_nothing_finds_nothing_and_breaks_nothing(typed: str) -> None:
    assert [one.id for one in search(typed) if one.kind == "question" and typed.strip() == ""] == []


def test_nonsense_finds_nothing() -> None:
    assert search("qqqqq xyzzy") == []


def test_a_very_long_search_is_cut() -> None:
    assert search("photo " * 10_000)


def test_every_entry_is_found_by_its_own_name_and_title() -> None:
    for one in entries():
        assert entry(one.id) == one
        assert one in search(one.title, limit=len(entries()))


def test_a_name_from_an_old_address_is_none() -> None:
    assert entry("no-such-answer") is None
    assert entry("<b>") is None

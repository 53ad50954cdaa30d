"""The message that goes with a link: words in the recipient's language, and a QR code."""

from lib.message.compose import LANGUAGES, TONES, Message, compose, contents
from lib.message.qr import qr_png

__all__ = ["LANGUAGES", "TONES", "Message", "compose", "contents", "qr_png"]

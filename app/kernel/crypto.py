"""Secrets at rest: what a jurisdiction entrusts to us (a robot's key, a mail server's password) is kept unreadable.

A sealed text names the way it was sealed and the key, so that keys can be changed without losing anything:
``aesgcm.<key id>.<nonce and ciphertext>``. It is bound to its place: a sealed text that is copied into another
jurisdiction's row opens there for nobody. The key comes from the settings and never touches the database, so that a stolen
copy of the database holds no secret (GB/T 22239-2019, 8.1.4.8).
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config import Settings

ALGORITHM = "aesgcm"
_NONCE = 12
_KEY = 32
_KEY_ID = 4


class SecretUnreadable(Exception):
    """A sealed text that none of our keys opens at this place: the key is gone, or the text was moved or changed."""


class SecretBox:
    """Seals with the first key and opens with all of them: former keys stay readable until everything is sealed anew."""

    def __init__(self, key: str, former: Sequence[str] = ()) -> None:
        self._current = _key_id(key)
        self._ciphers: Mapping[str, AESGCM] = {
            _key_id(one): AESGCM(_derive(one, "seal", _KEY)) for one in (key, *former)
        }

    def __repr__(self) -> str:
        return f"<SecretBox {self._current}>"

    def seal(self, text: str, *, place: str) -> str:
        """The text as it may be stored. ``place`` says where, such as ``channel/17``; it is needed to open it again."""
        nonce = os.urandom(_NONCE)
        hidden = self._ciphers[self._current].encrypt(nonce, text.encode(), place.encode())
        return ".".join((ALGORITHM, self._current, base64.urlsafe_b64encode(nonce + hidden).decode()))

    def open(self, sealed: str, *, place: str) -> str:
        """The text again. Raises SecretUnreadable, which says nothing about what was in it."""
        try:
            algorithm, key_id, packed = sealed.split(".")
            raw = base64.b64decode(packed, altchars=b"-_", validate=True)
            if algorithm != ALGORITHM:
                raise ValueError(algorithm)
            return self._ciphers[key_id].decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
        except (ValueError, KeyError, InvalidTag):
            raise SecretUnreadable() from None

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the key in force; otherwise it should be sealed anew before that key is given up."""
        return sealed.split(".")[:2] == [ALGORITHM, self._current]


def secret_box(settings: Settings) -> SecretBox:
    """The box of this installation."""
    return SecretBox(settings.field_key, settings.former_field_keys)


def _key_id(key: str) -> str:
    return _derive(key, "name", _KEY_ID).hex()


def _derive(key: str, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"huiyin/field/{purpose}".encode()).derive(
        key.encode()
    )

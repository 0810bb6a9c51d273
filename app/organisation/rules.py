"""Names as people look for them, kinds of units and posts, and what a password must be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from pypinyin import Style, lazy_pinyin

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.wording import values

# The kinds a unit can be of. Reminders, drop-downs and statistics understand them in every jurisdiction.
UNIT_KINDS: Mapping[str, str] = values.UNIT_KIND

# The kinds whose units are given matters: each needs somebody who can sign for receipt.
HANDLING_KINDS = ("department", "township", "county", "enterprise")

POST_KINDS: Mapping[str, str] = {
    "leader": N_("Leader"),
    "head": N_("Head of the unit"),
    "liaison": N_("Liaison"),
    "staff": N_("Staff"),
}

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[a-zA-Z]{2,}")
_PHONE = re.compile(r"[0-9+() -]{3,40}")

MIN_PASSWORD, MAX_PASSWORD = 10, 128
_CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^a-zA-Z0-9]"))


def token_hash(token: str) -> str:
    """What is kept of a secret that opens something by itself: never the secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def initials(*names: str) -> str:
    """The pinyin initials of each name, so that "zjj" finds 住建局."""
    found = ("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower() for name in names)
    return " ".join(dict.fromkeys(found))[:80]


def sort_key(name: str) -> str:
    """What Chinese names are ordered by, whatever the database's collation knows."""
    return " ".join(lazy_pinyin(name)).lower()[:160]


def free_code(name: str, taken: Iterable[str]) -> str:
    """A code of at most 40 letters and digits for a name, none of those taken: 住建局 becomes ZJJ, the next one ZJJ2."""
    used = set(taken)
    wanted = re.sub(r"[^A-Z0-9]", "", initials(name).upper())[:36] or "U"
    number, code = 1, wanted
    while code in used:
        number += 1
        code = f"{wanted}{number}"
    return code


def stands_below_itself(unit_id: int, parent_id: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether the unit would come to stand below itself with that parent."""
    seen: set[int] = set()
    above = parent_id
    while above is not None and above not in seen:
        if above == unit_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def is_mail_address(text: str) -> bool:
    """Whether letters could go there."""
    return bool(_MAIL.fullmatch(text)) and not text.lower().endswith(".invalid")


def is_phone(text: str) -> bool:
    """Whether it is a telephone number as people write them."""
    return bool(_PHONE.fullmatch(text))


def password_fault(password: str, username: str) -> str | None:
    """Why a password cannot be taken, as a msgid, or None (GB/T 22239-2019, 8.1.4.1 a: length and three kinds of signs)."""
    if len(password) < MIN_PASSWORD:
        return N_("The password is too short. Use at least ten characters.")
    if len(password) > MAX_PASSWORD:
        return N_("The password is too long. Use at most 128 characters.")
    if sum(bool(kind.search(password)) for kind in _CLASSES) < 3:
        return N_("Use three of these: small letters, capital letters, digits, other signs.")
    if username and username.lower() in password.lower():
        return N_("The password must not contain the sign-in name.")
    return None

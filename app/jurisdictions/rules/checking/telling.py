"""How a fault is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.jurisdictions.rules.sentences import Fault


def fault(path: str, code: str, word: str = "", **more: str) -> Fault:
    """A fault at a place; ``word`` is what the sentence quotes."""
    return Fault(path, code, (("word", word), *more.items()))


def twice(path: str, words: Iterable[str], inner: str = "") -> Iterator[Fault]:
    """A fault for each word that was there before."""
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word in seen:
            yield fault(f"{path}[{index}]{inner}", "doubled", word)
        seen.add(word)

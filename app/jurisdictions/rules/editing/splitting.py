"""A regulation's text, pasted whole, into its articles: an office has it as a document, not as forty boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.jurisdictions.rules.editing.filling import MOST_ROWS, Values, row_numbers

ARTICLES = "regulation-articles"
LONGEST = 2000
_COUNT = "[一二三四五六七八九十百零〇0-9]+"
_ARTICLE = re.compile(rf"(?:^|(?<=。))[ \t\u3000]*(第{_COUNT}条)(?=[ \t\u3000:：、]|$)[ \t\u3000:：、]*", re.MULTILINE)
_CHAPTER = re.compile(rf"^[ \t\u3000]*第{_COUNT}[章节][^\n]*$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t\u3000]*[（(]([一二三四五六七八九十]+)[)）][ \t\u3000]*", re.MULTILINE)


def split_articles(text: str) -> list[tuple[str, str]]:
    """The articles of a text in order, each with its words; one that lists items is one entry for each item.

    第九条 with items becomes 第九条（一）, 第九条（二）…; what stands before the first item stays under 第九条. Headings of
    chapters are left out, and so is what stands before the first article.
    """
    plain = _CHAPTER.sub("", text.replace("\r\n", "\n"))
    pieces = _ARTICLE.split(plain)
    found: dict[str, str] = {}
    for article, words in zip(pieces[1::2], pieces[2::2], strict=True):
        for name, part in _items(article, words):
            found.setdefault(name, part)
    return list(found.items())


def with_articles(values: Mapping[str, list[str]], text: str, *, replace: bool) -> tuple[Values, int]:
    """The form with the pasted text's articles: in place of all that were there, or besides, the same ones renewed.

    The number says how many were found. Nothing found changes nothing; more than a form may hold are cut off.
    """
    pasted = split_articles(text)
    before = {name: list(typed) for name, typed in values.items()}
    if not pasted:
        return before, 0
    there = {} if replace else dict(_there(values))
    there |= dict(pasted)
    form = {name: typed for name, typed in before.items() if not name.startswith(f"{ARTICLES}-")}
    for number, (article, words) in enumerate(list(there.items())[:MOST_ROWS]):
        form[f"{ARTICLES}-{number}-article"], form[f"{ARTICLES}-{number}-text"] = [article], [words]
    return form, len(pasted)


def _there(values: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return [
        (
            next(iter(values.get(f"{ARTICLES}-{number}-article", ())), ""),
            next(iter(values.get(f"{ARTICLES}-{number}-text", ())), ""),
        )
        for number in row_numbers(values, ARTICLES)
    ]


def _items(article: str, words: str) -> list[tuple[str, str]]:
    pieces = _ITEM.split(words)
    if len(pieces) < 5:  # fewer than two items are no list
        return [(article, _tidy(words))] if _tidy(words) else []
    lead = _tidy(pieces[0])
    items = [(f"{article}（{number}）", _tidy(part)) for number, part in zip(pieces[1::2], pieces[2::2], strict=True)]
    return [(article, lead)] * bool(lead) + [(name, part) for name, part in items if part]


def _tidy(words: str) -> str:
    return "\n".join(line.strip(" \t\u3000") for line in words.splitlines() if line.strip(" \t\u3000"))[:LONGEST]

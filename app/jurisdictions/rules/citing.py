"""Which articles a profile's rules cite, and citing others: what an office does when its own text replaces another's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.jurisdictions.rules.profile import SET_BY_OFFICE, Profile

BETWEEN = "、"


def known_articles(profile: Profile) -> frozenset[str]:
    """What a rule of this profile may cite."""
    return frozenset(citable(one.article for one in profile.regulation.articles))


def citable(articles: Iterable[str]) -> tuple[str, ...]:
    """What may be cited, in the text's order: the office's own decision, articles, items, and before its items an article
    that has no text of its own."""
    items = tuple(articles)
    found: dict[str, None] = {SET_BY_OFFICE: None}
    for article in items:
        whole = whole_article(article)
        if whole not in items:
            found.setdefault(whole)
        found.setdefault(article)
    return tuple(found)


def whole_article(article: str) -> str:
    """The article an item belongs to: 第九条 of 第九条第五项."""
    return article.partition("条")[0] + "条"


def citations(profile: Profile) -> Iterator[tuple[str, str]]:
    """Every place that cites, with one article of what it cites."""
    yield from _cited(profile.model_dump(exclude={"regulation"}), "")


def strangers(profile: Profile) -> dict[str, tuple[str, ...]]:
    """The articles that rules cite and the regulation's text does not have, each with the places; none where it has no text."""
    if not profile.regulation.articles:
        return {}
    known = known_articles(profile)
    found: dict[str, list[str]] = {}
    for path, article in citations(profile):
        if article not in known:
            found.setdefault(article, []).append(path)
    return {article: tuple(paths) for article, paths in found.items()}


def recited(document: Mapping[str, Any], instead: Mapping[str, str]) -> dict[str, Any]:
    """A profile's plain data with other articles cited: ``instead`` says which for which; the text itself stays."""
    return {name: value if name == "regulation" else _recite(value, instead) for name, value in document.items()}


def _cited(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else str(key)
            if key == "article" and isinstance(inner, str):
                yield from ((below, article) for article in inner.split(BETWEEN))
            else:
                yield from _cited(inner, below)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _cited(inner, f"{path}[{index}]")


def _recite(value: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _instead(inner, instead) if key == "article" and isinstance(inner, str) else _recite(inner, instead)
            for key, inner in value.items()
        }
    return [_recite(inner, instead) for inner in value] if isinstance(value, (list, tuple)) else value


def _instead(cited: str, instead: Mapping[str, str]) -> str:
    """The articles now cited, none twice; one's own decision is not cited beside an article."""
    articles = list(dict.fromkeys(instead.get(article, article) for article in cited.split(BETWEEN)))
    if len(articles) > 1 and SET_BY_OFFICE in articles:
        articles.remove(SET_BY_OFFICE)
    return BETWEEN.join(articles)

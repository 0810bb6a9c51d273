"""What the entries of a profile are called. Read from plain data, so that a form half filled in can be drawn as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.jurisdictions.rules.citing import citable
from app.jurisdictions.rules.profile import SET_BY_OFFICE
from app.jurisdictions.rules.profile.wording import CODE_LISTS
from app.kernel.i18n import _, translate

# Where the lists that words refer to stand, and which of an entry's fields is its name.
_LISTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "roles": (("roles",), "name"),
    "matter_sources": (("matter_sources",), "short_name"),
    "document_types": (("document_types",), "name"),
    "procedure.steps": (("procedure", "steps"), "name"),
    "reminders.ladders": (("reminders", "ladders"), "name"),
    "slips.items": (("slips", "items"), "name"),
}


class Names:
    """The names of a document's entries by their keys, list by list, and its articles.

    ``former`` is the document before it was changed: what has been taken out is still called by its name.
    """

    def __init__(self, document: Mapping[str, Any], former: Mapping[str, Any] | None = None) -> None:
        self._lists = {to: dict(_entries(document, *place)) for to, place in _LISTS.items()}
        self._former = {to: dict(_entries(former or {}, *place)) for to, place in _LISTS.items()}
        for to, words in CODE_LISTS.items():
            self._lists[to] = {key: translate(msgid) for key, msgid in words.items()}
        self.articles = dict(_articles(document))

    def entries(self, to: str | None) -> Mapping[str, str]:
        """The entries of a list, key and name, in the list's order."""
        return self._lists.get(to or "", {})

    def name(self, to: str | None, key: str) -> str:
        """What an entry is called, or was called; a key that never named anything stands for itself."""
        return self.entries(to).get(key) or self._former.get(to or "", {}).get(key, key)

    def cited(self) -> list[tuple[str, str]]:
        """What a rule may cite, each with the beginning of its words: one's own decision, articles, their items."""
        own = {SET_BY_OFFICE: _("The regulation is silent; the office has decided.")}
        return [
            (article, own.get(article) or self.articles.get(article) or _("The whole article"))
            for article in citable(self.articles)
        ]

    def words_of(self, cited: str) -> str:
        """The text of the articles a rule cites, where the regulation's text is given."""
        found = []
        for article in cited.split("、"):
            if article in self.articles:
                found.append(self.articles[article])
            elif article.endswith("条"):
                found += [text for one, text in self.articles.items() if one.startswith(article)]
        return "\n".join(found)


def _entries(document: Mapping[str, Any], way: tuple[str, ...], naming: str) -> Iterator[tuple[str, str]]:
    here: Any = document
    for part in way:
        here = here.get(part) if isinstance(here, Mapping) else None
    for entry in here if isinstance(here, (list, tuple)) else ():
        if isinstance(entry, Mapping) and entry.get("key") and entry.get(naming):
            yield str(entry["key"]), str(entry[naming])


def _articles(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    regulation = document.get("regulation")
    articles = regulation.get("articles") if isinstance(regulation, Mapping) else None
    for entry in articles if isinstance(articles, (list, tuple)) else ():
        if isinstance(entry, Mapping) and entry.get("article"):
            yield str(entry["article"]), str(entry.get("text") or "")

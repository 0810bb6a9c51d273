"""Nothing of a profile is without words: every field, every choice, every page, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from flask_babel import force_locale

from app.jurisdictions.rules.checking.naming import ATTACHMENTS, FIELDS
from app.jurisdictions.rules.profile import Profile, Section
from app.jurisdictions.rules.profile.wording import CODE_LISTS, PAGES, choice_words, field_words, page_of
from app.jurisdictions.rules.profile.wording import FIELDS as WORDED
from app.kernel.i18n import translate

CHINESE = re.compile("[\u4e00-\u9fff]")


def sections(kind: type[Section] = Profile) -> set[type[Section]]:
    """Every kind of section a profile can hold."""
    found = {kind}
    for hint in get_type_hints(kind).values():
        for inner in _within(hint):
            if isinstance(inner, type) and issubclass(inner, Section):
                found |= sections(inner)
    return found


def _within(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _within(inner)


def literals(kind: type[Section], name: str) -> set[str]:
    """The values a field may take, where they are a closed set."""
    hints = get_type_hints(kind)
    return {value for inner in _within(hints[name]) if get_origin(inner) is Literal for value in get_args(inner)}


FIELD_NAMES = sorted(
    ((kind, name) for kind in sections() for name in kind.model_fields), key=lambda one: (one[0].__name__, one[1])
)


@pytest.mark.parametrize(("kind", "name"), FIELD_NAMES, ids=lambda one: getattr(one, "__name__", one))
def test_every_field_and_every_choice_has_words_and_chinese(app: Any, kind: type[Section], name: str) -> None:
    words = field_words(kind, name)
    choices = choice_words(kind, name)
    assert literals(kind, name) <= choices.keys(), f"{kind.__name__}.{name}: a value nobody has words for"
    with app.test_request_context(), force_locale("zh"):
        for msgid in (words.label, words.help, *choices.values()):
            assert not msgid or CHINESE.search(translate(msgid)), msgid


def test_words_are_for_fields_that_are_there() -> None:
    assert {(kind, name) for kind, words in WORDED.items() for name in words} == set(FIELD_NAMES)
    assert CODE_LISTS["fields"].keys() == FIELDS
    assert CODE_LISTS["attachments"].keys() == ATTACHMENTS


def test_every_section_stands_on_one_page(app: Any) -> None:
    shown = [field for page in PAGES for field in page.fields]
    assert sorted(shown) == sorted(Profile.model_fields)
    assert page_of("procedure").key == "procedure"  # type: ignore[union-attr]
    assert page_of("nothing") is None
    with app.test_request_context(), force_locale("zh"):
        assert all(CHINESE.search(translate(words)) for page in PAGES for words in (page.title, page.intro))

"""Forms speak with our words, in the language of whoever reads them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.kernel.form_words import BORROWED, FormWords

CHINESE = re.compile("[\u4e00-\u9fff]")


class ShortForm(FlaskForm):
    """A form with the two commonest demands."""

    name = StringField("name", [InputRequired(), Length(max=3)])


@pytest.mark.parametrize("sentence", BORROWED)
def test_every_borrowed_sentence_has_chinese_and_keeps_its_placeholders(app: Any, sentence: str) -> None:
    with app.test_request_context(), force_locale("zh"):
        said = FormWords().ugettext(sentence)
    assert CHINESE.search(said)
    assert set(re.findall(r"%\(\w+\)[sd]", said)) == set(re.findall(r"%\(\w+\)[sd]", sentence))


@pytest.mark.parametrize(
    ("locale", "missing", "long"),
    [
        ("zh", "此项必填。", "不能超过 3 个字，请精简。"),
        ("en", "This field is required.", "Field cannot be longer than 3 characters."),
    ],
)
def test_a_form_says_what_is_wrong_in_the_readers_language(app: Any, locale: str, missing: str, long: str) -> None:
    for sent, said in (("", missing), ("four", long)):
        with app.test_request_context("/"), force_locale(locale):
            app.preprocess_request()
            form = ShortForm(MultiDict({"name": sent}), meta={"csrf": False})
            assert not form.validate()
            assert form.errors == {"name": [said]}

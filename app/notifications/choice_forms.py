"""What is typed about when letters leave, and how a person wants them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.kernel.i18n import _, lazy_gettext, translate
from app.kernel.web.fields import Checks
from app.notifications.queries import LetterRules, OwnWay
from app.notifications.rules.reasons import URGENT_CHOICES, channel_words, kind_words

_HOUR = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
MODE_WORDS = {
    "each": lazy_gettext("Each letter by itself"),
    "digest": lazy_gettext("One message a day"),
    "off": lazy_gettext("Nothing"),
}


def _is_hour(_form: Any, field: Any) -> None:
    if _HOUR.fullmatch(field.data.strip()) is None:
        raise ValidationError(_("Write the hour as 21:00."))


def hour(text: str | None) -> dt.time | None:
    """The hour that was typed, or None."""
    found = _HOUR.fullmatch((text or "").strip())
    return dt.time(int(found[1]), int(found[2])) if found else None


class LetterRulesForm(FlaskForm):
    """When letters leave, and what may not wait."""

    quiet_from = StringField(
        lazy_gettext("Quiet hours begin"),
        [Optional(), _is_hour],
        description=lazy_gettext("Such as 21:00. Empty, like the end: letters leave at any hour."),
    )
    quiet_until = StringField(
        lazy_gettext("Quiet hours end"),
        [Optional(), _is_hour],
        description=lazy_gettext("What waited leaves then. The inbox has it at once."),
    )
    digest_at = StringField(
        lazy_gettext("Hour of the digest"),
        [InputRequired(), _is_hour],
        description=lazy_gettext("Whoever wants one message a day gets it at this hour."),
    )
    usual_mode = RadioField(
        lazy_gettext("Whoever has chosen nothing gets"),
        choices=[("each", MODE_WORDS["each"]), ("digest", MODE_WORDS["digest"])],
    )
    own_choice = BooleanField(lazy_gettext("People may choose for themselves"))
    urgent_kinds = Checks(
        lazy_gettext("Urgent letters"),
        description=lazy_gettext("They wait for no digest, and nobody can switch them off."),
    )
    urgent_at_night = BooleanField(lazy_gettext("Urgent letters leave in quiet hours too"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urgent_kinds.choices = [(kind, translate(kind_words(kind))) for kind in URGENT_CHOICES]

    @classmethod
    def of(cls, rules: LetterRules) -> LetterRulesForm:
        """The form with the rules in force."""
        values = {
            "quiet_from": f"{rules.quiet_from:%H:%M}" if rules.quiet_from else "",
            "quiet_until": f"{rules.quiet_until:%H:%M}" if rules.quiet_until else "",
            "digest_at": f"{rules.digest_at:%H:%M}",
            "usual_mode": rules.usual_mode,
            "own_choice": rules.own_choice,
            "urgent_kinds": sorted(rules.urgent_kinds),
            "urgent_at_night": rules.urgent_at_night,
        }
        return cls(formdata=None, data=values)

    def rules(self) -> LetterRules:
        """What was typed, of a form that holds."""
        digest = hour(self.digest_at.data)
        assert digest is not None
        return LetterRules(
            hour(self.quiet_from.data),
            hour(self.quiet_until.data),
            digest,
            self.usual_mode.data,
            self.own_choice.data,
            frozenset(self.urgent_kinds.data or ()),
            self.urgent_at_night.data,
        )


def modes_form(ways: Sequence[OwnWay], usual: str, *, sent: bool) -> FlaskForm:
    """A choice for each way; what is not chosen yet shows what is usual. ``sent`` reads what was sent."""
    fields = {
        one.channel: RadioField(translate(channel_words(one.channel)), choices=list(MODE_WORDS.items())) for one in ways
    }
    made: Any = type("ModesForm", (FlaskForm,), fields)
    data = {one.channel: one.mode or usual for one in ways}
    return made(data=data) if sent else made(formdata=None, data=data)

"""The forms of escalation slips on a case file, and of urging many units at once."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from app.kernel.i18n import lazy_gettext
from app.kernel.web.fields import Checks
from app.matters.forms.case import LONG, URGING_KINDS, URGING_WAYS, ActForm
from app.matters.forms.pieces import REASON


class IssueSlipForm(ActForm):
    """Which slip to which unit (the value is ``part:slip``), and what the unit is to do."""

    slip = RadioField(
        lazy_gettext("Escalation slip"), [InputRequired(lazy_gettext("Choose a slip."))], validate_choice=False
    )
    demand = TextAreaField(
        lazy_gettext("What is demanded"),
        [DataRequired(lazy_gettext("Write what the unit is to do."))],
        description=lazy_gettext("Each line becomes a paragraph of the slip."),
        render_kw=LONG,
    )

    def offer(self, slips: Sequence[tuple[str, str]]) -> IssueSlipForm:
        """Offer these; the only one is chosen already."""
        self.slip.choices = list(slips)
        if not self.slip.data and len(slips) == 1:
            self.slip.data = slips[0][0]
        return self


class AnswerSlipForm(ActForm):
    """A unit's answer."""

    assignment_id = HiddenField()
    answer = TextAreaField(
        lazy_gettext("Answer"),
        [DataRequired(lazy_gettext("Write the answer."))],
        description=lazy_gettext("What has been done, what will be done, and by when."),
        render_kw={"rows": 5},
    )


class WithdrawSlipForm(ActForm):
    """Which slip is taken back, and why."""

    slip_id = RadioField(
        lazy_gettext("Escalation slip"), [InputRequired(lazy_gettext("Choose a slip."))], validate_choice=False
    )
    reason = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)

    def offer(self, slips: Sequence[tuple[str, str]]) -> WithdrawSlipForm:
        """Offer these; the only one is chosen already."""
        self.slip_id.choices = list(slips)
        if not self.slip_id.data and len(slips) == 1:
            self.slip_id.data = slips[0][0]
        return self


class TogetherForm(ActForm):
    """For what many units are urged, how, in which words. ``batch`` is the mark of what is sent together."""

    kind = RadioField(lazy_gettext("Asked for"), choices=URGING_KINDS, default="feedback", validate_choice=False)
    channel = RadioField(lazy_gettext("Way"), choices=URGING_WAYS, default="system", validate_choice=False)
    wanted = Checks(
        lazy_gettext("Also by"),
        choices=[],
        validate_choice=False,
        description=lazy_gettext("Beside what each person usually gets; for what must not wait."),
    )
    message = TextAreaField(
        lazy_gettext("Words"),
        [DataRequired(lazy_gettext("Write what the unit is to do."))],
        description=lazy_gettext("{单位} {事项} {编号} {时限} {时限情况} are filled in for each unit and matter."),
        render_kw={"rows": 3},
    )
    batch = HiddenField()

"""Urging many units at once as it is shown before it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from app.deadlines.rules import WorkingCalendar
from app.jurisdictions.rules.profile import UrgingText
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link
from app.matters.presenting.common import due_cell, matter_href, word
from app.urging.forms import TogetherForm
from app.urging.pages import TogetherLine, TogetherPage, TogetherReader
from app.urging.queries.planning import Planned
from app.urging.rules import Limits

WAYS: Mapping[str, str] = {
    "inbox": N_("Inbox"),
    "email": N_("E-mail"),
    "wecom": N_("WeCom group"),
    "wecom_app": N_("WeCom"),
    "dingtalk": N_("DingTalk"),
    "feishu": N_("Feishu"),
    "sms": N_("Text message"),
}


def together_page(
    form: TogetherForm,
    lines: Sequence[Planned],
    ways: Mapping[int, tuple[str, ...]],
    texts: Sequence[UrgingText],
    limits: Limits,
    calendar: WorkingCalendar,
    today: dt.date,
    root: str,
    *,
    kept: Sequence[tuple[str, str]],
    chosen: Collection[int] | None,
    unseen: int,
) -> TogetherPage:
    """The page of a plan. ``ways`` are each reader's, ``chosen`` the ticked parts (None: all that may be urged)."""
    drawn = tuple(_line(one, ways, calendar, today, root, chosen) for one in lines)
    going = [one for one, line in zip(lines, drawn, strict=True) if line.chosen]
    return TogetherPage(
        form=form,
        lines=drawn,
        kept=tuple(kept),
        texts=tuple(
            Link(text.name, f"{root}/urging/new?{urlencode([*kept, ('kind', text.kind), ('text', text.key)])}")
            for text in texts
            if text.kind == form.kind.data
        ),
        rule=limit_words(limits),
        going=len(going),
        units=len({one.part.unit_id for one in going if one.part is not None}),
        matters=len({one.matter.id for one in going}),
        refused=sum(1 for one in lines if one.refusal is not None),
        unseen=unseen,
        sendable=any(line.part_id for line in drawn),
        preview_action=f"{root}/urging/new",
        send_action=f"{root}/urging/send",
        log_href=f"{root}/urging/log",
    )


def limit_words(limits: Limits) -> str:
    """How often a unit may be urged here, in one line."""
    said = []
    if limits.interval_days == 1:
        said.append(_("A unit is urged about one matter once a day."))
    elif limits.interval_days > 1:
        said.append(_("A unit is urged about one matter every %(days)s days at most.", days=limits.interval_days))
    if limits.most_per_day is not None:
        said.append(_("A unit gets at most %(most)s urgings a day.", most=limits.most_per_day))
    return "".join(said)


def _line(
    one: Planned,
    ways: Mapping[int, tuple[str, ...]],
    calendar: WorkingCalendar,
    today: dt.date,
    root: str,
    chosen: Collection[int] | None,
) -> TogetherLine:
    part = one.part
    refusal = translate(one.refusal.msgid, **one.refusal.params) if one.refusal is not None else ""
    return TogetherLine(
        part_id=str(part.id) if part is not None and one.refusal is None else "",
        matter=Link(one.matter.title, matter_href(root, one.matter.id)),
        number=one.matter.register_no or "",
        unit=one.unit,
        role=part.role if part is not None else "",
        due=due_cell(one.clock, calendar, today, paused=one.matter.state == "suspended"),
        readers=tuple(
            TogetherReader(
                reader.name, "、".join(word(WAYS, way) for way in ways.get(reader.person_id, ())), reader.in_place_of
            )
            for reader in one.readers
        ),
        message=one.message,
        refusal=refusal,
        chosen=part is not None and one.refusal is None and (chosen is None or part.id in chosen),
    )

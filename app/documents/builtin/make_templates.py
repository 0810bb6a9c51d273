"""Make the built-in layouts and the shipped jurisdictions' own templates: ``python -m app.documents.builtin.make_templates``.

Five documents: 《督办通知单》 (red head, one table, receipt slip), 《专项督办函》 and 《领导批办事项通知单》 (letters),
传真电报, and a paper for everything that is no notice. A built-in layout names its office by placeholder; a jurisdiction's
own copy carries its office and the words of its regulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.documents.builtin.gongwen import (
    CENTRE,
    FANGSONG,
    HEITI,
    KAITI,
    LEFT,
    RIGHT,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_5,
    XIAOBIAOSONG,
    border,
    fill,
    letter_lines,
    new_page,
    off_grid,
    paragraph,
    right_tab,
    save,
    table,
    write,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent


@dataclass(frozen=True)
class Office:
    """Who issues, and the sentences its regulation asks of it. The defaults fit any office."""

    head: str = "{{ 发文机关 }}"
    close: str = "请按要求抓紧办理，如期报送书面办理结果；难以按期办结的，请及时说明原因并报告工作进展情况。"
    report: str = "办理结果请以本机关正式文件上报，标明发文字号。"
    instruction: str = "请按照批示要求认真办理，{% if 办结时限 %}于{{ 办结时限 }}前{% endif %}将办理情况书面反馈我们。"


BUILT_IN = Office()
HUARONG = Office(
    head="华容区人民政府办公室",
    close="凡注明办理时限的，必须如期办结；难以按期办结的，要及时说明原因并报告工作进展情况。",
    report="办结报告以承办机关名义上报，使用本机关正式文件，标明发文序号。",
)
HUAIAN = Office(
    head="淮安市人民政府办公室",
    instruction="请按照批示要求认真办理，{% if 办结时限 %}于{{ 办结时限 }}前{% endif %}将办理情况书面反馈市政府督查室"
    "{% if 时限依据 %}（{{ 时限依据 }}）{% endif %}。",
)


def supervision_notice(office: Office) -> Any:
    """《督办通知单》: red head and line, number, one table, signature, and a slip to sign and send back."""
    page = new_page()
    paragraph(page, "{%p if 紧急程度 %}", indent=0)
    paragraph(page, "{{ 紧急程度 }}", HEITI, indent=0, line=22)
    paragraph(page, "{%p endif %}", indent=0)
    paragraph(page, office.head, XIAOBIAOSONG, 30, align=CENTRE, red=True, indent=0, line=38)
    paragraph(page, "督办通知单", XIAOBIAOSONG, 36, align=CENTRE, red=True, indent=0, line=42)
    number = paragraph(page, "{{ 编号 }}", align=CENTRE, indent=0, before=5, line=24)
    border(number, "bottom", eighths=12, space=8)
    paragraph(page, "{{ 主送 }}：", indent=0, before=9, line=25)
    paragraph(page, "现将下列督办事项交你单位办理，请按时报告办理结果。", line=25, after=4)
    _matter_table(page)
    off_grid(paragraph(page, office.close + office.report, size=SIZE_4, before=4, line=20))
    _signature(page, line=23, before=4)
    _receipt_slip(page)
    return page


_LEADER = "{{ 批示领导|default('领导', true) }}{% if 批示日期 %}（{{ 批示日期 }}）{% endif %}"
_LEADER_ON = "{% if 批示日期 %}{{ 批示日期 }}，{% endif %}{{ 批示领导|default('领导', true) }}"
_WIDTHS = (25.0, 53.0, 25.0, 53.0)


def _matter_table(page: Any) -> None:
    # Rows between two {%tr%} rows disappear when the fact is not given; those rows themselves always do.
    whole = (
        "督办事项",
        "立项依据",
        "领导批示",
        "units",
        "办理要求",
        "dates",
        "时限依据",
        "反馈方式",
        "附件",
        "contact",
    )
    optional = {"立项依据", "领导批示", "办理要求", "时限依据", "反馈方式", "附件"}
    pairs = {
        "units": (("主办单位", "主办单位"), ("协办单位", "协办单位")),
        "dates": (("交办日期", "交办日期"), ("办结时限", "办结时限")),
        "contact": (("联 系 人", "联系人"), ("联系电话", "联系电话")),
    }
    made = table(page, _WIDTHS, len(whole) + 2 * len(optional))
    rows = iter(made.rows)
    for name in whole:
        if name in pairs:
            cells = next(rows).cells
            for place, (label, fact) in zip((0, 2), pairs[name], strict=True):
                fill(cells[place], label, HEITI, align=CENTRE)
                fill(cells[place + 1], f"{{{{ {fact} }}}}", HEITI if fact == "办结时限" else FANGSONG)
            continue
        if name in optional:
            fill(next(rows).cells[0], f"{{%tr if {name} %}}")
        cells = next(rows).cells
        fill(cells[0], name, HEITI, align=CENTRE)
        text = cells[1].merge(cells[3])
        if name == "领导批示":
            fill(text, f"{_LEADER}：", KAITI)
            fill(text, "{{ 领导批示 }}", KAITI, more=True)
        else:
            fill(text, f"{{{{ {name} }}}}")
        if name in optional:
            fill(next(rows).cells[0], "{%tr endif %}")


def _signature(page: Any, *, line: float | None = None, before: float = 0, keep: bool = False) -> None:
    """Signature two characters and date four characters from the right edge (7.3.5).

    What stands before it is kept with it: a page with a signature and no text is no document.
    """
    paragraph(page, "{{ 署名 }}", align=RIGHT, indent=0, right=2, line=line, before=before, keep=True)
    paragraph(page, "{{ 成文日期 }}", align=RIGHT, indent=0, right=4, line=line, keep=keep)


_SLIP = (
    ("文　　号", "{{ 编号 }}", "签收单位", "（盖章）"),
    ("分管领导", "", "承 办 人", ""),
    ("联系电话", "", "签收时间", "年　 月　 日　 时"),
)


def _receipt_slip(page: Any) -> None:
    """The slip below a cutting line; it stays on one page."""
    title = paragraph(page, "回　执", XIAOBIAOSONG, SIZE_3, align=CENTRE, indent=0, before=10, line=25, keep=True)
    write(title, "（由承办单位签收后退回）", KAITI, SIZE_5)
    border(title, "top", eighths=6, space=5, colour="000000", style="dashed")
    made = table(page, _WIDTHS, len(_SLIP))
    for row, texts in zip(made.rows, _SLIP, strict=True):
        for place, text in enumerate(texts):
            if place % 2 == 0:
                fill(row.cells[place], text, HEITI, align=CENTRE, line=24, keep=True)
            else:
                fill(row.cells[place], text, align=LEFT if text.startswith("{{") else RIGHT, line=24, keep=True)
    # Word ends a page with a paragraph; after a table it should take no room.
    off_grid(paragraph(page, indent=0, line=1))


def _letter_head(page: Any, office: Office, title: str) -> None:
    """Below the first red line: urgency left, number right; two lines further the title (10.1)."""
    letter_lines(page, office.head)
    line = paragraph(page, indent=0, before=4)
    write(line, "{{ 紧急程度 }}", HEITI)
    write(line, "\t{{ 编号 }}")
    right_tab(line)
    paragraph(page, title, XIAOBIAOSONG, SIZE_2, align=CENTRE, indent=0, before=16, after=14, line=34)
    paragraph(page, "{{ 主送 }}：", indent=0)


def _if(page: Any, condition: str) -> None:
    paragraph(page, f"{{%p if {condition} %}}", indent=0)


def _end(page: Any) -> None:
    paragraph(page, "{%p endif %}", indent=0)


def _labelled(page: Any, label: str, fact: str) -> None:
    """A line of the letter that only appears when there is something to say."""
    _if(page, fact)
    made = paragraph(page)
    write(made, label, HEITI)
    write(made, f"{{{{ {fact} }}}}")
    _end(page)


def _letter_end(page: Any) -> None:
    _if(page, "附件")
    paragraph(page, "附件：{{ 附件 }}", hanging=3, before=10, keep=True)
    _end(page)
    _signature(page, before=18, keep=True)
    _if(page, "联系人")
    paragraph(page, "（联系人：{{ 联系人 }}{% if 联系电话 %}，联系电话：{{ 联系电话 }}{% endif %}）")
    _end(page)
    _if(page, "抄送")
    copies = paragraph(page, "抄送：{{ 抄送 }}。", size=SIZE_4, indent=1, before=16, line=24)
    border(copies, "top", eighths=8, space=3, colour="000000")
    border(copies, "bottom", eighths=8, space=3, colour="000000")
    _end(page)


def special_supervision_letter(office: Office) -> Any:
    """《专项督办函》: one theme, one unit, in prose."""
    page = new_page(letter=True)
    _letter_head(page, office, "专项督办函")
    paragraph(
        page,
        "{% if 立项依据 %}根据{{ 立项依据 }}，{% endif %}“{{ 督办事项 }}”已列入督查范围，"
        "由{{ 主办单位|default('你单位', true) }}主办{% if 协办单位 %}，{{ 协办单位 }}协办{% endif %}。现就有关要求函告如下：",
    )
    _if(page, "领导批示")
    paragraph(page, "一、领导批示", HEITI, keep=True)
    made = paragraph(page, f"{_LEADER}：")
    write(made, "{{ 领导批示 }}", KAITI)
    _end(page)
    _if(page, "办理要求")
    paragraph(page, "{% if 领导批示 %}二{% else %}一{% endif %}、办理要求", HEITI, keep=True)
    paragraph(page, "{{ 办理要求 }}")
    _end(page)
    place = "{% if 领导批示 and 办理要求 %}三{% elif 领导批示 or 办理要求 %}二{% else %}一{% endif %}"
    paragraph(page, place + "、办理时限", HEITI, keep=True)
    made = paragraph(page, "请{% if 办结时限 %}于")
    write(made, "{{ 办结时限 }}", bold=True)
    write(made, "前{% endif %}报告办理结果{% if 时限依据 %}（{{ 时限依据 }}）{% endif %}。" + office.close)
    paragraph(page, office.report, keep=True)
    _letter_end(page)
    return page


def leader_matter_notice(office: Office) -> Any:
    """《领导批办事项通知单》: what the leader wrote, word for word and bold, and by when to answer in writing."""
    page = new_page(letter=True)
    _letter_head(page, office, "领导批办事项通知单")
    _if(page, "领导批示")
    made = paragraph(page, f"{_LEADER_ON}就“{{{{ 督办事项 }}}}”作出批示：")
    write(made, "“{{ 领导批示 }}”", bold=True)
    _end(page)
    _if(page, "not 领导批示")
    paragraph(page, "现将“{{ 督办事项 }}”交由你单位办理。")
    _end(page)
    _labelled(page, "来文字号：", "来文字号")
    _labelled(page, "立项依据：", "立项依据")
    _labelled(page, "主办单位：", "主办单位")
    _labelled(page, "协办单位：", "协办单位")
    _if(page, "办理要求")
    paragraph(page, "办理要求：", HEITI, keep=True)
    paragraph(page, "{{ 办理要求 }}")
    _end(page)
    paragraph(page, office.instruction, keep=True)
    _letter_end(page)
    return page


def office_paper(office: Office) -> Any:
    """A paper of the office that is no notice (a conclusion, a decision, a slip): red head, title, addressee, text."""
    page = new_page()
    _if(page, "紧急程度")
    paragraph(page, "{{ 紧急程度 }}", HEITI, indent=0, line=22)
    _end(page)
    paragraph(page, office.head, XIAOBIAOSONG, 36, align=CENTRE, red=True, indent=0, line=46)
    number = paragraph(page, "{{ 编号 }}", align=CENTRE, indent=0, before=5, line=24)
    border(number, "bottom", eighths=12, space=8)
    title = "{{ 标题|default(督办事项, true) }}"
    paragraph(page, title, XIAOBIAOSONG, SIZE_2, align=CENTRE, indent=0, before=20, after=14, line=34)
    paragraph(page, "{{ 主送 }}：", indent=0)
    _if(page, "办理要求")
    paragraph(page, "{{ 办理要求 }}")
    _end(page)
    _labelled(page, "办结时限：", "办结时限")
    _letter_end(page)
    return page


def fax_telegram(office: Office) -> Any:
    """传真电报: red head, the grid of addressee, grade and number, then the text as in any document."""
    page = new_page()
    paragraph(page, "传真电报", XIAOBIAOSONG, 48, align=CENTRE, red=True, indent=0, line=62, after=10)
    grid = table(page, (24, 66, 24, 42), 3)
    rows = [
        ("发往单位", "{{ 主送 }}", "签批盖章", "{{ 签发人 }}"),
        ("发电单位", office.head, "等　　级", "{% if 紧急程度 %}{{ 紧急程度 }}{% else %}平急{% endif %}"),
        ("部 门 号", "{{ 编号 }}", "机　　号", ""),
    ]
    for row, texts in zip(grid.rows, rows, strict=True):
        for place, text in enumerate(texts):
            if place % 2 == 0:
                fill(row.cells[place], text, HEITI, align=CENTRE, line=27)
            else:
                fill(row.cells[place], text, line=27)
    line = paragraph(page, indent=0, line=6)
    off_grid(line)
    border(line, "bottom", eighths=12, space=1)
    paragraph(page, "{{ 督办事项 }}", XIAOBIAOSONG, SIZE_2, align=CENTRE, indent=0, before=16, after=14, line=34)
    paragraph(page, "{{ 主送 }}：", indent=0)
    _if(page, "领导批示")
    made = paragraph(page, f"{_LEADER_ON}作出批示：")
    write(made, "“{{ 领导批示 }}”", bold=True)
    _end(page)
    _labelled(page, "立项依据：", "立项依据")
    _labelled(page, "主办单位：", "主办单位")
    _labelled(page, "协办单位：", "协办单位")
    _if(page, "办理要求")
    paragraph(page, "办理要求：", HEITI, keep=True)
    paragraph(page, "{{ 办理要求 }}")
    _end(page)
    paragraph(page, office.instruction, keep=True)
    _letter_end(page)
    return page


LAYOUTS = {
    "supervision_notice": ("督办通知单", supervision_notice),
    "special_supervision_letter": ("专项督办函", special_supervision_letter),
    "leader_matter_notice": ("领导批办事项通知单", leader_matter_notice),
    "fax_telegram": ("传真电报", fax_telegram),
    "office_paper": ("公文", office_paper),
}
OWN = {
    "420703-huarong": (HUARONG, ("supervision_notice", "special_supervision_letter")),
    "320800-huaian": (HUAIAN, ("leader_matter_notice", "fax_telegram")),
}


def main() -> None:
    """Write every template."""
    for key, (title, layout) in LAYOUTS.items():
        save(layout(BUILT_IN), HERE / f"{key}.docx", title)
    for folder, (office, keys) in OWN.items():
        for key in keys:
            title, layout = LAYOUTS[key]
            save(layout(office), ROOT / "tenants" / folder / "templates" / f"{key}.docx", title)


if __name__ == "__main__":
    main()

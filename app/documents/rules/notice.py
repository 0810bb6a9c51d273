"""What a notice to a unit may say: the placeholders of its template. Facts are a plain dict with exactly these keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from app.documents.rules.refusals import N_, FileRefused

MOST_CHARACTERS = 20_000

# Placeholder -> what it is (a msgid), in the order in which the list is shown.
NOTICE_FIELDS: dict[str, str] = {
    "编号": N_("Document number, given when it is issued"),
    "发文机关": N_("Issuing office, as in the head of the document"),
    "主送": N_("Unit the document goes to"),
    "标题": N_("Title of the document"),
    "督办事项": N_("Title of the matter"),
    "立项依据": N_("Source of the matter and the article it rests on"),
    "来文字号": N_("Number of the source document"),
    "批示领导": N_("Leader who gave the instruction"),
    "批示日期": N_("Date of the instruction"),
    "领导批示": N_("Words of the instruction"),
    "主办单位": N_("Lead unit"),
    "协办单位": N_("Co-handling units"),
    "办理要求": N_("What is required; each line becomes a paragraph"),
    "交办日期": N_("Date of dispatch"),
    "办结时限": N_("Due date"),
    "时限依据": N_("Article and rule the due date follows from"),
    "时限说明": N_("How the due date comes about, in sentences"),
    "反馈方式": N_("How and to whom to report back"),
    "紧急程度": N_("Urgency; empty when normal"),
    "附件": N_("Attachments; one a line"),
    "联系人": N_("Contact person"),
    "联系电话": N_("Contact's telephone"),
    "签发人": N_("Who signed it off"),
    "署名": N_("Issuing office, as signed"),
    "成文日期": N_("Date of the document"),
    "抄送": N_("Copies to"),
}

# Facts whose every line is a paragraph of its own; the lines of the others stay in one paragraph.
PARAGRAPH_FIELDS = frozenset({"领导批示", "办理要求"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def notice_facts(facts: Mapping[str, object]) -> dict[str, str]:
    """The facts as plain text under exactly the names of ``NOTICE_FIELDS``; what is not given is empty.

    A list becomes lines, the attachments of a list are numbered. Control characters that no document may carry are taken
    out. Refuses a name that is no placeholder (KeyError, a defect of the caller) and a text over 20,000 characters
    (``text_too_long``).
    """
    unknown = sorted(set(facts) - set(NOTICE_FIELDS))
    if unknown:
        raise KeyError(f"no such placeholder: {', '.join(unknown)}")
    filled = {name: plain_text(name, facts.get(name)) for name in NOTICE_FIELDS}
    attached = [line for line in filled["附件"].split("\n") if line]
    if len(attached) > 1 and isinstance(facts.get("附件"), (list, tuple)):
        filled["附件"] = "\n".join(f"{number}．{line}" for number, line in enumerate(attached, 1))
    filled["发文机关"] = filled["发文机关"] or filled["署名"]
    return filled


def plain_text(name: str, value: object) -> str:
    """One value as text a document may carry. Refuses (``text_too_long``) over 20,000 characters."""
    if value is None:
        return ""
    lines = value if isinstance(value, (list, tuple)) else [value]
    text = "\n".join(str(line) for line in lines).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()
    if len(text) > MOST_CHARACTERS:
        raise FileRefused("text_too_long", name=name, most=MOST_CHARACTERS)
    return text


# A whole notice, for the test render of a new template and for looking at a layout.
SAMPLE_NOTICE: dict[str, object] = {
    "编号": "华政督〔2026〕1号",
    "发文机关": "华容区人民政府办公室",
    "主送": "区水利和湖泊局",
    "标题": "关于加快推进三江港新区排涝泵站建设的督查结论",
    "督办事项": "关于加快推进三江港新区排涝泵站建设及汛前移民安置工作的督办事项",
    "立项依据": "区人民政府第37次常务会议纪要（〔2026〕5号）第三项；《华容区人民政府政务督查工作细则》第四条第（七）项",
    "来文字号": "〔2026〕5号",
    "批示领导": "区长 李明",
    "批示日期": "2026年3月2日",
    "领导批示": "请水利湖泊局牵头，庙岭镇、段店镇配合，4月底前务必完成泵站主体验收，汛前投用。每周报一次进度。",
    "主办单位": "区水利和湖泊局",
    "协办单位": "庙岭镇人民政府、段店镇人民政府、区自然资源和规划局",
    "办理要求": [
        "1．4月10日前完成泵站主厂房封顶、机组到货 <验收> & 设备清点；",
        "2．4月25日前完成机电安装调试和配套渠道清淤；",
        "3．请主办单位牵头起草办结报告，以本机关正式文件上报，标明发文字号。",
    ],
    "交办日期": "2026年3月5日",
    "办结时限": "2026年4月30日",
    "时限依据": "《华容区人民政府政务督查工作细则》第十条：凡注明办理时限的，必须如期办结",
    "反馈方式": "每周五17:00前报送进展；难以按期办结的，请于到期前书面说明原因并报告进展情况。",
    "紧急程度": "特急",
    "附件": ["区政府第37次常务会议纪要（复印件）", "区长李明批示件（复印件）"],
    "联系人": "张珺",
    "联系电话": "0711-0000000",
    "签发人": "王建国",
    "署名": "华容区人民政府办公室",
    "成文日期": "2026年3月5日",
    "抄送": "区委办公室",
}

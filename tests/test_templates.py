"""Templates: hostile ones are refused with a sentence, hostile facts stay text, and every shipped layout makes its document."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from sqlalchemy import select

from app.documents import queries, services, templating
from app.documents.builtin import make_templates
from app.documents.models import Document, DocumentTemplate
from app.documents.rules import NOTICE_FIELDS, PARAGRAPH_FIELDS, SAMPLE_NOTICE, FileRefused, notice_facts
from app.documents.storage import FileStore
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.tenancy import scope
from tests.test_numbering import house

ROOT = Path(__file__).resolve().parent.parent
MORNING = dt.datetime(2026, 3, 5, 1, 0, tzinfo=dt.UTC)
BUILT_IN = sorted((ROOT / "app/documents/builtin").glob("*.docx"))
SHIPPED = sorted((ROOT / "tenants").glob("*/templates/*.docx"))
FACTS = notice_facts(SAMPLE_NOTICE)


def template(*lines: str) -> bytes:
    """A Word template with these paragraphs."""
    document = python_docx.Document()
    document.core_properties.comments = ""
    package = document.part.package
    for key in [key for key, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
        package.rels.pop(key)
    for line in lines:
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


GOOD = template("{{ 编号 }}", "{{ 主送 }}：", "{{ 领导批示 }}")


def changed(data: bytes, name: str, *, old: str = "", new: str = "", add: bytes | None = None) -> bytes:
    """A template with one part edited, or one part more."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = source.read(part)
            if part == name and old:
                assert old in content.decode()
                content = content.decode().replace(old, new, 1).encode()
            archive.writestr(part, content)
        if add is not None:
            archive.writestr(name, add)
    return target.getvalue()


def doubled(data: bytes, name: str) -> bytes:
    """A template that has one part twice: which of the two is read depends on the reader."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return changed(data, name, add=b"<x/>")


def text_of(data: bytes) -> str:
    """All the words of a document, its head and foot included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if re.match(r"word/(document|header\d*|footer\d*)\.xml", name)]
        xml = "\n".join(archive.read(name).decode() for name in parts)
    return re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))


def refusal(data: bytes) -> FileRefused:
    """Why a template is not taken."""
    with pytest.raises(FileRefused) as caught:
        templating.accept(data, NOTICE_FIELDS, FACTS)
    return caught.value


KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION = '<Relationship Id="rId99" Type="{0}" Target="{1}" {2}/></Relationships>'


def related(kind: str, target: str, mode: str = 'TargetMode="External"') -> bytes:
    """A template whose document points at something."""
    return changed(
        GOOD, "word/_rels/document.xml.rels", old="</Relationships>", new=RELATION.format(KIND + kind, target, mode)
    )


def with_field(*codes: str) -> bytes:
    """A template with a field whose code is scattered over runs, as Word does."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    field = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    return changed(GOOD, "word/document.xml", old="<w:sectPr", new=field + "<w:sectPr")


# ---------- what a placeholder may not do ----------
@pytest.mark.parametrize(
    "payload",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 编号.__class__ }}",
        "{{ 编号.upper() }}",
        "{{ 编号['__class__'] }}",
        "{{ 编号|attr('__class__') }}",
        "{{ 编号|map('upper')|list }}",
        "{{ 编号|format(1) }}",
        "{{ '%3000000000d'|format(1) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 99999999 }}",
        "{{ lipsum(n=2000) }}",
        "{{ range(1000000000) }}",
        "{{ self._TemplateReference__context }}",
        "{% for a in 编号 %}{% for b in 编号 %}x{% endfor %}{% endfor %}",
        "{% set x = 编号 %}{{ 编号 }}",
        "{% macro m() %}{{ 编号 }}{% endmacro %}{{ m() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends '/etc/passwd' %}",
        "{{ 编号 ~ 编号 }}",
        "{{ [编号] }}",
        "{% if 编号 is defined %}x{% endif %}",
        "{% filter upper %}{{ 编号 }}{% endfilter %}",
    ],
)
def test_a_placeholder_can_neither_call_nor_loop_nor_compute(payload: str) -> None:
    refused = refusal(template("{{ 编号 }}", payload))
    assert refused.code in ("template_not_allowed", "template_syntax", "template_unknown_placeholder")


@pytest.mark.parametrize(
    "payload",
    [
        "{{ cycler.__init__ }}",
        "{{ 编号.upper() }}",
        "{{ 编号|upper }}",
        "{{ lipsum() }}",
        "{{ 编号.__class__.__mro__ }}",
        "{{ x }}",
    ],
)
def test_the_sandbox_alone_gives_nothing_away(payload: str) -> None:
    """The second wall holds without the first."""
    with pytest.raises(FileRefused) as caught:
        templating.render(template(payload), FACTS)
    assert caught.value.code == "template_render"


def test_hostile_words_in_heads_and_properties_are_seen() -> None:
    document = python_docx.Document(io.BytesIO(GOOD))
    document.sections[0].header.paragraphs[0].text = "{{ 编号.upper() }}"
    target = io.BytesIO()
    document.save(target)
    assert refusal(target.getvalue()).code == "template_not_allowed"
    document = python_docx.Document(io.BytesIO(GOOD))
    document.core_properties.title = "{{ lipsum() }}"
    target = io.BytesIO()
    document.save(target)
    assert refusal(target.getvalue()).code == "template_not_allowed"


def test_faults_name_the_placeholder() -> None:
    unknown = refusal(template("{{ 编号 }} {{ 督办事像 }} {{ 主送单位 }}"))
    assert unknown.code == "template_unknown_placeholder"
    assert "主送单位、督办事像" in str(unknown)
    broken = refusal(template("{{ 编号 }}", "请于{{ 办结 时限 }}前办结"))
    assert broken.code == "template_syntax"
    assert "办结 时限" in str(broken)
    assert refusal(template("{{ 编号 }}", "{{ 主送 }：")).code == "template_syntax"
    assert refusal(template("{{ 编号 }}", "{% if 主送 %}请办")).code == "template_syntax"
    assert refusal(template("没有占位符")).code == "template_unused"


def test_a_template_made_to_cost_time_is_refused_soon() -> None:
    words = "".join(random.Random(1).choices("关于加快推进泵站建设的督办事项请于月底前报告", k=20_000))
    started = time.monotonic()
    assert refusal(template("{{" * 100_000)).code == "template_syntax"
    assert refusal(template("{{ 编号 }}" * 700)).code == "template_too_large"
    assert refusal(template(*(["{{" * 10, words] * 30))).code == "template_syntax"
    assert refusal(template(*(["{% if 编号 %}"] * 400), *(["{% endif %}"] * 400))).code == "template_too_large"
    assert (
        refusal(template("{{ 编号 }}{% if " + "(" * 700 + "编号" + ")" * 700 + " %}{% endif %}")).code
        == "template_syntax"
    )
    assert refusal(template(*(["{% if 编号 %}"] * 120), *(["{% endif %}"] * 120))).code == "template_render"
    assert time.monotonic() - started < 10


def test_a_placeholder_that_word_scattered_over_runs_is_one() -> None:
    document = python_docx.Document(io.BytesIO(template()))
    paragraph = document.add_paragraph()
    for piece in ("{", "{ 督", "办事项", " }", "}"):
        paragraph.add_run(piece)
    target = io.BytesIO()
    document.save(target)
    assert templating.accept(target.getvalue(), NOTICE_FIELDS, FACTS) == {"督办事项"}
    assert FACTS["督办事项"] in text_of(templating.render(target.getvalue(), FACTS))


# ---------- what a container may not hold ----------
EXTERNAL_ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
WIDE_ENTITY = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")

HOSTILE: dict[str, tuple[bytes, str]] = {
    "no zip": (b"%PDF-1.7", "template_not_docx"),
    "another zip": (changed(b"PK\x05\x06" + b"\0" * 18, "a.txt", add=b"a"), "template_not_docx"),
    "picture from outside": (related("image", "http://127.0.0.1/x.png"), "template_external"),
    "picture from a file": (related("image", "file:///etc/passwd"), "template_external"),
    "picture from a share": (related("image", "\\\\host\\share\\x.png", ""), "template_external"),
    "picture by address": (related("image", "http://127.0.0.1/x.png", ""), "template_external"),
    "climbing target": (related("image", "../../etc/passwd", ""), "template_external"),
    "attached template": (related("attachedTemplate", "http://host/t.dotm"), "template_part"),
    "embedded object": (related("oleObject", "embeddings/a.bin", ""), "template_part"),
    "another document": (related("aFChunk", "media/a.png", ""), "template_part"),
    "script link": (related("hyperlink", "javascript:alert(1)"), "template_external"),
    "file link": (related("hyperlink", "file:///etc/passwd"), "template_external"),
    "vml picture": (
        changed(
            GOOD,
            "word/document.xml",
            old="<w:sectPr",
            new='<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://127.0.0.1/x"/></w:pict></w:r></w:p><w:sectPr',
        ),
        "template_external",
    ),
    "alternative chunk": (
        changed(GOOD, "word/document.xml", old="<w:sectPr", new="<w:altChunk/><w:sectPr"),
        "template_part",
    ),
    "included picture": (with_field(' INCLUDEPICTURE "http://127.0.0.1/x.png" '), "template_field_code"),
    "included text": (with_field(' INCLUDETEXT "/etc/passwd" '), "template_field_code"),
    "dde in pieces": (with_field(" DD", "EAU", 'TO c:\\\\cmd.exe "/k calc" '), "template_field_code"),
    "code by placeholder": (with_field(" {{ 督办事项 }} "), "template_field_code"),
    "empty code": (with_field(" "), "template_field_code"),
    "simple field": (
        changed(GOOD, "word/document.xml", old="<w:sectPr", new='<w:p><w:fldSimple w:instr="DDE a b"/></w:p><w:sectPr'),
        "template_field_code",
    ),
    "code made by a code": (
        changed(
            GOOD,
            "word/document.xml",
            old="<w:sectPr",
            new='<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            "<w:r><w:instrText>SEQ 68 69</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr',
        ),
        "template_field_code",
    ),
    "macro": (changed(GOOD, "word/vbaProject.bin", add=b"x"), "template_part"),
    "macro type": (
        changed(
            GOOD,
            "[Content_Types].xml",
            old="wordprocessingml.document.main+xml",
            new="macroEnabled.main+xml",
        ),
        "template_part",
    ),
    "embedding": (changed(GOOD, "word/embeddings/a.xlsx", add=b"x"), "template_part"),
    "path": (changed(GOOD, "../../etc/passwd", add=b"x"), "template_part"),
    "part twice": (doubled(GOOD, "word/document.xml"), "template_part"),
    "entity": (
        changed(GOOD, "word/header9.xml", add=EXTERNAL_ENTITY),
        "template_xml",
    ),
    "entity in utf-16": (
        changed(
            GOOD,
            "word/header9.xml",
            add=WIDE_ENTITY,
        ),
        "template_xml",
    ),
    "laughs": (
        changed(
            GOOD,
            "word/header9.xml",
            add=b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><l>&c;</l>',
        ),
        "template_xml",
    ),
    "broken part": (changed(GOOD, "word/header9.xml", add=b"<x><y></x>"), "template_xml"),
    "picture bomb": (changed(GOOD, "word/media/a.bmp", add=b"\0" * (30 << 20)), "template_too_large"),
    "text bomb": (changed(GOOD, "word/header9.xml", add=b"<x>" + b" " * (5 << 20) + b"</x>"), "template_too_large"),
    "large": (b"PK\x03\x04" + b"x" * (6 << 20), "template_too_large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_container_is_refused(case: str) -> None:
    data, code = HOSTILE[case]
    assert refusal(data).code == code


def test_a_web_link_and_a_page_number_are_taken() -> None:
    templating.accept(related("hyperlink", "https://www.gov.cn/"), NOTICE_FIELDS, FACTS)
    templating.accept(with_field(" PA", "GE "), NOTICE_FIELDS, FACTS)


# ---------- facts stay text ----------
@pytest.mark.parametrize(
    "words",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{_{ 编号 }_}",
        "</w:t></w:r></w:p><w:p>",
        "<w:instrText>DDE</w:instrText>",
        "<验收> & \"设备\" '清点'",
        "&#60;x&#62;",
        "]]>",
        "=cmd|' /C calc'!A0",
    ],
)
def test_hostile_facts_stay_text(words: str) -> None:
    facts = notice_facts({**SAMPLE_NOTICE, "领导批示": words})
    made = templating.render(GOOD, facts, PARAGRAPH_FIELDS)
    templating.vet(made)
    shown = "\n".join(paragraph.text for paragraph in python_docx.Document(io.BytesIO(made)).paragraphs)
    assert words.replace("{_{", "{{").replace("}_}", "}}") in shown


def test_control_characters_and_reversing_marks_do_not_reach_a_document() -> None:
    facts = notice_facts({"领导批示": "一\x00\x07\x0c\x1b二\u202e三\r\n四\t五"})
    assert facts["领导批示"] == "一二三\n四 五"


def test_lines_become_paragraphs_only_where_they_should() -> None:
    facts = notice_facts({"领导批示": "一\n二", "附件": ["甲", "乙"]})
    made = templating.render(template("{{ 领导批示 }}", "{{ 附件 }}"), facts, PARAGRAPH_FIELDS)
    paragraphs = python_docx.Document(io.BytesIO(made)).paragraphs
    assert [paragraph.text for paragraph in paragraphs] == ["一", "二", "1．甲\n2．乙"]


def test_facts_have_only_known_names_and_a_bounded_length() -> None:
    with pytest.raises(KeyError):
        notice_facts({"不存在": "x"})
    with pytest.raises(FileRefused):
        notice_facts({"领导批示": "长" * 20_001})


# ---------- shipped layouts ----------
@pytest.mark.parametrize("path", BUILT_IN + SHIPPED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_shipped_layout_makes_its_document(path: Path) -> None:
    data = path.read_bytes()
    templating.accept(data, NOTICE_FIELDS, FACTS)
    words = text_of(templating.render(data, FACTS, PARAGRAPH_FIELDS))
    told = {"编号", "主送", "办结时限", "联系人", "联系电话", "署名", "成文日期"}
    told |= {"标题"} if path.stem == "office_paper" else {"领导批示", "主办单位", "协办单位"}
    for fact in told:
        assert FACTS[fact] in words, fact
    assert "<验收> &" in words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "{{" not in words
    assert "{%" not in words


@pytest.mark.parametrize("path", BUILT_IN + SHIPPED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_layout_with_little_to_say_leaves_no_empty_brackets(path: Path) -> None:
    facts = notice_facts({"编号": "督〔2026〕1号", "主送": "教育局", "督办事项": "校舍安全", "署名": "办公室"})
    words = text_of(templating.render(path.read_bytes(), facts, PARAGRAPH_FIELDS))
    assert "（）" not in words
    assert "于前" not in words
    assert "根据，" not in words
    assert "校舍安全" in words


def test_the_committed_layouts_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_templates, "HERE", tmp_path / "builtin")
    monkeypatch.setattr(make_templates, "ROOT", tmp_path)
    make_templates.main()
    for path in BUILT_IN:
        assert (tmp_path / "builtin" / path.name).read_bytes() == path.read_bytes(), path.name
    for path in SHIPPED:
        assert (tmp_path / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path


# ---------- services ----------
@command
def keep(session: Any, actor: Actor, store: FileStore, **templates: bytes) -> list[DocumentTemplate]:
    """Keep templates by document type, all or none."""
    return [
        services.keep_template(
            session, actor, document_type=key, name=f"{key}.docx", data=data, at=MORNING, store=store
        )
        for key, data in templates.items()
    ]


@command
def issue(session: Any, actor: Actor, document_type: str, *, series: str, pattern: str) -> Document:
    """Issue one notice."""
    facts = {name: value for name, value in SAMPLE_NOTICE.items() if name not in ("编号", "成文日期")}
    return services.issue_document(
        session,
        actor,
        matter_id=1,
        unit_id=None,
        document_type_key=document_type,
        series=series,
        number_pattern=pattern,
        title="关于加快泵站建设的督办事项",
        facts=facts,
        at=MORNING,
    )


@pytest.mark.parametrize(
    ("slug", "code", "document_type", "pattern", "number"),
    [
        ("huarong", "420703", "supervision_notice", "华政督〔{year}〕{no}号", "华政督〔2026〕1号"),
        ("huaian", "320800", "leader_matter_notice", "淮政督批〔{year}〕{no}号", "淮政督批〔2026〕1号"),
    ],
)
def test_a_notice_is_made_once_from_the_jurisdictions_own_template(
    session: Any, tmp_path: Path, slug: str, code: str, document_type: str, pattern: str, number: str
) -> None:
    home, store = house(session, slug, code), FileStore(tmp_path)
    own = (ROOT / "tenants" / f"{code}-{slug}" / "templates" / f"{document_type}.docx").read_bytes()
    with scope(home, session):
        actor = Actor.system(home)
        assert [row.version for row in keep(session, actor, store, **{document_type: own})] == [1]
        assert [row.version for row in keep(session, actor, store, **{document_type: own})] == [1]
        document = issue(session, actor, document_type, series=document_type, pattern=pattern)
        assert document.document_no == number
        assert document.sha256 is None
        made = services.render_document(session, document.id, store=store).sha256
        words = text_of(store.read(home, made))
        assert number in words
        assert "2026年3月5日" in words
        keep(session, actor, store, **{document_type: GOOD})
        assert services.render_document(session, document.id, store=store).sha256 == made


def test_versions_are_kept_and_the_built_in_layout_comes_back(session: Any, tmp_path: Path) -> None:
    home, store = house(session, "huarong", "420703"), FileStore(tmp_path)
    with scope(home, session):
        actor = Actor.system(home)
        built_in = queries.effective_template(session, "supervision_notice", store, MORNING)
        assert built_in == (ROOT / "app/documents/builtin/supervision_notice.docx").read_bytes()
        with pytest.raises(Conflict):
            services.reset_template(session, actor, "supervision_notice", at=MORNING)
        for data in (GOOD, template("{{ 编号 }}")):
            keep(session, actor, store, supervision_notice=data)
        versions = queries.list_template_versions(session, "supervision_notice")
        assert [(row.version, row.active) for row in versions] == [(2, True), (1, False)]
        services.reset_template(session, actor, "supervision_notice", at=MORNING)
        assert queries.effective_template(session, "supervision_notice", store, MORNING) == built_in
        assert len(queries.list_template_versions(session, "supervision_notice")) == 2


def test_a_refused_template_changes_nothing(session: Any, tmp_path: Path) -> None:
    home, store = house(session, "huarong", "420703"), FileStore(tmp_path)
    with scope(home, session):
        actor = Actor.system(home)
        with pytest.raises(Invalid):
            keep(session, actor, store, fax_telegram=GOOD, supervision_notice=template("{{ x }}"))
        assert session.scalars(select(DocumentTemplate)).all() == []
        with pytest.raises(NotFound):
            services.add_template(
                session, actor, "no_such_type", name="x.docx", stream=io.BytesIO(GOOD), at=MORNING, store=store
            )

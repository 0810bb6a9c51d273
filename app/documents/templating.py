"""Filling a jurisdiction's .docx template with a document's facts, without trusting the template or the facts.

Three walls, each tested alone. ``vet`` looks at the container: only the parts a plain document has, nothing fetched from
outside, no field that runs or reads anything. ``check`` parses every placeholder: names, ``if``, comparison and three
filters, nothing else, so a template can neither call, loop nor compute, and its cost is bounded by its size. ``render``
fills plain text in under a sandbox without globals. Facts are escaped: whatever they say stays text.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from app.documents.rules import FileRefused

MOST_BYTES = 5 << 20
MOST_ENTRIES = 300
MOST_UNPACKED = 40 << 20
MOST_PART = 2 << 20
MOST_RATIO = 200
MOST_PLACEHOLDERS = 400
LONGEST_PLACEHOLDER = 200
# docxtpl looks for the end of every opening brace: their number times a part's size bounds what a template can cost.
MOST_BRACES = 1500

_ALLOWED_PART = re.compile(
    r"^(\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app|custom)\.xml|docProps/thumbnail\.\w+"
    r"|customXml/(_rels/)?[\w.-]+"
    r"|word/(document|styles|settings|fontTable|numbering|webSettings|footnotes|endnotes|stylesWithEffects)\.xml"
    r"|word/(header|footer)\d*\.xml|word/theme/theme\d+\.xml|word/media/[\w.-]+\.(png|jpe?g|gif|bmp)"
    r"|word/_rels/[\w.]+\.rels)$"
)
_WITH_PLACEHOLDERS = re.compile(r"^(word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml)$")
_FORBIDDEN_RELATIONS = frozenset(
    {"attachedTemplate", "oleObject", "package", "aFChunk", "subDocument", "frame", "control", "vbaProject"}
    | {"externalLinkPath", "video", "audio"}
)
_FORBIDDEN_ELEMENTS = frozenset(["altChunk", "object", "OLEObject", "control", "subDoc", "attachedTemplate"])
# What a field may do: count pages, number, refer inside the document, show the date. Everything else reads or runs.
_ALLOWED_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "REF", "PAGEREF", "SEQ", "DATE", "TIME", "EQ", "SYMBOL", "TOC"}
)
_LINK = re.compile(r"^(https?://|mailto:|#)", re.I)
_OUTSIDE = re.compile(r"^\s*([a-z][a-z0-9+.-]*:|\\\\|//)", re.I)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_FILTERS = ("default", "d", "trim")
_ALLOWED_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Filter,
)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The second wall: even a construct that ``check`` overlooked finds no globals, no attributes and nothing to call."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, extensions=())
        self.globals.clear()
        self.tests = {}
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def vet(data: bytes) -> None:
    """Look at a template's container before anything opens it.

    Refuses: what is no .docx, too much inside, parts a plain document does not have (macros, embedded objects, other
    documents), anything external but a web link, fields that fetch or run, document type definitions.
    """
    if len(data) > MOST_BYTES:
        raise FileRefused("template_too_large")
    if not data.startswith(b"PK\x03\x04"):
        raise FileRefused("template_not_docx")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileRefused("template_not_docx") from error
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused("template_too_large")
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise FileRefused("template_not_docx")
    for entry in entries:
        if not entry.is_dir() and (not _ALLOWED_PART.match(entry.filename) or names.count(entry.filename) > 1):
            raise FileRefused("template_part", part=entry.filename[:80])
        is_text = entry.filename.endswith((".xml", ".rels"))
        dense = entry.file_size > (1 << 20) and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        if dense or (is_text and entry.file_size > MOST_PART):
            raise FileRefused("template_too_large")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            _vet_part(entry.filename, _read(archive, entry))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as part:
            return part.read(MOST_PART + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise FileRefused("template_xml", part=entry.filename[:80]) from error


def _vet_part(name: str, raw: bytes) -> None:
    root = _parsed(name, raw)
    if name == "[Content_Types].xml" and b"macroenabled" in raw.lower():
        raise FileRefused("template_part", part="vbaProject")
    if name.endswith(".rels"):
        _vet_relations(root)
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        word = etree.QName(element).localname
        if word in _FORBIDDEN_ELEMENTS:
            raise FileRefused("template_part", part=word)
        for attribute, value in element.attrib.items():
            if etree.QName(attribute).localname in ("src", "href") and _OUTSIDE.match(str(value)):
                raise FileRefused("template_external", target=str(value)[:80])
    _vet_fields(root)


def _parsed(name: str, raw: bytes) -> Any:
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise FileRefused("template_xml", part=name[:80])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused("template_xml", part=name[:80]) from error
    # In UTF-16 the words above are written differently.
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileRefused("template_xml", part=name[:80])
    return root


def _vet_relations(root: Any) -> None:
    for relation in root:
        if not isinstance(relation.tag, str):
            continue
        kind = relation.get("Type", "").rpartition("/")[2]
        target = relation.get("Target", "")
        if kind in _FORBIDDEN_RELATIONS:
            raise FileRefused("template_part", part=kind)
        if relation.get("TargetMode") == "External":
            if kind != "hyperlink" or not _LINK.match(target):
                raise FileRefused("template_external", target=target[:80])
        elif _OUTSIDE.match(target) or ".." in target.replace("../customXml/", "").split("/"):
            raise FileRefused("template_external", target=target[:80])


def _vet_fields(root: Any) -> None:
    """Every field code's first word is on the list. A word that another field makes is empty here, and so refused."""
    open_codes: list[list[str]] = []
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple"):
        if element.tag == f"{_W}fldSimple":
            _vet_field(element.get(f"{_W}instr", ""))
        elif element.tag == f"{_W}instrText":
            if not open_codes:
                raise FileRefused("template_field_code", part=(element.text or "")[:40])
            open_codes[-1].append(element.text or "")
        elif element.get(f"{_W}fldCharType") == "begin":
            open_codes.append([])
        elif element.get(f"{_W}fldCharType") == "separate" and open_codes:
            _vet_field("".join(open_codes[-1]))
        elif element.get(f"{_W}fldCharType") == "end" and open_codes:
            _vet_field("".join(open_codes.pop()))
    for code in open_codes:
        _vet_field("".join(code))


def _vet_field(code: str) -> None:
    words = code.split()
    if not words or words[0].upper() not in _ALLOWED_FIELDS:
        raise FileRefused("template_field_code", part=code.strip()[:40] or "—")


def check(data: bytes, allowed: Iterable[str]) -> frozenset[str]:
    """The placeholders a vetted template uses.

    Refuses: a placeholder that is not among ``allowed`` (all of them are named), one that is not closed, and everything
    that is more than a name, a condition or one of the filters ``default`` and ``trim``; also a template with none.
    """
    used: set[str] = set()
    count = 0
    for source in _sources(data):
        try:
            tree = _Sandbox().parse(source)
        except TemplateSyntaxError as error:
            raise FileRefused("template_syntax", near=_near(source, error.lineno)) from error
        except RecursionError as error:
            raise FileRefused("template_too_large") from error
        for node in _descendants(tree):
            if not isinstance(node, _ALLOWED_NODES) or (isinstance(node, nodes.Filter) and node.name not in _FILTERS):
                raise FileRefused("template_not_allowed", what=_near(source, node.lineno))
            if isinstance(node, nodes.Name):
                count += 1
                used.add(node.name)
    if count > MOST_PLACEHOLDERS:
        raise FileRefused("template_too_large")
    unknown = sorted(used - set(allowed))
    if unknown:
        raise FileRefused("template_unknown_placeholder", names="、".join(unknown)[:200])
    if not used:
        raise FileRefused("template_unused")
    return frozenset(used)


def _sources(data: bytes) -> list[str]:
    """What Jinja will read: every part that docxtpl fills, with the tags that Word scattered over runs put together."""
    gather = DocxTemplate(io.BytesIO(data)).patch_xml
    sources = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if _WITH_PLACEHOLDERS.match(entry.filename):
                root = _parsed(entry.filename, _read(archive, entry))
                _closed(root)
                xml = etree.tostring(root, encoding="unicode")
                if xml.count("{") > MOST_BRACES:
                    raise FileRefused("template_too_large")
                xml = gather(xml)
                sources.append(re.sub(r"<w:p([ >])", r"\n<w:p\1", xml))
    return sources


def _closed(root: Any) -> None:
    """Every placeholder ends in the paragraph it begins in, and none stands outside a text.

    Looked at here, in one pass, because docxtpl searches the whole part for the end of each that does not.
    """
    paragraphs: dict[Any, list[str]] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for value in (*element.attrib.values(), element.tail or ""):
            if _OPENING.search(str(value)):
                raise FileRefused("template_syntax", near=str(value)[:40])
        if element.tag == f"{_W}t":
            paragraph = next(element.iterancestors(f"{_W}p"), element)
            paragraphs.setdefault(paragraph, []).append(element.text or "")
        else:
            paragraphs[element, "own"] = [element.text or ""]
    for pieces in paragraphs.values():
        text = "".join(pieces)
        opening = _OPENING.search(text)
        while opening:
            end = text.find(_CLOSING[opening.group()], opening.end(), opening.end() + LONGEST_PLACEHOLDER)
            if end < 0:
                raise FileRefused("template_syntax", near=text[opening.start() :][:40])
            opening = _OPENING.search(text, end + 2)


def _descendants(tree: Any) -> Iterable[Any]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _near(source: str, line: int) -> str:
    """The words of the paragraph a fault is in, the placeholder first when there is one."""
    lines = source.splitlines()
    text = re.sub(r"<[^>]+>", "", lines[line - 1] if 0 < line <= len(lines) else "").strip()
    start = max(0, min((at for at in (text.find("{{"), text.find("{%"), text.find("{#")) if at >= 0), default=0))
    return text[start : start + 40] or "—"


def render(data: bytes, facts: Mapping[str, str], paragraphs: Collection[str] = ()) -> bytes:
    """A vetted and checked template filled with facts: the bytes of a .docx.

    A line break in a fact named in ``paragraphs`` starts a new paragraph of the same look, elsewhere a new
    line. Raises FileRefused (``template_render``) when the document cannot be made.
    """
    template = DocxTemplate(io.BytesIO(data))
    lines = {name: text.replace("\n", "\a") if name in paragraphs else text for name, text in facts.items()}
    target = io.BytesIO()
    try:
        template.render(lines, _Sandbox(), autoescape=True)
        template.save(target)
    except (TemplateError, SyntaxError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise FileRefused("template_render", detail=str(error)[:120]) from error
    return target.getvalue()


def accept(data: bytes, allowed: Iterable[str], sample: Mapping[str, str]) -> frozenset[str]:
    """Everything a new template must pass: container, placeholders, a test document. The placeholders it uses."""
    vet(data)
    used = check(data, allowed)
    vet(render(data, sample))
    return used

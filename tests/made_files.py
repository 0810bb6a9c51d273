"""Files made for tests: small, whole, and of every kind that is taken or refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip container."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(*runs: str, **more: bytes) -> bytes:
    """A container that looks like a Word document; each argument is a run of its one paragraph."""
    body = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    document = f"<w:document {W}><w:body><w:p>{body}</w:p></w:body></w:document>"
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": document} | more)


def xlsx(*cells: str) -> bytes:
    """A container that looks like a spreadsheet."""
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        }
    )


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 64
TIF = b"II*\0" + b"\0" * 64
OFD = zipped({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<d/>"})
PPTX = zipped({"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"})

TAKEN: dict[str, bytes] = {
    "批示件.pdf": PDF,
    "公文.ofd": OFD,
    "办结报告.docx": docx("办结报告"),
    "台账.xlsx": xlsx("事项"),
    "汇报.pptx": PPTX,
    "旧报告.doc": OLE + b"\0" * 600,
    "旧台账.xls": OLE + b"\0" * 600,
    "旧汇报.ppt": OLE + b"\0" * 600,
    "报告.wps": OLE + b"\0" * 600,
    "新报告.wps": docx("报告"),
    "表.et": xlsx("表"),
    "照片.JPG": JPG,
    "照片.jpeg": JPG,
    "扫描.png": PNG,
    "扫描.tiff": TIF,
    "说明.txt": "区政府督查室\n".encode() * 2000,
    "旧说明.txt": "区政府督查室\r\n".encode("gb18030") * 2000,
    "记事本.txt": "区政府督查室".encode("utf-16"),
}

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("空.pdf", b"", "file_empty"),
    "no ending": ("无后缀", PDF, "file_type_not_allowed"),
    "program": ("木马.exe", b"MZ" + b"\0" * 64, "file_type_not_allowed"),
    "program as pdf": ("木马.pdf", b"MZ" + b"\0" * 64, "file_type_mismatch"),
    "program as text": ("木马.txt", b"MZ\x90", "file_type_mismatch"),
    "double ending": ("批示.pdf.exe", PDF, "file_type_not_allowed"),
    "html": ("页.html", b"<html></html>", "file_type_not_allowed"),
    "html as text": ("页.txt", b" <html><script>1</script></html>", "file_type_mismatch"),
    "svg as png": ("图.png", b"<svg onload='1'/>", "file_type_mismatch"),
    "shell as text": ("脚本.txt", b"#!/bin/sh\nrm -rf /\n", "file_type_mismatch"),
    "marked html as text": ("页.txt", b"\xef\xbb\xbf<html></html>", "file_type_mismatch"),
    "binary as text": ("数据.txt", b"abc\0def", "file_type_mismatch"),
    "archive": ("包.zip", zipped({"a.txt": "a"}), "file_type_not_allowed"),
    "archive as docx": ("包.docx", zipped({"a.txt": "a"}), "file_type_mismatch"),
    "docx as xlsx": ("表.xlsx", docx("表"), "file_type_mismatch"),
    "pdf as docx": ("报告.docx", PDF, "file_type_mismatch"),
    "docx as pdf": ("报告.pdf", docx("报告"), "file_type_mismatch"),
    "ole as docx": ("报告.docx", OLE + b"\0" * 600, "file_type_mismatch"),
    "macro": ("宏.docx", docx("宏", **{"word/vbaProject.bin": b"x"}), "file_has_program"),
    "macro by type": (
        "宏.xlsx",
        zipped(
            {
                "[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>",
                "xl/a.xml": "<a/>",
            }
        ),
        "file_has_program",
    ),
    "macro in doc": (
        "宏.doc",
        OLE + b"\0" * 300_000 + "_VBA_PROJECT".encode("utf-16-le") + b"\0" * 64,
        "file_has_program",
    ),
    "program inside": ("内.docx", docx("内", **{"word/embeddings/a.EXE": b"MZ"}), "file_has_program"),
    "page inside": ("内.ofd", zipped({"OFD.xml": "<ofd/>", "a.html": "<html/>"}), "file_has_program"),
    "climbing path": ("穿.docx", docx("穿", **{"../../etc/passwd": b"x"}), "file_damaged"),
    "damaged": ("坏.docx", docx("坏")[:80], "file_damaged"),
    "bomb": ("弹.docx", docx("弹", **{"word/media/a.bmp": b"\0" * (64 << 20)}), "file_unpacks_too_large"),
    "many entries": ("多.docx", docx("多", **{f"word/{n}.xml": b"" for n in range(5001)}), "file_unpacks_too_large"),
    "picture with a zip behind": ("图.jpg", JPG + zipped({"a.txt": "a"}), "file_is_two_files"),
    "pdf with a zip behind": ("文.pdf", PDF + zipped({"[Content_Types].xml": TYPES}), "file_is_two_files"),
}

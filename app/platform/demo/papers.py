"""Small real PDF files for the demonstration: one page of text, in a font every reader of PDF brings along."""

from __future__ import annotations

from collections.abc import Iterable

_LINE_HEIGHT, _LEFT, _TOP, _BODY, _TITLE = 26, 72, 760, 15, 22
_LINE_LENGTH = 30  # characters that fit between the margins


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """A page of A4 with a title and paragraphs; the same words give the same bytes."""
    lines = [line for text in paragraphs for line in _broken(text)]
    drawn = [f"BT /F1 {_TITLE} Tf {_LEFT} {_TOP} Td <{_hex(title[:20])}> Tj ET"]
    for number, line in enumerate(lines, start=2):
        drawn.append(f"BT /F1 {_BODY} Tf {_LEFT} {_TOP - number * _LINE_HEIGHT} Td <{_hex(line)}> Tj ET")
    content = "\n".join(drawn).encode("ascii")
    font = "/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R]"
    glyphs = "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 6 0 R"
    metrics = "/Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        f"<< {font} >>".encode(),
        f"<< {glyphs} /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>".encode(),
        f"<< /Type /FontDescriptor /FontName /STSong-Light {metrics} >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return _written(objects)


def _broken(text: str) -> list[str]:
    indented = "　　" + text
    return [indented[at : at + _LINE_LENGTH] for at in range(0, len(indented), _LINE_LENGTH)]


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _written(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)

"""Templates are indented for who reads them; the pages they make are not: a ledger page is a quarter lighter for it."""

from __future__ import annotations

import re

from flask import Flask
from jinja2.ext import Extension

_INDENT = re.compile(r"\n\s*\n|\n[ \t]+")


class WithoutIndent(Extension):
    """Drops what stands before the first character of a template's lines. Values put into the page are not touched."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template as it is compiled; the lines keep their numbers."""
        return _INDENT.sub(lambda found: "\n" * found.group().count("\n"), source)


def install(app: Flask) -> None:
    """Compile this application's templates without their indentation."""
    app.jinja_env.add_extension(WithoutIndent)

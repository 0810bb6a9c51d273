"""The catalogues: gather the words of the code, compile the translations, and check that no word lacks its Chinese.

Usage: catalogues.py update | compile | check
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.checkers import checkers
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"silent": "false", "encoding": "utf-8"}, "**.txt": {"silent": "false", "encoding": "utf-8"}}
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def gather() -> Catalog:
    """Every word of the code, with the places it is said."""
    catalog = Catalog(project="huiyin", charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT / "app", METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",))
    for file, line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalog.add(message, None, [(f"app/{file}", line)], auto_comments=comments, context=context)
    return catalog


def sources() -> Iterator[Path]:
    """The translation files."""
    yield from sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def read(source: Path) -> Catalog:
    """One translation."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3])


def update() -> int:
    """Bring the translation files in line with the code: new words are added empty, words nobody says are dropped."""
    template = gather()
    for source in sources():
        catalog = read(source)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        written = io.BytesIO()
        write_po(written, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)
        source.write_bytes(written.getvalue())
    return compile_all()


def compile_all() -> int:
    """Make the files the program reads."""
    for source in sources():
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(source))
    return 0


def check() -> int:
    """Name every word without its translation and every translation whose placeholders differ. 1 when there is one."""
    template, faults = gather(), []
    for source in sources():
        catalog = read(source)
        for message in template:
            if not message.id:
                continue
            known = catalog.get(message.id, message.context)
            where = ", ".join(f"{file}:{line}" for file, line in message.locations[:2])
            words = known.string if known and isinstance(known.string, tuple) else (known.string if known else "",)
            if known is None or known.fuzzy or not all(words):
                faults.append(f"{where}: no {source.parts[-3]} for {message.id!r}")
                continue
            for checker in checkers:
                try:
                    checker(catalog, known)
                except ValueError as error:
                    faults.append(f"{where}: {error}: {message.id!r}")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(f"catalogues: {len(template)} words, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    acts = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in acts:
        sys.exit(__doc__)
    sys.exit(acts[sys.argv[1]]())

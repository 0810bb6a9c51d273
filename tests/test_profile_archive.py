"""A zip from anywhere is refused with a place, never with a fault of ours."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.jurisdictions.rules.archive import read_archive
from app.jurisdictions.rules.reading import FolderError


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused_however_it_is_packed(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("roles.yaml", "a: 1\n" * 50)
    whole = buffer.getvalue()
    with pytest.raises(FolderError) as refused:
        read_archive(whole[:45] + b"\xff" * 8 + whole[53:])
    assert refused.value.faults[0].code == "archive_unreadable"

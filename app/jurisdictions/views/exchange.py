"""The profile as a folder of YAML in one zip: out to look at in a diff, and back into the draft."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, request, send_file

from app.jurisdictions import services
from app.jurisdictions.desk import DRAFT, Desk
from app.jurisdictions.forms import UploadForm
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import faults
from app.jurisdictions.rules.archive import MOST_ARCHIVE_BYTES, read_archive, write_archive
from app.jurisdictions.rules.reading import FolderError
from app.jurisdictions.services import FaultyProfile
from app.jurisdictions.views.versions import home, refused, revision_of
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, TooLarge
from app.kernel.i18n import N_, _
from app.kernel.web import BusinessView, actor, expose, right

MOST_FAULTS = 50


class ExchangeView(BusinessView):
    """Taking a profile out and putting one in."""

    route_base = "/settings/profile"

    @expose("/export")
    @right("profile:read")
    def export(self) -> Any:
        """A version, or the draft, as a folder in a zip."""
        desk = Desk(actor())
        current = str(desk.in_force.number) if desk.in_force is not None else DRAFT
        side = desk.side(request.args.get("version", "")[:60] or current)
        name = "draft" if side.word == DRAFT else f"v{side.word.replace(':', '-')}"
        content = io.BytesIO(write_archive(side.profile))
        return send_file(content, "application/zip", as_attachment=True, download_name=f"profile-{name}.zip")

    @expose("/upload", methods=["POST"])
    @right("profile:write")
    def upload(self) -> Any:
        """Put an uploaded folder in the draft's place; refused, nothing changes and every place is named."""
        form = UploadForm(request.form)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Invalid("no_file", N_("Choose a file first."), {"file": N_("Choose a file first.")})
            data = file.stream.read(MOST_ARCHIVE_BYTES + 1)
            if len(data) > MOST_ARCHIVE_BYTES:
                raise TooLarge("too_large", N_("The file is larger than 2 MB. Pack the profile's folder alone."))
            try:
                profile = read_archive(data)
            except FolderError as error:
                raise FaultyProfile("archive_faulty", error.faults[:MOST_FAULTS]) from error
            services.replace_draft(
                db.session,
                actor(),
                profile,
                expected_revision=revision_of(form),
                at=clock.now(),
                origin=file.filename[:120],
            )
        except HuiyinError as error:
            if isinstance(error, FaultyProfile):
                form.form_errors.extend(list(error.field_sentences().values())[1:])
            return refused(self, "upload", form, error)
        left = len(faults(profile, rights_here().known()))
        if left:
            flash(
                _(
                    "The folder is in the draft. %(count)s faults keep it from being published.",
                    count=left,
                ),
                "warning",
            )
        else:
            flash(_("The folder is in the draft. It holds for nobody until it is published."), "success")
        return redirect(home())

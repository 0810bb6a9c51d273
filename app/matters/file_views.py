"""Files in and out. Who may take one away is the matter's question, asked anew at every download."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from flask import Response, current_app, flash, redirect, request, send_file

from app.documents import queries as document_queries
from app.documents import services as document_services
from app.documents.rules import MEDIA_TYPES, clean_name
from app.documents.storage import FileStore
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, HuiyinError, Invalid
from app.kernel.i18n import N_, _
from app.kernel.web import BusinessView, actor, expose, right, wants_json
from app.matters import queries

# A document that a browser should open after all may run nothing and reach nothing.
FILE_POLICY = "sandbox; default-src 'none'"
FINISHED = frozenset({"closed_out", "archived", "cancelled"})
KINDS = ("original", "copy", "report", "evidence")


def file_store() -> FileStore:
    """Where this installation keeps its files."""
    return FileStore(current_app.extensions["huiyin.settings"].files_dir)


def as_file(view: Callable[..., Any]) -> Callable[..., Any]:
    """Give a view's answers the policy of a file in place of that of a page."""
    view.talisman_view_options = {"content_security_policy": FILE_POLICY}  # type: ignore[attr-defined]
    return view


class FilesView(BusinessView):
    """Attachments and issued documents."""

    route_base = ""

    @expose("/attachments/<int:attachment_id>")
    @right("attachment:read")
    @as_file
    def attachment(self, attachment_id: int) -> Any:
        """One attachment of a matter the reader sees; anybody else's is not there."""
        asking, store = actor(), file_store()
        kept = document_queries.get_attachment(db.session, attachment_id)
        queries.get_matter(db.session, asking, kept.matter_id)
        stream = store.open(kept.jurisdiction_id, kept.sha256)
        name, media_type, sha256 = kept.file_name, kept.media_type, kept.sha256
        document_services.note_download(
            db.session, asking, "attachment", attachment_id, matter_id=kept.matter_id, at=clock.now()
        )
        return _sent(stream, media_type, name, sha256)

    @expose("/documents/<int:document_id>.docx")
    @right("attachment:read")
    @as_file
    def document(self, document_id: int) -> Any:
        """An issued document; the first reader makes it when its dispatch could not."""
        asking, store = actor(), file_store()
        matter_id = queries.get_issued(db.session, asking, document_id).matter_id
        made = document_services.render_document(db.session, document_id, store=store)
        sha256 = str(made.sha256)
        stream = store.open(made.jurisdiction_id, sha256)
        mark = f"{_('Withdrawn')} " if made.status == "void" else ""
        name = clean_name(f"{mark}{made.document_no} {made.title}.docx".replace("/", "／").replace("\\", "＼"))
        document_services.note_download(
            db.session, asking, "document", document_id, matter_id=matter_id, at=clock.now()
        )
        return _sent(stream, MEDIA_TYPES["docx"], name, sha256)

    @expose("/matters/<int:matter_id>/attachments", methods=["POST"])
    @right("attachment:write")
    def add(self, matter_id: int) -> Any:
        """Add a file to a matter; nothing of a refused one stays."""
        asking = actor()
        matter = queries.get_matter(db.session, asking, matter_id)
        file, kind = request.files.get("file"), request.form.get("kind", "evidence")
        try:
            if file is None or not file.filename or kind not in KINDS:
                raise Invalid("file_missing", N_("Choose a file and say what it is."))
            if matter.state in FINISHED:
                raise Conflict(
                    "matter_finished", N_("This matter is finished; its file takes nothing more. Reopen it first.")
                )
            kept = document_services.add_attachment(
                db.session,
                asking,
                matter_id=matter_id,
                kind=kind,
                file_name=file.filename,
                stream=file.stream,
                at=clock.now(),
                store=file_store(),
            )
        except document_services.SecretFile as refusal:
            document_services.note_refused_file(db.session, asking, refusal, at=clock.now())
            return _refused(refusal, matter_id)
        except HuiyinError as refusal:
            return _refused(refusal, matter_id)
        flash(_("“%(name)s” was added.", name=kept.file_name), "success")
        return redirect(_case_file(matter_id))

    @expose("/attachments/<int:attachment_id>/remove", methods=["POST"])
    @right("attachment:write")
    def remove(self, attachment_id: int) -> Any:
        """Take a file away from a draft."""
        asking = actor()
        kept = document_queries.get_attachment(db.session, attachment_id)
        matter = queries.get_matter(db.session, asking, kept.matter_id)
        matter_id, draft = matter.id, matter.state == "draft"
        try:
            document_services.remove_attachment(
                db.session, asking, attachment_id, matter_is_draft=draft, at=clock.now()
            )
        except HuiyinError as refusal:
            return _refused(refusal, matter_id)
        flash(_("The file was removed."), "success")
        return redirect(_case_file(matter_id))


def _sent(stream: IO[bytes], media_type: str, name: str, sha256: str) -> Response:
    response = send_file(stream, media_type, as_attachment=True, download_name=name, etag=sha256, conditional=False)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(refusal: HuiyinError, matter_id: int) -> Any:
    if wants_json():
        raise refusal
    flash(refusal.sentence(), "danger")
    return redirect(_case_file(matter_id))


def _case_file(matter_id: int) -> str:
    return f"{request.script_root}/matters/{matter_id}?section=documents"


def register(appbuilder: Any) -> None:
    """Open the ways in and out for files."""
    appbuilder.add_view_no_menu(FilesView)

"""Pages of templates: which one serves for which document, a new one, and the way back."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app, flash, redirect, request, send_file, url_for

from app.documents import queries, services
from app.documents.pages import TemplateLine, TemplatesPage
from app.documents.rules import MEDIA_TYPES, NOTICE_FIELDS, format_number
from app.documents.storage import FileStore
from app.jurisdictions.rules.profile import DocumentType
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _, translate
from app.kernel.web import BusinessView, actor, expose, right


def _store() -> FileStore:
    return FileStore(current_app.extensions["huiyin.settings"].files_dir)


class DocumentTemplateView(BusinessView):
    """The templates a jurisdiction's documents are made from."""

    route_base = "/documenttemplateview"

    @expose("/list/")
    @right("template:read")
    def list(self) -> Any:
        """Every document type with the template that serves it."""
        return self._page()

    @expose("/download/<key>")
    @right("template:read")
    def download(self, key: str) -> Any:
        """The template in force, to look at or to start from."""
        kind = _document_type(key)
        content = io.BytesIO(queries.effective_template(db.session, key, _store(), clock.now()))
        return send_file(content, MEDIA_TYPES["docx"], as_attachment=True, download_name=f"{kind.name}-模板.docx")

    @expose("/upload/<key>", methods=["POST"])
    @right("template:write")
    def upload(self, key: str) -> Any:
        """Test a new template and put it in force; a refusal names what to correct."""
        kind = _document_type(key)
        file = request.files.get("file")
        if file is None or not file.filename:
            return self._page(key, _("Choose a file first.")), 422
        try:
            kept = services.add_template(
                db.session, actor(), key, name=file.filename, stream=file.stream, at=clock.now(), store=_store()
            )
        except NotFound:
            raise
        except HuiyinError as error:
            return self._page(key, error.sentence()), error.status
        flash(_("Version %(version)s of 《%(name)s》 is in force.", version=kept.version, name=kind.name), "success")
        return redirect(url_for("DocumentTemplateView.list", _anchor=key))

    @expose("/reset/<key>", methods=["POST"])
    @right("template:write")
    def reset(self, key: str) -> Any:
        """Back to the built-in layout."""
        kind = _document_type(key)
        services.reset_template(db.session, actor(), key, at=clock.now())
        flash(_("《%(name)s》 uses the built-in layout again.", name=kind.name), "success")
        return redirect(url_for("DocumentTemplateView.list", _anchor=key))

    def _page(self, refused_key: str = "", error: str = "") -> Any:
        kinds = queries.list_document_types(db.session, clock.now())
        lines = tuple(_line(kind, error if kind.key == refused_key else "") for kind in kinds)
        placeholders = tuple((name, translate(words)) for name, words in NOTICE_FIELDS.items())
        return self.render_template("documents/templates.html", page=TemplatesPage(lines, placeholders))


def _document_type(key: str) -> DocumentType:
    for kind in queries.list_document_types(db.session, clock.now()):
        if kind.key == key:
            return kind
    raise NotFound()


def _line(kind: DocumentType, error: str) -> TemplateLine:
    own = queries.find_active_template(db.session, kind.key)
    may_write = actor().may("template:write")
    return TemplateLine(
        key=kind.key,
        name=kind.name,
        example=format_number(kind.number_pattern, clock.today().year, 1),
        article=kind.article,
        version=own.version if own else 0,
        file_name=own.file_name if own else "",
        changed_on=clock.local_date(own.updated_at) if own else None,
        download_href=url_for("DocumentTemplateView.download", key=kind.key),
        upload_action=url_for("DocumentTemplateView.upload", key=kind.key) if may_write else "",
        reset_action=url_for("DocumentTemplateView.reset", key=kind.key) if may_write and own else "",
        error=error,
    )


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    appbuilder.add_view_no_menu(DocumentTemplateView)

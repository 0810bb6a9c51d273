"""The other side of the measurement: a stock Flask-AppBuilder list of the same rows.

Its tables are copies of ours in a schema of its own; models, interface, list view and security manager are FAB's as they
come. One jurisdiction is shown by FAB's own means, a base filter. It runs in a process of its own that imports nothing of
ours: ``gunicorn --chdir <this folder> stock:create()`` with BENCH_DATABASE_URL and BENCH_JURISDICTION.
"""

from __future__ import annotations

import os

from flask import Flask
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Column, Date, ForeignKey, String
from sqlalchemy.orm import declarative_base, relationship

SCHEMA = "bench_stock"
USERNAME, PASSWORD = "stock", "stock-stock"


def create() -> Flask:
    """A Flask-AppBuilder application as its documentation makes one. Its users live in its own schema too."""
    jurisdiction_id = int(os.environ["BENCH_JURISDICTION"])
    base = declarative_base()

    class Unit(base):  # type: ignore[misc, valid-type]
        __tablename__ = "unit"
        __table_args__ = {"schema": SCHEMA}  # noqa: RUF012
        id = Column(BigInteger, primary_key=True)
        name = Column(String(80), nullable=False)

        def __repr__(self) -> str:
            return str(self.name)

    class Source(base):  # type: ignore[misc, valid-type]
        __tablename__ = "source"
        __table_args__ = {"schema": SCHEMA}  # noqa: RUF012
        id = Column(BigInteger, primary_key=True)
        name = Column(String(80), nullable=False)

        def __repr__(self) -> str:
            return str(self.name)

    class Matter(base):  # type: ignore[misc, valid-type]
        __tablename__ = "matter"
        __table_args__ = {"schema": SCHEMA}  # noqa: RUF012
        id = Column(BigInteger, primary_key=True)
        jurisdiction_id = Column(BigInteger, nullable=False)
        register_no = Column(String(60))
        title = Column(String(300), nullable=False)
        state = Column(String(20), nullable=False)
        due_on = Column(Date)
        unit_id = Column(BigInteger, ForeignKey(Unit.id))
        source_id = Column(BigInteger, ForeignKey(Source.id))
        unit = relationship(Unit)
        source = relationship(Source)

    app = Flask("stock")
    app.config.update(
        SECRET_KEY="stock" * 8,
        SQLALCHEMY_DATABASE_URI=os.environ["BENCH_DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS={"connect_args": {"options": f"-c search_path={SCHEMA}"}},
        WTF_CSRF_ENABLED=False,
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1000",  # noqa: S106 - a method, no secret
        RATELIMIT_ENABLED=False,
    )
    database = SQLAlchemy(app)

    class MatterView(ModelView):
        datamodel = SQLAInterface(Matter, database.session)
        list_columns = ["register_no", "title", "source", "unit", "state", "due_on"]  # noqa: RUF012
        base_filters = [["jurisdiction_id", FilterEqual, jurisdiction_id]]  # noqa: RUF012
        page_size = 25

    with app.app_context():
        builder = AppBuilder(app, database.session)
        builder.add_view(MatterView, "Matters")
        builder.sm.add_user(
            USERNAME, USERNAME, USERNAME, "stock@people.invalid", builder.sm.find_role("Admin"), PASSWORD
        )
        database.session.remove()
    return app

"""What the forms of acts are made of."""

from __future__ import annotations

from wtforms import Form, RadioField

from app.kernel.i18n import lazy_gettext

Pairs = tuple[tuple[str, str], ...]
REASON = lazy_gettext("A reason is needed.")
LONG = {"rows": 4}


class PartField(RadioField):
    """Which unit's part is meant: asked only where there are several."""

    data: str | None

    def settle(self, parts: Pairs, wanted: str = "") -> None:
        """Offer these parts; the only one is not asked for. What was sent stays what was sent."""
        self.choices = list(parts)
        if not self.data:
            self.data = wanted if wanted in dict(parts) else parts[0][0] if parts else None
        if len(parts) < 2:
            self.type = "HiddenField"

    def _value(self) -> str:
        return str(self.data or "")


class ActForm(Form):
    """The form of an act that asks for nothing."""

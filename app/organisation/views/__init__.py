"""Pages of the organisation: units, posts, people, memberships, roles, the role matrix, one's own page."""

from __future__ import annotations

from typing import Any

from app.organisation.views.absences import AbsenceView
from app.organisation.views.activation import ActivationView, FirstSignInsView
from app.organisation.views.invitations import InvitationView
from app.organisation.views.matrix import MatrixView
from app.organisation.views.own_page import OwnPageView
from app.organisation.views.people import MembershipView, PersonView, RoleView
from app.organisation.views.units import PostView, UncoveredView, UnitView

__all__ = ["MatrixView", "MembershipView", "OwnPageView", "PersonView", "PostView", "RoleView", "UnitView", "register"]


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (UnitView, PostView, PersonView, MembershipView, AbsenceView, RoleView, MatrixView, OwnPageView):
        appbuilder.add_view_no_menu(view)
    for view in (UncoveredView, InvitationView, FirstSignInsView, ActivationView):
        appbuilder.add_view_no_menu(view)
    activation = next(view for view in appbuilder.baseviews if isinstance(view, ActivationView))
    appbuilder.sm.limiter.limit("30 per minute")(activation.blueprint)

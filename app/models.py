"""Every table of the house, for the migrations and the tests about the schema."""

from app.deadlines import models as deadlines
from app.documents import models as documents
from app.jurisdictions import models as jurisdictions
from app.kernel import events, jobs, outbox
from app.matters import models as matters
from app.notifications import models as notifications
from app.organisation import models as organisation
from app.platform import models as platform
from app.reporting import models as reporting
from app.urging import models as urging

__all__ = [
    "deadlines",
    "documents",
    "events",
    "jobs",
    "jurisdictions",
    "matters",
    "notifications",
    "organisation",
    "outbox",
    "platform",
    "reporting",
    "urging",
]

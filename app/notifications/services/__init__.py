"""Letters: opened by their reader, and carried out of the system by the dispatcher."""

from app.notifications.services.delivery import OpenWay, deliver_letters
from app.notifications.services.messages import write_message
from app.notifications.services.outgoing import LEASE, Parcel, Way, claim_letters, settle_letters
from app.notifications.services.reading import mark_all_read, mark_read

__all__ = [
    "LEASE",
    "OpenWay",
    "Parcel",
    "Way",
    "claim_letters",
    "deliver_letters",
    "mark_all_read",
    "mark_read",
    "settle_letters",
    "write_message",
]

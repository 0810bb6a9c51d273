"""Letters: opened by their reader, and carried out of the system by the dispatcher."""

from app.notifications.services.choices import choose_modes, set_letter_rules
from app.notifications.services.delivery import OpenWay, deliver_letters
from app.notifications.services.messages import write_message
from app.notifications.services.outgoing import LEASE, Parcel, Way, claim_letters, settle_letters
from app.notifications.services.reading import mark_all_read, mark_read
from app.notifications.services.stuck import give_up_letters, resend_letters

__all__ = [
    "LEASE",
    "OpenWay",
    "Parcel",
    "Way",
    "choose_modes",
    "claim_letters",
    "deliver_letters",
    "give_up_letters",
    "mark_all_read",
    "mark_read",
    "resend_letters",
    "set_letter_rules",
    "settle_letters",
    "write_message",
]

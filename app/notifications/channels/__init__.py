"""Ways out of the system. A channel sends one message and says, when it cannot, whether trying again may help."""

from app.notifications.channels.mail import MailServer, mail_server
from app.notifications.channels.message import ChannelFault, Message, OpenChannel
from app.notifications.channels.opening import PER_MINUTE, ChannelSettings, Outlet, open_channel, outlet

__all__ = [
    "PER_MINUTE",
    "ChannelFault",
    "ChannelSettings",
    "MailServer",
    "Message",
    "OpenChannel",
    "Outlet",
    "mail_server",
    "open_channel",
    "outlet",
]

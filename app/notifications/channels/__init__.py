"""Ways out of the system. A channel sends one message and says, when it cannot, whether trying again may help."""

from app.notifications.channels.mail import MailServer, mail_server
from app.notifications.channels.message import ChannelFault, Message, OpenChannel

__all__ = ["ChannelFault", "MailServer", "Message", "OpenChannel", "mail_server"]

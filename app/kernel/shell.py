"""What stands around every page: the product's name, where the reader is, where they can go, who they are.

The values are plain and already decided: labels are translated, links are complete, an item the reader may not open
is simply absent. ``hy/base.html`` draws one :class:`Shell` and asks nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ShellJurisdiction:
    """A jurisdiction as it is named in the top bar and in its switcher.

    ``level_label`` is the short word for its level (区, 市); ``role_names`` are the reader's roles there.
    """

    name: str
    level_label: str
    slug: str
    role_names: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """The front page of this jurisdiction: the slug in the address is what chooses it, never the session."""
        return f"/j/{self.slug}/"


@dataclass(frozen=True)
class NavItem:
    """One line of the sidebar.

    ``icon`` names a symbol of ``static/hy/icons.svg``. ``count`` appears only when it is above zero; it is red unless
    ``quiet``, because red is kept for what the reader has to do. ``count_key`` names a number that the page does not
    know yet: it arrives from ``Shell.counts_url`` once the page stands, so that no page waits for its own frame.
    """

    label: str
    icon: str
    href: str
    count: int = 0
    quiet: bool = False
    current: bool = False
    count_key: str = ""


@dataclass(frozen=True)
class NavGroup:
    """A titled group of the sidebar. The first four items over all groups are also the phone's bottom bar."""

    label: str
    items: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Shell:
    """The frame of one page for one reader.

    A stranger (sign-in page, some error pages) has an empty ``person_name`` and sees no navigation.
    ``switchable`` holds the jurisdictions the reader may enter; with fewer than two the switcher is a plain label.
    ``environment_label`` is shown only where the operator set one (for example "测试环境").
    """

    app_name: str
    jurisdiction: ShellJurisdiction | None = None
    switchable: tuple[ShellJurisdiction, ...] = ()
    nav: tuple[NavGroup, ...] = ()
    person_name: str = ""
    unread: int = 0
    locale: str = "zh"
    environment_label: str = ""
    index_url: str = "/"
    logout_url: str = ""
    search_url: str = ""
    inbox_url: str = ""
    counts_url: str = ""
    profile_url: str = ""
    register_url: str = ""
    help_url: str = ""
    version: str = ""
    languages: tuple[tuple[str, str], ...] = field(default=(("zh", "简体中文"), ("en", "English")))

    @property
    def known(self) -> bool:
        """Whether somebody is signed in."""
        return bool(self.person_name)

    @property
    def phone_items(self) -> tuple[NavItem, ...]:
        """The four places a thumb should reach."""
        return tuple(item for group in self.nav for item in group.items)[:4]

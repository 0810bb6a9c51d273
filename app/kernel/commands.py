"""Commands: one function, one business act, one transaction.

A command takes the session, the actor and plain values; the instant comes as ``at``. It flushes and records its event;
committing is done here and nowhere else, so an act is whole or did not happen.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.errors import Conflict, someone_else_was_faster
from app.kernel.i18n import N_

P = ParamSpec("P")
R = TypeVar("R")

_RUNNING = "huiyin.command"


def command(act: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Make a function a command: it commits when the act returns and rolls back when it raises.

    A command inside a command is a defect (RuntimeError): the inner one would commit half of the outer. A row changed by
    someone else meanwhile raises Conflict, as does a doubled row (a second click on the same button).
    """

    @functools.wraps(act)
    def run(session: Any, *args: P.args, **kwargs: P.kwargs) -> R:
        if session.info.get(_RUNNING):
            raise RuntimeError(f"{act.__name__} was called inside {session.info[_RUNNING]}")
        session.info[_RUNNING] = act.__name__
        try:
            result = act(session, *args, **kwargs)
            session.commit()
        except StaleDataError as error:
            session.rollback()
            raise someone_else_was_faster() from error
        except IntegrityError as error:
            session.rollback()
            raise Conflict(
                "already_there",
                N_("This has already been recorded, or something it needs is missing. Read the page again."),
            ) from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_RUNNING, None)
        return result

    return run

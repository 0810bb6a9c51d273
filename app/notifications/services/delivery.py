"""Letters are carried out of the system: every way by itself, each message once as far as it can be known.

Each message is settled as soon as it was handed over, so that a crash repeats at most those in hand, and those under the
same key. A way that is slow, refuses or is away costs the others nothing: it has one thread, a bounded time, and rests.
Before a message is written, the letters in it are looked at once more: what was answered, cancelled or read meanwhile is
dropped with its reason.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine

from app.kernel.jobs import database_now, record_run
from app.kernel.outbox import EMAIL, find_leaving, find_stale
from app.kernel.tenancy import scope
from app.notifications.channels import PER_MINUTE, ChannelFault, Message, OpenChannel
from app.notifications.rules import LONGEST_PAUSE, MOST_ATTEMPTS, OUTSIDE, end_of, next_try_after
from app.notifications.services.messages import write_message
from app.notifications.services.outgoing import (
    Parcel,
    Way,
    claim_letters,
    drop_unsendable,
    heal_ahead,
    postpone_way,
    settle_letters,
)

logger = logging.getLogger(__name__)

Now = Callable[[Connection], dt.datetime]
OpenWay = Callable[[Way], OpenChannel | None]
Batch = tuple[Message, Sequence[Parcel]]

LONGEST_RUN = dt.timedelta(seconds=60)
LONGEST_TAIL = dt.timedelta(seconds=60)
"""How long after that what was claimed is still carried; it stays under the time limit of a task."""

LONGEST_WAY = dt.timedelta(seconds=20)
"""How long a way may take in one go; what it has not taken until then waits a little."""

REST = dt.timedelta(seconds=30)
A_MINUTE = dt.timedelta(minutes=1)
BEFORE_LEASE_ENDS = dt.timedelta(seconds=30)
WAYS_AT_ONCE = 8
LINES_OF_OUR_SERVER = 3


@dataclass
class Tally:
    """How many letters a run has settled, and how many of them did not go out."""

    states: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """All of them."""
        return self.states.total()

    @property
    def failures(self) -> int:
        """Those that failed or must be tried again."""
        return self.states["failed"] + self.states["queued"]


def deliver_letters(
    dispatcher: Engine,
    session: Any,
    open_way: OpenWay,
    *,
    base_url: str,
    by: str,
    now: Now = database_now,
) -> int:
    """Carry out what is due, for about a minute at most; returns how many letters were settled.

    ``dispatcher`` commits by itself, statement by statement; ``session`` is the application's, and is asked in each
    jurisdiction's scope what has become of the letters' matters. ``open_way`` gives a way that is open, or None when the
    installation has no mail server; it raises ChannelFault. ``by`` names this run.
    """
    with dispatcher.connect() as connection:
        started, tally = now(connection), Tally()
        for channel in OUTSIDE:
            heal_ahead(connection, channel, at=started)
        has_server = open_way(Way(EMAIL)) is not None
        if not has_server:
            tally.states["dropped"] += drop_unsendable(connection, at=started)
        run = _Run(dispatcher, session, open_way, base_url, by, now, started + LONGEST_RUN, tally)
        run.carry(connection)
        record_run(connection, "notifications.deliver", started_at=started, count=tally.count, failures=tally.failures)
    return tally.count


@dataclass
class _Run:
    """One run of the dispatcher: claims in the calling thread, each way's messages in a thread of their own."""

    dispatcher: Engine
    session: Any
    open_way: OpenWay
    base_url: str
    by: str
    now: Now
    until: dt.datetime
    tally: Tally
    busy: dict[Future[Counter[str]], Way] = field(default_factory=dict)
    closed: set[Way] = field(default_factory=set)

    def carry(self, connection: Connection) -> None:
        """Claim while there is time and a thread is free, then wait for what is under way."""
        with ThreadPoolExecutor(WAYS_AT_ONCE) as pool:
            while True:
                at = self.now(connection)
                taken = self._claim(connection, at) if at < self.until and len(self.busy) < WAYS_AT_ONCE else []
                for way, batches in self._by_way(connection, taken, at):
                    self.busy[pool.submit(self._carry_way, way, batches)] = way
                if not self.busy:
                    if not taken:
                        break
                    continue
                done, _ = wait(self.busy, timeout=1, return_when=FIRST_COMPLETED)
                for future in done:
                    del self.busy[future]
                    self.tally.states.update(future.result())

    def _claim(self, connection: Connection, at: dt.datetime) -> list[Parcel]:
        parcels: list[Parcel] = []
        for channel in OUTSIDE:
            server = Way(channel)
            if server in self.closed or list(self.busy.values()).count(server) >= LINES_OF_OUR_SERVER:
                continue
            parcels += claim_letters(connection, channel=channel, at=at, by=self.by)
        return parcels

    def _by_way(
        self, connection: Connection, taken: Sequence[Parcel], at: dt.datetime
    ) -> Iterator[tuple[Way, list[Batch]]]:
        """What is still worth sending, as messages, way by way."""
        ways: dict[Way, dict[tuple[int, str], list[Parcel]]] = defaultdict(lambda: defaultdict(list))
        for parcel in self._still_due(connection, taken, at):
            ways[parcel.way][parcel.jurisdiction_id, parcel.message_key].append(parcel)
        for way, messages in ways.items():
            if way.channel_id is not None and way in self.busy.values():
                postpone_way(connection, way, at=at, until=at + REST)
                for parcels in messages.values():
                    settle_letters(connection, parcels, state="queued", at=at, next_at=at + REST, tried=False)
                continue
            yield (
                way,
                [
                    (message, parcels)
                    for parcels in messages.values()
                    if (message := self._written(connection, parcels, at))
                ],
            )

    def _written(self, connection: Connection, parcels: Sequence[Parcel], at: dt.datetime) -> Message | None:
        """Letters as a message. What cannot be put together has failed, and holds up nobody."""
        try:
            return write_message(parcels, self.base_url)
        except Exception:
            logger.exception("letter %s of jurisdiction %s", parcels[0].id, parcels[0].jurisdiction_id)
            settle_letters(connection, parcels, state="failed", at=at, error="cannot_be_written")
            self.tally.states["failed"] += len(parcels)
            return None

    def _still_due(self, connection: Connection, taken: Sequence[Parcel], at: dt.datetime) -> list[Parcel]:
        """Look once more before sending: what need not go is dropped with its reason, what had its time has failed, and what
        is late in the evening by now waits for the morning.
        """
        by_house: dict[int, list[Parcel]] = defaultdict(list)
        for parcel in taken:
            by_house[parcel.jurisdiction_id].append(parcel)
        live: list[Parcel] = []
        for jurisdiction_id, parcels in by_house.items():
            with scope(jurisdiction_id, self.session):
                stale = find_stale(self.session, [parcel.id for parcel in parcels if not parcel.dropped])
                leaving = find_leaving(self.session, at)
            put_down: dict[tuple[str, str | None, dt.datetime | None], list[Parcel]] = defaultdict(list)
            for parcel in parcels:
                reason = parcel.dropped or stale.get(parcel.id)
                end = end_of(parcel.created_at, parcel.attempts, parcel.last_error, at)
                if reason or end:
                    put_down["dropped" if reason else "failed", reason or end, None].append(parcel)
                elif leaving.of(parcel.kind) > at:
                    put_down["queued", parcel.last_error, leaving.of(parcel.kind)].append(parcel)
                else:
                    live.append(parcel)
            for (state, error, next_at), gone in put_down.items():
                settle_letters(connection, gone, state=state, at=at, error=error, next_at=next_at, tried=False)
                if next_at is None:
                    self.tally.states[state] += len(gone)
        return live

    def _carry_way(self, way: Way, batches: Sequence[Batch]) -> Counter[str]:
        """Send messages by one way until they are out, it says stop, or its time is over. Runs in a thread."""
        states: Counter[str] = Counter()
        with self.dispatcher.connect() as connection:
            try:
                channel = self.open_way(way)
            except ChannelFault as fault:
                self._rest(connection, way, batches, fault, states)
                return states
            if channel is None:
                return states  # the server was taken away meanwhile; the lease gives the letters back
            started, most = self.now(connection), PER_MINUTE.get(way.kind, len(batches))
            with channel:
                for place, (message, parcels) in enumerate(batches):
                    at = self.now(connection)
                    if at > parcels[0].lease_until - BEFORE_LEASE_ENDS:
                        break  # the rest comes back by itself when its lease ends
                    if place >= most or at > min(started + LONGEST_WAY, self.until + LONGEST_TAIL):
                        pause = A_MINUTE if place >= most else REST
                        self._rest(connection, way, batches[place:], ChannelFault("", retry_after=pause), states)
                        break
                    try:
                        _send(channel, message)
                    except ChannelFault as fault:
                        if fault.down or fault.retry_after:
                            self._rest(connection, way, batches[place:], fault, states)
                            break
                        self._put_back(connection, parcels, fault, states)
                    else:
                        settle_letters(connection, parcels, state="sent", at=self.now(connection))
                        states["sent"] += len(parcels)
        return states

    def _put_back(
        self, connection: Connection, parcels: Sequence[Parcel], fault: ChannelFault, states: Counter[str]
    ) -> dt.timedelta | None:
        """After a fault of this message: again and more patiently, or never."""
        at = self.now(connection)
        pause = None if fault.permanent else next_try_after(max(parcel.attempts for parcel in parcels))
        state = "failed" if pause is None else "queued"
        settle_letters(
            connection, parcels, state=state, at=at, error=fault.code, next_at=None if pause is None else at + pause
        )
        states[state] += len(parcels)
        return pause

    def _rest(
        self,
        connection: Connection,
        way: Way,
        batches: Sequence[Batch],
        fault: ChannelFault,
        states: Counter[str],
    ) -> None:
        """The way itself is closed for a while. The message it failed on counts an attempt, for the length of the pause, those
        behind it do not; that a way is closed ends no letter before its time is over.
        """
        behind, pause, at = batches, fault.retry_after, self.now(connection)
        if fault.down:
            self.closed.add(way)  # our own server in trouble is left alone until the next ring
        if pause is None:
            (_, parcels), behind = batches[0], batches[1:]
            attempts = max(parcel.attempts for parcel in parcels)
            pause = next_try_after(attempts) or LONGEST_PAUSE
            self._wait(connection, [parcels], fault, at + pause, states, tried=attempts < MOST_ATTEMPTS)
        self._wait(connection, [parcels for _, parcels in behind], fault, at + pause, states, tried=False)
        if way.channel_id is not None:
            postpone_way(connection, way, at=at, until=at + pause)

    def _wait(
        self,
        connection: Connection,
        messages: Sequence[Sequence[Parcel]],
        fault: ChannelFault,
        next_at: dt.datetime,
        states: Counter[str],
        *,
        tried: bool,
    ) -> None:
        for parcels in messages:
            settle_letters(
                connection,
                parcels,
                state="queued",
                at=next_at,
                error=fault.code or None,
                next_at=next_at,
                tried=tried,
            )
            states["queued"] += len(parcels)


def _send(channel: OpenChannel, message: Message) -> None:
    """Hand a message over. A channel that breaks in a way it does not know has not taken it, and holds up nobody."""
    try:
        channel.send(message)
    except ChannelFault:
        raise
    except Exception as error:
        logger.exception("message %s", message.key)
        raise ChannelFault(type(error).__name__) from error

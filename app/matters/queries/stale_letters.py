"""Letters about a matter or a paper that need not leave any more, because of what happened while they waited.

A letter that tells something stays true; one that asks for something is pointless once it was done, the date has moved, the
matter rests or is over, or the reader no longer belongs to the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.kernel.outbox import rechecks
from app.kernel.tenancy import current_jurisdiction_id, set_based

_ASKING = ("matter.dispatched", "matter.urged")

_STALE = set_based(
    text("""
with outgoing as (
    select l.id, l.kind, l.facts, l.recipient_id, l.subject_type, l.subject_id,
           cast(substring(l.dedupe_key from '^obligation:([0-9]{1,18}):') as bigint) as obligation_id
      from letter l
     where l.jurisdiction_id = :jurisdiction and l.id = any(:letters) and l.subject_type in ('matter', 'document')
)
select l.id, case
         when ms.id is null then 'no_member'
         when m.state = 'cancelled' and l.kind <> 'matter.cancelled' then 'matter_cancelled'
         when o.id is not null and o.state <> 'open' then 'settled'
         when o.id is not null and left(l.facts ->> 'due_on', 10) <> cast(o.due_on as text) then 'date_moved'
         when o.id is not null and l.kind = 'obligation.overdue' and o.extension_asked then 'extension_asked'
         when l.kind = 'obligation.unacknowledged' and part.acknowledged_at is not null then 'settled'
         when m.state = 'suspended' and (o.id is not null or l.kind = any(:asking)) then 'matter_paused'
         when m.state in ('closed_out', 'archived') and l.kind = any(:asking) then 'matter_closed'
         when l.kind = 'matter.urged' and l.facts ->> 'asked' = 'receipt' and a.state <> 'notified' then 'settled'
       end as reason
  from outgoing l
  left join matter m on m.jurisdiction_id = :jurisdiction and m.id = l.subject_id and l.subject_type = 'matter'
  left join membership ms on ms.jurisdiction_id = :jurisdiction and ms.person_id = l.recipient_id and ms.active
  left join obligation o on o.jurisdiction_id = :jurisdiction and o.id = l.obligation_id
  left join assignment part on part.jurisdiction_id = :jurisdiction and part.id = o.assignment_id
  left join assignment a on a.jurisdiction_id = :jurisdiction and a.matter_id = m.id and a.unit_id = ms.unit_id
""")
)


@rechecks
def find_stale_letters(session: Any, letter_ids: Sequence[int]) -> dict[int, str]:
    """Of these letters of the jurisdiction in scope, those about a matter or a paper that need not leave, with the reason."""
    values = {"jurisdiction": current_jurisdiction_id(), "letters": list(letter_ids), "asking": list(_ASKING)}
    return {row.id: row.reason for row in session.execute(_STALE, values) if row.reason}

"""Client of Entente, an event-sourced timeline of diplomatic meetings.

    with entente.Client() as client:
        for entry in client.timeline_entries({"countries": ["JP"]}):
            print(entry.meeting.id, entry.meeting.date.fact.value)
"""

from entente.bookmark import Bookmark
from entente.client import Client, LogPage
from entente.consumer import Consumer, Delivery
from entente.endpoints import Endpoints
from entente.errors import EntenteError, Fault
from entente.subscription import Cursor, Subscription
from entente.tail import TailReader
from entente.v1.event_pb2 import NewEvent, RecordedEvent
from entente.v1.query_pb2 import AsOf, DescribedChange, Filter

__all__ = ["AsOf", "Bookmark", "Client", "Consumer", "Cursor", "Delivery", "DescribedChange",
           "Endpoints", "EntenteError", "Fault", "Filter", "LogPage", "NewEvent", "RecordedEvent",
           "Subscription", "TailReader"]

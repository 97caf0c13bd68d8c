"""What processes that share a PostgreSQL database tell each other about readers, for a while.

Times are of the database's clock: those of the machines need not agree.
"""

import sqlalchemy as sql

from index.storage import tables
from index.storage.database import Database
from index.storage.leases import NOW

_KEPT = tables.conversations.c
_ASKED = tables.asked.c
_LOCKS = 5_017_002  # so that the questions of one client are counted one after the other


class KeptConversations:
    """Conversations by their tokens; those that nobody has used for `idle` seconds are deleted."""

    def __init__(self, database: Database, idle: float) -> None:
        self._database = database
        self._idle = idle

    def read(self, token: str) -> str | None:
        """What was written last under a token, which counts as used; None where it is gone."""
        used = (
            sql.update(tables.conversations)
            .where(_KEPT.token == token, _KEPT.used >= NOW - self._idle)
            .values(used=NOW)
            .returning(_KEPT.content)
        )
        with self._database.transaction() as connection:
            return connection.execute(used).scalar()

    def write(self, token: str, content: str) -> None:
        """Puts a conversation in place of what was written of it before."""
        with self._database.transaction() as connection:
            written = (
                sql.update(tables.conversations)
                .where(_KEPT.token == token)
                .values(content=content, used=NOW)
            )
            if not connection.execute(written).rowcount:
                new = sql.insert(tables.conversations)
                connection.execute(new.values(token=token, content=content, used=NOW))

    def forget(self) -> None:
        """Deletes what nobody has used for too long."""
        old = sql.delete(tables.conversations).where(_KEPT.used < NOW - self._idle)
        with self._database.transaction() as connection:
            connection.execute(old)


class QuestionTimes:
    """When clients have asked, as far as it still counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, client: str, most: int, seconds: float) -> float:
        """Takes one question of a client that may ask `most` in so many `seconds`: then it is 0.

        Else the seconds after which it may.
        """
        key = sql.func.hashtext(client)
        old = sql.delete(tables.asked).where(_ASKED.time < NOW - seconds)
        ours = sql.select(_ASKED.time, NOW.label("now")).where(_ASKED.client == client)
        with self._database.transaction() as connection:
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCKS, key)))
            connection.execute(old)
            times = connection.execute(ours.order_by(_ASKED.time.desc()).limit(most)).all()
            if len(times) >= most:
                return float(times[-1].time + seconds - times[-1].now)
            connection.execute(sql.insert(tables.asked).values(client=client, time=NOW))
        return 0.0

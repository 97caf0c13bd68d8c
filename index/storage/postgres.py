"""PostgreSQL: a server that processes on several machines share."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql

from index.storage import tables

QUESTION_SECONDS = 4
"""What one statement may take while somebody waits for an answer."""

_CONNECTING_SECONDS = 3  # for a connection, new or one of the pool
_SILENT_SECONDS = 10  # after which the server ends a transaction whose process is frozen
_KEPT, _MOST = 5, 25  # connections of one process; it answers 20 questions at once
_LOCK = 5_017_001  # of ours alone among those of the database

_FULL_TEXT = """\
CREATE TABLE IF NOT EXISTS full_text (
    number bigint PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE,
    length integer NOT NULL,
    stems tsvector NOT NULL
)"""
_FULL_TEXT_INDEX = (
    "CREATE INDEX IF NOT EXISTS full_text_stems ON full_text USING gin (stems) "
    "WITH (fastupdate = off)"
)
# SQLite's BM25 (sqlite.org/fts5.html), so that both find the same: k1 is 1.2, b is 0.75. ts_rank
# of one word is 0.1 * (1 + 1/4 + ... + 1/n^2) / (pi^2/6), which tells n, how often it is there.
_SEARCH = sql.text("""\
WITH asked AS (
    SELECT place, words::tsquery AS words
    FROM unnest(CAST(:phrases AS text[])) WITH ORDINALITY AS phrases (words, place)
), matches AS MATERIALIZED (
    SELECT number, length, place,
        CASE WHEN numnode(words) > 1 THEN 1
        ELSE round(1 / (1.644934 - ts_rank(stems, words) * 16.44934) - 0.5) END AS times
    FROM asked JOIN full_text ON stems @@ words
), telling AS (
    SELECT place, greatest(ln((:rows - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) AS weight
    FROM matches GROUP BY place
)
SELECT id FROM matches JOIN telling USING (place) JOIN passages USING (number)
WHERE CAST(:files AS text[]) IS NULL OR file IN (SELECT unnest(CAST(:files AS text[])))
GROUP BY id, number
ORDER BY sum(weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / :usual))) DESC, number
LIMIT :limit""")
_ROWS = sql.text("SELECT count(*), coalesce(avg(length), 1) FROM full_text")
_STEMLESS = sql.text(
    "SELECT count(*) FROM passages LEFT JOIN full_text USING (number) WHERE stems IS NULL"
)
_REVISION = sql.select(tables.facts.c.value).filter_by(name="revision")


class Postgres:
    """The database at an address, with the name and password of who may make tables in it."""

    is_shared = True
    remedy = (
        "See that the server runs, lets this machine in and has connections left, and that "
        "LOTSE_CATALOGUE is right."
    )

    def __init__(self, address: sql.URL) -> None:
        self._address = address
        self._extent: tuple[str | None, int, float] | None = None

    def __str__(self) -> str:
        shown = self._address.difference_update_query(self._address.query)
        return shown.render_as_string(hide_password=True)

    def engine(self) -> sql.Engine:
        bounds = {
            "statement_timeout": f"{QUESTION_SECONDS}s",
            "lock_timeout": f"{QUESTION_SECONDS - 1}s",
            "idle_in_transaction_session_timeout": f"{_SILENT_SECONDS}s",
        }
        return sql.create_engine(
            self._address,
            pool_pre_ping=True,  # what a restart of the server has ended is made anew
            pool_size=_KEPT,
            max_overflow=_MOST - _KEPT,
            pool_timeout=_CONNECTING_SECONDS,
            hide_parameters=True,  # questions belong into no log
            connect_args={
                "connect_timeout": _CONNECTING_SECONDS,
                "tcp_user_timeout": QUESTION_SECONDS * 1000,
                "application_name": "clusterlotse",
                "options": " ".join(f"-c {name}={value}" for name, value in bounds.items()),
            },
        )

    def connected(self, connection: Any) -> None:
        """All is said when it is made."""

    def snapshot(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self.take_time(connection)

    def take_time(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )

    def enter_alone(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    def create_full_text(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql(_FULL_TEXT)
        connection.exec_driver_sql(_FULL_TEXT_INDEX)

    def drop_full_text(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql("DROP TABLE IF EXISTS full_text")

    def enter_stems(self, connection: sql.Connection, number: int, stems: str) -> None:
        words = _words(stems)
        entered = sql.text(
            "INSERT INTO full_text (number, length, stems) "
            "VALUES (:number, :length, CAST(:stems AS tsvector))"
        )
        values = {"number": number, "length": len(words), "stems": _vector(words)}
        connection.execute(entered, values)

    def drop_stems(self, connection: sql.Connection, ids: Sequence[str]) -> None:
        """They go with their passages."""

    def stemless(self, connection: sql.Connection) -> int:
        return int(connection.execute(_STEMLESS).scalar_one())

    def search(
        self,
        connection: sql.Connection,
        stems: Sequence[str],
        limit: int,
        files: Collection[str] | None,
    ) -> list[str]:
        phrases = [" <-> ".join(f"'{word}'" for word in words) for words in map(_words, stems)]
        rows, usual = self._measured(connection)
        values = {
            "phrases": [phrase for phrase in phrases if phrase],
            "files": None if files is None else list(files),
            "limit": limit,
            "rows": rows,
            "usual": usual,
        }
        return list(connection.execute(_SEARCH, values).scalars())

    def _measured(self, connection: sql.Connection) -> tuple[int, float]:
        """How many passages there are and the usual number of their stems, once a revision."""
        revision = connection.execute(_REVISION).scalar()
        if self._extent is None or self._extent[0] != revision:
            rows, usual = connection.execute(_ROWS).one()
            self._extent = revision, int(rows), float(usual)
        return self._extent[1:]

    def of_files(self, files: Collection[str]) -> sql.ColumnElement[bool]:
        names = sql.literal(list(files), postgresql.ARRAY(sql.Text()))
        return tables.passages.c.file.in_(sql.select(sql.func.unnest(names)))

    def insert_new(self, table: sql.Table) -> sql.Insert:
        return postgresql.insert(table).on_conflict_do_nothing()

    def go_on_counting(self, connection: sql.Connection, table: sql.Table) -> None:
        for column in table.primary_key:
            if column is table.autoincrement_column:
                last = sql.select(sql.func.max(column)).scalar_subquery()
                sequence = sql.func.pg_get_serial_sequence(table.name, column.name)
                set_to = sql.func.setval(sequence, sql.func.coalesce(last, 0) + 1, False)
                connection.execute(sql.select(set_to))

    def problems(self, connection: sql.Connection) -> Iterable[str]:  # noqa: ARG002
        """It is looked after by who runs the server."""
        return []

    def scrub(self, engine: sql.Engine, table: sql.Table) -> None:
        with engine.connect() as connection:
            freely = connection.execution_options(isolation_level="AUTOCOMMIT")
            freely.execute(sql.text(f"VACUUM {table.name}"))


_WORD = re.compile(r"[^\W_]+")


def _words(stems: str) -> list[str]:
    """Stems as SQLite's tokenizer cuts and folds them, so that both find the same."""
    plain = unicodedata.normalize("NFD", stems.lower())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _vector(words: Sequence[str]) -> str:
    """Words with their places, as PostgreSQL reads them."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words, 1):
        places[word].append(str(place))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())

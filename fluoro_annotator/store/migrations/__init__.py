"""From the tables of an older version to those of the present one, by Alembic.

Each file in ``versions`` is one step. What a step writes is frozen in it: it must not use the
present tables, because they go on changing.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from fluoro_annotator.store.schema import SCHEMA_VERSION

STAMP = (
    # as Alembic itself makes it
    """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))""",
    f"INSERT INTO alembic_version (version_num) VALUES ('{SCHEMA_VERSION:04d}')",  # noqa: S608  # own number
)


def stamp(connection: Connection) -> None:
    """Write into a new store that no step has to be made in it."""
    for statement in STAMP:
        connection.exec_driver_sql(statement)


def migrate(connection: Connection) -> None:
    """Bring the tables to the present version, within the transaction of the caller.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A transaction on a store of an older version.

    """
    from alembic.config import Config  # noqa: PLC0415 - only an upgrade needs it, and it takes time to load
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with EnvironmentContext(
        config,
        scripts,
        fn=lambda revision, _context: scripts._upgrade_revs("head", _from(revision)),  # noqa: SLF001  # as Alembic's own commands do
    ) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()


def _from(revision: str | tuple[str, ...]) -> str:
    """Return the step that was made last; the first version of the tables had no stamp."""
    known = (revision,) if isinstance(revision, str) else tuple(revision)
    return known[0] if known else "0001"

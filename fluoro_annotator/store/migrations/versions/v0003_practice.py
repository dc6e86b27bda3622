"""The third version: teaching sets, their keys, answers, scores and assignments.

The tables, triggers and rights are those of version 3 as they were released, in ``schema_3_sqlite.sql`` and, for
stores on a server, ``schema_3_server.sql``. Nothing that was there before is touched, but that purging a study
takes its keys away, too.
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"

HERE = Path(__file__).parent


def upgrade() -> None:
    """Make the new tables beside the old ones."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for statement in (HERE / "schema_3_sqlite.sql").read_text("utf-8").split("\n;;\n"):
            op.execute(text(statement.replace(":", "\\:")))
    else:
        script = (HERE / "schema_3_server.sql").read_text("utf-8")
        bind.exec_driver_sql(script, execution_options={"no_parameters": True})
    op.execute("UPDATE meta SET schema_version = 3")

"""The first version: studies, images, readings and revisions in SQLite."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: this is where the steps begin."""

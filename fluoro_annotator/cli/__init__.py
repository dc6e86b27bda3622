"""The command line: one module per group of commands, and no logic.

Modules named ``command_...`` only declare commands and their options, so that ``--help``
starts fast; what a command needs is imported when it runs.
"""

from fluoro_annotator.cli.app import app, main

__all__ = ["app", "main"]

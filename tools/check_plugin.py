"""Check that napari will find the plugin in this environment, and can import all it offers.

Usage: ``python check_plugin.py`` with the Python of the environment to be checked.
napari drops a plugin with only a warning if the manifest's name differs from the
distribution's, and a command that cannot be imported shows only when somebody clicks on it.
"""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

from npe2 import PluginManager, PluginManifest
from npe2.manifest.utils import import_python_name

DISTRIBUTION = "fluoro-annotator"
OFFERED = ("readers", "sample_data", "widgets", "commands", "menus")


def discovered() -> PluginManifest | None:
    """Return the plugin's manifest as napari discovers it, or nothing."""
    manager = PluginManager()
    manager.discover()
    return manager.get_manifest(DISTRIBUTION) if DISTRIBUTION in manager else None


def entry_point_names() -> list[str]:
    """Return the names under which the distribution announces manifests."""
    points = entry_points(group="napari.manifest")
    return [point.name for point in points if point.dist is not None and point.dist.name == DISTRIBUTION]


def problems_of(manifest: PluginManifest) -> list[str]:
    """Return what is wrong with a manifest, one sentence each."""
    problems = [
        f"The manifest offers no {kind}." for kind in OFFERED if not getattr(manifest.contributions, kind)
    ]
    for command in manifest.contributions.commands or ():
        try:
            target = import_python_name(command.python_name or "")
        except (ImportError, AttributeError) as error:
            problems.append(f"The command {command.id} cannot be imported: {error}.")
        else:
            if not callable(target):
                problems.append(f"The command {command.id} leads to something that cannot be called.")
    return problems


def summary(manifest: PluginManifest) -> str:
    """Return one line that says how much of each kind the plugin offers."""
    counts = {kind: len(getattr(manifest.contributions, kind)) for kind in OFFERED}
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())


def main() -> int:
    """Print what napari finds, or what is wrong; return the exit code."""
    if entry_point_names() != [DISTRIBUTION]:
        print(
            f"The entry points named napari.manifest are {entry_point_names()}, not {[DISTRIBUTION]}.",
            file=sys.stderr,
        )
        return 1
    manifest = discovered()
    if manifest is None:
        print(
            f"napari does not discover {DISTRIBUTION}. Its manifest's name must be the same.", file=sys.stderr
        )
        return 1
    if problems := problems_of(manifest):
        print("\n".join(problems), file=sys.stderr)
        return 1
    print(f"napari discovers {manifest.name} {manifest.package_version}: {summary(manifest)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

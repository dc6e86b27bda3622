"""What must never stand in the repository: hosts of package registries, paths of one machine."""

from __future__ import annotations

import subprocess

import pytest

# Each pattern has a bracket inside, so that it does not match itself here.
HOSTS = ("p[y]pi[.]org", "p[y]thonhosted", "registry[.]n[p]mjs", "deb[.]d[e]bian", "conda[.]a[n]aconda")
MACHINE_PATHS = ("/w[o]rk/(main|shared|steering)", "/f[a]rm/", "/r[o]ot/", "/h[o]me/[a-z]", "/U[s]ers/[a-z]")
LARGEST_MB = 8


@pytest.fixture
def tracked(repository):
    if not (repository / ".git").exists():
        pytest.skip("this is not a git checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True)
    return [repository / name for name in listed.stdout.splitlines()]


@pytest.mark.usefixtures("tracked")
@pytest.mark.parametrize("pattern", [*HOSTS, *MACHINE_PATHS])
def test_no_address_and_no_path_of_one_machine_is_tracked(repository, pattern):
    found = subprocess.run(
        ["git", "grep", "-nIiE", pattern], cwd=repository, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1, found.stdout


def test_no_tracked_file_is_large(tracked):
    large = {file.name: file.stat().st_size for file in tracked if file.stat().st_size > LARGEST_MB * 1e6}
    assert large == {}

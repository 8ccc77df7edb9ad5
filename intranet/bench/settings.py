"""The settings of a running Tunet that is measured: as always, and the floor page beside."""

from __future__ import annotations

from intranet.settings import *  # noqa: F403

ROOT_URLCONF = "intranet.bench.floor"

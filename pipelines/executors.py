"""How the steps of a run execute."""

from __future__ import annotations

import dagster as dg

from resources.settings import Settings

PRELOADED = ["pipelines.definitions", "great_expectations", "statsforecast", "matplotlib"]
"""What a forkserver imports once instead of every step anew (seconds each)."""


def executor(settings: Settings) -> dg.ExecutorDefinition:
    """The configured executor: in this process, or two processes at a time from a preloading forkserver."""
    if settings.executor == "in_process":
        return dg.in_process_executor
    return dg.multiprocess_executor.configured(
        {"max_concurrent": 2, "start_method": {"forkserver": {"preload_modules": PRELOADED}}}
    )

"""What a person sees while a run works: time and message, a line each."""

import logging
import re
import sys

import dagster as dg

_CASCADE = re.compile(r"(Dependencies for step \S+) (?:were not executed|failed): .*", re.S)


class _Brief(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {})
        message = meta.get("orig_message") or record.getMessage()
        message = _CASCADE.sub(r"\1 are missing: not executed", message)
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname}: "
        return f"{self.formatTime(record, '%H:%M:%S')}  {mark}{message}"


@dg.logger(None, "Time and message, a line each, from INFO on.")
def console(_context: dg.InitLoggerContext) -> logging.Logger:
    """Log to the standard error stream, briefly; Dagster's own events stay in its event log."""
    logger = logging.Logger("chokepoint", level=logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Brief())
    logger.addHandler(handler)
    return logger

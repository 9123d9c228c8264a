"""Durations as they are written: "250ms", "1.5s", "2m"."""
from __future__ import annotations

import re

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text: str) -> float | None:
    """None: the server is to say what is wrong with it."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h)\s*", text)
    return float(found[1]) * UNITS[found[2]] if found else None

"""Reads Kairan's configuration from environment variables."""

from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("KAIRAN_DATA", default=str(BASE_DIR / "var"))).resolve()

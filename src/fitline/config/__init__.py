"""The configuration of a training: its settings, its file, its checks, its JSON schema."""

from .checks import load, resolve
from .fields import Setting, settings
from .json_schema import schema
from .settings import RECORDS, Config

__all__ = ["RECORDS", "Config", "Setting", "load", "resolve", "schema", "settings"]

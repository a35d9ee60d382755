"""What the scenarios stand on: a started Barid, a recording mail server, a throw-away PostgreSQL."""

from .barid import Answer, Barid
from .case import Case, only
from .names import Authority, Names
from .relay import Relay, ScriptedRelay

__all__ = ["Answer", "Authority", "Barid", "Case", "Names", "Relay", "ScriptedRelay", "only"]

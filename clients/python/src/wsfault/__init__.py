"""wsfault from a test: see README.md."""
from ._errors import ExpectationError, MomentTimeout, WsfaultError
from ._proxy import Connection, Fault, Proxy
from ._session import Session
from ._wsfault import Wsfault

__all__ = ["Connection", "ExpectationError", "Fault", "MomentTimeout", "Proxy", "Session", "Wsfault", "WsfaultError"]

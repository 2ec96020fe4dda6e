"""What every end-to-end test has; see watching.py."""

from watching import *  # noqa: F403: fixtures and hooks
from watching import WATCH  # noqa: F401

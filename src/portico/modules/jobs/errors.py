"""What cannot be done to a job."""

from portico import Conflict


class WrongState(Conflict, code="BIZ_JOB_STATE"):
    """This job is {state}. Only one that is {allowed} can be {wanted}."""

    retryable = False
    state: str
    allowed: str
    wanted: str


class AnotherWaits(Conflict, code="BIZ_JOB_KEY_WAITS"):
    """Another job waits under the same key, and takes this one's place."""

    retryable = False

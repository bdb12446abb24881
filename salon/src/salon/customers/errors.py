"""What customers' actions refuse."""

from portico import Conflict


class CustomerHasAppointments(Conflict, code="BIZ_CUSTOMER_HAS_APPOINTMENTS"):
    """This customer has appointments and cannot be deleted."""

    retryable = False

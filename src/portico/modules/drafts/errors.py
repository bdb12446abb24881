"""What drafts refuse."""

from portico import NotFound, TooLarge


class DraftMissing(NotFound, code="BIZ_DRAFT_NOT_FOUND"):
    """No draft found. Please start from step 1."""


class DraftTooLarge(TooLarge, code="BIZ_DRAFT_TOO_LARGE"):
    """This is more than a draft can keep. Please write less."""

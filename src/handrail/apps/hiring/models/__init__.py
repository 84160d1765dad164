"""Jobs, what their postings promise, who was offered what, and where copies of it stand."""

from handrail.apps.hiring.models.copies import CopyState, PostingCopy
from handrail.apps.hiring.models.hires import HireRecord, HireRule, HireTold, Introduction, Waits
from handrail.apps.hiring.models.jobs import Employment, Job, JobReading, PayUnit
from handrail.apps.hiring.models.lottery import DrawnBy, OfferDraw, OfferLottery
from handrail.apps.hiring.models.offers import Fate, Offer, Outcome, Shown
from handrail.apps.hiring.models.postings import (
    Posting,
    PostingSkill,
    PostingState,
    Promise,
    PublicFace,
    Withdrawn,
)

__all__ = [
    "CopyState",
    "DrawnBy",
    "Employment",
    "Fate",
    "HireRecord",
    "HireRule",
    "HireTold",
    "Introduction",
    "Job",
    "JobReading",
    "Offer",
    "OfferDraw",
    "OfferLottery",
    "Outcome",
    "PayUnit",
    "Posting",
    "PostingCopy",
    "PostingSkill",
    "PostingState",
    "Promise",
    "PublicFace",
    "Shown",
    "Waits",
    "Withdrawn",
]

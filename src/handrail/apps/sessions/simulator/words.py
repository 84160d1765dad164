"""What played people write: varied sentences around the skill of a session."""

from __future__ import annotations

from random import Random

NOTES_BEFORE = (
    "I read the guide for {skill} twice and still get a different result than it shows.",
    "Tried a small change in {skill} yesterday; the tests fail and I do not see why.",
    "I can follow the code in {skill}, but not where a change should begin.",
    "My branch for {skill} works here and breaks in the checks.",
    "Question: how do you find out who else relies on {skill}?",
    "I have two ideas for {skill} and cannot tell which one fits the project.",
)
NOTES_DURING = (
    "Run only the tests next to {skill} first, then the whole set.",
    "Look at the last three merged changes in {skill}: same shape as mine.",
    "Ask early in the review, with the smallest piece that shows the idea.",
    "The failing check was the formatter, not the change in {skill}.",
    "Write the test first: it shows which part of {skill} is meant.",
    "Search the history for the line before changing it.",
)
LEARNED = (
    "How a change in {skill} travels from the branch to a release, and who looks at it.",
    "The quickest way into {skill} is its tests; they show what callers may rely on.",
    "We decided to split my change in {skill} in two, so that each can be reviewed in minutes.",
    "Where {skill} gets its settings from, and why my change had no effect.",
    "A failing check is read from the first error upwards, not from the last line.",
    "How to run the part of the test suite that covers {skill} in under a minute.",
    "We agreed that the naming in {skill} stays as it is; only the wording needs my change.",
    "What reviewers look for first in {skill}: a test, a short reason, one idea.",
    "How to find the earlier discussion about {skill} before proposing something new.",
    "Rebasing instead of merging keeps my change in {skill} readable.",
)
NEXT_STEP = (
    "Open a draft with the smallest change in {skill}",
    "Write the missing test for {skill}",
    "Ask for a review of the first half",
    "Update the page about {skill} with what was unclear",
    "Repeat it alone and note where it gets stuck",
    "Look through two merged changes in {skill} and summarise them",
    "Send {mentor} the link once the checks are green",
    "Pick one small open issue in {skill}",
)


def say(rng: Random, sentences: tuple[str, ...], skill: str, mentor: str) -> str:
    """One of the sentences, about this skill."""
    return rng.choice(sentences).format(skill=skill, mentor=mentor)

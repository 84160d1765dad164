"""For a lead: what would help most; and for anybody in a plan of any size, who else was near.

advice(problem, plan) -> Advice            # short skills; one more mentor, seat or hour
Sight(problem, plan)                       # all mentors as one mentee sees them, row by row
    .others_near(mentee, pair, most)       # the runner-up and those after it, as `explain` says
    .own_hour(mentee)                      # the one hour more that serves, as `explain` says
"""

from .gains import Advice, Gain, MentorHelp, OneMore, SkillNeed, advice
from .sight import Sight

__all__ = ["Advice", "Gain", "MentorHelp", "OneMore", "Sight", "SkillNeed", "advice"]

"""The same problem for OR-Tools as a timetable: several sessions each, every plan considered."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from domain.matching.engine.flow import score_of
from handrail.domain.matching import Options, Problem


class Timetable:
    """All plans of a problem with several sessions for each mentee."""

    def __init__(self, problem: Problem, options: Options) -> None:
        self.model = cp_model.CpModel()
        self.value: list[cp_model.LinearExpr] = []
        self.met: list[cp_model.IntVar] = []
        by_mentee, by_hour, by_pair, by_mentor, by_slot, by_day = (
            defaultdict(list) for _ in range(6)
        )
        pinned = {pin.mentee: pin.mentor for pin in problem.pins}
        kept_pairs = {(each.mentee, each.mentor) for each in problem.published}
        kept = {(each.mentee, each.mentor, each.slot) for each in problem.published}
        for mentee in problem.mentees:
            for mentor in problem.mentors:
                pair = (mentee.person, mentor.person)
                good, score = score_of(mentee, mentor, options)
                good |= pinned.get(mentee.person) == mentor.person
                if not good or pair in problem.excluded or pair in problem.forbids:
                    continue
                score += options.keep_pair * (pair in kept_pairs)
                for slot in range(problem.slots):
                    if not mentee.free & mentor.free & 1 << slot:
                        continue
                    met = self.model.new_bool_var(f"{pair} {slot}")
                    self.met.append(met)
                    self.value.append((score + options.keep_slot * ((*pair, slot) in kept)) * met)
                    day = (slot * problem.step + mentor.offset_minutes) // 1440
                    by_mentee[mentee.person].append(met)
                    by_hour[mentee.person, slot].append(met)
                    by_pair[pair].append(met)
                    by_mentor[mentor.person].append(met)
                    by_slot[mentor.person, slot].append(met)
                    by_day[mentor.person, day].append(met)
        mentors = {mentor.person: mentor for mentor in problem.mentors}
        for rows in (by_hour, by_slot, by_pair if options.another_mentor else {}):
            for row in rows.values():
                self.model.add_at_most_one(row)
        for row in by_mentee.values():
            self.model.add(sum(row) <= options.sessions)
        for name, row in by_mentor.items():
            self.model.add(sum(row) <= mentors[name].seats)
        for (name, _), row in by_day.items():
            if mentors[name].daily_cap:
                self.model.add(sum(row) <= mentors[name].daily_cap)

    def most_sessions(self) -> int:
        """As many sessions as there can be."""
        return self._most(sum(self.met))

    def most_value(self, sessions: int) -> int:
        """The most that exactly so many sessions can be worth."""
        self.model.add(sum(self.met) == sessions)
        return self._most(sum(self.value))

    def _most(self, goal: cp_model.LinearExpr) -> int:
        if not self.met:
            return 0
        self.model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.model) == cp_model.OPTIMAL
        return round(solver.objective_value)

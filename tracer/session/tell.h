// What several words say in the same way.
#pragma once

#include "session/reply.h"
#include "session/session.h"
#include "session/word.h"
#include "tracer/ask.h"
#include "tracer/line.h"
#include "tracer/statements.h"

namespace lexum {

// A line of the log, whose cycle can be clicked.
Line log_line(const LineWriter& lines, const EventView& event);
// An operator's act that came after that cycle: its line, and where it has its place.
void say_act(const Program& program, const LineWriter& lines, const InputView& act, uint64_t after,
             Reply& reply);
// "act 17 before cycle 31"
std::string act_place(uint64_t number, uint64_t after);
// "Inventory[88].stock"
std::string target_text(const Program& program, const FieldTarget& field);
std::string target_text(const Program& program, const RoutineTarget& routine);
std::string subject_text(const Program& program, const Subjects& whose);

// A statement or condition on one line, as far as it goes.
std::string source_line(const Program& program, Span span);
// What a statement of a domain did: `stock: 3 → 2; sends`.
std::string did_text(const Program& program, DomainId domain, const StatementView& statement);
// What a goal lacks (§6): `status: "" → "ready", count: 3 → >= 5`. Empty if it holds.
std::string distance_text(const Program& program, const InstanceState& instance, GoalIndex goal);
// Of one that waits for an instance of that domain: "on Paid(cents: 30)".
std::string waiting_text(const Program& program, DomainId receiver, const MessageImage& message);

// Who it is about at that moment: all of them in order, or the one that is named. Fails if it is
// not there (kNotFound).
Result<std::vector<InstanceId>> instances_of(Session& session, const Subjects& whose);
// Goes there and gives what it is like.
Result<const WorldState*> state_at(Session& session);

// Where one stands, and why: the cycle's line, and inside of it the next statement.
void say_here(Session& session, Reply& reply);
void say_here_json(Session& session, Reply& reply);

// How a run that goes on has ended, for now: as `lxm run` says it.
void say_ending(Session& session, Outcome outcome, Reply& reply);

// That the answer which follows is one of before the fork in which it was looked for.
void say_before_fork(Session& session, const std::vector<std::string>& changes, Reply& reply);

// An answer that was not looked for to the end.
Verdict verdict_of(Session& session, Reply& reply, bool interrupted);

}  // namespace lexum

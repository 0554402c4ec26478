// Why a goal does not hold, and what could be done about it, in words for the one who wrote the
// program. Everything is found out by asking the program again: which part of a predicate is false,
// which guard holds a transition back, and who could send the message that never came.
#pragma once

#include <optional>
#include <string>

#include "machine/notes.h"
#include "machine/report.h"
#include "machine/wiring.h"

namespace lexum {

class Advisor {
 public:
  // Both outlive it. The world stands still as long as it is asked about.
  Advisor(const World& world, const Notes& notes, Voice voice);

  // "DBIsReady", or "Order[7].Paid" where the goal's name alone does not say whose it is.
  [[nodiscard]] std::string goal_name(InstanceId id, GoalIndex goal) const;
  // What is false in the predicate: `status: "" → "ready", count: 3 → >= 5`. "" if nothing is.
  std::string distance(InstanceId id, GoalIndex goal);
  // Name and distance, what holds each candidate back, and the way out, on one line:
  // `DBIsReady (status: "" → "ready"); BootDB is blocked: status == "pending" is false; try …`.
  std::string about(InstanceId id, GoalIndex goal);

 private:
  struct Subjected;  // an instance's state, to be tried on

  std::string false_parts(Subjected& subject, const std::vector<Comparison>& parts);
  std::string candidate(Subjected& subject, RoutineIndex routine);
  std::string way_out(Subjected& subject, const std::vector<Comparison>& parts);
  std::optional<std::string> unwritten(Subjected& subject, const Goal& goal);
  // Who else writes the field upon hearing of something, and who could tell them.
  std::string never_told(DomainId domain, uint32_t slot, bool with_field);
  [[nodiscard]] bool is_message(DomainId domain, RoutineIndex routine) const;
  [[nodiscard]] std::string message_hint(DomainId domain, RoutineIndex routine) const;
  // "set D.f=1", as the voice has it.
  [[nodiscard]] std::string to_type(std::string_view word, const std::string& what) const;
  [[nodiscard]] std::string text(Span span) const;
  [[nodiscard]] std::string shown(const Value& value) const;

  const World& world_;
  const Program& program_;
  const Notes& notes_;
  const Voice voice_;
  Wiring wiring_;
  Interpreter interpreter_;
};

// As a word of a command that a shell leaves as it is.
std::string shell_word(const std::string& text);

}  // namespace lexum

#include "twin/twin.h"

#include <ostream>

#include "base/check.h"
#include "syntax/parser.h"
#include "twin/scheduler.h"

namespace lexum::twin {

std::string to_string(const Arrival& arrival) {
  return (arrival.broadcast ? "" : to_string(arrival.to) + " ") + to_string(arrival.message);
}

Summary run(const Source& source, const Options& options) {
  Diagnostics diagnostics;
  const Tree tree = parse(source, diagnostics);
  LEXUM_CHECK(!diagnostics.has_errors());
  return Scheduler(source, tree, options).run();
}

std::vector<std::string> lines(const Summary& s) {
  std::vector<std::string> out;
  for (const std::string& step : s.steps) out.push_back("step " + step);
  out.push_back("outcome " + s.outcome);
  out.push_back("cycles " + std::to_string(s.cycles));
  out.push_back("ticks " + std::to_string(s.ticks));
  out.push_back("messages " + std::to_string(s.messages));
  for (const InstanceSummary& i : s.instances) {
    out.push_back("instance " + i.name + " " + i.status + " mailbox " + std::to_string(i.mailbox));
    for (const std::string& field : i.fields) out.push_back("  " + i.name + "." + field);
    for (const std::string& goal : i.goals) out.push_back("  " + i.name + " goal " + goal);
  }
  for (const std::string& effect : s.effects) out.push_back("effect " + effect);
  for (const std::string& letter : s.dead_letters) out.push_back("dead " + letter);
  for (const std::string& fault : s.faults) out.push_back("fault " + fault);
  return out;
}

std::ostream& operator<<(std::ostream& out, const Summary& summary) {
  for (const std::string& line : lines(summary)) out << line << '\n';
  return out;
}

std::string difference(const Summary& expected, const Summary& actual) {
  const std::vector<std::string> a = lines(expected);
  const std::vector<std::string> b = lines(actual);
  constexpr size_t kAround = 4;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    std::string out = "first difference in line " + std::to_string(i + 1) + ":\n";
    for (size_t j = i < kAround ? 0 : i - kAround; j < i; ++j) out += "    " + a[j] + "\n";
    for (size_t j = i; j < std::min(a.size(), i + kAround); ++j) out += "  - " + a[j] + "\n";
    for (size_t j = i; j < std::min(b.size(), i + kAround); ++j) out += "  + " + b[j] + "\n";
    return out;
  }
  return "";
}

}  // namespace lexum::twin

#include "twin/rules.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <ostream>
#include <string_view>

namespace lexum::twin {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (auto* chapter :
       {rules_of_values, rules_of_time, rules_of_mail, rules_of_goals, rules_of_faults}) {
    std::ranges::move(chapter(), std::back_inserter(all));
  }
  return all;
}

std::vector<std::string> of_kind(const std::vector<std::string>& all, const std::string& kind) {
  std::vector<std::string> some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [&](const std::string& line) { return line.starts_with(kind + " "); });
  return some;
}

bool has(const std::vector<std::string>& all, const std::string& line) {
  return std::ranges::find(all, line) != all.end();
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

std::ostream& operator<<(std::ostream& out, const Rule& rule) { return out << rule.name; }

std::string broken(const Rule& rule, const Summary& summary) {
  const std::vector<std::string> actual = lines(summary);
  std::string wrong;
  for (const std::string kind : {"step", "effect", "dead", "fault"}) {
    const std::vector<std::string> wanted = of_kind(rule.expected, kind);
    const bool gaps = has(wanted, kind + " …");
    const bool none = has(rule.expected, "no " + kind);
    if ((none || !wanted.empty()) && !gaps && of_kind(actual, kind) != wanted) {
      wrong += "other " + kind + " lines than wanted\n";
    }
  }
  for (const std::string& line : rule.expected) {
    if (line.starts_with("no ") || line.ends_with(" …") || has(actual, line)) continue;
    wrong += "missing: " + line + "\n";
  }
  if (wrong.empty()) return "";
  for (const std::string& line : actual) {
    wrong += "    " + (line.size() > 200 ? line.substr(0, 200) + "…" : line) + "\n";
  }
  return wrong + rule.program;
}

}  // namespace lexum::twin

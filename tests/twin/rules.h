// The rules of the language as programs of a few lines, each with what must come of it, worked out
// by hand from the language page. Whatever claims to run Lexum satisfies all of them: the twin, and
// the machine.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "twin/twin.h"

namespace lexum::twin {

struct Rule {
  std::string name;  // a sentence
  std::string program = {};
  Options options = {};
  // Lines of the summary. Of `step`, `effect`, `dead` and `fault` lines all are listed where one
  // is; `no fault` says that there are none, and a line `step …` leaves out some.
  std::vector<std::string> expected = {};
};

const std::vector<Rule>& rules();
std::ostream& operator<<(std::ostream& out, const Rule& rule);

// "" if the summary is as the rule wants it, else what is wrong.
std::string broken(const Rule& rule, const Summary& summary);

// The chapters of rules().
std::vector<Rule> rules_of_values();
std::vector<Rule> rules_of_time();
std::vector<Rule> rules_of_mail();
std::vector<Rule> rules_of_goals();
std::vector<Rule> rules_of_faults();

}  // namespace lexum::twin

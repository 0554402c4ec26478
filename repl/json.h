// What `--json` prints, piece by piece. JSON.md has the shapes.
#pragma once

#include <string>

#include "machine/foresight.h"
#include "machine/report.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "session/json.h"

namespace lexum {

// [{…}, …]; last, if there is one, an error that is not about a place in the program.
std::string json_diagnostics(const Findings& findings, const std::string& error);

// [{"number": 3, …}, …]: those that nobody has sent once more.
std::string json_letters(const World& world);

struct RunReport {
  const Ending& ending;
  const World& world;
  const Notes& notes;
  const std::string& run_id;
  const std::vector<Diagnostic>& diagnostics;
};
// The one object of `lxm run`; with many instances it is never in memory as a whole.
void write_run(Output& out, const RunReport& report);
// The same object for a run that could not begin or be written down: nothing in it but why.
std::string json_of_error(const Findings& findings, const std::string& error);

// The one object of `lxm plan`.
void write_plan(Output& out, const Foresight& plan, const Program& program,
                const std::vector<Diagnostic>& diagnostics);
std::string json_of_plan_error(const Findings& findings, const std::string& error);

}  // namespace lexum

// `lxm check`: what is wrong with a program, what is suspicious, and what bounds its message
// cycles.
#include <fmt/core.h>

#include "repl/command_line.h"
#include "repl/cycles.h"
#include "repl/json.h"

namespace lexum {

namespace {

std::string json_of(const Loaded& loaded) {
  return fmt::format(
      "{{\"outcome\": \"{}\", \"errors\": {}, \"warnings\": {}, \"diagnostics\": {}, "
      "\"message_cycles\": {}}}\n",
      loaded.program == nullptr ? "error" : "checked",
      loaded.findings.errors + (loaded.error.empty() ? 0 : 1), loaded.findings.warnings,
      json_diagnostics(loaded.findings, loaded.error),
      loaded.program == nullptr ? "[]" : cycles_json(*loaded.program));
}

std::string text_of(const Loaded& loaded) {
  if (loaded.program == nullptr) return "";
  const size_t domains = loaded.program->domains.size();
  const size_t warnings = loaded.findings.warnings;
  return cycles_text(*loaded.program) +
         fmt::format("{}: {} domain{}, no errors, {} warning{}\n", loaded.findings.source.name(),
                     domains, domains == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

}  // namespace

int check_command(Words words) {
  std::string path;
  bool json = false;
  CommandLine options("check");
  options.word("PROGRAM.lxm", path, "The program; - is standard input");
  options.flag("--json", json, "Print everything as one JSON object");
  if (const auto status = options.parse(words)) return *status;

  const Loaded loaded = load_file(path);
  if (!loaded.error.empty()) complain("lxm: " + loaded.error);
  if (!json) loaded.findings.print(false);
  Output out;
  out.write(json ? json_of(loaded) : text_of(loaded));
  return out.finish(loaded.program == nullptr ? loaded.status : kExitDone);
}

}  // namespace lexum

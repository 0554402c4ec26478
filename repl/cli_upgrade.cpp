// `lxm upgrade`: the run in a data folder goes on with a changed program.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/advice.h"
#include "machine/durable.h"
#include "machine/past.h"
#include "machine/value_json.h"
#include "repl/command_line.h"
#include "repl/json.h"
#include "repl/run_words.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "store/files.h"

namespace lexum {

namespace {

struct UpgradeWords {
  std::string folder;
  std::string program;
  std::optional<std::string> adapters;
  bool json = false;
};

int fail(const UpgradeWords& words, int status, const std::string& what) {
  if (!what.empty()) complain("lxm: " + what);
  if (!words.json) return status;
  Output out;
  out.write(dump(Json{{"error", what}}) + "\n");
  return out.finish(status);
}

int fail(const UpgradeWords& words, const Error& error) {
  return fail(words, exit_status_of(error), error.what);
}

std::string describe(const UpgradeWords& words, const DurableRun::Upgraded& made) {
  std::string text =
      fmt::format("{} goes on with {} from tick {} on, after cycle {}; it lies there as {}\n",
                  words.folder, words.program, made.tick, made.cycle, made.file);
  for (const std::string& lost : made.lost) text += "  no place is left for " + lost + "\n";
  text += fmt::format("`lxm run {} --data {}{}` lets it\n", shell_word(words.program),
                      shell_word(words.folder),
                      words.adapters ? " --adapters " + shell_word(*words.adapters) : "");
  return text;
}

}  // namespace

int upgrade_command(Words given) {
  UpgradeWords words;
  CommandLine options("upgrade");
  options.word("DIR", words.folder, "The data folder of a run that nobody keeps going");
  options.word("NEW.lxm", words.program, "What it goes on with");
  options.text("--adapters", "FILE", words.adapters,
               "What carries out its effects from then on; without it, whatever does so now");
  options.flag("--json", words.json, "Print one JSON object");
  if (const auto status = options.parse(given)) return *status;

  const auto current = program_in(disk(), words.folder);
  if (!current) return fail(words, current.error());
  std::unique_ptr<Adapters> adapters;
  ModeOf mode_of = as_chosen(choices_in(**current));
  if (words.adapters) {
    Result<std::unique_ptr<Adapters>> opened = open_adapters(*words.adapters);
    if (!opened) return fail(words, opened.error());
    adapters = std::move(*opened);
    mode_of = bound_by(*adapters);
  }
  Loaded loaded = load_file(words.program, mode_of);
  if (!words.json) loaded.findings.print(false);
  if (loaded.program == nullptr) {
    if (!loaded.error.empty()) complain("lxm: " + loaded.error);
    Output out;
    if (words.json) out.write(json_of_error(loaded.findings, loaded.error));
    return out.finish(loaded.status);
  }

  const auto made = DurableRun::upgrade(disk(), words.folder, std::move(loaded.program),
                                        {.machine = {.interrupt = &watch_signals()}});
  if (!made) return fail(words, made.error());
  Output out;
  if (words.json) {
    out.write(dump(Json{{"program", made->file},
                        {"tick", made->tick},
                        {"cycle", made->cycle},
                        {"lost", made->lost}}) +
              "\n");
  } else {
    out.write(describe(words, *made));
  }
  return out.finish(kExitDone);
}

}  // namespace lexum

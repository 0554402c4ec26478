// Which command is meant, help, and the version.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sodium.h>
#include <xxhash.h>
#include <zstd.h>

#include "machine/machine.h"
#include "repl/command.h"
#include "repl/exit_status.h"
#include "repl/terminal.h"
#include "session/word.h"
#include "syntax/diagnostic.h"
#include "tracer/records.h"

namespace lexum {

namespace {

constexpr Command kCommands[] = {
    {"run", "PROGRAM.lxm", "Run a program until it comes to rest", run_command},
    {"plan", "PROGRAM.lxm", "Say what a run would do, and do nothing", plan_command},
    {"check", "PROGRAM.lxm", "Show errors, warnings, and what bounds message cycles",
     check_command},
    {"fmt", "PROGRAM.lxm", "Print a program in the one layout for all", fmt_command},
    {"graph", "PROGRAM.lxm", "Show who can send what to whom", graph_command},
    {"repl", "[FILE]", "Talk to a program, a recorded run, or nothing yet, line by line",
     repl_command},
    {"trace", "[FILE]", "See a run in a window, or as a picture", trace_command},
    {"learn", "", "Learn all this in eight short lessons", learn_command},
    {"explain", "[CODE]", "Tell the long story of an error, a warning or a fault", explain_command},
    {"log", "FILE.lxtrace", "Show a recorded run, a line for each cycle", log_command},
    {"replay", "FILE.lxtrace", "Run a recorded run again and compare every cycle", replay_command},
    {"inspect", "FILE|DIR", "Say what is in the file of a recorded run, or in a data folder",
     inspect_command},
    {"send", "DIR 'D M(a: 1)'", "Send a message to a run in a data folder", send_command},
    {"revive", "DIR D[7] [HOW]", "Let a FAULTED instance take work again", revive_command},
    {"crash", "DIR D[7]", "Kill an instance, which comes back alone", crash_command},
    {"set", "DIR D.field=VALUE", "Give a field of a run another value", set_command},
    {"upgrade", "DIR NEW.lxm", "Let a run in a data folder go on with a changed program",
     upgrade_command},
    {"letters", "DIR", "List the dead letters of a run", letters_command},
    {"redeliver", "DIR NUMBER…|all", "Send dead letters once more", redeliver_command},
    {"status", "DIR", "Say how a run that serves is doing", status_command},
};

int print(const std::string& text) {
  Output out;
  out.write(text);
  return out.finish(kExitDone);
}

std::string help() {
  std::string text = "Lexum: programs that keep systems in order, and always do the same.\n\n";
  for (const Command& command : kCommands) {
    const std::string usage = fmt::format("lxm {} {}", command.name, command.takes);
    text += fmt::format("  {:34}{}\n", usage, command.does);
  }
  text += "\nAbout a recorded run:\n\n";
  for (const Word& word : all_words()) {
    if (word.at_prompt) continue;
    std::string usage = fmt::format("lxm {} FILE", word.name);
    for (const Argument& argument : word.arguments) {
      usage += argument.how == Argument::How::kMaybe ? fmt::format(" [{}]", argument.name)
                                                     : fmt::format(" {}", argument.name);
    }
    text += fmt::format("  {:34}{}\n", usage, word.does);
  }
  return text + "\n`lxm COMMAND --help` shows the options of a command; `lxm --version` what is " +
         "built in.\n";
}

std::string first_steps() {
  return "Three commands to try:\n\n"
         "  lxm run samples/01-hello.lxm      run a program until all its goals hold\n"
         "  lxm repl samples/01-hello.lxm     go through it, forwards and backwards\n"
         "  lxm learn                         eight short lessons, at the prompt\n\n"
         "`lxm help` shows them all.\n";
}

std::string version() {
  const unsigned xxhash = XXH_versionNumber();
  return fmt::format(
      "lxm {}\ntrace format {}\nfmt {}.{}.{}, libsodium {}, xxHash {}.{}.{}, zstd {}\n",
      engine_version(), kTraceVersion, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
      FMT_VERSION % 100, sodium_version_string(), xxhash / 10000, xxhash / 100 % 100, xxhash % 100,
      ZSTD_versionString());
}

int unknown(const std::string& word) {
  std::vector<std::string> names = {"help"};
  for (const Command& command : kCommands) names.emplace_back(command.name);
  for (const Word& one : all_words()) {
    if (!one.at_prompt) names.emplace_back(one.name);
  }
  const std::string near = nearest(word, names);
  std::string line = "lxm: there is no command `" + word + "`";
  if (word_named(word) != nullptr) line += "; it can be said in `lxm repl FILE`";
  else if (!near.empty()) line += "; did you mean `" + near + "`?";
  else if (word.ends_with(".lxm")) line += "; did you mean `lxm run " + word + "`?";
  else if (word.ends_with(".lxtrace")) line += "; did you mean `lxm log " + word + "`?";
  else line += "; `lxm help` shows what there is";
  complain(line);
  return kExitUsage;
}

const Command* command_named(std::string_view word) {
  const auto* found = std::ranges::find(kCommands, word, &Command::name);
  return found != std::end(kCommands) ? found : nullptr;
}

// Of a command, or a word about a run.
int act(const std::string& name, Words words) {
  if (const Command* command = command_named(name)) return command->act(words);
  const Word* const word = word_named(name);
  if (word != nullptr && !word->at_prompt) return word_command(*word, words);
  return unknown(name);
}

int help_on(const std::string& name) {
  char help[] = "--help";
  char* const words = help;
  return act(name, {&words, 1});
}

}  // namespace

std::span<const Command> all_commands() { return kCommands; }

int command_line(Words words) {
  if (words.empty()) return print(first_steps());
  const std::string word = words.front();
  if (word == "help" && words.size() > 1) return help_on(words[1]);
  if (word == "help" || word == "--help" || word == "-h") return print(help());
  if (word == "--version") return print(version());
  return act(word, words.subspan(1));
}

}  // namespace lexum

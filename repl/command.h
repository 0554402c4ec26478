// The one table of what can be typed behind `lxm`. Help, suggestions and the program itself are
// made from it.
#pragma once

#include <span>
#include <string_view>

namespace lexum {

using Words = std::span<char* const>;  // of a command line, behind the command

struct Command {
  std::string_view name;
  std::string_view takes;  // "PROGRAM.lxm"
  std::string_view does;
  int (*act)(Words words);  // gives the exit status
};
std::span<const Command> all_commands();

// What main() does.
int command_line(Words words);

// The commands, each in a file of its own or with its neighbours.
int run_command(Words words);      // cli_run.cpp
int plan_command(Words words);     // cli_plan.cpp
int check_command(Words words);    // cli_check.cpp
int fmt_command(Words words);      // cli_fmt.cpp
int explain_command(Words words);  // cli_explain.cpp
int graph_command(Words words);    // cli_graph.cpp
int log_command(Words words);      // cli_trace.cpp
int replay_command(Words words);
int inspect_command(Words words);
int repl_command(Words words);  // cli_repl.cpp
int learn_command(Words words);
int trace_command(Words words);  // cli_window.cpp
int send_command(Words words);   // cli_serve.cpp
int revive_command(Words words);
int crash_command(Words words);
int set_command(Words words);
int letters_command(Words words);
int redeliver_command(Words words);
int status_command(Words words);
int upgrade_command(Words words);  // cli_upgrade.cpp

// What can be said about a recorded run (session/word.h) can be said here, too.
struct Word;
int word_command(const Word& word, Words words);  // cli_words.cpp

}  // namespace lexum

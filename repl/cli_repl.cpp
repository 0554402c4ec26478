// `lxm repl`: the words of a session, typed line by line.
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "eval/load.h"
#include "machine/advice.h"
#include "machine/inputs.h"
#include "repl/command_line.h"
#include "repl/prompt.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/written.h"
#include "store/files.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

namespace fs = std::filesystem;

// So much is run at once before somebody has looked at it.
constexpr uint64_t kCyclesMax = 1'000'000;

struct ReplOptions {
  std::string file;
  std::string first;  // what is done before anything is typed
  std::vector<std::string> settings;
  std::vector<std::string> messages;
  std::optional<std::string> script;
  bool json = false;
  uint64_t cycles_max = kCyclesMax;

  std::optional<int> parse(Words words) {
    CommandLine line("repl");
    line.optional_word("FILE", file, "A program, to be run; or the trace of one that has been");
    line.texts("--set", "D.field=VALUE", settings, "Set a start value of the program");
    line.texts("--send", "'D M(a: 1)'", messages, "Send it a message before the first tick");
    line.text("--script", "FILE", script, "Do what stands in the file, a line each, and leave");
    line.flag("--json", json, "Answer each line with one JSON object on a line");
    line.number("--max-cycles", "N", cycles_max, 1, UINT64_MAX,
                "Stop after so many cycles if nothing else does (1,000,000)");
    return line.parse(words);
  }
};

std::vector<std::string> names_of_files(const std::string& beginning) {
  const fs::path typed(beginning);
  const fs::path folder = typed.has_parent_path() ? typed.parent_path() : fs::path(".");
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(typed.filename().string())) continue;
    const std::string path = typed.has_parent_path() ? (typed.parent_path() / name).string() : name;
    names.push_back(path + (entry->is_directory(error) ? "/" : " "));
  }
  return names;
}

class Repl {
 public:
  explicit Repl(ReplOptions options)
      : options_(std::move(options)),
        interrupt_(watch_signals_at_prompt()),
        looking_{.progress =
                     [this](uint64_t cycle) {
                       progress_->show(fmt::format("cycle {}; Ctrl-C stops", cycle));
                     },
                 .interrupt = &interrupt_} {
    progress_.emplace();
  }

  // A trace, or a program that is to be run. The exit status if there is nothing to talk about.
  std::optional<int> open() {
    const std::string& file = options_.file;
    if (file.empty()) {
      Diagnostics none;
      const Source nothing("session.lxm", std::string(empty_program()));
      if (const auto status = start(load(nothing, none))) return status;
    } else if (file.ends_with(".lxm")) {
      Loaded loaded = load_file(file);
      if (!loaded.error.empty()) complain("lxm: " + loaded.error);
      loaded.findings.print(false);
      if (loaded.program == nullptr) return loaded.status;
      if (const auto status = start(std::move(loaded.program))) return status;
    } else {
      if (!options_.settings.empty() || !options_.messages.empty()) {
        return refuse("--set and --send are for a run that begins, and " + file + " is over");
      }
      Result<RunFile> found = RunFile::of(file, looking_);
      if (!found) return fail_to_open(found.error());
      file_ = std::move(*found);
      Result<std::unique_ptr<Session>> session = Session::open(disk(), file_->path(), looking_);
      if (!session) return fail_to_open(session.error());
      session_ = std::move(*session);
      if (const std::string& says = session_->trace().end_says(); !says.empty()) {
        complain("lxm: " + says);
      }
    }
    session_->keep_forks_in(scratch_.path());
    session_->run_at_once(options_.cycles_max);
    return std::nullopt;
  }

  int talk(Lines& lines, bool at_terminal) {
    at_terminal_ = at_terminal;
    if (!options_.json && options_.first.empty()) welcome();
    if (!options_.first.empty()) answer(options_.first);
    std::string last;
    while (!session_->over() && !stop_asked() && out_.open()) {
      const auto text = next_text(lines);
      if (!text || stop_asked()) break;
      interrupt_ = false;  // what was typed before it was meant for the text
      const size_t begin = text->find_first_not_of(" \t");
      if (begin != std::string::npos && (*text)[begin] == '#') continue;
      // An empty line does the last thing again.
      if (begin == std::string::npos && !at_terminal) continue;
      if (begin != std::string::npos) last = text->substr(begin);
      if (!last.empty()) answer(last);
    }
    if (at_terminal_ && !session_->over()) out_.write("\n");
    if (stop_asked()) keep_run();
    return out_.finish(failed_ ? int{kExitUsage} : int{kExitDone});
  }

  [[nodiscard]] Session& session() { return *session_; }

 private:
  // A run of that program at its start, with nothing done yet.
  std::optional<int> start(std::shared_ptr<const Program> program) {
    if (scratch_.path().empty()) {
      complain("lxm: there is no folder for temporary files; set TMPDIR to one");
      return int{kExitDisk};
    }
    std::vector<StartValue> start_values;
    for (const std::string& text : options_.settings) {
      Result<StartValue> value = read_setting(*program, text);
      if (!value) return refuse("--set " + shell_word(text) + ": " + value.error().what);
      start_values.push_back(std::move(*value));
    }
    std::vector<InputImage> inputs;
    for (const std::string& text : options_.messages) {
      Result<InputImage> input = read_message(*program, text);
      if (!input) return refuse("--send " + shell_word(text) + ": " + input.error().what);
      inputs.push_back(std::move(*input));
    }
    Result<std::unique_ptr<Session>> session =
        Session::start(disk(), scratch_.path() + "/run.lxtrace", std::move(program),
                       std::move(start_values), looking_);
    if (!session) return fail_to_open(session.error());
    session_ = std::move(*session);
    for (InputImage& input : inputs) session_->live()->send(std::move(input));
    return std::nullopt;
  }
  static int fail_to_open(const Error& error) {
    complain("lxm: " + error.what);
    return exit_status_of(error);
  }
  static int refuse(const std::string& why) {
    complain("lxm: " + why);
    return kExitUsage;
  }

  // A line; of Lexum, as many as belong together.
  std::optional<std::string> next_text(Lines& lines) {
    std::optional<std::string> text = lines.next(prompt());
    if (text == Lines::kThrownAway) return "#";
    while (text && what_is_written(*text) != Written::kNeither && is_unfinished(*text)) {
      const std::optional<std::string> more = lines.next("… ");
      if (more == Lines::kThrownAway) return "#";
      if (!more) {
        if (at_terminal_) out_.write("\n");
        const Said unknown;
        Reply reply = reply_to(unknown);
        fail({.code = ErrorCode::kMismatch,
              .what = "that was not finished, and is forgotten: a bracket is open"},
             reply);
        reply.end();
        return at_terminal_ && !stop_asked() ? std::optional<std::string>("#") : std::nullopt;
      }
      *text += "\n" + *more;
    }
    return text;
  }

  // Whatever was saved before, it may have gone on since.
  void keep_run() {
    const Session::Branch& branch = session_->branch();
    const std::string folder = state_folder();
    const bool nothing = branch.trace->cycles() == branch.trace->start();
    if (nothing || folder.empty() || !session_->is_kept_nowhere(branch)) return;
    const std::string path = folder + "/last.lxtrace";
    const Status kept = copy_trace(disk(), branch.trace->path(), path);
    complain(kept ? fmt::format("lxm: the run is kept in {}", path) : "lxm: " + kept.error().what);
  }

  void welcome() {
    progress_.emplace();
    Reply reply([this](const Line& line) { print(line); });
    const std::string& program = session_->trace().header().program_name;
    if (options_.file.empty()) {
      print("nothing is there yet: write a domain or a statement of Lexum, or `learn`");
      if (at_terminal_) print(Line().add("`help` lists the words, Tab completes them", Role::kDim));
      return;
    }
    if (session_->live() != nullptr) {
      print(fmt::format("{}, which has not run yet: `run`, or `step` by step", program));
    } else {
      print(fmt::format("{}: {} cycles of {}", session_->trace().path(), session_->trace().cycles(),
                        program));
    }
    if (session_->fault() != 0) answer("why");
    else say_here(*session_, reply);
    if (at_terminal_) print(Line().add("`help` lists the words, Tab completes them", Role::kDim));
  }

  [[nodiscard]] std::string prompt() const {
    Line line;
    line.add(session_->branch().name, Role::kName).add(" ");
    line.add(position_text(session_->at()), Role::kPosition);
    const std::string& reason = session_->reason();
    const bool bad = reason.starts_with("fault") || reason == "halted";
    if (!reason.empty()) line.add(fmt::format(" [{}]", reason), bad ? Role::kBad : Role::kDim);
    line.add("> ");
    return colour_ ? coloured(line) : line.text();
  }

  void answer(const std::string& line) {
    progress_.emplace();
    const Result<Typed> typed = read_typed(*session_, line);
    if (!typed) {
      const Said unknown;
      Reply reply = reply_to(unknown);
      fail(typed.error(), reply);
      reply.end();
    } else if (typed->said.word != nullptr && !typed->stop.help.empty()) {
      print(typed->stop.help);
    } else {
      Reply reply = reply_to(typed->said);
      const Result<Verdict> verdict = perform(*session_, typed->said, reply);
      progress_->hide();
      if (!verdict) fail(verdict.error(), reply);
      reply.end();
    }
  }

  Reply reply_to(const Said& said) {
    Reply reply = options_.json || said.json
                      ? Reply([this](std::string_view piece) { write_on_a_line(piece); })
                      : Reply([this](const Line& line) { print(line); });
    reply.raw_to([this](std::string_view piece) { out_.write(piece); });
    return reply;
  }

  // An answer is one line, and no text in it has a line end.
  void write_on_a_line(std::string_view piece) {
    if (piece == "}\n") return out_.write(piece);
    for (size_t end; (end = piece.find('\n')) != std::string_view::npos;) {
      out_.write(piece.substr(0, end));
      piece.remove_prefix(end + 1);
    }
    out_.write(piece);
  }

  void fail(const Error& error, Reply& reply) {
    failed_ = true;
    progress_->hide();
    if (reply.wants_json()) reply.fact("error", json_text(error.what));
    else if (at_terminal_) print(Line().add(error.what, Role::kBad));
    else out_.flush(), complain("lxm: " + error.what);
  }

  void print(const Line& line) {
    progress_->hide();
    for (const Line& one : folded(line, at_terminal_ ? width_of_terminal() : 0)) {
      out_.write((colour_ ? coloured(one) : one.text()) + "\n");
    }
  }

  const ReplOptions options_;
  const bool colour_ = colour_on_stdout();
  std::atomic<bool>& interrupt_;
  const Looking looking_;
  const ScratchFolder scratch_;
  std::optional<RunFile> file_;
  Output out_;
  std::optional<Progress> progress_;  // of the line that is being answered
  bool at_terminal_ = false;
  bool failed_ = false;
  std::unique_ptr<Session> session_;
};

}  // namespace

namespace {

int talk(ReplOptions options) {
  int input = STDIN_FILENO;
  if (options.script) {
    input = ::open(options.script->c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0) {
      complain(fmt::format("lxm: cannot open {}: {}", *options.script, std::strerror(errno)));
      return kExitDisk;
    }
  }
  const bool at_terminal =
      !options.script && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  Repl repl(std::move(options));
  if (const auto status = repl.open()) return *status;
  const std::unique_ptr<Lines> lines = at_terminal ? lines_of_terminal([&](std::string_view line) {
    return complete(repl.session(), line, names_of_files);
  })
                                                   : lines_of_file(input);
  return repl.talk(*lines, at_terminal);
}

}  // namespace

int repl_command(Words words) {
  ReplOptions options;
  if (const auto status = options.parse(words)) return *status;
  return talk(std::move(options));
}

int learn_command(Words words) {
  ReplOptions options;
  options.first = "learn";
  CommandLine line("learn");
  if (const auto status = line.parse(words)) return *status;
  return talk(std::move(options));
}

}  // namespace lexum

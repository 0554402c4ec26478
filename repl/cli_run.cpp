// `lxm run`: a program, what it is told, and what comes of it.
#include <fmt/core.h>
#include <fmt/format.h>

#include "effects/adapters.h"
#include "machine/advice.h"
#include "machine/allowance.h"
#include "machine/door.h"
#include "machine/durable.h"
#include "machine/past.h"
#include "machine/tee.h"
#include "repl/command_line.h"
#include "repl/http.h"
#include "repl/json.h"
#include "repl/run_words.h"
#include "repl/serving.h"
#include "repl/sources.h"
#include "store/files.h"
#include "tracer/log.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

constexpr uint64_t kThreadsMax = 256;
constexpr uint64_t kPlanBytesMax = uint64_t{1} << 30;

struct RunOptions {
  std::string program;
  std::optional<std::string> trace;
  std::optional<std::string> data;
  std::optional<std::string> sync_name;
  Sync sync = Sync::kGroup;
  uint64_t snapshot_every = DurableOptions().snapshot_every;
  bool keep_history = false;
  bool serve = false;
  std::optional<std::string> listen;
  std::optional<std::string> token_file;
  std::optional<HttpServer::Where> http;
  RunWords words;
  std::optional<std::string> adapters;
  std::optional<std::string> plan;
  uint64_t threads = 1;
  bool log = false;
  bool json = false;
  bool quiet = false;

  std::optional<int> parse(Words typed);
  std::optional<int> check_data();
};

std::optional<int> RunOptions::check_data() {
  const auto wrong = [](const std::string& what) {
    complain("lxm: " + what);
    return std::optional<int>(kExitUsage);
  };
  if (sync_name) {
    const std::optional<Sync> named = sync_named(*sync_name);
    if (!named) return wrong("--sync " + *sync_name + ": it is always, group or none");
    sync = *named;
  }
  const bool about_data =
      serve || sync_name || keep_history || snapshot_every != DurableOptions().snapshot_every;
  if (about_data && !data)
    return wrong("--serve, --sync, --snapshot-every and --keep-history are about --data DIR");
  if ((listen || token_file) && !serve) return wrong("--listen and --token-file are about --serve");
  if (token_file && !listen) return wrong("--token-file is about --listen");
  if (!listen) return std::nullopt;
  http = read_listen(*listen);
  if (!http) return wrong("--listen " + *listen + " is no place; write 8080, or HOST:8080");
  if (!token_file) return std::nullopt;
  Result<std::string> token = read_text(*token_file);
  if (!token) return wrong(token.error().what);
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
  if (token->empty()) return wrong(*token_file + " holds no token");
  http->token = std::move(*token);
  return std::nullopt;
}

std::optional<int> RunOptions::parse(Words typed) {
  CommandLine options("run");
  options.word("PROGRAM.lxm", program, "The program; - is standard input");
  options.text("--trace", "FILE", trace, "Record every cycle into FILE");
  options.text("--data", "DIR", data,
               "Keep the run in DIR, so that no crash ends it; the same again goes on with it");
  options.text("--sync", "MODE", sync_name, "always, group or none: when DIR is written for good");
  options.number("--snapshot-every", "N", snapshot_every, 1, UINT64_MAX,
                 "Cycles between two snapshots in DIR");
  options.flag("--serve", serve,
               "Go on for ever: take messages from DIR/socket and standard input, one a line");
  options.text("--listen", "[HOST:]PORT", listen,
               "Serve by HTTP, too: POST /D[7]/M; of this machine alone, if no HOST is given");
  options.text("--token-file", "FILE", token_file, "Whoever sends by HTTP has to give this token");
  options.flag("--keep-history", keep_history, "Remove nothing from DIR");
  words.add_to(options);
  options.text("--adapters", "FILE", adapters,
               "Who carries effects out (JSON); one that is not in FILE is simulated");
  options.text("--plan", "FILE", plan,
               "Do nothing that is not in FILE, which `lxm plan --json` printed");
  options.number("--threads", "N", threads, 1, kThreadsMax,
                 "Run the slices of a tick on N threads");
  options.flag("--log", log, "Print a line for each cycle on standard error");
  options.flag("--json", json, "Print the outcome as one JSON object");
  options.flag("--quiet", quiet, "Print nothing but errors");
  if (const auto status = options.parse(typed)) return status;
  return check_data();
}

// The trace of a run, from when the file is there.
class TraceSink final : public BatchSink {
 public:
  Status write(const Batch& batch) override { return writer_ ? writer_->write(batch) : Done{}; }
  Status close() override { return writer_ ? writer_->close() : Done{}; }
  void begin(std::unique_ptr<TraceWriter> writer) { writer_ = std::move(writer); }

 private:
  std::unique_ptr<TraceWriter> writer_;
};

// One run from its words to its exit status. Each step says itself what went wrong.
class Run {
 public:
  explicit Run(RunOptions options) : options_(std::move(options)) {}

  int act();

 private:
  // Each gives the exit status if there is nothing more to do.
  std::optional<int> open_adapters();
  std::optional<int> load_program();
  std::optional<int> read_words();
  std::optional<int> read_plan();
  [[nodiscard]] std::optional<std::string> why_no_trace() const;
  std::optional<int> open_trace();
  int run();
  Outside* guarded_outside(Outside* outside);
  int run_durably(MachineOptions how);
  template <class Go>
  Result<Outcome> watched(const Go& go);
  int finish(Result<Outcome> outcome, Machine& machine);
  int end(Outcome outcome, Machine& machine, const Notes& notes);
  int fail(int status, const std::string& what);
  [[nodiscard]] std::string how_to_step() const;

  const RunOptions options_;
  const std::atomic<bool>& interrupted_ = watch_signals();
  Findings findings_;
  std::shared_ptr<const Program> program_;
  std::vector<StartValue> start_values_;
  std::vector<InputImage> inputs_;
  std::string run_id_ = new_run_id();  // that of a run which goes on stands in its folder
  TraceSink trace_;
  std::optional<Notes> notes_;
  std::unique_ptr<Adapters> adapters_;
  std::optional<Door> door_;
  std::optional<Allowance> allowance_;  // what was planned
  Output log_lines_{Output::To::kStderr};
};

int Run::act() {
  if (const auto status = open_adapters()) return *status;
  if (const auto status = load_program()) return *status;
  if (const auto status = read_words()) return *status;
  if (const auto status = read_plan()) return *status;
  if (const auto why = why_no_trace()) return fail(kExitUsage, *why);
  return run();
}

int Run::fail(int status, const std::string& what) {
  if (!what.empty()) complain("lxm: " + what);
  if (!options_.json) return status;
  Output out;
  out.write(json_of_error(findings_, what));
  return out.finish(status);
}

std::optional<int> Run::open_adapters() {
  if (!options_.adapters) return std::nullopt;
  Result<std::unique_ptr<Adapters>> opened = lexum::open_adapters(*options_.adapters);
  if (!opened) return fail(exit_status_of(opened.error()), opened.error().what);
  adapters_ = std::move(*opened);
  return std::nullopt;
}

std::optional<int> Run::load_program() {
  Loaded loaded =
      load_file(options_.program, adapters_ != nullptr ? bound_by(*adapters_) : ModeOf());
  program_ = std::move(loaded.program);
  findings_ = std::move(loaded.findings);
  if (!options_.json) findings_.print(options_.quiet);
  if (program_ == nullptr) return fail(loaded.status, loaded.error);
  return std::nullopt;
}

std::optional<int> Run::read_words() {
  RunWords::Told told;
  if (const auto wrong = options_.words.read(*program_, interrupted_, told)) {
    return fail(wrong->status, wrong->what);
  }
  start_values_ = std::move(told.start_values);
  inputs_ = std::move(told.inputs);
  return std::nullopt;
}

std::optional<int> Run::read_plan() {
  if (!options_.plan) return std::nullopt;
  const Result<std::string> text = read_text(disk(), *options_.plan, kPlanBytesMax);
  if (!text) return fail(exit_status_of(text.error()), text.error().what);
  Result<Allowance> read = Allowance::read(*options_.plan, *text);
  if (!read) return fail(kExitUsage, read.error().what);
  allowance_.emplace(std::move(*read));
  if (allowance_->run_id().empty()) return std::nullopt;
  const auto facts = options_.data
                         ? read_facts(disk(), *options_.data)
                         : Result<RunFacts>(Error{.code = ErrorCode::kNotFound, .what = ""});
  if (facts && facts->run_id == allowance_->run_id()) return std::nullopt;
  return fail(kExitUsage,
              *options_.plan + " is the plan of a run that goes on, and this is not it");
}

// Whether there is a run already.
bool has_begun(const std::string& folder) {
  const Result<std::vector<uint64_t>> cycles = snapshots_in(disk(), folder);
  return cycles && !cycles->empty();
}

std::optional<std::string> Run::why_no_trace() const {
  if (!options_.trace) return std::nullopt;
  if (*options_.trace == "-") return "--trace wants the name of a file, and `-` is none";
  if (!options_.data || !has_begun(*options_.data)) return std::nullopt;
  return "--trace records from the start, and " + *options_.data +
         " has a run that goes on; `lxm trace " + shell_word(*options_.data) + "` looks at it";
}

// It empties a file, so nothing that can be known before may go wrong after it.
std::optional<int> Run::open_trace() {
  if (!options_.trace) return std::nullopt;
  auto writer = TraceWriter::create(disk(), *options_.trace, *program_,
                                    {.engine = std::string(engine_version()),
                                     .run_id = run_id_,
                                     .program_name = options_.program,
                                     .program_text = std::string(program_->source.text()),
                                     .start_values = start_values_,
                                     .options = options_.words.spelled()});
  if (!writer) return fail(kExitDisk, writer.error().what);
  trace_.begin(std::move(*writer));
  return std::nullopt;
}

int Run::run() {
  notes_.emplace(*program_);
  std::optional<LiveLog> log;
  std::optional<Tee> both;
  std::optional<Tee> guarded;
  if (options_.log) {
    log.emplace(*program_,
                [&](std::string_view line) { log_lines_.write(std::string(line) + "\n"); });
    both.emplace(*notes_, *log);
  }
  Observer* listener = both ? static_cast<Observer*>(&*both) : &*notes_;
  if (allowance_) listener = &guarded.emplace(*listener, *allowance_);
  MachineOptions how{.start_values = start_values_,
                     .threads = static_cast<unsigned>(options_.threads),
                     .cycles_max = options_.words.cycles_max,
                     .sink = options_.trace ? &trace_ : nullptr,
                     .listener = listener,
                     .interrupt = &interrupted_};
  if (options_.data) return run_durably(std::move(how));
  if (adapters_ != nullptr) {
    door_.emplace(*adapters_, program_);
    door_->begin(run_id_, [](uint64_t) { return Done{}; });
    how.outside = &*door_;
  }
  how.outside = guarded_outside(how.outside);
  if (const auto status = open_trace()) return *status;
  Machine machine(program_, std::move(how));
  for (InputImage& input : inputs_) machine.add_input(std::move(input));
  return finish(watched([&](const auto& progress) { return machine.run(progress); }), machine);
}

// Null: nobody is outside.
Outside* Run::guarded_outside(Outside* outside) {
  if (!allowance_) return outside;
  allowance_->guard(*program_, outside);
  return &*allowance_;
}

int Run::run_durably(MachineOptions how) {
  if (adapters_ != nullptr) how.outside = &door_.emplace(*adapters_, program_);
  how.outside = guarded_outside(how.outside);
  auto opened = DurableRun::open(disk(), *options_.data, program_, std::move(inputs_),
                                 {.machine = std::move(how),
                                  .sync = options_.sync,
                                  .snapshot_every = options_.snapshot_every,
                                  .keep_history = options_.keep_history});
  if (!opened) return fail(exit_status_of(opened.error()), opened.error().what);
  DurableRun& durable = **opened;
  run_id_ = durable.run_id();
  if (const auto status = open_trace()) return *status;
  for (const std::string& bad : durable.found().bad) complain("lxm: passed over " + bad);
  if (!durable.found().fresh) complain("lxm: " + *options_.data + " " + describe(durable.found()));
  if (options_.serve) {
    const ServingPlaces places{.folder = *options_.data, .http = options_.http};
    return finish(serve(durable, places, interrupted_), durable.machine());
  }
  return finish(watched([&](const auto& progress) { return durable.run(progress); }),
                durable.machine());
}

// What it is about, meanwhile.
template <class Go>
Result<Outcome> Run::watched(const Go& go) {
  Progress progress;
  return go([&](const World& world) {
    if (options_.log) return;
    progress.show(
        fmt::format("{} cycles, {} ticks; Ctrl-C stops", world.cycle(), world.tick_now()));
  });
}

int Run::finish(Result<Outcome> outcome, Machine& machine) {
  Status status = machine.finish();
  static_cast<void>(log_lines_.finish(kExitDone));
  if (allowance_ && allowance_->refused()) return fail(kExitFaulted, *allowance_->refused());
  if (!outcome) return fail(exit_status_of(outcome.error()), outcome.error().what);
  if (!status) return fail(exit_status_of(status.error()), status.error().what);
  return end(*outcome, machine, *notes_);
}

int Run::end(Outcome outcome, Machine& machine, const Notes& notes) {
  const Ending ending{
      .outcome = outcome, .cycles_max = options_.words.cycles_max, .run_hash = machine.run_hash()};
  Findings of_run;
  of_run.source = program_->source;
  of_run.diagnostics = run_diagnostics(machine.world(), notes);
  Output out;
  if (options_.json) {
    std::vector<Diagnostic> all = findings_.diagnostics;
    all.insert(all.end(), of_run.diagnostics.begin(), of_run.diagnostics.end());
    write_run(out, {.ending = ending,
                    .world = machine.world(),
                    .notes = notes,
                    .run_id = run_id_,
                    .diagnostics = all});
  } else if (!options_.quiet) {
    out.write(describe(ending, machine.world(), notes));
    if (outcome != Outcome::kConverged) out.write(how_to_step());
  }
  return out.finish(exit_status_of(outcome));
}

// The same command once more, with a trace to look at.
std::string Run::how_to_step() const {
  if (options_.data) return "step through it: lxm repl " + shell_word(*options_.data) + "\n";
  if (options_.trace) return "step through it: lxm log " + shell_word(*options_.trace) + "\n";
  std::string again = "lxm run " + shell_word(options_.program);
  for (const TraceOption& word : options_.words.spelled()) {
    again += " " + word.name + (word.value.empty() ? "" : " " + shell_word(word.value));
  }
  if (options_.adapters) again += " --adapters " + shell_word(*options_.adapters);
  return "step through it: " + again + " --trace run.lxtrace, then lxm log run.lxtrace\n";
}

}  // namespace

int run_command(Words words) {
  RunOptions options;
  if (const auto status = options.parse(words)) return *status;
  return Run(std::move(options)).act();
}

}  // namespace lexum

#include "drive.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

#include "eval/load.h"
#include "machine/inputs.h"

namespace lexum {
namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) give_up(result.error().what);
  return std::move(*result);
}

double clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

std::vector<StartValue> start_values(const Program& program,
                                     const std::vector<std::string>& settings) {
  std::vector<StartValue> values;
  for (const std::string& text : settings) values.push_back(need(read_setting(program, text)));
  return values;
}

}  // namespace

std::string_view spelling(Keep keep) {
  switch (keep) {
    case Keep::kNothing:
      return "bare";
    case Keep::kHash:
      return "unrecorded";
    case Keep::kTrace:
      return "recorded";
  }
  return "";
}

Cost& Cost::operator+=(const Cost& more) {
  cycles += more.cycles;
  wall_ns += more.wall_ns;
  thread_ns += more.thread_ns;
  cpu_ns += more.cpu_ns;
  return *this;
}

std::shared_ptr<const Program> bench_program(const std::string& name) {
  const std::string path = LEXUM_BENCH_PROGRAMS "/" + name + ".lxm";
  std::ifstream file(path, std::ios::binary);
  if (!file) give_up("cannot read " + path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source(path, std::move(text)), diagnostics);
  if (program == nullptr) give_up(path + " has errors; lxm check says which");
  return program;
}

Drive::Drive(const std::string& program, Keep keep, const DriveOptions& options)
    : program_(bench_program(program)),
      keep_(keep),
      path_(std::filesystem::temp_directory_path() /
            ("lexum-bench-" + std::to_string(getpid()) + ".lxtrace")) {
  const std::vector<StartValue> values = start_values(*program_, options.settings);
  if (keep == Keep::kTrace) {
    writer_ = need(TraceWriter::create(disk(), path_, *program_,
                                       {.engine = "bench",
                                        .run_id = new_run_id(),
                                        .program_name = program + ".lxm",
                                        .program_text = std::string(program_->source.text()),
                                        .start_values = values,
                                        .options = {}}));
  }
  machine_ = std::make_unique<Machine>(program_, MachineOptions{.start_values = values,
                                                                .threads = options.threads,
                                                                .cycles_max = 0,
                                                                .sink = writer_.get()});
  if (keep == Keep::kNothing) machine_->world().observe(nullptr);
}

Drive::~Drive() {
  machine_.reset();
  writer_.reset();
  if (keep_ == Keep::kTrace) std::filesystem::remove(path_);
}

Cost Drive::run(const std::string& message) {
  if (!message.empty()) machine_->add_input(need(read_message(*program_, message)));
  const uint64_t cycles = world().cycle();
  const double wall = clock_ns(CLOCK_MONOTONIC);
  const double thread = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  const double cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  const Outcome outcome = need(machine_->run());
  static_cast<void>(machine_->run_hash());
  const Cost cost{.cycles = world().cycle() - cycles,
                  .wall_ns = clock_ns(CLOCK_MONOTONIC) - wall,
                  .thread_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - thread,
                  .cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu};
  if (outcome != Outcome::kConverged && outcome != Outcome::kWaiting) {
    give_up(program_->source.name() + " should come to rest, and is " +
            std::string(spelling(outcome)));
  }
  return cost;
}

uint64_t Drive::close_trace() {
  if (keep_ != Keep::kTrace) return 0;
  if (Status closed = machine_->finish(); !closed) give_up(closed.error().what);
  return std::filesystem::file_size(path_);
}

}  // namespace lexum

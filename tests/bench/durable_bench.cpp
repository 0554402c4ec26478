// What durable messages cost at the door of a run, beside the disk itself and SQLite, in the same
// minute. A message has 128 bytes; `us` is what one costs when so many wait together, the world's
// own work included.
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>
#ifdef LEXUM_HAS_SQLITE
#include <sqlite3.h>
#endif

#include "bench_folder.h"
#include "drive.h"
#include "machine/durable.h"
#include "machine/inputs.h"
#include "machine/snapshot.h"
#include "once.h"

namespace lexum {
namespace {

constexpr size_t kBody = 128;
constexpr double kSecondsEach = 1.5;

void tell(benchmark::State& state, double seconds, uint64_t messages) {
  state.SetIterationTime(seconds);
  state.counters["us"] = seconds * 1e6 / static_cast<double>(messages);
}

// The disk: a file that was filled before, written over in groups; or one that grows with each.
enum class Of : uint8_t { kFilled, kGrowing };
void raw(benchmark::State& state, size_t group, bool synced, Of of) {
  const BenchFolder folder;
  const std::string body(kBody * group, 'x');
  for (auto _ : state) {
    const int file = ::open(folder.path("raw").c_str(), O_CREAT | O_RDWR, 0600);
    const std::string zeros(size_t{1} << 20, '\0');
    const size_t size = size_t{256} << 20;
    for (size_t at = 0; at < size && of == Of::kFilled; at += zeros.size()) {
      LEXUM_CHECK(::write(file, zeros.data(), zeros.size()) > 0);
    }
    ::fsync(file);
    uint64_t messages = 0;
    const Clock::time_point begin = Clock::now();
    while (seconds_since(begin) < kSecondsEach && (messages + group) * kBody < size) {
      LEXUM_CHECK(::pwrite(file, body.data(), body.size(), static_cast<off_t>(messages * kBody)) >
                  0);
      if (synced) LEXUM_CHECK(::fdatasync(file) == 0);
      messages += group;
    }
    tell(state, seconds_since(begin), messages);
    ::close(file);
  }
}

// As many wait as are in a group, and as many more are handled: two groups are under way.
void lexum_accepts(benchmark::State& state, size_t group, Sync sync) {
  const BenchFolder folder;
  const auto program = bench_program("sink");
  const std::string body(kBody, 'x');
  InputImage input;
  input.domain = program->find_domain("Sink");
  input.routine = RoutineIndex(size_t{0});
  input.args = {Value::of(std::string_view(body))};
  for (auto _ : state) {
    auto run = std::move(*DurableRun::open(disk(), folder.path("data"), program, {},
                                           {.sync = sync, .snapshot_every = 10'000'000}));
    LEXUM_CHECK(run->machine().tick().ok());
    const World& world = run->machine().world();
    uint64_t messages = 0;
    const Clock::time_point begin = Clock::now();
    while (seconds_since(begin) < kSecondsEach) {
      LEXUM_CHECK(run->begin_to_accept(std::vector<InputImage>(group, input)).ok());
      while (world.cycle() < messages) LEXUM_CHECK(run->tick().ok());
      messages += group;
    }
    while (world.cycle() < messages) LEXUM_CHECK(run->tick().ok());
    tell(state, seconds_since(begin), messages);
  }
}

// One waits for each: nothing else is under way.
void one_waits(benchmark::State& state, Sync sync) {
  const BenchFolder folder;
  const auto program = bench_program("sink");
  InputImage input;
  input.domain = program->find_domain("Sink");
  input.routine = RoutineIndex(size_t{0});
  input.args = {Value::of(std::string(kBody, 'x'))};
  for (auto _ : state) {
    auto run = std::move(*DurableRun::open(disk(), folder.path("data"), program, {},
                                           {.sync = sync, .snapshot_every = 10'000'000}));
    uint64_t messages = 0;
    const Clock::time_point begin = Clock::now();
    for (; seconds_since(begin) < kSecondsEach; ++messages) {
      LEXUM_CHECK(run->accept({input}).ok());
      while (!run->machine().world().at_rest()) LEXUM_CHECK(run->machine().tick().ok());
    }
    tell(state, seconds_since(begin), messages);
  }
}

// The journal alone, without a world.
void journal(benchmark::State& state, size_t group, Sync sync) {
  const BenchFolder folder;
  LEXUM_CHECK(disk().make_folder(folder.path("journal")).ok());
  const std::string body(kBody, 'x');
  for (auto _ : state) {
    const auto keeps = std::move(*Journal::open(disk(), folder.path("journal"), sync, 1,
                                                [](const JournalRecord&) { return true; }));
    uint64_t messages = 0;
    const Clock::time_point begin = Clock::now();
    for (; seconds_since(begin) < kSecondsEach; messages += group) {
      for (size_t i = 0; i < group; ++i) keeps->add(2, as_bytes(body));
      LEXUM_CHECK(keeps->make_all_durable().ok());
      LEXUM_CHECK(keeps->forget_before(keeps->last()).ok());
    }
    tell(state, seconds_since(begin), messages);
  }
}

#ifdef LEXUM_HAS_SQLITE
void sqlite(benchmark::State& state, size_t group) {
  const BenchFolder folder;
  const std::string body(kBody, 'x');
  for (auto _ : state) {
    sqlite3* db = nullptr;
    LEXUM_CHECK(sqlite3_open(folder.path("peer.db").c_str(), &db) == SQLITE_OK);
    const auto execute = [&](const char* text) {
      LEXUM_CHECK(sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK);
    };
    execute("pragma journal_mode=wal");
    execute("pragma synchronous=full");
    execute("create table m(id integer primary key, body blob)");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(db, "insert into m(body) values(?)", -1, &insert, nullptr);
    uint64_t messages = 0;
    const Clock::time_point begin = Clock::now();
    while (seconds_since(begin) < kSecondsEach) {
      execute("begin immediate");
      for (size_t i = 0; i < group; ++i) {
        sqlite3_bind_blob(insert, 1, body.data(), static_cast<int>(kBody), SQLITE_STATIC);
        LEXUM_CHECK(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
      }
      execute("commit");
      messages += group;
    }
    tell(state, seconds_since(begin), messages);
    sqlite3_finalize(insert);
    sqlite3_close(db);
  }
}
#endif

// From a folder to a run that has done again what its journal says: so many messages behind a
// snapshot after so many cycles.
void recovery(benchmark::State& state, uint64_t before, size_t after) {
  const BenchFolder folder;
  const auto program = bench_program("sink");
  InputImage input;
  input.domain = program->find_domain("Sink");
  input.routine = RoutineIndex(size_t{0});
  input.args = {Value::of("hello")};
  const auto open = [&](uint64_t every) {
    return std::move(
        *DurableRun::open(disk(), folder.path("data"), program, {},
                          {.segment_bytes = size_t{64} << 10, .snapshot_every = every}));
  };
  {
    const auto run = open(std::clamp<uint64_t>(before / 8, 1, 100'000));
    for (uint64_t sent = 0; sent < before; sent += 1000) {
      LEXUM_CHECK(
          run->accept(std::vector<InputImage>(std::min<uint64_t>(1000, before - sent), input))
              .ok());
      while (!run->machine().world().at_rest()) LEXUM_CHECK(run->machine().tick().ok());
    }
    LEXUM_CHECK(run->keep().ok());
    LEXUM_CHECK(run->accept(std::vector<InputImage>(after, input)).ok());
  }
  std::vector<double> took;
  for (auto _ : state) {
    for (int i = 0; i < 200; ++i) {
      const Clock::time_point begin = Clock::now();
      const auto run = open(10'000'000);
      while (!run->machine().world().at_rest()) LEXUM_CHECK(run->machine().tick().ok());
      took.push_back(seconds_since(begin) * 1e6);
    }
    std::ranges::sort(took);
    state.SetIterationTime(took[took.size() / 2] * 1e-6);
    state.counters["p50_us"] = took[took.size() / 2];
    state.counters["p99_us"] = took[took.size() * 99 / 100];
  }
}

// What this thread has worked, whoever else had its processor meanwhile.
double thread_us() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

// Ticks of a world of 100 MB, with a snapshot of all of it being written, or without.
void ticks(benchmark::State& state, bool snapshot) {
  const BenchFolder folder;
  const auto program = bench_program("wide");
  const std::string message = "Clock Begin(body: \"" + std::string(1000, 'x') + "\")";
  std::vector<InputImage> inputs;
  inputs.push_back(*read_message(*program, message));
  for (auto _ : state) {
    auto run = std::move(*DurableRun::open(
        disk(), folder.path("data"), program, inputs,
        {.sync = Sync::kNone, .snapshot_every = snapshot ? uint64_t{120'000} : uint64_t{1} << 40}));
    // The hundred thousand are filled, and the snapshot begins.
    while (run->machine().world().cycle() < 120'500) LEXUM_CHECK(run->machine().tick().ok());
    std::vector<double> took;
    std::vector<double> worked;
    took.reserve(800'000);
    worked.reserve(800'000);
    const Clock::time_point begin = Clock::now();
    for (int i = 0; i < 800'000; ++i) {
      const double cpu = thread_us();
      const Clock::time_point tick = Clock::now();
      LEXUM_CHECK(run->machine().tick().ok());
      took.push_back(seconds_since(tick) * 1e6);
      worked.push_back(thread_us() - cpu);
    }
    state.SetIterationTime(seconds_since(begin));
    std::ranges::sort(took);
    std::ranges::sort(worked);
    state.counters["cpu_p999_us"] = worked[worked.size() * 999 / 1000];
    state.counters["cpu_most_us"] = worked.back();
    state.counters["p50_us"] = took[took.size() / 2];
    state.counters["p999_us"] = took[took.size() * 999 / 1000];
    state.counters["most_us"] = took.back();
    uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path("data"))) {
      if (entry.path().string().find("snapshot") != std::string::npos) bytes += entry.file_size();
    }
    state.counters["written_mb"] = static_cast<double>(bytes) / 1e6;
  }
}

// A world of 100 MB comes back, beside simdjson, which reads the same file and does nothing with
// it.
void whole_state(benchmark::State& state) {
  const BenchFolder folder;
  const auto program = bench_program("wide");
  const std::string message = "Clock Begin(body: \"" + std::string(1000, 'x') + "\")";
  const DurableOptions how{.segment_bytes = size_t{64} << 10, .snapshot_every = uint64_t{1} << 40};
  std::string newest;
  {
    const auto run = std::move(*DurableRun::open(disk(), folder.path("data"), program,
                                                 {*read_message(*program, message)}, how));
    while (run->machine().world().cycle() < 120'500) LEXUM_CHECK(run->machine().tick().ok());
    LEXUM_CHECK(run->keep().ok());
    newest = folder.path("data") + "/" + snapshot_name(run->machine().world().cycle());
  }
  const std::string text = *read_text(disk(), newest, uint64_t{1} << 30);
  for (auto _ : state) {
    std::vector<double> ours;
    std::vector<double> parsed;
    for (int i = 0; i < 5; ++i) {
      Clock::time_point begin = Clock::now();
      simdjson::dom::parser parser;
      LEXUM_CHECK(parser.parse(text).error() == simdjson::SUCCESS);
      parsed.push_back(seconds_since(begin));
      begin = Clock::now();
      const auto run = DurableRun::go_on(disk(), folder.path("data"), how);
      LEXUM_CHECK(run.ok() && !(*run)->found().fresh);
      ours.push_back(seconds_since(begin));
    }
    std::ranges::sort(ours);
    std::ranges::sort(parsed);
    state.SetIterationTime(ours[2]);
    state.counters["ms"] = ours[2] * 1e3;
    state.counters["simdjson_ms"] = parsed[2] * 1e3;
    state.counters["mb"] = static_cast<double>(text.size()) / 1e6;
  }
}

BENCHMARK_CAPTURE(ticks, alone, false)->Apply(once);
BENCHMARK_CAPTURE(ticks, beside_a_snapshot, true)->Apply(once);
BENCHMARK_CAPTURE(raw, append_1, 1, true, Of::kGrowing)->Apply(once);
BENCHMARK_CAPTURE(raw, group_1, 1, true, Of::kFilled)->Apply(once);
BENCHMARK_CAPTURE(one_waits, always, Sync::kAlways)->Apply(once);
BENCHMARK_CAPTURE(raw, append_64, 64, true, Of::kGrowing)->Apply(once);
BENCHMARK_CAPTURE(raw, group_64, 64, true, Of::kFilled)->Apply(once);
BENCHMARK_CAPTURE(lexum_accepts, group_64, 64, Sync::kGroup)->Apply(once);
BENCHMARK_CAPTURE(raw, append_1024, 1024, true, Of::kGrowing)->Apply(once);
BENCHMARK_CAPTURE(raw, group_1024, 1024, true, Of::kFilled)->Apply(once);
BENCHMARK_CAPTURE(lexum_accepts, group_1024, 1024, Sync::kGroup)->Apply(once);
#ifdef LEXUM_HAS_SQLITE
BENCHMARK_CAPTURE(sqlite, group_1, 1)->Apply(once);
BENCHMARK_CAPTURE(sqlite, group_64, 64)->Apply(once);
BENCHMARK_CAPTURE(sqlite, group_1024, 1024)->Apply(once);
#endif
BENCHMARK_CAPTURE(raw, none_1, 1, false, Of::kFilled)->Apply(once);
BENCHMARK_CAPTURE(one_waits, none, Sync::kNone)->Apply(once);
BENCHMARK_CAPTURE(journal, none_1, 1, Sync::kNone)->Apply(once);
BENCHMARK_CAPTURE(raw, none_1024, 1024, false, Of::kFilled)->Apply(once);
BENCHMARK_CAPTURE(journal, none_1024, 1024, Sync::kNone)->Apply(once);
BENCHMARK_CAPTURE(journal, group_1024, 1024, Sync::kGroup)->Apply(once);
BENCHMARK_CAPTURE(lexum_accepts, none_1024, 1024, Sync::kNone)->Apply(once);
BENCHMARK(whole_state)->Apply(once);
BENCHMARK_CAPTURE(recovery, after_4092_and_5, 4092, 5)->Apply(once);
BENCHMARK_CAPTURE(recovery, after_10k_and_5, 10'000, 5)->Apply(once);
BENCHMARK_CAPTURE(recovery, after_10M_and_5, 10'000'000, 5)->Apply(once);

}  // namespace
}  // namespace lexum

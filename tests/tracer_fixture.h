// Runs programs into traces in memory, for the tests of what reads them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "machine/machine.h"
#include "memory_files.h"
#include "tracer/log.h"
#include "tracer/reader.h"
#include "tracer/writer.h"

namespace lexum {

inline std::shared_ptr<const Program> program_of(std::string text) {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("test.lxm", std::move(text)), diagnostics);
  for (const Diagnostic& found : diagnostics.sorted()) {
    if (program == nullptr) ADD_FAILURE() << info(found.code).id << " " << found.message;
  }
  return program;
}

struct Recording {
  std::vector<StartValue> start_values;
  std::vector<InputImage> inputs;
  uint64_t cycles_max = 10'000;
  std::vector<InputImage> late = {};  // given before the tick that they name, in that order
};

struct Recorded {
  std::shared_ptr<const Program> program;
  MemoryFiles files = {};  // the trace is "run"
  Hash256 run_hash{};
  std::vector<std::string> log = {};  // as it was while it ran

  std::unique_ptr<TraceReader> open() {
    Result<std::unique_ptr<TraceReader>> reader = TraceReader::open(files, "run");
    if (!reader) ADD_FAILURE() << reader.error().what;
    return reader ? std::move(*reader) : nullptr;
  }
};

inline Recorded record(const std::string& text, const Recording& how = {}) {
  Recorded run{.program = program_of(text)};
  const TraceHeader header{.engine = "0.1.0",
                           .run_id = "00112233445566778899aabbccddeeff",
                           .program_name = "test.lxm",
                           .program_text = text,
                           .start_values = how.start_values,
                           .options = {}};
  Result<std::unique_ptr<TraceWriter>> writer =
      TraceWriter::create(run.files, "run", *run.program, header);
  LiveLog log(*run.program, [&](std::string_view line) { run.log.emplace_back(line); });
  MachineOptions options;
  options.start_values = how.start_values;
  options.cycles_max = how.cycles_max;
  options.sink = writer->get();
  options.listener = &log;
  Machine machine(run.program, options);
  for (const InputImage& input : how.inputs) machine.add_input(input);
  for (const InputImage& input : how.late) {
    const auto is_before = [&] {
      const World& world = machine.world();
      return world.tick_now() + 1 < input.tick && world.cycle() < how.cycles_max;
    };
    while (is_before()) {
      const Result<std::optional<Outcome>> ended = machine.tick();
      if (!ended || *ended) break;
    }
    if (!machine.world().halted()) machine.add_input(input);
  }
  EXPECT_TRUE(machine.run());
  run.run_hash = machine.run_hash();
  EXPECT_TRUE(machine.finish());
  return run;
}

inline std::vector<std::string> log_of(TraceReader& trace, uint64_t from = 1,
                                       uint64_t to = UINT64_MAX) {
  std::vector<std::string> lines;
  const Status read =
      log_trace(trace, from, to, [&](std::string_view line) { lines.emplace_back(line); });
  EXPECT_TRUE(read.ok()) << (read ? "" : read.error().what);
  return lines;
}

// `--set DOMAIN.field=value`, of a single instance.
inline StartValue start_value(const Program& program, std::string_view domain,
                              std::string_view field, Value value) {
  const DomainId id = program.find_domain(domain);
  const auto& fields = program[id].fields;
  uint32_t slot = 0;
  while (fields[slot].name != field) ++slot;
  return {.domain = id, .key = {}, .slot = slot, .value = std::move(value)};
}

inline constexpr const char* kTwoDomains = R"(
domain DatabaseProvisioner {
  state { status: string }
  goal DBIsReady { predicate status == "ready" }
  transition BootDB {
    step {
      if status == "pending" {
        emit Infra.CreatePostgres()
        emit Broadcast(Event::DatabaseReady)
        status = "ready"
      }
    }
  }
}
domain AppProvisioner {
  state { db_ready: bool  app_status: string }
  goal AppIsLive { predicate db_ready == true && app_status == "running" }
  on Event::DatabaseReady { db_ready = true }
  transition BootApp {
    step {
      if db_ready == true && app_status != "running" {
        emit Infra.StartAppContainer()
        app_status = "running"
      }
    }
  }
}
)";

inline Recording two_domains_pending() {
  const auto program = program_of(kTwoDomains);
  return {.start_values = {start_value(*program, "DatabaseProvisioner", "status",
                                       Value::of(std::string_view("pending")))},
          .inputs = {}};
}

// Everything that a trace can hold: keys of both kinds, lists and maps that grow long, broadcasts,
// effects with outcomes, faults with rejected changes, logs, retirements, dead letters.
inline constexpr const char* kMixed = R"(
type Task { id: int = 0, note: string = "none" }
domain Hub {
  state { n: int  names: list<string>  last: Task  by: map<int, string>  memo: string }
  goal Busy { predicate n >= 60 }
  transition Work {
    n += 1
    names = names.add("worker number " + str(n))
    by[n] = "w" + str(n)
    last = Task(id: n, note: "number " + str(n))
    memo = memo + "line " + str(n) + ";"
    send Worker["k" + str(n % 7)] Do(task: last, all: names)
    send Counter[n % 5] Add(by: n)
    if n % 10 == 0 { emit Broadcast(Event::Round(n: n)) }
    if n % 15 == 0 { emit Cloud.Store(key: memo) }
    log "did " + str(n)
  }
  on Cloud.Store::Done(value) { memo = value }
}
domain Worker[name: string] {
  state { done: int  left: int = 3  seen: list<string>  odd: int? }
  transition Boot { done = 100 }
  transition Do(task: Task, all: list<string>) {
    step { done += task.id  seen = all  odd = null }
    slice second { left -= 1  odd = 10 / left }
  }
  on Event::Round(n: int) { if done > 130 { retire } }
}
domain Counter[id: int] {
  state { sum: int }
  transition Add(by: int) { sum += by * self.id }
}
)";

}  // namespace lexum

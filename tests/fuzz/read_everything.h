// What is done with a trace that may say anything: all of it is read, and everything is asked that
// can be asked of everybody. Whatever the file says, that ends, and breaks nothing.
#pragma once

#include <cstdlib>

#include "memory_files.h"
#include "tracer/condition.h"
#include "tracer/course.h"
#include "tracer/export.h"
#include "tracer/find.h"
#include "tracer/life.h"
#include "tracer/log.h"
#include "tracer/path.h"
#include "tracer/reader.h"
#include "tracer/statements.h"
#include "tracer/why.h"
#include "tracer/whynot.h"
#include "tracer/writer.h"

namespace lexum {

// The program of the spoilt traces.
inline constexpr const char* kProgram = R"(
type Task { id: int = 0, note: string = "none" }
domain Hub {
  state { n: int  names: list<string>  last: Task  by: map<int, string>  memo: string? }
  goal Busy { predicate n >= 60 }
  transition Work {
    n += 1
    send Worker["k"] Do(task: last, all: names)
    emit Broadcast(Event::Round(n: n))
    emit Cloud.Store(key: "a")
  }
  on Cloud.Store::Done(value) { memo = value }
}
domain Worker[name: string] {
  state { done: int }
  transition Do(task: Task, all: list<string>) { step { done += task.id } slice second { retire } }
  on Event::Round(n: int) { assert n >= 0  done = n }
}
domain Counter[id: int] { state { sum: int } transition Add(by: int) { sum += by } }
)";

// Through the run as far as it goes, with little memory, and back.
inline void wander(TraceReader& trace) {
  const Result<std::unique_ptr<Timeline>> timeline = Timeline::open(trace, 1);
  if (!timeline) return;
  Timeline& there = **timeline;
  while (there.at().cycle < trace.cycles() && there.forward()) (void)there.events();
  (void)there.go_to(trace.cycles());
  if (there.at().cycle > trace.start()) (void)why(trace, there.at().cycle, {}, 50);
  while (there.at().cycle > trace.start() && there.back()) (void)there.instances_in_order();
  const DomainId hub = trace.program().find_domain("Hub");
  const Result<std::unique_ptr<Condition>> odd =
      hub ? Condition::read(trace.program(), {.domain = hub}, "n % 2 == 1")
          : Result<std::unique_ptr<Condition>>(Error());
  if (odd) {
    (void)each_time(there, **odd, trace.start(), trace.cycles(),
                    [](uint64_t, InstanceId, const std::string&) { return true; });
  }
  for (uint64_t cycle = trace.start() + 1; cycle <= trace.cycles() && cycle < 20; ++cycle) {
    (void)statements_of(there, cycle);
    const Result<CycleView> ran = cycle_at(trace, cycle);
    if (ran && !ran->emissions.empty()) (void)lives_of(there, cycle, 0);
  }
}

// Whatever can be asked of everybody.
inline void ask(TraceReader& trace) {
  const Program& program = trace.program();
  const uint64_t end = trace.cycles();
  for (size_t d = 0; d < program.domains.size(); ++d) {
    const Subjects whose{.domain = DomainId(d)};
    for (uint32_t slot = 0; slot < program.domains[d].fields.size(); ++slot) {
      (void)last_write(trace, {.whose = whose, .slot = slot}, end);
      (void)next_write(trace, {.whose = whose, .slot = slot}, trace.start());
      (void)course_of(trace, {.whose = whose, .slot = slot});
    }
    for (size_t r = 0; r < program.domains[d].routines.size(); ++r) {
      const RoutineTarget routine{.whose = whose, .routine = RoutineIndex(r)};
      const auto all = [](const CycleView&) { return true; };
      (void)hits(trace, routine, trace.start(), end, all);
    }
    for (size_t g = 0; g < program.domains[d].goals.size(); ++g) {
      const GoalTarget goal{.whose = whose, .goal = GoalIndex(g)};
      (void)last_flip(trace, goal, end);
      (void)next_flip(trace, goal, trace.start());
    }
    (void)latest_birth(trace, whose, end);
  }
  const Pattern nothing = *Pattern::read("^$");
  (void)find(trace, nothing, end, trace.start(), [](const Hit&) { return true; });
  for (const ExportTo to : {ExportTo::kPerfetto, ExportTo::kDot, ExportTo::kCsv}) {
    (void)export_trace(trace, to, trace.start(), end, [](std::string_view) {});
  }
  if (end < 100) {
    for (size_t d = 0; d < program.domains.size(); ++d) {
      const RoutineTarget first{.whose = {.domain = DomainId(d)}, .routine = RoutineIndex(0)};
      if (!program.domains[d].routines.empty()) (void)whynot(trace, first, end);
    }
  }
  if (end > trace.start()) (void)path(trace, trace.start() + 1, end);
}

inline void read_everything(MemoryFiles& files) {
  const Result<std::unique_ptr<TraceReader>> trace = TraceReader::open(files, "run");
  if (!trace) return;
  size_t characters = 0;
  (void)log_trace(**trace, 1, UINT64_MAX,
                  [&](std::string_view line) { characters += line.size(); });
  for (size_t i = 0; i < (*trace)->keyframes().size(); ++i) (void)(*trace)->world_at(i);
  for (size_t i = 0; i < (*trace)->chunks().size(); ++i) (void)(*trace)->chunk(i);
  wander(**trace);
  ask(**trace);
  // What was read from a trace can be written into one.
  ColumnSplitter splitter((*trace)->program());
  for (size_t i = 0; i < (*trace)->chunks().size(); ++i) {
    const auto chunk = (*trace)->chunk(i);
    if (!chunk) continue;
    Columns columns;
    const Streams& streams = (*chunk)->streams;
    if (!splitter.split(streams.canonical.bytes(), streams.side.bytes(), columns)) abort();
    if (columns.side_bytes != streams.side.size()) abort();
  }
}

}  // namespace lexum

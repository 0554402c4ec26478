// Feeds the reader of traces with files whose frames all check and whose squeezed bytes unfold, so
// that what is inside them is all that can be wrong. The input is a row of parts, each a kind, a
// length of two bytes and that many bytes:
//
//   0 chunk     cycles, canonical bytes, side bytes: varints; then columns
//   1 keyframe  whole or not: a byte; then a world
//   2 frame     its type: a byte; then its payload as it is
//   3 header    as it is before it is squeezed; only as the first part
//   4 index     of the last chunk, as it is before it is squeezed
//
// Without a header of its own the trace is one of the program below.
#include <cstdlib>

#include "memory_files.h"
#include "tracer/export.h"
#include "tracer/find.h"
#include "tracer/log.h"
#include "tracer/path.h"
#include "tracer/reader.h"
#include "tracer/statements.h"
#include "tracer/why.h"
#include "tracer/whynot.h"
#include "tracer/writer.h"

namespace lexum {
namespace {

constexpr const char* kProgram = R"(
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
  on Event::Round(n: int) { done = n }
}
domain Counter[id: int] { state { sum: int } transition Add(by: int) { sum += by } }
)";

enum class Part : uint8_t { kChunk, kKeyframe, kFrame, kHeader, kIndex };
constexpr int kParts = 5;

class Forger {
 public:
  explicit Forger(MemoryFiles& files)
      : frames_(std::move(*FrameWriter::create(files, "run", kTraceKind))) {}

  void write(Part part, Bytes bytes) {
    out_.clear();
    ByteReader in(bytes);
    if (first_ && part != Part::kHeader) {
      write_header(out_, {.engine = "",
                          .run_id = "",
                          .program_name = "fuzz.lxm",
                          .program_text = kProgram,
                          .start_values = {},
                          .options = {}});
      append(RecordType::kHeader);
    }
    first_ = false;
    switch (part) {
      case Part::kChunk:
        chunk(in);
        return append(RecordType::kChunk);
      case Part::kKeyframe:
        keyframe(in);
        return append(RecordType::kKeyframe);
      case Part::kFrame: {
        const auto type = static_cast<RecordType>(in.byte());
        out_.raw(in.raw(in.left()));
        return append(type);
      }
      case Part::kHeader:
        squeeze(out_, bytes);
        return append(RecordType::kHeader);
      case Part::kIndex:
        out_.varint(last_.first_cycle);
        out_.varint(last_.cycle_count);
        squeeze(out_, bytes);
        return append(RecordType::kIndex);
    }
  }

 private:
  void append(RecordType type) {
    (void)frames_.append(static_cast<uint8_t>(type), out_.bytes());
    out_.clear();
  }
  void chunk(ByteReader& in) {
    // Right guesses make any number of bytes out of none, so only few are asked for.
    const ChunkHead head{.first_cycle = next_cycle_,
                         .cycle_count = in.varint(),
                         .tick_before = 0,
                         .canonical_bytes = in.varint() & 0xffff,
                         .side_bytes = in.varint() & 0xffff,
                         .run_hash = {}};
    next_cycle_ += head.cycle_count;
    last_ = head;
    write_chunk_head(out_, head);
    squeeze(out_, in.raw(in.left()));
  }
  // The head of a keyframe is two varints.
  void keyframe(ByteReader& in) {
    out_.varint(next_cycle_ - 1);
    out_.varint(in.byte() & 1);
    squeeze(out_, in.raw(in.left()));
  }

  FrameWriter frames_;
  ByteWriter out_;
  bool first_ = true;
  uint64_t next_cycle_ = 1;
  ChunkHead last_;  // of a chunk
};

void forge(MemoryFiles& files, Bytes input) {
  Forger forger(files);
  ByteReader in(input);
  while (!in.at_end()) {
    const auto part = static_cast<Part>(in.byte() % kParts);
    const size_t low = in.byte();
    const size_t length = low | size_t{in.byte()} << 8;
    forger.write(part, in.raw(std::min(length, in.left())));
  }
}

// Through the run as far as it goes, with little memory, and back.
void wander(TraceReader& trace) {
  const Result<std::unique_ptr<Timeline>> timeline = Timeline::open(trace, 1);
  if (!timeline) return;
  Timeline& there = **timeline;
  while (there.at().cycle < trace.cycles() && there.forward()) (void)there.events();
  (void)there.go_to(trace.cycles());
  if (there.at().cycle > trace.start()) (void)why(trace, there.at().cycle, {}, 50);
  while (there.at().cycle > trace.start() && there.back()) (void)there.instances_in_order();
  for (uint64_t cycle = trace.start() + 1; cycle <= trace.cycles() && cycle < 20; ++cycle) {
    (void)statements_of(there, cycle);
  }
}

// Whatever can be asked of everybody.
void ask(TraceReader& trace) {
  const Program& program = trace.program();
  const uint64_t end = trace.cycles();
  for (size_t d = 0; d < program.domains.size(); ++d) {
    const Subjects whose{.domain = DomainId(d)};
    for (uint32_t slot = 0; slot < program.domains[d].fields.size(); ++slot) {
      (void)last_write(trace, {.whose = whose, .slot = slot}, end);
      (void)next_write(trace, {.whose = whose, .slot = slot}, trace.start());
    }
    for (size_t r = 0; r < program.domains[d].routines.size(); ++r) {
      const RoutineTarget routine{.whose = whose, .routine = RoutineIndex(r)};
      const auto all = [](const CycleView&) { return true; };
      (void)hits(trace, routine, trace.start(), end, all);
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

void read_everything(MemoryFiles& files) {
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

}  // namespace
}  // namespace lexum

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lexum::MemoryFiles files;
  lexum::forge(files, std::as_bytes(std::span(data, size)));
  lexum::read_everything(files);
  return 0;
}

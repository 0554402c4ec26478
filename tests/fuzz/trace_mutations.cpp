// A small trace, spoilt in a million ways: trace_mutations [how many [first seed]]. Each seed makes
// the same file again. A quarter each:
//
//   the file ends early, and one byte in two of these is another one
//   one byte of the file is another one
//   one byte of a frame is another one, and the checksums say that this is right
//   one byte of what is squeezed into a frame is, and is squeezed and sealed again
//
// Says every thousand seeds where it is: what breaks, breaks again from there.
#include <charconv>
#include <cstdio>
#include <random>

#include "eval/load.h"
#include "machine/inputs.h"
#include "machine/machine.h"
#include "read_everything.h"

namespace lexum {
namespace {

using Random = std::mt19937_64;

std::string small_trace() {
  MemoryFiles files;
  Diagnostics diagnostics;
  const std::shared_ptr<const Program> program = load(Source("small.lxm", kProgram), diagnostics);
  const TraceHeader header{.engine = "0.1.0",
                           .run_id = "0011",
                           .program_name = "small.lxm",
                           .program_text = kProgram,
                           .start_values = {},
                           .options = {}};
  const auto writer = std::move(*TraceWriter::create(files, "run", *program, header));
  MachineOptions options;
  options.sink = writer.get();
  options.cycles_max = 66;  // so many that its chunk has an index
  Machine machine(program, options);
  machine.add_input(*read_message(*program, "Counter[7] Add(by: 3)"));
  machine.add_input(*read_message(*program, "Counter[7] Add(by: 9223372036854775807)"));
  // What operators do, too: among all else, and when it is over.
  for (const char* act :
       {R"({"set": "Hub.n=7", "at": 5})", R"({"set": "Counter[7].sum=2", "at": 9})",
        R"({"revive": "Counter[7]", "how": "rollback", "at": 12})", R"({"redeliver": 1, "at": 13})",
        R"({"set": "Hub.memo=\"x\"", "at": 500})"}) {
    machine.add_input(*read_input_line(*program, act));
  }
  if (!machine.run() || !machine.finish()) abort();
  return files["run"];
}

// ---- what a file is made of

struct Record {
  RecordType type;
  std::vector<std::byte> payload;
};
std::vector<Record> records_of(const std::string& bytes) {
  MemoryFiles files;
  files["run"] = bytes;
  const FrameReader frames = std::move(*FrameReader::open(files, "run", kTraceKind));
  std::vector<Record> records;
  for (FramePlace place = frames.first();;) {
    auto frame = std::move(*frames.read(place));
    if (!frame) return records;
    records.push_back({static_cast<RecordType>(frame->type), std::move(frame->payload)});
    place = frame->next;
  }
}
std::string sealed(const std::vector<Record>& records) {
  MemoryFiles files;
  FrameWriter frames = std::move(*FrameWriter::create(files, "run", kTraceKind));
  for (const Record& one : records) {
    if (!frames.append(static_cast<uint8_t>(one.type), one.payload)) abort();
  }
  return files["run"];
}

size_t below(Random& random, size_t limit) { return limit == 0 ? 0 : random() % limit; }
template <class Bytes>
void spoil(Random& random, Bytes& bytes) {
  if (bytes.size() == 0) return;
  auto& byte = bytes[below(random, bytes.size())];
  byte = static_cast<std::remove_reference_t<decltype(byte)>>(static_cast<uint8_t>(byte) ^
                                                              (1 + below(random, 255)));
}

// What stands before what is squeezed, and behind it.
void spoil_inside(Random& random, Record& record) {
  ByteReader in(record.payload);
  if (record.type == RecordType::kChunk) (void)read_chunk_head(in);
  if (record.type == RecordType::kKeyframe) (void)read_keyframe_head(in);
  if (record.type == RecordType::kIndex) (void)in.varint(), (void)in.varint();
  const size_t before = record.payload.size() - in.left();
  std::vector<std::byte> raw;
  if (!unsqueeze(in, raw)) abort();
  spoil(random, raw);
  ByteWriter out;
  out.raw(Bytes(record.payload).first(before));
  squeeze(out, raw);
  out.raw(in.raw(in.left()));
  record.payload.assign(out.bytes().begin(), out.bytes().end());
}

std::string mutation(const std::string& whole, const std::vector<Record>& records, uint64_t seed) {
  Random random(seed);
  std::string bytes = whole;
  std::vector<Record> spoilt = records;
  Record& one = spoilt[below(random, spoilt.size())];
  switch (seed % 4) {
    case 0:
      bytes.resize(below(random, bytes.size()));
      if (random() % 2 == 0) spoil(random, bytes);
      return bytes;
    case 1:
      spoil(random, bytes);
      return bytes;
    case 2:
      spoil(random, one.payload);
      return sealed(spoilt);
    default:
      spoil_inside(random, one);
      return sealed(spoilt);
  }
}

int spoil_all(uint64_t count, uint64_t first) {
  const std::string whole = small_trace();
  const std::vector<Record> records = records_of(whole);
  std::printf("a trace of %zu bytes in %zu records\n", whole.size(), records.size());
  uint64_t opened = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    if (seed % 1000 == 0) {
      std::printf("\rseed %llu", static_cast<unsigned long long>(seed));
      std::fflush(stdout);
    }
    MemoryFiles files;
    files["run"] = mutation(whole, records, seed);
    opened += TraceReader::open(files, "run").ok();
    read_everything(files);
  }
  std::printf("\n%llu of %llu could be opened, and all were read as far as they go\n",
              static_cast<unsigned long long>(opened), static_cast<unsigned long long>(count));
  return 0;
}

}  // namespace
}  // namespace lexum

int main(int argc, char** argv) {
  uint64_t numbers[] = {1'000'000, 1};
  for (int i = 1; i < argc && i <= 2; ++i) {
    const std::string_view text = argv[i];
    const auto [end, wrong] =
        std::from_chars(text.data(), text.data() + text.size(), numbers[i - 1]);
    if (wrong != std::errc() || end != text.data() + text.size()) {
      std::fputs("trace_mutations [how many [first seed]]\n", stderr);
      return 2;
    }
  }
  return lexum::spoil_all(numbers[0], numbers[1]);
}

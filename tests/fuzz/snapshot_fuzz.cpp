// Feeds the reader of snapshots with files whose hash is right, so that what stands in them is all
// that can be wrong; and a world that it takes is let run, and kept again. The input is what
// follows on the program's hash; the program is the one of the spoilt traces.
#include <cstdint>

#include <fmt/format.h>

#include "base/check.h"
#include "eval/load.h"
#include "machine/machine.h"
#include "machine/snapshot.h"
#include "read_everything.h"

namespace lexum {
namespace {

std::shared_ptr<const Program> the_program() {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("fuzz.lxm", kProgram), diagnostics);
  LEXUM_CHECK(program != nullptr);
  return program;
}

Result<Snapshot> read(const Program& program, std::string text) {
  text += kSnapshotHashMember;
  text += to_hex(blake2b(as_bytes(text))) + std::string(kSnapshotEnd);
  MemoryFiles files;
  files["text"] = std::move(text);
  const std::unique_ptr<File> file = std::move(*files.open("text"));
  (void)read_snapshot_head(*file);
  return read_snapshot(program, *file);
}

std::string written(const Program& program, Snapshot snapshot) {
  snapshot.domains.clear();
  std::vector<const InstanceImage*> instances;
  for (const InstanceImage& one : snapshot.point.image.instances) {
    snapshot.domains.push_back(one.domain);
    instances.push_back(&one);
  }
  std::string text;
  const auto append = [&](std::string_view piece) {
    text += piece;
    return Done{};
  };
  LEXUM_CHECK(write_json(program, snapshot, snapshot.point.image, instances, append).ok());
  text.resize(text.rfind(kSnapshotHashMember));
  return text;
}

void take(const std::shared_ptr<const Program>& program, std::string_view tail) {
  const std::string head = fmt::format("{{\"format\":{},\"cycle\":1000,\"program\":\"{}\"",
                                       kSnapshotFormat, to_hex(program_hash(*program)));
  Result<Snapshot> snapshot = read(*program, head + std::string(tail));
  if (!snapshot || snapshot->base) return;
  const Result<Snapshot> whole = put_together(*program, {std::move(*snapshot)});
  if (!whole) return;
  const Result<Snapshot> again = read(*program, written(*program, *whole));
  LEXUM_CHECK(again.ok());
  LEXUM_CHECK(written(*program, *again) == written(*program, *whole));
  MachineOptions options;
  options.start_values = whole->start_values;
  options.cycles_max = whole->point.image.cycle + 100;
  Machine machine(program, std::move(options), whole->point);
  (void)machine.run();
  (void)machine.run_hash();
}

}  // namespace
}  // namespace lexum

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto program = lexum::the_program();
  lexum::take(program, {reinterpret_cast<const char*>(data), size});
  return 0;
}

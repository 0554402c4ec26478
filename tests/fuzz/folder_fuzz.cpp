// Feeds a data folder with journals whose frames all check, so that what their records say is all
// that can be wrong; and a run that it takes goes on, and is asked what has been. The input is a
// row of records, each a type, a length of two bytes and that many bytes. The folder has been
// upgraded once, to the second program below.
#include <cstdint>
#include <map>
#include <string>

#include "base/check.h"
#include "eval/load.h"
#include "machine/durable.h"
#include "machine/past.h"
#include "memory_files.h"
#include "store/journal.h"

namespace lexum {
namespace {

// Whatever it is told, it comes to rest: else no journal could be read to its end.
constexpr const char* kRests = R"(
type Task { id: int = 0, note: string = "none" }
domain Hub {
  state { n: int  names: list<string>  last: Task  by: map<int, string>  memo: string? }
  goal Even { predicate n % 2 == 0 }
  transition Work {
    n += 1
    send Worker["k"] Do(task: last, all: names)
    emit Broadcast(Event::Round(n: n))
    emit Cloud.Store(key: "a")
  }
  on Put(n: int, by: map<int, string>, last: Task) { state.n = n  state.by = by  state.last = last }
  on Cloud.Store::Done(value) { memo = value }
}
domain Worker[name: string] {
  state { done: int }
  transition Do(task: Task, all: list<string>) { step { done += task.id } slice second { retire } }
  on Event::Round(n: int) { assert n >= 0  done = n }
}
domain Counter[id: int] { state { sum: int } transition Add(by: int) { sum += by } }
)";

std::shared_ptr<const Program> program_of(std::string text) {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("fuzz.lxm", std::move(text)), diagnostics);
  LEXUM_CHECK(program != nullptr);
  return program;
}

// What lies beside the journal.
std::map<std::string, std::string> the_folder() {
  MemoryFiles files;
  std::string changed = kRests;
  changed.replace(changed.find("n: int "), 7, "n: int  more: int = 3 ");
  LEXUM_CHECK(DurableRun::open(files, "d", program_of(kRests), {}, {}).ok());
  LEXUM_CHECK(DurableRun::upgrade(files, "d", program_of(changed), {}).ok());
  std::map<std::string, std::string> folder;
  const std::vector<std::string> names = *files.list("d");
  for (const std::string& name : names) {
    if (name.ends_with(".lxm") || name.ends_with("run.json")) folder[name] = files["d/" + name];
  }
  return folder;
}

void write_journal(MemoryFiles& files, Bytes input) {
  const auto journal = std::move(*Journal::open(
      files, "d", Sync::kNone, 1, [](const JournalRecord&) { return true; }, 4096));
  for (ByteReader in(input); !in.at_end();) {
    const uint8_t type = in.byte();
    const size_t low = in.byte();
    const size_t length = low | size_t{in.byte()} << 8;
    journal->add(type, in.raw(std::min(length, in.left())));
  }
  LEXUM_CHECK(journal->make_all_durable().ok());
}

void go_on(MemoryFiles& files) {
  MachineOptions how;
  how.cycles_max = 200;
  const auto run = DurableRun::go_on(
      files, "d", {.machine = how, .segment_bytes = 4096, .snapshots_at_once = true});
  if (!run) return;
  (void)(*run)->run();
  (void)(*run)->machine().run_hash();
  (void)read_past(files, "d");
}

}  // namespace
}  // namespace lexum

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::map<std::string, std::string> folder = lexum::the_folder();
  lexum::MemoryFiles files;
  for (const auto& [name, text] : folder) files["d/" + name] = text;
  lexum::write_journal(files, std::as_bytes(std::span(data, size)));
  lexum::go_on(files);
  return 0;
}

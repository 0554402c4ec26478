// Any line that comes from outside (by standard input, the socket, HTTP) is an input of the program
// or is told of in one line; and a world takes every input. Settings are what they say: their text
// read again is the same value.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "base/check.h"
#include "eval/load.h"
#include "machine/entry.h"
#include "machine/inputs.h"
#include "machine/machine.h"
#include "runtime/fits.h"
#include "value/value.h"

namespace lexum {
namespace {

constexpr const char* kTakesAnything = R"(
type Task { id: int = 0, note: string = "none", next: Task? }
domain Shop {
  state { n: int  open: bool  note: string?  tags: list<string>  last: Task
          by: map<int, string>  prices: map<string, int> }
  goal Even { predicate n % 2 == 0 }
  transition Settle { n += 1 }
  on Put(n: int, by: map<int, string>, last: Task, note: string?) {
    state.n = n  state.by = by  state.last = last  state.note = note
  }
  on Tag(tags: list<string>, open: bool) { state.tags = tags  state.open = open }
}
domain User[name: string] {
  state { done: int }
  on Pay(sum: int) { done += sum  assert done >= 0 }
  on Event::Round(n: int) { done = n }
}
domain Counter[id: int] { state { sum: int } on Add(by: int) { sum += by } }
)";

std::shared_ptr<const Program> the_program() {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("fuzz.lxm", kTakesAnything), diagnostics);
  LEXUM_CHECK(program != nullptr);
  return program;
}

template <class T>
void is_told_in_a_line(const Result<T>& refused) {
  LEXUM_CHECK(!refused.error().what.empty());
  LEXUM_CHECK(std::ranges::count(refused.error().what, '\n') == 0);
}

void set(const std::shared_ptr<const Program>& program, std::string_view text) {
  const Result<StartValue> start = read_setting(*program, text);
  if (!start) return is_told_in_a_line(start);
  LEXUM_CHECK(fits(*start, *program));
  const Domain& domain = (*program)[start->domain];
  const std::string key = domain.keyed ? "[" + literal(start->key, program->shapes) + "]" : "";
  const std::string again = domain.name + key + "." + domain.fields[start->slot].name + "=" +
                            setting_text(*program, start->value);
  const Result<StartValue> same = read_setting(*program, again);
  LEXUM_CHECK(same.ok() && same->value == start->value);
}

void take(const std::shared_ptr<const Program>& program, std::string_view line) {
  Result<InputImage> input = read_any(*program, line);
  if (!input) return is_told_in_a_line(input);
  LEXUM_CHECK(fits(*input, *program));
  input->number = 1;
  ByteWriter bytes;
  write_input(bytes, *input);
  LEXUM_CHECK(read_input(*program, record_of(*input), bytes.bytes()).has_value());
  MachineOptions options;
  options.cycles_max = 50;
  Machine machine(program, std::move(options));
  machine.add_input(std::move(*input));
  (void)machine.run();
}

}  // namespace
}  // namespace lexum

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto program = lexum::the_program();
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  lexum::take(program, line);
  lexum::set(program, line);
  return 0;
}

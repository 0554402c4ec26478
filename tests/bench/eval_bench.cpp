// What one slice costs: four workloads, each a handler or four of them in turn, from the message's
// argument to the outbox, and what the outbox wants is done to the fields. No mailbox, no record.
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "eval/load.h"
#include "eval/slice.h"

namespace lexum {
namespace {

constexpr const char* kCounter = R"(
domain D { state { count: int wraps: int }
  on Tick(i: int) { count += 1 if count >= 1000 { count = 0 wraps += 1 } } })";

constexpr const char* kDispatch = R"(
domain D { state { total: int }
  on Start(i: int) { total += i }
  on Tick(i: int) { total += 1 }
  on Stop(i: int) { total -= i }
  on Reset(i: int) { total = 0 } })";

constexpr const char* kStrings = R"(
domain D { state { status: string }
  on Turn(i: int) { if status == "running" { status = "idle" } else { status = "running" } } })";

constexpr const char* kGuarded = R"(
domain D { state { status: string = "idle" count: int last: int total: int wraps: int }
  on Start(i: int) {
    if status == "idle" && count < 1000000000 { status = "running" count += 1 last = i } }
  on Tick(i: int) { if status == "running" && i % 8 != 0 { total += i } }
  on Stop(i: int) { if status == "running" { status = "idle" last = i } }
  on Reset(i: int) { if total > 1000000 { total = 0 wraps += 1 } } })";

// A program's only domain, and an instance of it.
class Instance {
 public:
  explicit Instance(const char* source) {
    Diagnostics diagnostics;
    program_ = load(Source("bench.lxm", source), diagnostics);
    if (!program_) std::abort();
    interpreter_ = std::make_unique<Interpreter>(*program_);
    for (const Field& field : domain().fields) fields_.push_back(field.initial);
  }

  [[nodiscard]] const Domain& domain() const { return program_->domains[0]; }
  // What the handler wants is in outbox().
  void handle(size_t handler, int64_t argument) {
    out_.clear();
    const Routine& routine = domain().routines[handler];
    const Value param = Value::of(argument);
    interpreter_->run(routine, routine.slices[0], {fields_, nullptr}, {&param, 1}, out_);
  }
  void commit() {
    for (FieldChange& change : out_.changes) fields_[change.slot].swap(change.value);
  }
  [[nodiscard]] const Outbox& outbox() const { return out_; }

 private:
  std::unique_ptr<const Program> program_;
  std::unique_ptr<Interpreter> interpreter_;
  std::vector<Value> fields_;
  Outbox out_;
};

void workload(benchmark::State& state, const char* source) {
  Instance instance(source);
  const size_t handlers = instance.domain().routines.size();
  int64_t i = 0;
  for (auto _ : state) {
    ++i;
    instance.handle(static_cast<size_t>(i) % handlers, i);
    if (instance.outbox().fault) return state.SkipWithError("a slice faulted");
    instance.commit();
  }
}
BENCHMARK_CAPTURE(workload, counter, kCounter);
BENCHMARK_CAPTURE(workload, dispatch, kDispatch);
BENCHMARK_CAPTURE(workload, strings, kStrings);
BENCHMARK_CAPTURE(workload, guarded, kGuarded);

// The guarded slice whose guard always holds, so that every turn writes three fields.
void guard_holds(benchmark::State& state) {
  Instance instance(kGuarded);
  int64_t i = 0;
  for (auto _ : state) {
    instance.handle(0, ++i);
    benchmark::DoNotOptimize(instance.outbox().changes.data());
  }
}
BENCHMARK(guard_holds);

// The same one when it does not hold: what a blocked transition costs to try.
void guard_fails(benchmark::State& state) {
  Instance instance(kGuarded);
  instance.handle(0, 1);
  instance.commit();
  int64_t i = 0;
  for (auto _ : state) {
    instance.handle(0, ++i);
    benchmark::DoNotOptimize(instance.outbox().changes.data());
  }
}
BENCHMARK(guard_fails);

void predicate(benchmark::State& state) {
  Diagnostics diagnostics;
  const auto program =
      load(Source("bench.lxm",
                  "domain D { state { n: int = 1 } goal G { target n >= 5 && n % 2 == 1 } "
                  "transition T { n += 1 } }"),
           diagnostics);
  if (!program) return state.SkipWithError("the program is wrong");
  Interpreter interpreter(*program);
  std::vector<Value> fields = {Value::of(int64_t{7})};
  Fault fault;
  for (auto _ : state) {
    bool holds = interpreter.test(program->domains[0].goals[0].predicate, {fields, nullptr}, fault);
    benchmark::DoNotOptimize(holds);
  }
}
BENCHMARK(predicate);

// A storm of faults must not stop everybody else.
void fault(benchmark::State& state) {
  Instance instance("domain D { state { n: int } on M(i: int) { n = 1 n = i / 0 } }");
  for (auto _ : state) instance.handle(0, 7);
}
BENCHMARK(fault);

// One key of a map of this many entries.
void one_key_of_a_map(benchmark::State& state) {
  Instance instance(
      "domain D { state { m: map<int, int> } on Fill(i: int) { for k in 0..9000 { m[i + k] = k } } "
      "on Set(i: int) { m[i] = i } }");
  for (int64_t size = 0; size < state.range(0); size += 9000) {
    instance.handle(0, size);
    instance.commit();
  }
  int64_t i = 0;
  for (auto _ : state) {
    instance.handle(1, ++i * 7919 % state.range(0));
    instance.commit();
  }
}
BENCHMARK(one_key_of_a_map)->Arg(9'000)->Arg(900'000);

}  // namespace
}  // namespace lexum

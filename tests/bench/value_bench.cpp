// What an edit of a value costs, next to the copy that a mutable container would need to keep the
// old version.
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "value/change.h"
#include "value/value.h"

namespace lexum {
namespace {

Value number(int64_t n) { return Value::of(n); }

Value squares(int64_t count) {
  std::vector<Entry> entries;
  for (int64_t i = 0; i < count; ++i) entries.push_back({number(i), number(i * i)});
  return Value::map(entries);
}

// Keys in an order that no cache likes.
int64_t next_key(int64_t key, int64_t count) { return (key * 2862933555 + 12345) % count; }

void set_in_kept_map(benchmark::State& state) {
  const Value map = squares(state.range(0));
  int64_t key = 0;
  for (auto _ : state) {
    key = next_key(key, state.range(0));
    benchmark::DoNotOptimize(map.put(number(key), number(key)));
  }
}
BENCHMARK(set_in_kept_map)->Arg(1000)->Arg(1000000);

void set_in_own_map(benchmark::State& state) {
  Value map = squares(state.range(0));
  int64_t key = 0;
  for (auto _ : state) {
    key = next_key(key, state.range(0));
    map = std::move(map).put(number(key), number(key + 1));
  }
}
BENCHMARK(set_in_own_map)->Arg(1000)->Arg(1000000);

void set_in_copy_of_std_map(benchmark::State& state) {
  std::map<int64_t, int64_t> map;
  for (int64_t i = 0; i < state.range(0); ++i) map.emplace_hint(map.end(), i, i * i);
  int64_t key = 0;
  for (auto _ : state) {
    key = next_key(key, state.range(0));
    std::map<int64_t, int64_t> copy = map;
    copy[key] = key;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(set_in_copy_of_std_map)->Arg(1000)->Arg(1000000);

void find_in_map(benchmark::State& state) {
  const Value map = squares(state.range(0));
  int64_t key = 0;
  Value found;
  for (auto _ : state) {
    key = next_key(key, state.range(0));
    benchmark::DoNotOptimize(map.find(number(key), found));
  }
}
BENCHMARK(find_in_map)->Arg(1000)->Arg(1000000);

void append_to_list(benchmark::State& state) {
  Value list = Value::empty_list();
  for (auto _ : state) list = std::move(list).appended(number(7));
}
BENCHMARK(append_to_list);

void turn_kept_queue(benchmark::State& state) {
  Value queue = Value::empty_list();
  for (int64_t i = 0; i < state.range(0); ++i) queue = std::move(queue).appended(number(i));
  for (auto _ : state) {
    Value kept = queue;
    queue = queue.erased(0).appended(number(7));
    benchmark::DoNotOptimize(kept);
  }
}
BENCHMARK(turn_kept_queue)->Arg(10)->Arg(1000)->Arg(1000000);

void concat_line_to_text(benchmark::State& state) {
  const Value line = Value::of("one more line of a log\n");
  Value log = Value::of("");
  for (auto _ : state) log = Value::concat(std::move(log), line);
}
BENCHMARK(concat_line_to_text);

void concat_line_to_kept_text(benchmark::State& state) {
  const Value line = Value::of("one more line of a log\n");
  Value log = Value::of(std::string(1000000, 'x'));
  for (auto _ : state) {
    Value kept = log;
    log = Value::concat(log, line);
    benchmark::DoNotOptimize(kept);
  }
}
BENCHMARK(concat_line_to_kept_text);

void digest_of_int(benchmark::State& state) {
  int64_t n = 0;
  for (auto _ : state) benchmark::DoNotOptimize(number(++n).digest());
}
BENCHMARK(digest_of_int);

void digest_of_new_text(benchmark::State& state) {
  const std::string text(static_cast<size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(Value::of(text).digest());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(digest_of_new_text)->Arg(10)->Arg(500)->Arg(1000000);

void change_of_one_in_map(benchmark::State& state) {
  const Value before = squares(state.range(0));
  const Value after = before.put(number(state.range(0) / 3), number(-1));
  ByteWriter out;
  for (auto _ : state) {
    out.clear();
    encode_change(out, before, after);
  }
}
BENCHMARK(change_of_one_in_map)->Arg(1000)->Arg(1000000);

}  // namespace
}  // namespace lexum

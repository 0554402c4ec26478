// Conditions in Lexum's own words come to hold where they did.
#include "machine/inputs.h"
#include "tracer/condition.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

Result<std::unique_ptr<Condition>> about(const Program& program, const char* domain,
                                         std::optional<Value> key, const char* expression) {
  return Condition::read(program, {.domain = program.find_domain(domain), .key = std::move(key)},
                         expression);
}

using Sights = std::vector<std::pair<uint64_t, uint32_t>>;

Sights sights(TraceReader& trace, const char* domain, std::optional<Value> key,
              const char* expression, uint64_t from, uint64_t to) {
  const auto condition = about(trace.program(), domain, std::move(key), expression);
  if (!condition) {
    ADD_FAILURE() << condition.error().what;
    return {};
  }
  const auto timeline = std::move(*Timeline::open(trace));
  Sights seen;
  const auto end = each_time(*timeline, **condition, from, to,
                             [&](uint64_t cycle, InstanceId id, const std::string&) {
                               seen.emplace_back(cycle, id.value);
                               return true;
                             });
  EXPECT_TRUE(end.ok());
  return seen;
}

// The same by looking at everybody everywhere. `holds` says it in C++.
template <class Holds>
Sights expected(TraceReader& trace, const char* domain, std::optional<Value> key, uint64_t from,
                uint64_t to, Holds holds) {
  const auto timeline = std::move(*Timeline::open(trace));
  const DomainId id = trace.program().find_domain(domain);
  Sights seen;
  std::vector<bool> held;
  for (uint64_t cycle = from; cycle <= to; ++cycle) {
    EXPECT_TRUE(timeline->go_to(cycle));
    const WorldState& state = timeline->state();
    held.resize(state.size());
    for (size_t i = 0; i < state.size(); ++i) {
      const InstanceState& one = state[InstanceId(i)];
      const bool now = one.domain == id && !one.gone && (!key || one.key == *key) && holds(one);
      if (now && !held[i]) seen.emplace_back(cycle, i);
      held[i] = now;
    }
  }
  return seen;
}

TEST(Condition, ComesToHoldWhereItDid) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const uint64_t last = trace->cycles();
  for (const auto& [from, to] : std::vector<std::pair<uint64_t, uint64_t>>{
           {0, last}, {last / 2, last}, {3, 40}, {last, last}}) {
    const auto odd_sum = [](const InstanceState& one) { return one.fields[0].as_int() % 2 == 1; };
    EXPECT_EQ(sights(*trace, "Counter", {}, "sum % 2 == 1", from, to),
              expected(*trace, "Counter", {}, from, to, odd_sum));
    EXPECT_EQ(sights(*trace, "Counter", Value::of(int64_t{3}), "sum % 2 == 1 // odd", from, to),
              expected(*trace, "Counter", Value::of(int64_t{3}), from, to, odd_sum));
    EXPECT_EQ(
        sights(*trace, "Worker", {}, "self.name != \"k1\" && odd == null && done > 110", from, to),
        expected(*trace, "Worker", {}, from, to, [](const InstanceState& one) {
          return one.key != Value::of(std::string_view("k1")) && one.fields[3].is_null() &&
                 one.fields[0].as_int() > 110;
        }));
    EXPECT_EQ(sights(*trace, "Hub", {}, "names.length >= 30 && last.note matches \"9\"", from, to),
              expected(*trace, "Hub", {}, from, to, [](const InstanceState& one) {
                return one.fields[1].size() >= 30 &&
                       one.fields[2].fields()[1].text().find('9') != std::string::npos;
              }));
  }
  EXPECT_GT(sights(*trace, "Counter", {}, "sum % 2 == 1", 0, last).size(), 4u);
}

TEST(Condition, DoesNotHoldWhereItWouldFault) {
  Recorded run = record(
      "domain D { state { n: int } goal G { predicate n >= 4 }"
      " transition T { n += 1 } }");
  const auto trace = run.open();
  EXPECT_EQ(sights(*trace, "D", Value(), "10 / (n - 2) > 0", 0, 4), (Sights{{3, 0}}));
}

TEST(Condition, StopsAtTheFirst) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const auto condition = about(trace->program(), "Hub", Value(), "n >= 7");
  const auto timeline = std::move(*Timeline::open(*trace));
  uint64_t first = 0;
  const auto end = each_time(*timeline, **condition, 0, trace->cycles(),
                             [&](uint64_t cycle, InstanceId, const std::string&) {
                               first = cycle;
                               return false;
                             });
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->at, first);
  ASSERT_TRUE(timeline->go_to(first));
  const DomainId hub = trace->program().find_domain("Hub");
  EXPECT_EQ(timeline->state()[timeline->find(hub, {})].fields[0], Value::of(int64_t{7}));
}

TEST(Condition, ComesToHoldByWhatAnOperatorDid) {
  const char* program =
      "domain D[id: int] { state { n: int } goal G { predicate n >= 6 } transition T { n += 1 }"
      " on Hello { } }";
  const auto loaded = program_of(program);
  Recording how;
  how.inputs.push_back(*read_message(*loaded, "D[1] Hello"));
  // It is 3 after the cycle that makes it so no longer once the moment is over.
  for (const char* set : {R"({"set": "D[1].n=1", "at": 5})", R"({"set": "D[1].n=3", "at": 20})",
                          R"({"set": "D[2].n=3", "at": 20})"}) {
    how.inputs.push_back(*read_input_line(*loaded, set));
  }
  Recorded run = record(program, how);
  const auto trace = run.open();
  const uint64_t last = trace->cycles();
  for (const auto& [from, to] :
       std::vector<std::pair<uint64_t, uint64_t>>{{0, last}, {2, 7}, {5, last}, {last, last}}) {
    for (const int64_t n : {1, 3, 4}) {
      EXPECT_EQ(sights(*trace, "D", {}, ("n == " + std::to_string(n)).c_str(), from, to),
                expected(*trace, "D", {}, from, to,
                         [n](const InstanceState& one) { return one.fields[0] == Value::of(n); }))
          << n << " from " << from;
    }
  }
}

TEST(Condition, SaysWhereItIsWrong) {
  const auto program = program_of(kMixed);
  const auto problem = [&](const char* expression) {
    const auto read = about(*program, "Hub", Value(), expression);
    return read ? "none" : read.error().what;
  };
  EXPECT_EQ(problem("n > 3"), "none");
  EXPECT_THAT(problem("n > 3 && nmes.length > 2"), HasSubstr("column 10: "));
  EXPECT_THAT(problem("n > 3 && nmes.length > 2"), HasSubstr("names"));
  EXPECT_THAT(problem("n +"), HasSubstr("column 4: "));
  EXPECT_THAT(problem("n"), HasSubstr("column 1: "));
  EXPECT_THAT(problem(""), HasSubstr("column 1: "));
  // It is one expression, whatever it looks like.
  EXPECT_THAT(problem("true } goal G { predicate false"), HasSubstr("column 6: "));
}

}  // namespace
}  // namespace lexum

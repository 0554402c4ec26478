// Who wrote a field and what ran when, asked by name.
#include <fmt/format.h>

#include "machine/inputs.h"
#include "machine/report.h"
#include "tracer/ask.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Program& mixed() {
  static const std::shared_ptr<const Program> program = program_of(kMixed);
  return *program;
}

std::string field(std::string_view text) {
  const Result<FieldTarget> target = read_field_target(mixed(), text);
  if (!target) return target.error().what;
  const Domain& domain = mixed()[target->whose.domain];
  const std::string who = target->whose.key
                              ? instance_name(mixed(), target->whose.domain, *target->whose.key)
                              : domain.name + "[*]";
  return who + "." + domain.fields[target->slot].name;
}

TEST(Target, IsAFieldByName) {
  EXPECT_EQ(field("Hub.n"), "Hub.n");
  EXPECT_EQ(field("Counter[-3].sum"), "Counter[-3].sum");
  EXPECT_EQ(field("Counter.sum"), "Counter[*].sum");
  EXPECT_EQ(field("Worker[\"a].\\\"b\"].odd"), "Worker[\"a].\\\"b\"].odd");
  EXPECT_THAT(field("Hub.nn"), HasSubstr("`Hub` has no field `nn`; there is `n`, `names`"));
  EXPECT_THAT(field("Hbu.n"), HasSubstr("did you mean `Hub`?"));
  EXPECT_THAT(field("Hub[1].n"), HasSubstr("leave out `[1]`"));
  for (const char* text : {"", "Hub", "Hub.", ".n", "Counter[", "Counter[1", "Counter[1]"}) {
    EXPECT_THAT(field(text), HasSubstr("write it as D.field or D[7].field")) << text;
  }
}

TEST(Target, IsATransitionOrHandlerByName) {
  const auto routine = [](std::string_view text) {
    const Result<RoutineTarget> target = read_routine_target(mixed(), text);
    if (!target) return target.error().what;
    return routine_name(mixed()[target->whose.domain].routines[target->routine.index()]);
  };
  EXPECT_EQ(routine("Hub.Work"), "Work");
  EXPECT_EQ(routine("Worker[\"k1\"].Do"), "Do");
  EXPECT_EQ(routine("Worker.Event::Round"), "Event::Round");
  EXPECT_EQ(routine("Hub.Cloud.Store::Done"), "Cloud.Store::Done");
  EXPECT_THAT(routine("Hub.Wrok"), HasSubstr("did you mean `Work`?"));
}

std::string told(const Result<Answer<Write>>& answer) {
  if (!answer) return answer.error().what;
  if (!answer->found) return "none";
  const Write& write = *answer->found;
  if (write.how == Write::How::kRollback) {
    return fmt::format("{} back to {}", write.ran.cycle, write.to_cycle);
  }
  if (write.how == Write::How::kAct) {
    return fmt::format("act {} after {}: {}", write.act->number, write.at,
                       literal(write.change.after.value, {}));
  }
  return fmt::format("{}: {} -> {}", write.ran.cycle, literal(write.change.before.value, {}),
                     literal(write.change.after.value, {}));
}

TEST(Writes, AreTheLastAndTheNext) {
  Recorded run = record(
      "domain D { state { n: int  m: int } goal G { predicate n >= 6 }"
      " transition T { n += 1  if n % 3 == 0 { m = n } } }");
  const auto trace = run.open();
  const FieldTarget m = *read_field_target(trace->program(), "D.m");
  EXPECT_EQ(told(last_write(*trace, m, 0)), "none");
  EXPECT_EQ(told(last_write(*trace, m, 2)), "none");
  EXPECT_EQ(told(last_write(*trace, m, 3)), "3: 0 -> 3");
  EXPECT_EQ(told(last_write(*trace, m, 5)), "3: 0 -> 3");
  EXPECT_EQ(told(last_write(*trace, m, 6)), "6: 3 -> 6");
  EXPECT_EQ(told(next_write(*trace, m, 0)), "3: 0 -> 3");
  EXPECT_EQ(told(next_write(*trace, m, 3)), "6: 3 -> 6");
  EXPECT_EQ(told(next_write(*trace, m, 6)), "none");
}

TEST(Writes, OfOneThatHasRetiredAreNotThoseOfTheNext) {
  const char* program = R"(
domain Node[id: int] { state { n: int } on Set(k: int) { n = k } on End { n = 9  retire } on Look { } }
)";
  const auto loaded = program_of(program);
  Recording how;
  for (const char* input : {"Node[1] Set(k: 3)", "Node[1] End", "Node[1] Look"}) {
    how.inputs.push_back(*read_message(*loaded, input));
    how.inputs.back().tick = how.inputs.size();
  }
  Recorded run = record(program, how);
  const auto trace = run.open();
  const FieldTarget n = *read_field_target(trace->program(), "Node[1].n");
  ASSERT_EQ(trace->cycles(), 3u);
  EXPECT_EQ(told(last_write(*trace, n, 1)), "1: 0 -> 3");
  EXPECT_EQ(told(last_write(*trace, n, 2)), "2: 3 -> 9");
  EXPECT_EQ(told(last_write(*trace, n, 3)), "none");
}

TEST(Writes, AreUndoneByAnAssert) {
  const char* program =
      "domain D { state { n: int } on Set(k: int) { n = k } on Check { assert n == 0 } }";
  const auto loaded = program_of(program);
  Recorded run = record(program, {.start_values = {},
                                  .inputs = {*read_message(*loaded, "D Set(k: 3)"),
                                             *read_message(*loaded, "D Check")}});
  const auto trace = run.open();
  const FieldTarget n = *read_field_target(trace->program(), "D.n");
  EXPECT_EQ(told(last_write(*trace, n, 1)), "1: 0 -> 3");
  EXPECT_EQ(told(last_write(*trace, n, 2)), "2 back to 0");
  EXPECT_EQ(told(next_write(*trace, n, 1)), "2 back to 0");
}

// n goes up by one in each cycle, but for what is set. Whatever is asked, it is the same without an
// index and with one, which is not written for a few cycles.
Recorded counted_to(int limit, const char* field, int value, int tick) {
  const std::string program = fmt::format(
      "domain D {{ state {{ n: int  m: int }} goal G {{ predicate n >= {} }}"
      " transition T {{ n += 1 }} }}",
      limit);
  const std::string set = fmt::format(R"({{"set": "D.{}={}", "at": {}}})", field, value, tick);
  return record(program,
                {.start_values = {}, .inputs = {*read_input_line(*program_of(program), set)}});
}

TEST(Writes, AreThoseOfOperatorsToo) {
  for (const int limit : {12, 112}) {
    Recorded run = counted_to(limit, "n", 10, 4);
    const auto trace = run.open();
    EXPECT_EQ(trace->chunks()[0].index.offset != 0, limit == 112);
    const FieldTarget n = *read_field_target(trace->program(), "D.n");
    const FieldTarget m = *read_field_target(trace->program(), "D.m");
    EXPECT_EQ(told(last_write(*trace, n, 2)), "2: 1 -> 2");
    EXPECT_EQ(told(last_write(*trace, n, 3)), "act 1 after 3: 10");
    EXPECT_EQ(told(last_write(*trace, n, 4)), "4: 10 -> 11");
    EXPECT_EQ(told(next_write(*trace, n, 2)), "3: 2 -> 3");
    EXPECT_EQ(told(next_write(*trace, n, 3)), "4: 10 -> 11");
    EXPECT_EQ(told(last_write(*trace, m, trace->cycles())), "none");
    EXPECT_EQ(told(next_write(*trace, m, 0)), "none");
  }
}

TEST(Writes, OfOperatorsMayBeTheOnlyOnes) {
  for (const int limit : {12, 112}) {
    Recorded run = counted_to(limit, "m", 7, 6);
    const auto trace = run.open();
    const FieldTarget m = *read_field_target(trace->program(), "D.m");
    EXPECT_EQ(told(last_write(*trace, m, 4)), "none");
    EXPECT_EQ(told(last_write(*trace, m, 5)), "act 1 after 5: 7");
    EXPECT_EQ(told(last_write(*trace, m, trace->cycles())), "act 1 after 5: 7");
    EXPECT_EQ(told(next_write(*trace, m, 4)), "act 1 after 5: 7");
    EXPECT_EQ(told(next_write(*trace, m, 5)), "none");
  }
}

TEST(Writes, OfOperatorsMayBeTheFirstThingOfAll) {
  Recorded run = counted_to(12, "m", 7, 1);
  const auto trace = run.open();
  const FieldTarget m = *read_field_target(trace->program(), "D.m");
  EXPECT_EQ(told(last_write(*trace, m, 0)), "act 1 after 0: 7");
  EXPECT_EQ(told(last_write(*trace, m, 5)), "act 1 after 0: 7");
  EXPECT_EQ(told(next_write(*trace, m, 0)), "none");
}

std::string told(const Result<Answer<GoalWrite>>& answer) {
  if (!answer) return answer.error().what;
  if (!answer->found) return "none";
  const GoalWrite& write = *answer->found;
  const std::string to(spelling(write.to));
  return write.act ? fmt::format("act {} after {}: {}", write.act->number, write.at, to)
                   : fmt::format("{}: {}", write.at, to);
}

TEST(Flips, AreThoseOfOperatorsToo) {
  for (const int limit : {12, 112}) {
    const auto end = static_cast<uint64_t>(limit);
    Recorded run = counted_to(limit, "n", limit - 3, limit + 5);
    const auto trace = run.open();
    const GoalTarget goal = *read_goal_target(trace->program(), "D.G");
    const std::string act = fmt::format("act 1 after {}: pursued", end);
    EXPECT_EQ(told(last_flip(*trace, goal, end - 1)), "none");
    EXPECT_EQ(told(next_flip(*trace, goal, 0)), fmt::format("{}: satisfied", end));
    EXPECT_EQ(told(last_flip(*trace, goal, end)), act);
    EXPECT_EQ(told(next_flip(*trace, goal, end - 1, {}, GoalStatus::kPursued)), act);
    EXPECT_EQ(told(next_flip(*trace, goal, end, {}, GoalStatus::kPursued)), "none");
    EXPECT_EQ(told(next_flip(*trace, goal, end)), fmt::format("{}: satisfied", end + 3));
  }
}

// Its second slice failed; what the first one wrote is taken back.
constexpr const char* kFails = R"(
@restart(never)
domain D {
  state { n: int  done: int }
  transition Go(k: int) { step { n = 7 } slice second { done = 10 / k } }
}
)";

TEST(Writes, AreTakenBackByOneWhoRevives) {
  const auto loaded = program_of(kFails);
  for (const char* how : {"rollback", "drop"}) {
    Recorded run = record(
        kFails,
        {.start_values = {},
         .inputs = {*read_message(*loaded, "D Go(k: 0)"),
                    *read_input_line(
                        *loaded, fmt::format(R"({{"revive": "D", "how": "{}", "at": 9}})", how))}});
    const auto trace = run.open();
    ASSERT_EQ(trace->cycles(), 2u);
    const FieldTarget n = *read_field_target(trace->program(), "D.n");
    EXPECT_EQ(told(last_write(*trace, n, 1)), "1: 0 -> 7");
    EXPECT_EQ(told(last_write(*trace, n, 2)),
              std::string_view(how) == "drop" ? "1: 0 -> 7" : "act 2 after 2: 0");
  }
}

TEST(Hits, AreAllCyclesThatRanIt) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const auto found = [&](const char* name, uint64_t from, uint64_t to) {
    std::vector<uint64_t> cycles;
    EXPECT_TRUE(hits(*trace, *read_routine_target(trace->program(), name), from, to,
                     [&](const CycleView& ran) {
                       cycles.push_back(ran.cycle);
                       return cycles.size() < 3;
                     }));
    return cycles;
  };
  const auto lines_of = [&](const char* who, const char* what) {
    std::vector<uint64_t> cycles;
    for (const std::string& line : run.log) {
      if (line.find(who) != line.npos && line.find(what) != line.npos && line.find(who) < 20) {
        cycles.push_back(std::stoull(line));
      }
    }
    return cycles;
  };
  const std::vector<uint64_t> expected = lines_of("Worker[\"k1\"]", " Do ");
  ASSERT_GT(expected.size(), 6u);
  EXPECT_THAT(found("Worker[\"k1\"].Do", 0, trace->cycles()),
              ElementsAre(expected[0], expected[1], expected[2]));
  EXPECT_THAT(found("Worker[\"k1\"].Do", trace->cycles(), 0),
              ElementsAre(expected.end()[-1], expected.end()[-2], expected.end()[-3]));
  EXPECT_THAT(found("Worker[\"k1\"].Do", expected[1], expected[1]), ElementsAre(expected[1]));
}

}  // namespace
}  // namespace lexum

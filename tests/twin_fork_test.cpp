// Whatever a program does: a fork in which nothing is changed is the run itself, and one in which
// something is changed differs from there on and can be replayed.
#include <random>

#include "tracer/diff.h"
#include "tracer/fork.h"
#include "tracer/replay.h"
#include "tracer/why.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

std::string described(const Diff& diff) {
  if (!diff.parting) return "the same";
  return "at " + std::to_string(diff.parting->cycle) + "\n  " + diff.parting->one + "\n  " +
         diff.parting->other;
}

// A run that was stopped since it oscillates goes on for another turn of it.
bool goes_on(const Diff& diff, const Fork& fork) {
  return diff.parting && diff.parting->one.empty() && fork.outcome == Outcome::kOscillating;
}

void expect_the_run_itself(Recorded& run, uint64_t cycle, unsigned threads,
                           const std::string& what) {
  const auto trace = run.open();
  const Result<Fork> made =
      fork(*trace, cycle, {.cycles_max = 300, .threads = threads}, run.files, "fork");
  if (!made) {
    EXPECT_THAT(made.error().what, testing::HasSubstr("the run has ended with the assert"));
    return;
  }
  const auto forked = std::move(*TraceReader::open(run.files, "fork"));
  EXPECT_EQ(forked->start(), made->cycle);
  const Result<Diff> differs = diff(*trace, *forked);
  ASSERT_TRUE(differs.ok()) << differs.error().what << "\n" << what;
  EXPECT_TRUE(!differs->parting || goes_on(*differs, *made)) << what << "\n" << described(*differs);
  const Result<ReplayResult> replayed = replay(*forked, {});
  ASSERT_TRUE(replayed.ok()) << replayed.error().what << "\n" << what;
  EXPECT_FALSE(replayed->difference) << what << replayed->difference->recorded << "\n"
                                     << replayed->difference->replayed;
}

TEST(Fork, WithoutAChangeDiffersInNothing) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    std::mt19937_64 random(seed);
    for (const unsigned threads : {1u, 3u}) {
      const uint64_t cycle = random() % (run.open()->cycles() + 1);
      expect_the_run_itself(run, cycle, threads, to_string(one) + "at " + std::to_string(cycle));
    }
  }
}

// What was prepared by a thread and taken back is as if it had not been prepared: a fault that it
// remembers too.
TEST(Fork, OnThreadsForgetsWhatWasPreparedInVain) {
  const Case one = generate(7413);
  Recorded run = record(one.program, recording_of(one.program, one.options));
  expect_the_run_itself(run, 10, 3, to_string(one));
}

TEST(Fork, WithTheSameProgramAgainDiffersInNothing) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    std::mt19937_64 random(seed);
    const uint64_t cycle = random() % (trace->cycles() + 1);
    const std::string what = to_string(one) + "at " + std::to_string(cycle);
    const Result<Fork> made = fork(
        *trace, cycle, {.program = program_of(one.program), .cycles_max = 300}, run.files, "fork");
    if (!made) continue;
    EXPECT_TRUE(made->lost.empty()) << what;
    const auto forked = std::move(*TraceReader::open(run.files, "fork"));
    const Result<Diff> differs = diff(*trace, *forked);
    ASSERT_TRUE(differs.ok()) << differs.error().what << "\n" << what;
    EXPECT_TRUE(!differs->parting || goes_on(*differs, *made)) << what << "\n"
                                                               << described(*differs);
  }
}

TEST(Fork, WithAChangedProgramCarriesOverWhatItKnows) {
  const char* before =
      "type P { x: int = 1 } domain D[id: int] { state { n: int  old: string = \"o\"  p: P }"
      " goal G { predicate n == 4 } transition T { n += 1 } on M(k: int) { n = k } }"
      " domain E { transition Boot { send D[1] M(k: 1) send D[2] M(k: 2) } }";
  const char* after =
      "type P { x: int = 1 } domain D[id: int] { state { more: int = 7  n: int  p: P  old: int }"
      " goal G { predicate n == 8 } transition T { n += 1  more += 1 } on M(k: int) { n = k } }"
      " domain E { transition Boot { send D[1] M(k: 1) } } domain New { state { a: int } goal A {"
      " predicate a == 1 } transition Do { a = 1 } }";
  Recorded run = record(before);
  const auto trace = run.open();
  const Result<Fork> made = fork(*trace, 3, {.program = program_of(after)}, run.files, "fork");
  ASSERT_TRUE(made.ok()) << made.error().what;
  EXPECT_EQ(made->lost, std::vector<std::string>({"field D.old"}));
  EXPECT_EQ(made->outcome, Outcome::kConverged);
  const auto forked = std::move(*TraceReader::open(run.files, "fork"));
  const auto timeline = std::move(*Timeline::open(*forked));
  const auto field = [&](const char* domain, Value key, size_t slot) {
    const InstanceId id = timeline->find(forked->program().find_domain(domain), key);
    return timeline->state()[id].fields[slot];
  };
  EXPECT_EQ(field("D", Value::of(int64_t{1}), 0), Value::of(int64_t{7}));
  EXPECT_EQ(field("New", Value(), 0), Value::of(int64_t{0}));
  ASSERT_TRUE(timeline->go_to(forked->cycles()));
  EXPECT_EQ(field("D", Value::of(int64_t{1}), 1), Value::of(int64_t{8}));
  EXPECT_EQ(field("New", Value(), 0), Value::of(int64_t{1}));
  const Result<ReplayResult> replayed = replay(*forked, {});
  ASSERT_TRUE(replayed.ok()) << replayed.error().what;
  EXPECT_FALSE(replayed->difference);
  const auto without = program_of("domain E { state { n: int } }");
  const Result<Fork> refused = fork(*trace, 3, {.program = without}, run.files, "fork");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().what, testing::HasSubstr("somebody of domain D is there"));
}

// Messages that some cycle was caused by, with the cycle that sent each.
struct Sent {
  AtSend message;
  uint64_t cycle = 0;
};

// The name of a cycle's emission.
Result<AtSend> name_of(TraceReader& trace, const CauseView& cause) {
  const Result<CycleView> sender = cycle_at(trace, cause.cycle);
  if (!sender) return sender.error();
  const auto timeline = std::move(*Timeline::open(trace));
  if (Status there = timeline->go_to(cause.cycle - 1); !there) return there.error();
  const InstanceId id = timeline->find(sender->domain, sender->key);
  return AtSend{.domain = sender->domain,
                .key = sender->key,
                .number = timeline->state()[id].sends + cause.emission + 1};
}

bool sent_twice(TraceReader& trace, const CauseView& message) {
  const Result<CycleView> sender = cycle_at(trace, message.cycle);
  EXPECT_TRUE(sender.ok());
  const EmissionView& sent = sender->emissions[message.emission];
  const auto same = [&](const EmissionView& one) {
    const auto routine = [&](const EmissionView& emission) {
      return trace.program().emissions[emission.site.index()].routine;
    };
    return routine(one) == routine(sent) && one.key == sent.key && one.args == sent.args;
  };
  return std::ranges::count_if(sender->emissions, same) > 1;
}

TEST(Fork, WithoutAMessageThatWhyNamesLacksTheWriteOrHasItForAnotherCause) {
  uint64_t dropped = 0;
  uint64_t gone = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    if (trace->cycles() == 0) continue;
    std::mt19937_64 random(seed);
    const uint64_t cycle = 1 + random() % trace->cycles();
    const Result<Why> answer = why(*trace, cycle);
    ASSERT_TRUE(answer.ok());
    for (const WhyStep& step : answer->steps) {
      if (step.because != WhyStep::Because::kSent || step.cause == 0) continue;
      const Result<AtSend> message = name_of(*trace, *step.ran.cause);
      ASSERT_TRUE(message.ok());
      const std::string what =
          to_string(one) + "dropping " + position_text(trace->program(), {.place = *message});
      const Result<Fork> made =
          fork(*trace, step.cause, {.changes = {DropMessage{*message}}, .cycles_max = 300},
               run.files, "fork");
      if (!made) break;  // the run ended there
      ++dropped;
      const auto forked = std::move(*TraceReader::open(run.files, "fork"));
      const Result<Diff> differs = diff(*trace, *forked);
      ASSERT_TRUE(differs.ok()) << differs.error().what << what;
      ASSERT_TRUE(differs->parting) << what;
      // Another one that is just like it may be taken instead.
      if (!sent_twice(*trace, *step.ran.cause)) {
        EXPECT_LE(differs->parting->cycle, step.ran.cycle) << what;
      }
      // Nobody takes that message any more.
      const Visit look = [&](const EventView& event, uint64_t) {
        const auto* ran = std::get_if<CycleView>(&event);
        if (ran == nullptr || !ran->cause) return true;
        const bool same = ran->cause->cycle == step.cause &&
                          ran->cause->emission == step.ran.cause->emission &&
                          ran->cause->kind == step.ran.cause->kind;
        EXPECT_FALSE(same) << what;
        return true;
      };
      ASSERT_TRUE(scan(*forked, 0, forked->cycles(), {}, look).ok());
      const Result<ReplayResult> replayed = replay(*forked, {});
      ASSERT_TRUE(replayed.ok()) << replayed.error().what << what;
      EXPECT_FALSE(replayed->difference) << what;
      gone += forked->cycles() < trace->cycles();
      break;
    }
  }
  EXPECT_GT(dropped, 40u);
  EXPECT_GT(gone, 10u);
}

// It was carried over for its name, and had no `b`.
TEST(Fork, WithAnotherRecordInsideARecordBeginsThatAnew) {
  const std::string rest =
      " type P { q: Q? } domain D { state { p: P  n: int } goal G { predicate n == 2 }"
      " transition T { n += 1  p = P(q: Q(a: 5)) } }";
  Recorded run = record("type Q { a: int = 1 }" + rest);
  const auto trace = run.open();
  const auto other = program_of("type Q { a: int = 1  b: string = \"x\" }" + rest);
  const Result<Fork> made = fork(*trace, 1, {.program = other}, run.files, "fork");
  ASSERT_TRUE(made.ok()) << made.error().what;
  EXPECT_EQ(made->lost, std::vector<std::string>({"field D.p"}));
}

// The rest that a failed assert goes back to lies before the fork.
TEST(Fork, GoesBackToTheRestOfItsParent) {
  Recorded run = record(
      "domain A { transition Boot { send B M(k: 3) } }"
      " domain B { state { n: int } on M(k: int) { n = k  send B M(k: k - 1)  assert k > 1 } }");
  expect_the_run_itself(run, 2, 1, "unchanged");
  const auto trace = run.open();
  const SetField set{.domain = trace->program().find_domain("B"),
                     .key = {},
                     .slot = 0,
                     .value = Value::of(int64_t{9})};
  for (const std::vector<Change>& changes : {std::vector<Change>(), {set}}) {
    const Result<Fork> made = fork(*trace, 2, {.changes = changes}, run.files, "fork");
    ASSERT_TRUE(made.ok()) << made.error().what;
    EXPECT_EQ(made->outcome, Outcome::kHalted);
    const auto forked = std::move(*TraceReader::open(run.files, "fork"));
    const auto timeline = std::move(*Timeline::open(*forked));
    const InstanceId b = timeline->find(set.domain, {});
    ASSERT_TRUE(timeline->go_to(3));
    EXPECT_EQ(timeline->state()[b].fields[0], Value::of(int64_t{2}));
    ASSERT_TRUE(timeline->go_to(4));
    EXPECT_EQ(timeline->state()[b].fields[0], Value::of(int64_t{0}));
    EXPECT_FALSE(std::move(*replay(*forked, {})).difference);
  }
}

TEST(Fork, WithoutAChangeGoesBackAsTheRunDid) {
  uint64_t went_back = 0;
  for (uint64_t seed = 1; seed <= 6000; ++seed) {
    const Case one = generate(seed);
    if (one.program.find("assert") == std::string::npos) continue;
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    if (trace->cycles() == 0) continue;
    const Result<CycleView> last = cycle_at(*trace, trace->cycles());
    ASSERT_TRUE(last.ok());
    if (!last->fault || last->fault->code != Code::kAssertFailed) continue;
    ++went_back;
    const uint64_t cycle = std::mt19937_64(seed)() % trace->cycles();
    expect_the_run_itself(run, cycle, 1, to_string(one) + "at " + std::to_string(cycle));
  }
  EXPECT_GT(went_back, 40u);
}

// What was set is undone by the assert, in the fork and in its replay.
TEST(Fork, FailsAnAssertAsItsReplayDoes) {
  Recorded run = record(
      "domain D { state { n: int  m: int } goal G { predicate n == 0 } transition T { n = 0  m += "
      "1 "
      "assert m < 1 } }");
  const auto trace = run.open();
  const DomainId d = trace->program().find_domain("D");
  const SetField set{.domain = d, .key = {}, .slot = 0, .value = Value::of(int64_t{5})};
  const Result<Fork> made = fork(*trace, 0, {.changes = {set}}, run.files, "fork");
  ASSERT_TRUE(made.ok()) << made.error().what;
  EXPECT_EQ(made->outcome, Outcome::kHalted);
  const auto forked = std::move(*TraceReader::open(run.files, "fork"));
  const Result<ReplayResult> replayed = replay(*forked, {});
  ASSERT_TRUE(replayed.ok()) << replayed.error().what;
  EXPECT_FALSE(replayed->difference) << replayed->difference->recorded << "\n"
                                     << replayed->difference->replayed;
}

// What two programs call alike is carried over; whatever that leaves behind can go on.
TEST(Fork, WithAnyOtherProgramIsRefusedOrGoesOn) {
  uint64_t went_on = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    const Case one = generate(seed);
    const Case other = generate(seed + 1000);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    std::mt19937_64 random(seed);
    const uint64_t cycle = random() % (trace->cycles() + 1);
    const std::string what =
        to_string(one) + "at " + std::to_string(cycle) + " to\n" + to_string(other);
    const Result<Fork> made =
        fork(*trace, cycle, {.program = program_of(other.program), .cycles_max = 300}, run.files,
             "fork");
    if (!made) {
      EXPECT_THAT(made.error().what,
                  testing::AnyOf(testing::HasSubstr("the run has ended with the assert"),
                                 testing::HasSubstr("is there, which the other program has not")));
      continue;
    }
    ++went_on;
    const auto forked = std::move(*TraceReader::open(run.files, "fork"));
    const Result<ReplayResult> replayed = replay(*forked, {});
    ASSERT_TRUE(replayed.ok()) << replayed.error().what << "\n" << what;
    EXPECT_FALSE(replayed->difference) << what << replayed->difference->recorded << "\n"
                                       << replayed->difference->replayed;
    const Result<Diff> differs = diff(*trace, *forked);
    EXPECT_TRUE(differs.ok()) << differs.error().what << "\n" << what;
  }
  EXPECT_GT(went_on, 40u);
}

}  // namespace
}  // namespace lexum::twin

// Between which numbers fields were: what a record says of its stretch is what its events say.
#include <fmt/format.h>

#include "tracer/course.h"
#include "tracer/extents.h"
#include "tracer/scan.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

std::optional<int64_t> number_of(const Value& value) {
  if (value.kind() == Kind::kInt) return value.as_int();
  if (value.kind() == Kind::kBool) return int64_t{value.as_bool()};
  return {};
}

std::string spell(const std::vector<InstanceExtents>& all) {
  std::string text;
  for (const InstanceExtents& one : all) {
    text += fmt::format("{}[{}]", one.domain.value, str(one.key, {}));
    for (const FieldExtent& field : one.fields) {
      const Extent& of = field.extent;
      text += fmt::format(" {}: {} {} {}", field.slot, of.low, of.high, of.last);
    }
    text += "; ";
  }
  return text;
}

// By going through all events that stand between those places in the file.
std::vector<InstanceExtents> gone_through(TraceReader& trace, uint64_t from, uint64_t to) {
  std::vector<InstanceExtents> found;
  const auto wrote = [&](DomainId domain, const Value& key, uint32_t slot, const Value& value) {
    const std::optional<int64_t> number = number_of(value);
    if (!number) return;
    const auto is_it = [&](const auto& one) { return one.domain == domain && one.key == key; };
    auto instance = std::ranges::find_if(found, is_it);
    if (instance == found.end()) {
      found.push_back({.domain = domain, .key = key});
      instance = found.end() - 1;
    }
    auto field = std::ranges::find(instance->fields, slot, &FieldExtent::slot);
    const Extent now{.low = *number, .high = *number, .last = *number};
    if (field == instance->fields.end()) instance->fields.push_back({.slot = slot, .extent = now});
    else field->extent.take_in(now);
  };
  EventView event;
  for (size_t c = 0; c < trace.chunks().size(); ++c) {
    const ChunkEntry& entry = trace.chunks()[c];
    if (entry.place.offset < from || entry.place.offset > to) continue;
    const auto chunk = *trace.chunk(c);
    for (EventReader events = chunk->events(trace.program()); events.next(event);) {
      if (const auto* ran = std::get_if<CycleView>(&event)) {
        for (const ChangeView& change : ran->changes) {
          if (change.after.known) wrote(ran->domain, ran->key, change.slot, change.after.value);
        }
      }
      const auto* input = std::get_if<InputView>(&event);
      if (input == nullptr || !is_act(input->kind) || input->dead || !input->domain) continue;
      if (input->kind == InputKind::kRedeliver) continue;
      const std::optional<ActView> act = act_of(*input, trace.program());
      if (!act) continue;
      for (const FieldImage& change : act->changes) {
        wrote(input->domain, input->key, change.slot, change.value);
      }
    }
  }
  for (InstanceExtents& one : found) std::ranges::sort(one.fields, {}, &FieldExtent::slot);
  return found;
}

// How many records there were.
size_t compare_with_events(TraceReader& trace) {
  uint64_t next = 1;
  uint64_t from = 0;
  for (size_t i = 0; i < trace.extents().size(); ++i) {
    const Result<Extents> extents = trace.extents_of(i);
    EXPECT_TRUE(extents.ok()) << extents.error().what;
    if (!extents) return 0;
    EXPECT_EQ(extents->first_cycle, next) << "one follows the other";
    next += extents->cycle_count;
    EXPECT_TRUE(extents->is_whole);
    const uint64_t to = trace.extents()[i].place.offset;
    const std::vector<InstanceExtents> gone = gone_through(trace, from, to);
    from = to;
    EXPECT_THAT(extents->instances, testing::UnorderedElementsAreArray(gone))
        << spell(extents->instances) << "\n"
        << spell(gone);
  }
  EXPECT_TRUE(next == 1 || next == trace.cycles() + 1) << "to the end, or not at all";
  return trace.extents().size();
}

TEST(Extents, SayWhatTheEventsSay) {
  size_t records = 0;
  for (uint64_t seed = 1; seed <= 200 / kShare; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    records += compare_with_events(*trace);
  }
  EXPECT_GT(records, 20 / kShare);
}

constexpr const char* kManyCounters = R"(
domain Clock {
  state { n: int  odd: bool }
  goal Busy { predicate n >= 30_000 }
  transition Turn {
    n += 1
    odd = !odd
    send Counter[n % 7] Add(by: n * 7919 % 1_000 - 500)
  }
}
domain Counter[id: int] {
  state { sum: int  note: string }
  on Add(by: int) { sum = by  note = "got " + str(by) }
}
)";

TEST(Extents, ComeAgainAndAgainInALongRun) {
  Recorded run = record(kManyCounters, {.start_values = {}, .inputs = {}, .cycles_max = 60'000});
  const auto trace = run.open();
  EXPECT_GE(compare_with_events(*trace), 4u);
}

TEST(Extents, ShowHowAFieldWent) {
  Recorded run = record(kManyCounters, {.start_values = {}, .inputs = {}, .cycles_max = 60'000});
  const auto trace = run.open();
  const auto course = course_of(*trace, *read_field_target(*run.program, "Clock.n"));
  ASSERT_TRUE(course);
  int64_t last = 0;
  for (const auto& [cycle, extent] : *course) {
    EXPECT_EQ(extent.low, last + 1) << "it only grows";
    EXPECT_EQ(extent.high, extent.last);
    last = extent.last;
  }
  EXPECT_EQ(last, 30'000);
  const auto sums = course_of(*trace, *read_field_target(*run.program, "Counter.sum"));
  ASSERT_TRUE(sums);
  EXPECT_EQ(sums->size(), course->size());
  for (const auto& [cycle, extent] : *sums) EXPECT_LT(extent.low, extent.high);
  const auto notes = course_of(*trace, *read_field_target(*run.program, "Counter.note"));
  ASSERT_TRUE(notes);
  EXPECT_TRUE(notes->empty()) << "a text is no number";
}

TEST(Extents, AreThereWithoutAFooterAsFarAsTheFileGoes) {
  Recorded run = record(kManyCounters, {.start_values = {}, .inputs = {}, .cycles_max = 60'000});
  const auto whole = run.open();
  run.files["run"].resize(whole->extents().back().place.offset);
  const auto trace = run.open();
  EXPECT_EQ(trace->extents().size(), whole->extents().size() - 1);
  EXPECT_FALSE(course_of(*trace, *read_field_target(*run.program, "Clock.n")))
      << "of the last chunks it is not known";
}

constexpr const char* kTooMany = R"(
domain Clock {
  state { n: int }
  goal Busy { predicate n >= 20_000 }
  transition Turn {
    n += 1
    send Counter[n * 7919 % 20_011] Add
  }
}
domain Counter[id: int] {
  state { sum: int }
  on Add { sum += 1 }
}
)";

TEST(Extents, OfTooManyAreNotWhole) {
  Recorded run = record(kTooMany, {.start_values = {}, .inputs = {}, .cycles_max = 60'000});
  const auto trace = run.open();
  EXPECT_FALSE(course_of(*trace, *read_field_target(*run.program, "Clock.n")));
  for (size_t i = 0; i < trace->extents().size(); ++i) {
    const Extents extents = *trace->extents_of(i);
    size_t fields = 0;
    for (const InstanceExtents& one : extents.instances) fields += one.fields.size();
    EXPECT_LE(fields, ExtentNotes::kFieldsMax);
    if (extents.is_whole) continue;
    EXPECT_EQ(fields, ExtentNotes::kFieldsMax);
  }
}

// Somebody who forges a record is told so, or it is one that could have been.
TEST(Extents, ThatAreForgedAreReadWholeOrNotAtAll) {
  const auto program = program_of(kManyCounters);
  Extents extents{.first_cycle = 1, .cycle_count = 9};
  extents.instances.push_back({.domain = DomainId(size_t{0}),
                               .fields = {{.slot = 0, .extent = {-5, 700, 3}}, {.slot = 1}}});
  extents.instances.push_back({.domain = DomainId(size_t{1}),
                               .key = Value::of(int64_t{4}),
                               .fields = {{.slot = 0, .extent = {INT64_MIN, INT64_MAX, 0}}}});
  ByteWriter whole;
  write_extents(whole, extents);
  const auto back = read_extents(whole.bytes(), *program);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->instances, extents.instances);
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int flip = 1; flip < 256; flip *= 2) {
      std::vector<std::byte> forged(whole.bytes().begin(), whole.bytes().end());
      forged[at] ^= std::byte(flip);
      const auto read = read_extents(forged, *program);
      refused += !read;
      EXPECT_TRUE(!read || fits(*read, *program));
      forged.resize(at);
      EXPECT_FALSE(read_extents(forged, *program));
    }
  }
  EXPECT_GT(refused, whole.size());
}

}  // namespace
}  // namespace lexum::twin

// A run that is recorded while somebody looks on: what every instance was like at every cycle, to
// hold a Timeline against.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "machine/tee.h"
#include "tracer/timeline.h"
#include "tracer_fixture.h"

namespace lexum {

// Looks at the world from inside, each time a cycle is about to be told: all but the instance that
// runs are then as the cycle before and what came after it have left them.
class Witness final : public Observer {
 public:
  struct Sight {
    InstanceId running;  // none: nobody
    std::vector<InstanceState> instances;
  };

  explicit Witness(const World& world) : world_(world) {}

  void started(InstanceId, DomainId, const Value&) override {}
  // What an operator does belongs to the moment before the tick.
  void input(const InputRecord& record) override {
    if (is_act(record.kind)) between_.erase(world_.cycle());
  }
  void outcome(const OutcomeRecord&) override {}
  void hold(const HoldRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override {}
  void cycle(const CycleRecord& record) override {
    before_next_[record.cycle - 1] = look();
    before_next_[record.cycle - 1].running = record.instance;
    ticks_[record.cycle] = record.tick;
  }
  void between_ticks() { between_[world_.cycle()] = look(); }

  // "" or what is not as it was.
  [[nodiscard]] std::string contradicts(const Timeline& timeline) const {
    const uint64_t cycle = timeline.at().cycle;
    const WorldState& state = timeline.state();
    std::ostringstream wrong;
    if (cycle > 0 && state.tick() != ticks_.at(cycle)) wrong << "tick " << state.tick() << "; ";
    if (const auto seen = before_next_.find(cycle); seen != before_next_.end()) {
      if (state.size() != seen->second.instances.size()) wrong << "number of instances; ";
      else compare(seen->second, state, wrong);
    }
    if (const auto seen = between_.find(cycle); seen != between_.end()) {
      compare_but_arrivals(seen->second, state, wrong);
    }
    return wrong.str().empty() ? "" : "at " + std::to_string(cycle) + ": " + wrong.str();
  }
  // With nothing that could still have come.
  [[nodiscard]] std::string contradicts_end(const Timeline& timeline) const {
    std::ostringstream wrong;
    compare(look(), timeline.state(), wrong);
    return wrong.str();
  }

 private:
  [[nodiscard]] Sight look() const {
    Sight sight;
    for (const InstanceImage& image : world_.image().instances) {
      sight.instances.push_back(state_of(image));
    }
    return sight;
  }

  static void compare(const Sight& sight, const WorldState& state, std::ostream& wrong) {
    for (const InstanceState& seen : sight.instances) {
      if (seen.id == sight.running) continue;
      if (!(seen == state[seen.id])) tell(seen, state[seen.id], wrong);
    }
  }
  // Between ticks nothing of the next one has arrived yet, and nobody been put off in it.
  static void compare_but_arrivals(const Sight& sight, const WorldState& state,
                                   std::ostream& wrong) {
    for (const InstanceState& seen : sight.instances) {
      InstanceState now = state[seen.id];
      while (now.mailbox.size() > seen.mailbox.size()) {
        const OriginKind kind = now.mailbox.back()->origin.kind;
        if (kind != OriginKind::kInput && kind != OriginKind::kOutcome) break;
        now.mailbox.pop_back();
      }
      now.throttlers = seen.throttlers;
      if (!(seen == now)) tell(seen, now, wrong);
    }
  }
  static void tell(const InstanceState& was, const InstanceState& is, std::ostream& wrong) {
    wrong << "instance " << was.id.value << " of domain " << was.domain.value << ":";
    if (was.gone != is.gone) wrong << " gone";
    if (was.faulted != is.faulted) wrong << " faulted";
    if (was.boot_pending != is.boot_pending) wrong << " boot";
    if (was.sends != is.sends) wrong << " sends " << was.sends << "/" << is.sends;
    if (was.fields != is.fields) wrong << " fields";
    if (was.goals != is.goals) wrong << " goals";
    if (was.throttlers != is.throttlers) {
      wrong << " throttlers";
      for (const InstanceId id : was.throttlers) wrong << " " << id.value;
      wrong << " /";
      for (const InstanceId id : is.throttlers) wrong << " " << id.value;
    }
    if ((was.begun == nullptr) != (is.begun == nullptr)) wrong << " begun or not";
    else if (was.begun != nullptr && !(*was.begun == *is.begun)) wrong << " begun";
    wrong << " mailbox " << was.mailbox.size() << "/" << is.mailbox.size() << "; ";
  }

  const World& world_;
  std::map<uint64_t, Sight> before_next_;  // by the cycle before
  std::map<uint64_t, Sight> between_;      // by the last cycle
  std::map<uint64_t, uint64_t> ticks_;     // by cycle
};

// Writes keyframes where it is told, and only there; a recorder does so after megabytes.
class KeyframeSink final : public BatchSink {
 public:
  explicit KeyframeSink(BatchSink& sink) : sink_(sink) {}

  // Of the moment at which the next batch begins; all but the instances that are as they were in
  // the last one, unless it is to be whole.
  void put(WorldImage image, bool whole) {
    auto next = std::make_shared<WorldImage>(image);
    next_ = next;
    next_is_whole_ = whole || last_.instances.empty();
    if (!next_is_whole_) {
      std::erase_if(next->instances, [&](const InstanceImage& i) {
        const size_t at = i.id.index();
        return at < last_.instances.size() && last_.instances[at] == i;
      });
    }
    last_ = std::move(image);
  }

  Status write(const Batch& batch) override {
    Batch copy;
    copy.canonical.raw(batch.canonical.bytes());
    copy.side.raw(batch.side.bytes());
    copy.first_cycle = batch.first_cycle;
    copy.cycle_count = batch.cycle_count;
    copy.tick_before = batch.tick_before;
    // Not the recorder's own after a rollback: the way there is to be found without it.
    const bool first = batch.keyframe && last_.instances.empty();
    if (first) {
      last_ = *batch.keyframe;
      put_in_order(last_.instances);
    }
    copy.keyframe = first ? batch.keyframe : next_;
    copy.keyframe_is_whole = first || next_is_whole_;
    copy.run_hash = batch.run_hash;
    next_.reset();
    return sink_.write(copy);
  }
  Status close() override { return sink_.close(); }

 private:
  BatchSink& sink_;
  std::shared_ptr<const WorldImage> next_;
  bool next_is_whole_ = false;
  WorldImage last_;
};

// A run with its trace and its witness.
class Witnessed {
 public:
  Witnessed(const std::string& text, const Recording& how, uint64_t seed) : random_(seed) {
    program_ = program_of(text);
    const TraceHeader header{.engine = "0.1.0",
                             .run_id = "00112233445566778899aabbccddeeff",
                             .program_name = "test.lxm",
                             .program_text = text,
                             .start_values = how.start_values,
                             .options = {}};
    auto writer = TraceWriter::create(files_, "run", *program_, header);
    KeyframeSink sink(**writer);
    world_.emplace(*program_, how.start_values);
    witness_.emplace(*world_);
    Recorder recorder(*world_, how.start_values, &sink);
    Tee tee(recorder, *witness_);
    world_->observe(&tee);
    for (const InputImage& input : how.inputs) world_->add_input(input);
    run(recorder, sink, how.cycles_max);
    world_->observe(nullptr);
  }

  [[nodiscard]] std::unique_ptr<TraceReader> open() {
    return std::move(*TraceReader::open(files_, "run"));
  }
  [[nodiscard]] const Witness& witness() const { return *witness_; }

 private:
  void run(Recorder& recorder, KeyframeSink& sink, uint64_t cycles_max) {
    world_->begin();
    EXPECT_TRUE(recorder.between_ticks());
    while (!world_->halted() && !world_->oscillates() && world_->cycle() < cycles_max) {
      witness_->between_ticks();
      if (!world_->tick()) break;
      EXPECT_TRUE(recorder.between_ticks());
      const uint64_t dice = random_() % 32;
      if (dice < 3) {
        EXPECT_TRUE(recorder.flush());
      }
      if (dice < 2 && !world_->halted()) sink.put(world_->image(), dice == 0);
    }
    EXPECT_TRUE(recorder.finish());
  }

  std::mt19937_64 random_;
  std::shared_ptr<const Program> program_;
  MemoryFiles files_;
  std::optional<World> world_;
  std::optional<Witness> witness_;
};

// Goes through the whole run there and back and then here and there. "" or what was not as it was.
inline std::string wandered(Witnessed& run, uint64_t seed) {
  const std::unique_ptr<TraceReader> trace = run.open();
  std::mt19937_64 random(seed);
  // Little memory, so that what was decoded is forgotten and decoded again.
  auto opened = Timeline::open(*trace, random() % 2 == 0 ? 1 : kTimelineBytes);
  if (!opened) return opened.error().what;
  Timeline& timeline = **opened;
  std::string wrong;
  const auto look = [&](const Status& moved) {
    wrong = moved ? run.witness().contradicts(timeline) : moved.error().what;
    return wrong.empty();
  };
  const uint64_t cycles = trace->cycles();
  if (!look(Done{})) return "start " + wrong;
  while (timeline.at().cycle < cycles) {
    if (!look(timeline.forward())) return "forwards " + wrong;
  }
  wrong = run.witness().contradicts_end(timeline);
  if (!wrong.empty()) return "end " + wrong;
  while (timeline.at().cycle > 0) {
    if (!look(timeline.back())) return "backwards " + wrong;
  }
  for (int i = 0; i < 40; ++i) {
    if (!look(timeline.go_to(random() % (cycles + 1)))) return "jumping " + wrong;
    for (uint64_t steps = random() % 4; steps > 0; --steps) {
      const uint64_t at = timeline.at().cycle;
      const bool ahead = at == 0 || (at < cycles && random() % 2 == 0);
      if (at == cycles && ahead) break;
      if (!look(ahead ? timeline.forward() : timeline.back())) return "stepping " + wrong;
    }
  }
  return "";
}

}  // namespace lexum

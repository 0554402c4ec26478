#include "tracer/shrink.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "machine/inputs.h"
#include "machine/machine.h"
#include "machine/report.h"
#include "tracer/line.h"
#include "tracer/recorded.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

constexpr size_t kMessagesTriedMax = 2'000;

struct NameLess {
  bool operator()(const AtSend& a, const AtSend& b) const {
    if (a.domain != b.domain) return a.domain < b.domain;
    if (a.number != b.number) return a.number < b.number;
    return !a.key.is_null() && Value::compare(a.key, b.key) < 0;
  }
};
using Names = std::set<AtSend, NameLess>;

// ---- one run

struct Tried {
  std::optional<Failure> failure;
  uint64_t cycle = 0;
  uint64_t cycles = 0;
  std::vector<AtSend> sent;
};

class Shrinker {
 public:
  Shrinker(TraceReader& trace, const Looking& looking)
      : trace_(trace), program_(trace.program()), looking_(looking) {}

  Result<Shrunk> shrink(std::vector<InputImage> inputs) {
    const Tried whole = run(inputs, nullptr);
    if (!whole.failure) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = trace_.path() +
                           ": this run does not fail: nothing faulted, and at its "
                           "end every goal holds"};
    }
    wanted_ = whole.failure;
    shrunk_.failure = *whole.failure;
    shrunk_.inputs_before = inputs.size();
    shrunk_.cycles_before = trace_.cycles();
    const auto fails_with = [&](const std::vector<InputImage>& some) {
      return run(some, nullptr).failure.has_value();
    };
    Result<std::vector<InputImage>> caused = causes_among(inputs, whole);
    if (!caused) return caused.error();
    if (fails_with(*caused)) inputs = std::move(*caused);
    Result<std::vector<InputImage>> fewer = fewest(std::move(inputs), fails_with);
    if (!fewer) return fewer.error();
    shrunk_.inputs = std::move(*fewer);
    const Tried smaller = run(shrunk_.inputs, nullptr);
    shrunk_.cycle = smaller.cycle;
    shrunk_.cycles = smaller.cycles;
    shrunk_.messages_before = smaller.sent.size();
    if (Status done = shrink_messages(smaller); !done) return done.error();
    shrunk_.runs = runs_;
    return std::move(shrunk_);
  }

 private:
  // Runs it from the start. Only the messages that are kept arrive, if there is such a set.
  Tried run(const std::vector<InputImage>& inputs, const Names* kept) {
    ++runs_;
    if (looking_.progress) looking_.progress(runs_);
    World world(program_, trace_.header().start_values);
    FailureWitness witness(world, wanted_);
    world.observe(&witness);
    world.begin();
    for (const InputImage& input : inputs) world.add_input(input);
    const uint64_t most = 2 * trace_.cycles() + 1000;
    bool rests = false;
    while (!looking_.stopped() && world.cycle() < most) {
      if (wanted_ && witness.failure()) break;
      if (world.halted() || world.oscillates()) break;
      if (!world.tick()) {
        rests = true;
        break;
      }
      if (kept != nullptr) drop_others(world, *kept);
    }
    Tried outcome{.failure = witness.failure(),
                  .cycle = witness.cycle(),
                  .cycles = world.cycle(),
                  .sent = witness.sent()};
    if (rests && !outcome.failure) {
      outcome.failure = unsatisfied(world, wanted_);
      outcome.cycle = world.cycle();
    }
    if (wanted_ && outcome.failure != wanted_) outcome.failure.reset();
    return outcome;
  }

  // Those from which the failing cycle follows, through messages and through states.
  Result<std::vector<InputImage>> causes_among(const std::vector<InputImage>& inputs,
                                               const Tried& failed) {
    std::set<std::string> instances;  // whose earlier cycles all count
    std::set<uint64_t> cycles = {failed.cycle};
    std::set<uint64_t> numbers;
    if (failed.failure->how == Failure::How::kUnsatisfied) {
      instances.insert(instance_name(program_, failed.failure->domain, failed.failure->key));
    }
    const Visit visit = [&](const EventView& event, uint64_t at) {
      const auto* ran = std::get_if<CycleView>(&event);
      if (ran == nullptr) return true;
      std::string name = instance_name(program_, ran->domain, ran->key);
      if (!cycles.contains(at) && !instances.contains(name)) return true;
      instances.insert(std::move(name));
      if (!ran->cause) return true;
      if (ran->cause->kind == OriginKind::kInput) numbers.insert(ran->cause->input);
      else cycles.insert(ran->cause->cycle);
      return true;
    };
    const uint64_t from = std::min(failed.cycle, trace_.cycles());
    const Result<ScanEnd> end = scan(trace_, from, 0, looking_, visit);
    if (!end) return end.error();
    if (end->interrupted) return interrupted();
    std::vector<InputImage> caused;
    for (const InputImage& input : inputs) {
      const bool may_matter = input.kind != InputKind::kMessage;
      if (may_matter || numbers.contains(input.number)) caused.push_back(input);
    }
    return caused;
  }

  static void drop_others(World& world, const Names& kept) {
    for (const InstanceId id : world.instances_in_order()) {
      if (world.mailbox_size(id) == 0) continue;
      world.drop_messages(id, [&](const MessageImage& message) {
        const Origin& origin = message.origin;
        if (origin.kind != OriginKind::kSent && origin.kind != OriginKind::kBroadcast) return false;
        return !kept.contains(
            {world.domain_of(origin.sender), world.key_of(origin.sender), origin.number});
      });
    }
  }

  Status shrink_messages(const Tried& smaller) {
    if (smaller.sent.size() > kMessagesTriedMax) return Done{};
    const auto fails_with = [&](const std::vector<AtSend>& some) {
      const Names kept(some.begin(), some.end());
      return run(shrunk_.inputs, &kept).failure.has_value();
    };
    Result<std::vector<AtSend>> fewer = fewest(smaller.sent, fails_with);
    if (!fewer) return fewer.error();
    shrunk_.messages = std::move(*fewer);
    shrunk_.messages_tried = true;
    return Done{};
  }

  // ddmin. Requires that it fails with all of them.
  template <class T, class FailsWith>
  Result<std::vector<T>> fewest(std::vector<T> all, const FailsWith& fails_with) {
    for (size_t parts = 2; !all.empty();) {
      parts = std::min(parts, all.size());
      bool smaller = false;
      // Without one part after the other: of two parts, that is each of them alone as well.
      for (size_t i = 0; i < parts && !smaller; ++i) {
        const size_t begin = all.size() * i / parts;
        const size_t end = all.size() * (i + 1) / parts;
        std::vector<T> rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
        rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
        smaller = fails_with(rest);
        if (looking_.stopped()) return interrupted();
        if (smaller) all = std::move(rest);
      }
      if (smaller) {
        parts = std::max<size_t>(parts - 1, 2);
      } else if (parts >= all.size()) {
        break;
      } else {
        parts *= 2;
      }
    }
    return all;
  }

  TraceReader& trace_;
  const Program& program_;
  const Looking& looking_;
  std::optional<Failure> wanted_;
  Shrunk shrunk_;
  uint64_t runs_ = 0;
};

// All that came from outside, with the tick in which it came, in order of their numbers.
Result<std::vector<InputImage>> inputs_of(TraceReader& trace, const Looking& looking) {
  const Result<WorldImage> start = trace.world_at(0);
  if (!start) return start.error();
  std::map<uint64_t, InputImage> inputs;
  for (const InputImage& input : start->inputs) inputs[input.number] = input;
  Latecomers late(trace.program(), start->inputs_numbered, Latecomers::Letters::kAreBrought);
  const Visit visit = [&](const EventView& event, uint64_t) {
    std::optional<InputImage> input = late.take(event);
    if (input) inputs[input->number] = std::move(*input);
    return true;
  };
  const Result<ScanEnd> end = scan(trace, 0, trace.cycles(), looking, visit);
  if (!end) return end.error();
  if (end->interrupted) return interrupted();
  std::vector<InputImage> all;
  for (auto& [number, input] : inputs) all.push_back(std::move(input));
  return all;
}

Status record(TraceReader& trace, const Shrunk& shrunk, Files& files, const std::string& path) {
  TraceHeader header = trace.header();
  header.engine = engine_version();
  header.run_id = new_run_id();
  header.options = {{.name = "shrunk from", .value = trace.header().run_id}};
  const std::shared_ptr<const Program> program(std::shared_ptr<const Program>(), &trace.program());
  Result<std::unique_ptr<TraceWriter>> writer = TraceWriter::create(files, path, *program, header);
  if (!writer) return writer.error();
  MachineOptions options;
  options.start_values = header.start_values;
  options.cycles_max = std::max<uint64_t>(shrunk.cycles, 1);
  options.sink = writer->get();
  Machine machine(program, options);
  for (const InputImage& input : shrunk.inputs) machine.add_input(input);
  if (const Result<Outcome> ran = machine.run(); !ran) return ran.error();
  return machine.finish();
}

}  // namespace

namespace {

// A line of JSON, as an input file has it. What came of an effect cannot be typed.
std::string act_text(const Program& program, const InputImage& input) {
  const auto quoted = [](const std::string& text) { return literal(Value::of(text), {}); };
  const std::string whom = input.domain ? instance_name(program, input.domain, input.key) : "";
  switch (input.kind) {
    case InputKind::kRevive:
      return fmt::format(R"({{"revive": {}, "how": {}}})", quoted(whom),
                         quoted(std::string(spelling(static_cast<Revival>(input.about)))));
    case InputKind::kCrash:
      return fmt::format(R"({{"crash": {}}})", quoted(whom));
    case InputKind::kRedeliver:
      return fmt::format(R"({{"redeliver": {}}})", input.about);
    case InputKind::kSet: {
      const std::string value = setting_text(program, input.args.front());
      const Field& field = program[input.domain].fields[input.about];
      return fmt::format(R"({{"set": {}}})", quoted(whom + "." + field.name + "=" + value));
    }
    default:
      return fmt::format("{} to {}, of cycle {}", input.failed ? "Failed" : "Done", whom,
                         input.about);
  }
}

}  // namespace

std::string message_text(const Program& program, const InputImage& input) {
  if (input.kind != InputKind::kMessage) return act_text(program, input);
  const auto& params = input.domain ? program[input.domain].routines[input.routine.index()].params
                                    : program.events[input.event.index()].params;
  std::string args;
  for (size_t i = 0; i < input.args.size(); ++i) {
    args +=
        (args.empty() ? "" : ", ") + params[i].name + ": " + literal(input.args[i], program.shapes);
  }
  const std::string name = input.domain
                               ? instance_name(program, input.domain, input.key) + " " +
                                     program[input.domain].routines[input.routine.index()].name
                               : "Event::" + program.events[input.event.index()].name;
  return name + "(" + args + ")";
}

Result<Shrunk> shrink(TraceReader& trace, Files& files, const std::string& path,
                      const Looking& looking) {
  if (trace.header().parent) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = trace.path() +
                         " is a fork, and has no start to begin from; shrink its "
                         "parent"};
  }
  Result<std::vector<InputImage>> inputs = inputs_of(trace, looking);
  if (!inputs) return inputs.error();
  Result<Shrunk> shrunk = Shrinker(trace, looking).shrink(std::move(*inputs));
  if (!shrunk) return shrunk.error();
  if (Status written = record(trace, *shrunk, files, path); !written) return written.error();
  return shrunk;
}

}  // namespace lexum

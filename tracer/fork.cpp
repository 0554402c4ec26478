#include "tracer/fork.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/translation.h"
#include "tracer/ask.h"
#include "tracer/line.h"
#include "tracer/rerun.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

// Makes the changes: those of mailboxes on the image, the others once it is a world.
class Meddler {
 public:
  Meddler(TraceReader& parent, WorldImage& image, const Looking& looking)
      : parent_(parent), program_(parent.program()), image_(image), looking_(looking) {}

  Status make(const Change& change) {
    return std::visit([this](const auto& one) { return on_image(one); }, change);
  }
  void finish(World& world) const {
    for (const SetField& set : sets_) {
      world.set_field(world.find(set.domain, set.key), set.slot, set.value);
    }
  }
  // In the order in which they are to be numbered, behind the recorded ones.
  [[nodiscard]] const std::vector<InputImage>& inputs() const { return inputs_; }

 private:
  struct Found {
    InstanceImage* receiver;
    size_t place;
  };

  Status on_image(const DropMessage& change) { return each_copy(change.message, take_out); }
  Status on_image(const DelayMessage& change) {
    if (change.ticks > kDelayMax) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = fmt::format("a message can be delayed by {} ticks at the most; to be "
                                       "without it, drop it",
                                       kDelayMax)};
    }
    return each_copy(change.message, [&](InstanceImage& receiver, size_t place) {
      MessageImage message = take_out(receiver, place);
      inputs_.push_back({.tick = image_.tick + 1 + change.ticks,
                         .domain = receiver.domain,
                         .key = receiver.key,
                         .routine = message.routine,
                         .event = {},
                         .args = std::move(message.args)});
    });
  }
  Status on_image(const DuplicateMessage& change) {
    return each_copy(change.message, [](InstanceImage& receiver, size_t place) {
      const MessageImage copy = receiver.mailbox[place];
      receiver.mailbox.insert(receiver.mailbox.begin() + static_cast<std::ptrdiff_t>(place), copy);
    });
  }
  Status on_image(const SwapMessage& change) {
    const Result<std::vector<Found>> found = copies_of(change.message);
    if (!found) return found.error();
    for (const auto& [receiver, place] : *found) {
      if (place + 1 < receiver->mailbox.size()) {
        std::swap(receiver->mailbox[place], receiver->mailbox[place + 1]);
        if (place == 0) receiver->head_passed = 0;
        continue;
      }
      return Error{.code = ErrorCode::kMismatch,
                   .what = fmt::format("nothing waits behind {} in the mailbox of {} that it could "
                                       "change places with",
                                       name(change.message), name(*receiver))};
    }
    return Done{};
  }
  Status on_image(const InjectMessage& change) {
    inputs_.push_back(change.input);
    return Done{};
  }
  Status on_image(const SetField& change) {
    const auto living = std::ranges::find_if(image_.instances, [&](const InstanceImage& one) {
      return !one.gone && one.domain == change.domain && one.key == change.key;
    });
    if (living == image_.instances.end()) {
      return Error{
          .code = ErrorCode::kNotFound,
          .what = fmt::format("there is no {} after cycle {}, where the fork begins",
                              instance_name(program_, change.domain, change.key), image_.cycle)};
    }
    sets_.push_back(change);
    return Done{};
  }

  Status on_image(const CrashInstance& change) {
    return each_of(change.whom, [this](InstanceImage& one) -> Status {
      if (one.faulted || one.killed)
        return wrong_state(one, "is FAULTED already; `revive` brings it back");
      one.faulted = true;
      for (BegunImage& begun : one.begun) {
        if (begun.work == WorkKind::kMessage) {
          one.mailbox.insert(one.mailbox.begin(), std::move(begun.message));
        }
      }
      one.begun.clear();
      return Done{};
    });
  }
  Status on_image(const ReviveInstance& change) {
    return each_of(change.whom, [&](InstanceImage& one) -> Status {
      if (!one.faulted && !one.killed) return wrong_state(one, "is not FAULTED");
      one.faulted = one.killed = false;
      one.faults.clear();
      one.fault_blocked.clear();
      if (change.drop) {
        if (one.mailbox.empty()) return wrong_state(one, "has no message that could be dropped");
        (void)take_out(one, 0);
      }
      return Done{};
    });
  }
  template <class F>
  Status each_of(const Subjects& whom, F&& f) {
    bool any = false;
    for (InstanceImage& one : image_.instances) {
      if (one.gone || !whom.has(one.domain, one.key)) continue;
      any = true;
      if (Status made = f(one); !made) return made;
    }
    if (any) return Done{};
    return Error{.code = ErrorCode::kNotFound,
                 .what = fmt::format("nobody of {} is there after cycle {}, where the fork begins",
                                     program_[whom.domain].name, image_.cycle)};
  }
  Error wrong_state(const InstanceImage& one, std::string_view what) const {
    return {.code = ErrorCode::kMismatch,
            .what = fmt::format("{} {}, after cycle {}, where the fork begins", name(one), what,
                                image_.cycle)};
  }

  // Whoever is first then has not been passed over.
  static MessageImage take_out(InstanceImage& receiver, size_t place) {
    const auto it = receiver.mailbox.begin() + static_cast<std::ptrdiff_t>(place);
    MessageImage message = std::move(*it);
    receiver.mailbox.erase(it);
    if (place == 0) receiver.head_passed = 0;
    return message;
  }

  template <class F>
  Status each_copy(const AtSend& message, F&& f) {
    const Result<std::vector<Found>> found = copies_of(message);
    if (!found) return found.error();
    for (const auto& [receiver, place] : *found) f(*receiver, place);
    return Done{};
  }

  // Where it waits: in one mailbox, or of a broadcast in each listener's.
  Result<std::vector<Found>> copies_of(const AtSend& message) {
    std::vector<Found> found;
    for (InstanceImage& receiver : image_.instances) {
      for (size_t place = 0; place < receiver.mailbox.size(); ++place) {
        const Origin& origin = receiver.mailbox[place].origin;
        if (origin.kind == OriginKind::kInput || origin.number != message.number) continue;
        const InstanceImage& sender = image_.instances[origin.sender.index()];
        if (sender.domain != message.domain || sender.key != message.key) continue;
        found.push_back({&receiver, place});
        break;  // nobody has a message twice, but for one that was duplicated
      }
    }
    if (found.empty()) return not_waiting(message);
    return found;
  }

  Error not_waiting(const AtSend& message) const {
    const Result<Moment> sent = moment_of({.place = message}, parent_, {}, looking_);
    if (!sent) return sent.error();
    if (sent->cycle > image_.cycle) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = fmt::format("{} is sent in cycle {}, after the fork begins; fork there",
                                       name(message), sent->cycle)};
    }
    if (is_effect(message, sent->cycle)) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = name(message) + " is an effect, and waits in no mailbox"};
    }
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("{0} no longer waits after cycle {1}; it "
                                     "was sent in cycle {2}: fork there",
                                     name(message), image_.cycle, sent->cycle)};
  }
  bool is_effect(const AtSend& message, uint64_t cycle) const {
    const Result<CycleView> ran = cycle_at(parent_, cycle);
    if (!ran) return false;
    // How many it had sent before that cycle, is known from what it has sent now.
    uint64_t sent = 0;
    for (const InstanceImage& one : image_.instances) {
      if (one.domain == message.domain && one.key == message.key) sent = one.sends;
    }
    const Sought its = cycles_of({.domain = message.domain, .key = message.key});
    const auto later = last_cycle(parent_, its, image_.cycle, looking_, [&](const CycleView& view) {
      sent -= std::min<uint64_t>(sent, view.emissions.size());
      return view.cycle == cycle;
    });
    if (!later || message.number <= sent) return false;
    const uint64_t place = message.number - sent - 1;
    return place < ran->emissions.size() &&
           program_.emissions[ran->emissions[place].site.index()].kind == EmissionKind::kEffect;
  }
  std::string name(const AtSend& message) const {
    return position_text(program_, {.place = message});
  }
  std::string name(const InstanceImage& instance) const {
    return instance_name(program_, instance.domain, instance.key);
  }

  TraceReader& parent_;
  const Program& program_;
  WorldImage& image_;
  const Looking& looking_;
  std::vector<InputImage> inputs_;
  std::vector<SetField> sets_;
};

// Those that reached the parent after the fork begins, and that no image of it knows.
Result<std::vector<InputImage>> late_inputs(TraceReader& parent, const WorldImage& image,
                                            const Looking& looking) {
  std::vector<InputImage> inputs;
  Latecomers late(parent.program(), 0);
  const Result<ScanEnd> end =
      scan(parent, image.cycle, parent.cycles(), looking, [&](const EventView& event, uint64_t) {
        std::optional<InputImage> input = late.take(event);
        if (!input) return true;
        const bool comes = input->tick > image.tick || input->number > image.inputs_numbered;
        const auto is_it = [&](const InputImage& known) {
          const bool brings_it = known.kind == InputKind::kRedeliver && known.index == 0;
          return known.number == input->number && (brings_it || known.kind == input->kind);
        };
        if (comes && std::ranges::none_of(image.inputs, is_it)) inputs.push_back(std::move(*input));
        return true;
      });
  if (!end) return end.error();
  if (end->interrupted) return interrupted();
  std::ranges::stable_sort(inputs, {}, &InputImage::number);
  // One that waited for room while a later one did not: the world has gone past its number.
  uint64_t last = image.inputs_numbered;
  if (!inputs.empty()) last = std::max(last, inputs.back().number);
  for (InputImage& input : inputs) {
    if (input.number <= image.inputs_numbered) input.number = ++last;
  }
  return inputs;
}

// The world between two ticks, at or after that cycle.
Result<WorldImage> world_after(TraceReader& parent, uint64_t cycle, const Looking& looking) {
  Result<std::unique_ptr<Rerun>> rerun = Rerun::at(parent, cycle, looking);
  if (!rerun) return rerun.error();
  if ((*rerun)->world().cycle() < cycle) {
    const Result<bool> ran = (*rerun)->tick();
    if (!ran) return ran.error();
    // Of a tick in which the record was cut off, the fork makes another one.
    if ((*rerun)->world().cycle() > parent.cycles()) {
      rerun = Rerun::at(parent, cycle, looking);
      if (!rerun) return rerun.error();
    }
  }
  World& world = (*rerun)->world();
  if (world.halted()) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("the run has ended with the assert in cycle {}: fork before "
                                     "that",
                                     world.halted()->cycle)};
  }
  return world.image();
}

// The program with which it goes on, and how everything is called there.
struct Going {
  std::shared_ptr<const Program> program;
  std::vector<StartValue> start_values;
};
Result<Going> going_on(TraceReader& parent, const ForkOptions& options, WorldImage& image,
                       std::vector<InputImage>& late, std::vector<std::string>& lost) {
  const std::vector<StartValue>& start_values = parent.header().start_values;
  if (options.program == nullptr) {
    return Going{.program = parent.shared_program(), .start_values = start_values};
  }
  if (!options.changes.empty()) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = "another program and other changes are two forks: make one of the other"};
  }
  Going going{.program = options.program, .start_values = {}};
  const Translation translation(parent.program(), *options.program);
  for (const StartValue& start : start_values) {
    if (const auto carried = translation.start_value(start)) going.start_values.push_back(*carried);
    else lost.push_back("a start value: " + carried.error().what);
  }
  Result<Translation::World> world = translation.world(std::move(image), going.start_values);
  if (!world) return world.error();
  image = std::move(world->image);
  std::ranges::copy(world->stranded, std::back_inserter(lost));
  std::ranges::copy(world->lost, std::back_inserter(lost));
  std::erase_if(late, [&](InputImage& input) {
    Result<InputImage> carried = translation.input(input);
    if (carried) input = std::move(*carried);
    else lost.push_back("an input: " + carried.error().what);
    return !carried;
  });
  return going;
}

}  // namespace

Result<AtSend> read_message_name(const Program& program, std::string_view text) {
  const Result<Position> position = read_position(program, text);
  if (!position) return position.error();
  if (const auto* send = std::get_if<AtSend>(&position->place)) return *send;
  return Error{.code = ErrorCode::kMismatch,
               .what = fmt::format("`{}` is no message; they are called by who sent them and the "
                                   "number of that send, as in msg:Order[7]#12",
                                   text)};
}

Result<BegunFork> begin_fork(TraceReader& parent, uint64_t cycle, const ForkOptions& options,
                             Files& files, const std::string& path, const Looking& looking) {
  Result<WorldImage> image = world_after(parent, cycle, looking);
  if (!image) return image.error();
  Result<std::vector<InputImage>> late = late_inputs(parent, *image, looking);
  if (!late) return late.error();
  if (options.leave_out) std::erase_if(*late, options.leave_out);
  Meddler meddler(parent, *image, looking);
  for (const Change& change : options.changes) {
    if (Status made = meddler.make(change); !made) return made.error();
  }
  BegunFork fork{.run = nullptr, .cycle = image->cycle};
  Result<Going> going = going_on(parent, options, *image, *late, fork.lost);
  if (!going) return going.error();
  {
    World world(*going->program, going->start_values);
    world.restore(*image);
    meddler.finish(world);
    if (options.program != nullptr) world.look_at_goals();
    image = world.image();  // now everything that was changed is in it
  }
  const TraceHeader& its = parent.header();
  const Program& program = *going->program;
  Result<std::unique_ptr<LiveRun>> run =
      LiveRun::begin(files, path, going->program,
                     {.engine = std::string(engine_version()),
                      .run_id = new_run_id(),
                      .program_name = program.source.name(),
                      .program_text = std::string(program.source.text()),
                      .start_values = going->start_values,
                      .options = {},
                      .parent = Parentage{.run_id = its.run_id,
                                          .file = parent.path(),
                                          .cycle = image->cycle,
                                          .changes = options.said}},
                     &*image, options.threads);
  if (!run) return run.error();
  for (const InputImage& input : *late) (*run)->send(input);
  for (const InputImage& input : meddler.inputs()) (*run)->send(input);
  fork.run = std::move(*run);
  return fork;
}

Result<Fork> fork(TraceReader& parent, uint64_t cycle, const ForkOptions& options, Files& files,
                  const std::string& path, const Looking& looking) {
  const Result<BegunFork> begun = begin_fork(parent, cycle, options, files, path, looking);
  if (!begun) return begun.error();
  LiveRun& run = *begun->run;
  const LiveRun::Until until{.cycle = options.cycles_max == 0 ? UINT64_MAX : options.cycles_max};
  const Result<LiveRun::Ran> ran = run.run(until, looking);
  if (!ran) return ran.error();
  if (ran->outcome == Outcome::kInterrupted) {
    return Error{.code = ErrorCode::kInterrupted,
                 .what = fmt::format("interrupted after cycle {}; the fork is whole up to there",
                                     run.world().cycle())};
  }
  return Fork{.cycle = begun->cycle,
              .outcome = ran->outcome.value_or(Outcome::kLimit),
              .cycles = run.world().cycle(),
              .lost = begun->lost};
}

}  // namespace lexum

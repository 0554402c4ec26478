#include "runtime/translation.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/fits.h"

namespace lexum {

namespace {

Error no_place(const char* kind, const std::string& name) {
  return {.code = ErrorCode::kMismatch,
          .what = fmt::format("the run names the {} {}, which the other program has not, or not "
                              "alike; keep it there to compare the two",
                              kind, name)};
}

}  // namespace

bool Translation::same_type(TypeId a, TypeId b) const {
  std::vector<uint32_t> shapes;
  return same_type(a, b, shapes);
}

// Of the shapes that are being compared already, records that hold their own kind ask again.
bool Translation::same_type(TypeId a, TypeId b, std::vector<uint32_t>& shapes) const {
  const Type& x = from_.types[a];
  const Type& y = to_.types[b];
  if (x.kind != y.kind || x.optional != y.optional) return false;
  switch (x.kind) {
    case TypeKind::kList:
      return same_type(x.element, y.element, shapes);
    case TypeKind::kMap:
      return same_type(x.key, y.key, shapes) && same_type(x.element, y.element, shapes);
    case TypeKind::kRecord: {
      // A value has the number of its shape in it.
      if (x.shape != y.shape) return false;
      if (std::ranges::find(shapes, x.shape) != shapes.end()) return true;
      shapes.push_back(x.shape);
      const Record& one = from_.records[x.shape];
      const Record& other = to_.records[y.shape];
      return one.name == other.name &&
             std::ranges::equal(one.fields, other.fields, [&](const Field& f, const Field& g) {
               return f.name == g.name && same_type(f.type, g.type, shapes);
             });
    }
    default:
      return true;
  }
}

bool Translation::same_params(const std::vector<Parameter>& a,
                              const std::vector<Parameter>& b) const {
  return std::ranges::equal(a, b, [&](const Parameter& x, const Parameter& y) {
    return x.name == y.name && same_type(x.type, y.type);
  });
}

DomainId Translation::domain(DomainId id) const {
  const Domain& domain = from_[id];
  const DomainId there = to_.find_domain(domain.name);
  if (!there || to_[there].keyed != domain.keyed) return {};
  if (domain.keyed && !same_type(domain.key_type, to_[there].key_type)) return {};
  return there;
}

EventId Translation::event(EventId id) const {
  const Event& event = from_.events[id.index()];
  const auto found = std::ranges::find(to_.events, event.name, &Event::name);
  if (found == to_.events.end() || !same_params(event.params, found->params)) return {};
  return EventId(static_cast<size_t>(found - to_.events.begin()));
}

RoutineIndex Translation::routine(DomainId domain, RoutineIndex index, DomainId there) const {
  const Routine& routine = from_[domain].routines[index.index()];
  const std::vector<Routine>& routines = to_[there].routines;
  const auto found = std::ranges::find_if(routines, [&](const Routine& other) {
    return other.name == routine.name && other.kind == routine.kind &&
           same_params(routine.params, other.params);
  });
  if (found == routines.end()) return {};
  return RoutineIndex(static_cast<size_t>(found - routines.begin()));
}

Result<InputImage> Translation::input(InputImage input) const {
  if (&from_ == &to_ || input.kind == InputKind::kRedeliver) return input;
  if (!input.domain) {
    const EventId there = event(input.event);
    if (!there) return no_place("event", from_.events[input.event.index()].name);
    input.event = there;
    return input;
  }
  const Domain& its = from_[input.domain];
  const DomainId there = domain(input.domain);
  if (!there) return no_place("domain", its.name);
  if (input.kind == InputKind::kSet) {
    Result<StartValue> set = start_value({.domain = input.domain,
                                          .key = input.key,
                                          .slot = static_cast<uint32_t>(input.about),
                                          .value = input.args.front()});
    if (!set) return set.error();
    input.about = set->slot;
  }
  if (input.kind != InputKind::kMessage) {
    input.domain = there;
    return input;
  }
  const RoutineIndex routine = this->routine(input.domain, input.routine, there);
  if (!routine) {
    return no_place("message", its.name + "." + its.routines[input.routine.index()].name);
  }
  input.domain = there;
  input.routine = routine;
  return input;
}

Result<StartValue> Translation::start_value(StartValue start) const {
  if (&from_ == &to_) return start;
  const Domain& its = from_[start.domain];
  const Field& field = its.fields[start.slot];
  const DomainId there = domain(start.domain);
  if (!there) return no_place("domain", its.name);
  const std::vector<Field>& fields = to_[there].fields;
  const auto found = std::ranges::find(fields, field.name, &Field::name);
  if (found == fields.end() || !same_type(field.type, found->type)) {
    return no_place("field", its.name + "." + field.name);
  }
  start.domain = there;
  start.slot = static_cast<uint32_t>(found - fields.begin());
  return start;
}

// ------------------------------------------------------------------------------------ whole worlds

class Translation::Carrier {
 public:
  Carrier(const Translation& names, World& result)
      : names_(names), from_(names.from_), to_(names.to_), result_(result) {}

  Result<InstanceImage> instance(InstanceImage image) {
    const Domain& its = from_[image.domain];
    const DomainId there = names_.domain(image.domain);
    if (!there) {
      return Error{.code = ErrorCode::kMismatch,
                   .what = fmt::format("somebody of domain {} is there, which the other program "
                                       "has not, or not alike; keep it to go on",
                                       its.name)};
    }
    const DomainId from = std::exchange(image.domain, there);
    if (image.gone) return image;
    image.fields = fields(from, there, image.fields);
    image.mailbox = mailbox(from, there, std::move(image.mailbox));
    carry_begun(from, there, image);
    image.goals = goals(from, there, image.goals);
    image.boot_pending = image.boot_pending && to_[there].boot;
    image.boot_failed = image.boot_failed && to_[there].boot;
    image.mail_failed = image.mail_failed && !image.mailbox.empty();
    image.undo = olds(from, there, image.undo.list());
    std::vector<RoutineIndex> blocked;
    for (const RoutineIndex routine : image.fault_blocked) {
      if (const RoutineIndex same = names_.routine(from, routine, there)) blocked.push_back(same);
    }
    image.fault_blocked = std::move(blocked);
    return image;
  }
  std::optional<MessageImage> message(DomainId from, DomainId there, MessageImage message) {
    const RoutineIndex routine = names_.routine(from, message.routine, there);
    if (!routine) {
      strand("message", from, from_[from].routines[message.routine.index()].name);
      return {};
    }
    message.routine = routine;
    return message;
  }
  void letter(DomainId from, DomainId there, DeadLetter& letter) {
    MessageImage& message = letter.message;
    if (letter.receiver) {
      const RoutineIndex routine = names_.routine(from, message.routine, there);
      if (routine) message.routine = routine;
      else
        bury(letter, from_[from].name + "." + from_[from].routines[message.routine.index()].name);
    } else if (letter.event) {
      const EventId event = names_.event(letter.event);
      if (event) letter.event = event;
      else bury(letter, "Event::" + from_.events[letter.event.index()].name);
    }
  }
  // Somebody there has to wait for it too.
  bool outcome(DomainId from, DomainId there, AwaitedImage& awaited) {
    const Effect& effect = from_.effects[awaited.effect.index()];
    for (const OutcomeHandlers& handlers : to_[there].outcomes) {
      const Effect& other = to_.effects[handlers.effect.index()];
      const RoutineIndex handler = awaited.failed ? handlers.failed : handlers.done;
      if (!handler || !takes(there, handler, awaited.answer) || other.adapter != effect.adapter ||
          other.operation != effect.operation) {
        continue;
      }
      awaited.effect = handlers.effect;
      return true;
    }
    strand("the outcome for", from, effect.adapter + "." + effect.operation);
    return false;
  }
  // The same effect with the same arguments has to be emitted there.
  bool intent(DomainId from, IntentImage& intent) {
    const Emission& site = from_.emissions[intent.site.index()];
    const Effect& effect = from_.effects[intent.effect.index()];
    for (size_t i = 0; i < to_.emissions.size(); ++i) {
      const Emission& other = to_.emissions[i];
      if (other.kind != EmissionKind::kEffect || other.names != site.names) continue;
      const Effect& its = to_.effects[other.effect.index()];
      if (its.adapter != effect.adapter || its.operation != effect.operation) continue;
      intent.site = EmissionId(i);
      intent.effect = other.effect;
      return true;
    }
    strand("what comes of", from, effect.adapter + "." + effect.operation);
    return false;
  }

 private:
  bool takes(DomainId domain, RoutineIndex handler, const std::vector<Value>& answer) const {
    const auto& params = to_[domain].routines[handler.index()].params;
    return params.empty() || answer.empty() || fits(answer.front(), params.front().type, to_);
  }
  static void note(std::vector<std::string>& all, std::string text) {
    if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
  }
  void lose(const char* what, DomainId domain, const std::string& name) {
    note(result_.lost, fmt::format("{} {}.{}", what, from_[domain].name, name));
  }
  void strand(const char* what, DomainId domain, const std::string& name) {
    note(result_.stranded, fmt::format("{} {}.{}", what, from_[domain].name, name));
  }
  void bury(DeadLetter& letter, const std::string& name) {
    if (!letter.redelivered) note(result_.lost, "dead letters " + name);
    letter = {.receiver = {}, .event = {}, .message = {}, .redelivered = true};
  }

  std::vector<Value> fields(DomainId from, DomainId there, const std::vector<Value>& before) {
    std::vector<Value> after;
    for (const Field& field : to_[there].fields) after.push_back(field.initial);
    for (size_t slot = 0; slot < before.size(); ++slot) {
      const auto same = slot_there(from, static_cast<uint32_t>(slot), there);
      if (same) after[*same] = before[slot];
      else lose("field", from, from_[from].fields[slot].name);
    }
    return after;
  }
  std::vector<FieldImage> olds(DomainId from, DomainId there,
                               const std::vector<FieldImage>& before) const {
    std::vector<FieldImage> after;
    for (const FieldImage& old : before) {
      const auto same = slot_there(from, old.slot, there);
      if (same) after.push_back({*same, old.value});
    }
    return after;
  }
  std::optional<uint32_t> slot_there(DomainId from, uint32_t slot, DomainId there) const {
    const Field& field = from_[from].fields[slot];
    const auto& fields = to_[there].fields;
    const auto same = std::ranges::find(fields, field.name, &Field::name);
    if (same == fields.end() || !names_.same_type(field.type, same->type)) return {};
    return static_cast<uint32_t>(same - fields.begin());
  }
  std::vector<MessageImage> mailbox(DomainId from, DomainId there,
                                    std::vector<MessageImage> before) {
    std::vector<MessageImage> after;
    for (MessageImage& one : before) {
      if (auto carried = message(from, there, std::move(one))) after.push_back(std::move(*carried));
    }
    return after;
  }
  // What has begun goes on if it has as many slices as before; else its message waits again.
  void carry_begun(DomainId from, DomainId there, InstanceImage& image) {
    if (image.begun.empty()) return;
    BegunImage begun = std::move(image.begun.front());
    image.begun.clear();
    const Routine& routine = from_[from].routines[begun.routine.index()];
    const RoutineIndex same = names_.routine(from, begun.routine, there);
    const GoalIndex goal = begun.goal ? goal_of(from, there, begun.goal) : GoalIndex();
    const bool goes_on = same && (!begun.goal || goal) &&
                         to_[there].routines[same.index()].slices.size() == routine.slices.size();
    const bool has_message = begun.work == WorkKind::kMessage;
    if (goes_on) {
      begun.routine = same;
      begun.goal = goal;
      begun.undo = olds(from, there, begun.undo);
      if (has_message) begun.message.routine = same;
      image.begun.push_back(std::move(begun));
      return;
    }
    strand("the rest of", from, routine.name);
    if (!has_message) return;
    if (auto carried = message(from, there, std::move(begun.message))) {
      image.mailbox.insert(image.mailbox.begin(), std::move(*carried));
    }
  }
  GoalIndex goal_of(DomainId from, DomainId there, GoalIndex goal) const {
    const auto& goals = to_[there].goals;
    const auto same = std::ranges::find(goals, from_[from].goals[goal.index()].name, &Goal::name);
    if (same == goals.end()) return {};
    return GoalIndex(static_cast<size_t>(same - goals.begin()));
  }
  std::vector<GoalImage> goals(DomainId from, DomainId there,
                               const std::vector<GoalImage>& before) {
    std::vector<GoalImage> after(to_[there].goals.size());
    for (size_t g = 0; g < before.size(); ++g) {
      const GoalIndex same = goal_of(from, there, GoalIndex(g));
      if (same) after[same.index()] = goal(to_[there].goals[same.index()], before[g]);
      else lose("goal", from, from_[from].goals[g].name);
    }
    return after;
  }
  // What was given up is taken up again where the other program allows more.
  static GoalImage goal(const Goal& there, GoalImage image) {
    if (image.status != GoalStatus::kAbandoned) return image;
    if (!there.terminate_after || image.runs < *there.terminate_after) {
      image.status = GoalStatus::kWaiting;
    }
    image.else_pending = image.else_pending && image.status == GoalStatus::kAbandoned &&
                         static_cast<bool>(there.terminate_else);
    return image;
  }

  const Translation& names_;
  const Program& from_;
  const Program& to_;
  World& result_;
};

Result<Translation::World> Translation::world(WorldImage image,
                                              const std::vector<StartValue>& start_values) const {
  World result{.image = std::move(image), .lost = {}, .stranded = {}};
  WorldImage& world = result.image;
  Carrier carrier(*this, result);
  std::vector<DomainId> domains;  // by id, as they were
  for (InstanceImage& instance : world.instances) {
    domains.push_back(instance.domain);
    Result<InstanceImage> carried = carrier.instance(std::move(instance));
    if (!carried) return carried.error();
    instance = std::move(*carried);
  }
  if (world.rest) {
    for (InstanceImage& instance : world.rest->instances) {
      instance = std::move(*carrier.instance(std::move(instance)));
    }
  }
  // Single instances of new domains begin now.
  const lexum::World fresh(to_, start_values);
  for (InstanceImage& one : fresh.image().instances) {
    const auto known = std::ranges::find(world.instances, one.domain, &InstanceImage::domain);
    if (to_[one.domain].keyed || known != world.instances.end()) continue;
    one.id = InstanceId(world.instances.size());
    world.instances.push_back(std::move(one));
  }
  world.instance_count = static_cast<uint32_t>(world.instances.size());

  std::vector<InputImage> inputs;
  for (InputImage& waiting : world.inputs) {
    Result<InputImage> carried = input(std::move(waiting));
    if (carried) inputs.push_back(std::move(*carried));
    else result.stranded.push_back("an input: " + carried.error().what);
  }
  world.inputs = std::move(inputs);
  std::erase_if(world.awaited, [&](AwaitedImage& awaited) {
    return !carrier.outcome(domains[awaited.instance.index()],
                            world.instances[awaited.instance.index()].domain, awaited);
  });
  std::erase_if(world.intents, [&](IntentImage& intent) {
    return !carrier.intent(domains[intent.instance.index()], intent);
  });
  const auto letters = [&](std::vector<DeadLetter>& all) {
    for (DeadLetter& letter : all) {
      if (!letter.receiver) carrier.letter({}, {}, letter);
      else
        carrier.letter(domains[letter.receiver.index()],
                       world.instances[letter.receiver.index()].domain, letter);
    }
  };
  letters(world.dead_letters);
  if (world.rest) letters(world.rest->inputs);
  world.kept_state = {};
  world.kept_tick = world.ticks_since_base = 0;
  return result;
}

}  // namespace lexum

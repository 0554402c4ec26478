#include "runtime/fits.h"

#include <algorithm>

namespace lexum {

namespace {

class Fits {
 public:
  explicit Fits(const Program& program) : program_(program) {}

  bool operator()(const StartValue& start) const {
    if (!start.domain || start.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[start.domain];
    return key(domain, start.key) && start.slot < domain.fields.size() &&
           value(start.value, domain.fields[start.slot].type);
  }
  bool operator()(const WorldImage& image) const {
    // The instances of a later keyframe may have ids that this one only counts.
    return all(image.instances,
               [&](const InstanceImage& i) {
                 return i.id && i.id.value < image.instance_count && instance(i, image);
               }) &&
           all(image.inputs, [&](const InputImage& i) { return input(i); }) &&
           all(image.awaited,
               [&](const AwaitedImage& i) {
                 return known(i.instance, image) && i.effect.value < program_.effects.size() &&
                        i.answer.size() <= 1;
               }) &&
           all(image.intents,
               [&](const IntentImage& i) { return known(i.instance, image) && intent(i); }) &&
           (!image.rest || rest(*image.rest, image));
  }
  bool value(const Value& v, TypeId type_id) const {
    const Type& type = program_.types[type_id];
    if (v.is_null()) return type.optional;
    bool good = true;
    switch (type.kind) {
      case TypeKind::kBool:
        return v.kind() == Kind::kBool;
      case TypeKind::kInt:
        return v.kind() == Kind::kInt;
      case TypeKind::kText:
        return v.kind() == Kind::kText;
      case TypeKind::kList:
        if (v.kind() != Kind::kList) return false;
        v.each([&](const Value& element) { good = good && value(element, type.element); });
        return good;
      case TypeKind::kMap:
        if (v.kind() != Kind::kMap) return false;
        v.each_entry([&](const Value& its_key, const Value& mapped) {
          good = good && value(its_key, type.key) && value(mapped, type.element);
        });
        return good;
      case TypeKind::kRecord: {
        if (v.kind() != Kind::kRecord || v.shape() != type.shape) return false;
        const std::vector<Field>& fields = program_.records[type.shape].fields;
        return std::equal(v.fields().begin(), v.fields().end(), fields.begin(), fields.end(),
                          [&](const Value& f, const Field& t) { return value(f, t.type); });
      }
      default:
        return false;
    }
  }

  // Of one that has all its instances.
  bool whole(const WorldImage& image) const {
    return image.instances.size() == image.instance_count && stand_by_id(image.instances) &&
           letters(image.dead_letters, image) &&
           all(image.awaited, [&](const AwaitedImage& a) { return awaited(a, image); }) &&
           (!image.rest || (letters(image.rest->inputs, image) && all_are(*image.rest, image)));
  }

  bool input(const InputImage& i) const {
    if (i.kind == InputKind::kRedeliver) return !i.domain && i.key.is_null() && i.args.empty();
    if (i.kind != InputKind::kMessage) return about_instance(i);
    if (!i.domain) {
      return i.event.value < program_.events.size() &&
             values(i.args, program_.events[i.event.index()].params);
    }
    if (i.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[i.domain];
    return key(domain, i.key) && i.routine.value < domain.routines.size() &&
           values(i.args, domain.routines[i.routine.index()].params);
  }

 private:
  bool about_instance(const InputImage& i) const {
    if (i.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[i.domain];
    if (!key(domain, i.key)) return false;
    switch (i.kind) {
      case InputKind::kOutcome:
        return i.args.size() == 1;
      case InputKind::kRevive:
        return i.about <= static_cast<uint64_t>(kLastRevival);
      case InputKind::kCrash:
        return true;
      case InputKind::kSet:
        return i.about < domain.fields.size() && i.args.size() == 1 &&
               value(i.args.front(), domain.fields[i.about].type);
      default:
        return false;
    }
  }
  bool intent(const IntentImage& i) const {
    if (i.site.value >= program_.emissions.size()) return false;
    const Emission& site = program_.emissions[i.site.index()];
    return site.kind == EmissionKind::kEffect && site.effect == i.effect &&
           i.args.size() == site.names.size();
  }
  // A handler takes what it is answered by.
  bool awaited(const AwaitedImage& a, const WorldImage& image) const {
    const Domain& domain = program_[image.instances[a.instance.index()].domain];
    const auto handlers = std::ranges::find(domain.outcomes, a.effect, &OutcomeHandlers::effect);
    if (handlers == domain.outcomes.end()) return false;
    const RoutineIndex handler = a.failed ? handlers->failed : handlers->done;
    if (!handler) return false;
    const auto& params = domain.routines[handler.index()].params;
    return params.empty() || a.answer.empty() || value(a.answer.front(), params.front().type);
  }
  bool undo(const std::vector<FieldImage>& fields, const Domain& domain) const {
    return all(fields, [&](const FieldImage& f) {
      return f.slot < domain.fields.size() && value(f.value, domain.fields[f.slot].type);
    });
  }
  bool key(const Domain& domain, const Value& key) const {
    return domain.keyed ? value(key, domain.key_type) : key.is_null();
  }
  template <class Items, class Test>
  static bool all(const Items& items, Test test) {
    return std::all_of(items.begin(), items.end(), test);
  }
  static bool known(InstanceId id, const WorldImage& image) {
    return id && id.value < image.instance_count;
  }

  bool rest(const RestImage& r, const WorldImage& image) const {
    return r.cycle <= image.cycle && r.dead_letters <= image.dead_letters.size() &&
           r.instance_count <= image.instance_count &&
           all(r.instances, [&](const InstanceImage& i) {
             return i.id && i.id.value < r.instance_count && instance(i, image);
           });
  }
  bool instance(const InstanceImage& i, const WorldImage& image) const {
    if (!i.domain || i.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[i.domain];
    if (!key(domain, i.key)) return false;
    if (i.gone) return i.fields.empty() && i.mailbox.empty() && i.begun.empty();
    return values(i.fields, domain.fields) && i.goals.size() == domain.goals.size() &&
           i.begun.size() <= 1 &&
           all(i.mailbox, [&](const auto& m) { return message(m, domain); }) &&
           all(i.begun, [&](const BegunImage& b) { return begun(b, domain); }) &&
           (!(i.boot_pending || i.boot_failed) || domain.boot) && undo(i.undo.list(), domain) &&
           !(i.mail_failed && i.mailbox.empty()) && goals(i.goals, domain) &&
           all(i.fault_blocked, [&](RoutineIndex r) { return r.value < domain.routines.size(); }) &&
           all(i.throttlers, [&](InstanceId id) { return known(id, image); });
  }
  // Field or parameter by field or parameter.
  template <class Typed>
  bool values(const std::vector<Value>& its_values, const std::vector<Typed>& typed) const {
    return std::equal(its_values.begin(), its_values.end(), typed.begin(), typed.end(),
                      [&](const Value& v, const Typed& t) { return value(v, t.type); });
  }
  bool message(const MessageImage& m, const Domain& domain) const {
    return m.origin.kind <= OriginKind::kOutcome && m.routine.value < domain.routines.size() &&
           values(m.args, domain.routines[m.routine.index()].params);
  }
  // Requires as many as the domain has.
  static bool goals(const std::vector<GoalImage>& images, const Domain& domain) {
    return std::equal(images.begin(), images.end(), domain.goals.begin(),
                      [](const GoalImage& image, const Goal& goal) {
                        return image.status <= GoalStatus::kAbandoned &&
                               (!image.else_pending || goal.terminate_else);
                      });
  }
  bool begun(const BegunImage& b, const Domain& domain) const {
    return b.work <= WorkKind::kSlice && b.routine.value < domain.routines.size() &&
           b.next_slice < domain.routines[b.routine.index()].slices.size() &&
           (!b.goal || b.goal.value < domain.goals.size()) &&
           (b.goal || (b.work != WorkKind::kGoal && b.work != WorkKind::kElse)) &&
           (b.work == WorkKind::kMessage
                ? message(b.message, domain) && b.message.routine == b.routine
                : domain.routines[b.routine.index()].params.empty()) &&
           undo(b.undo, domain);
  }
  static bool stand_by_id(const std::vector<InstanceImage>& instances) {
    for (size_t i = 0; i < instances.size(); ++i) {
      if (instances[i].id != InstanceId(i)) return false;
    }
    return true;
  }
  // Those who were there at the rest are who they were.
  static bool all_are(const RestImage& rest, const WorldImage& image) {
    return all(rest.instances, [&](const InstanceImage& then) {
      return image.instances[then.id.index()].domain == then.domain;
    });
  }
  bool letters(const std::vector<DeadLetter>& letters, const WorldImage& image) const {
    return all(letters, [&](const DeadLetter& l) {
      if (!l.receiver) {
        return l.event.value < program_.events.size() || (!l.event && l.redelivered);
      }
      return known(l.receiver, image) &&
             message(l.message, program_[image.instances[l.receiver.index()].domain]);
    });
  }

  const Program& program_;
};

}  // namespace

bool fits(const Value& value, TypeId type, const Program& program) {
  return Fits(program).value(value, type);
}
bool fits(const StartValue& start, const Program& program) { return Fits(program)(start); }
bool fits(const InputImage& input, const Program& program) { return Fits(program).input(input); }
bool fits(const WorldImage& image, const Program& program) { return Fits(program)(image); }
bool is_whole(const WorldImage& image, const Program& program) {
  return Fits(program).whole(image);
}

}  // namespace lexum

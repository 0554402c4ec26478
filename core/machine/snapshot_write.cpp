// Snapshots as JSON, instance by instance.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/snapshot.h"
#include "machine/value_json.h"
#include "machine/wiring.h"

namespace lexum {

namespace {

constexpr std::string_view kSuffix = ".snapshot.json";

// ---- writing

class Writer {
 public:
  explicit Writer(const Program& program) : program_(program) {}

  Json value(const Value& v) const { return to_json(program_, v); }
  template <class Named>
  Json named(const std::vector<Named>& names, std::span<const Value> values) const {
    Json::object_t object;
    for (size_t i = 0; i < values.size(); ++i) object.emplace_back(names[i].name, value(values[i]));
    return object;
  }

  Json message(DomainId receiver, const MessageImage& m) const {
    const Routine& routine = program_[receiver].routines[m.routine.index()];
    return {{"message", spell(routine)},
            {"routine", m.routine.value},
            {"args", named(routine.params, m.args)},
            {"origin", origin(m.origin)}};
  }
  Json begun(DomainId domain, const BegunImage& b) const {
    Json json{{"routine", b.routine.value},       {"next_slice", b.next_slice},
              {"work", static_cast<int>(b.work)}, {"goal", b.goal.value},
              {"priority", b.priority},           {"changed", b.changed}};
    if (b.work == WorkKind::kMessage) json["message"] = message(domain, b.message);
    if (!b.undo.empty()) json["undo"] = undo(domain, b.undo);
    return json;
  }
  Json undo(DomainId domain, const std::vector<FieldImage>& fields) const {
    Json::object_t object;
    for (const FieldImage& f : fields)
      object.emplace_back(program_[domain].fields[f.slot].name, value(f.value));
    return object;
  }
  static Json goal(const GoalImage& g) {
    return {
        static_cast<int>(g.status), g.asked, g.owes, g.else_pending, g.passed, g.runs, g.distance};
  }

  // What most have as it begins is left out.
  Json instance(const InstanceImage& i, const Json& common) const {
    const Domain& domain = program_[i.domain];
    Json json{{"domain", domain.name}, {"key", value(i.key)}};
    json.update(common);
    json["state"] = named(domain.fields, i.fields);
    json["id"] = i.id.value;
    const auto flag = [&](const char* name, bool is) {
      if (is) json[name] = true;
    };
    const auto number = [&](const char* name, uint64_t n) {
      if (n != 0) json[name] = n;
    };
    const auto numbers = [&](const char* name, const auto& list, const auto& of) {
      for (const auto& one : list) json[name].push_back(of(one));
    };
    flag("gone", i.gone);
    flag("faulted", i.faulted);
    flag("killed", i.killed);
    flag("boot_pending", i.boot_pending);
    flag("boot_failed", i.boot_failed);
    flag("mail_failed", i.mail_failed);
    number("head_passed", i.head_passed);
    number("sends", i.sends);
    number("cycles", i.cycles);
    number("correlation", i.correlation);
    numbers("mailbox", i.mailbox, [&](const MessageImage& m) { return message(i.domain, m); });
    numbers("begun", i.begun, [&](const BegunImage& b) { return begun(i.domain, b); });
    for (size_t g = 0; g < i.goals.size(); ++g)
      json["goals"][domain.goals[g].name] = goal(i.goals[g]);
    numbers("faults", i.faults, [](uint64_t cycle) { return cycle; });
    numbers("fault_blocked", i.fault_blocked, [](RoutineIndex r) { return r.value; });
    numbers("throttlers", i.throttlers, [](InstanceId id) { return id.value; });
    if (!i.undo.empty()) json["undo"] = undo(i.domain, i.undo.list());
    return json;
  }

  Json input(const InputImage& i) const {
    Json json{{"number", i.number}, {"tick", i.tick}, {"arrived", i.arrived}};
    if (i.kind != InputKind::kMessage) {
      json["kind"] = static_cast<int>(i.kind);
      if (i.domain) json.update({{"domain", program_[i.domain].name}, {"key", value(i.key)}});
      json.update({{"about", i.about},
                   {"index", i.index},
                   {"failed", i.failed},
                   {"raw", raw(Value::list(i.args))}});
      return json;
    }
    if (!i.domain) {
      const Event& event = program_.events[i.event.index()];
      json["broadcast"] = event.name;
      json["args"] = named(event.params, i.args);
      return json;
    }
    const Domain& domain = program_[i.domain];
    json["domain"] = domain.name;
    json["key"] = value(i.key);
    json["routine"] = i.routine.value;
    json["args"] = named(domain.routines[i.routine.index()].params, i.args);
    return json;
  }
  // Of values whose type nobody knows who reads them: as BYTES.md has them.
  static std::string raw(const Value& v) {
    ByteWriter bytes;
    encode(bytes, v);
    return to_hex(bytes.bytes());
  }
  Json awaited(const AwaitedImage& a) const {
    Json json{{"instance", a.instance.value},
              {"cycle", a.cycle},
              {"index", a.index},
              {"number", a.number},
              {"correlation", a.correlation},
              {"effect", a.effect.value},
              {"arrived", a.arrived}};
    if (a.due != 0) json["due"] = a.due;
    if (a.failed) json["failed"] = true;
    if (!a.answer.empty()) json["answer"] = raw(a.answer.front());
    return json;
  }
  Json intent(const IntentImage& i) const {
    const Effect& effect = program_.effects[i.effect.index()];
    Json::object_t args;
    const std::vector<std::string>& names = program_.emissions[i.site.index()].names;
    for (size_t a = 0; a < names.size(); ++a) args.emplace_back(names[a], value(i.args[a]));
    return {{"operation", effect.adapter + "." + effect.operation},
            {"effect", i.effect.value},
            {"instance", i.instance.value},
            {"cycle", i.cycle},
            {"index", i.index},
            {"number", i.number},
            {"correlation", i.correlation},
            {"site", i.site.value},
            {"args", args},
            {"raw", raw(Value::list(i.args))}};
  }
  // `domains` are those of all instances.
  Json letter(const DeadLetter& l, const std::vector<DomainId>& domains) const {
    Json json = Json::object();
    if (l.receiver) {
      json = message(domains[l.receiver.index()], l.message);
      json["receiver"] = l.receiver.value;
      json["domain"] = program_[domains[l.receiver.index()]].name;
    } else if (l.event) {
      const Event& event = program_.events[l.event.index()];
      json = {{"broadcast", event.name},
              {"args", named(event.params, l.message.args)},
              {"origin", origin(l.message.origin)}};
    }
    if (l.redelivered) json["redelivered"] = true;
    return json;
  }
  static Json origin(const Origin& o) {
    return {static_cast<int>(o.kind), o.sender.value, o.number, o.cause, o.index, o.correlation};
  }

  const Program& program_;
};

Json start_value(const Writer& write, const StartValue& start) {
  const Domain& domain = write.program_[start.domain];
  return {{"domain", domain.name},
          {"key", write.value(start.key)},
          {"field", domain.fields[start.slot].name},
          {"value", write.value(start.value)}};
}

Json rest_of(const Writer& write, const RestImage& rest, const std::vector<DomainId>& domains) {
  Json json{{"cycle", rest.cycle},
            {"dead_letters", rest.dead_letters},
            {"instance_count", rest.instance_count},
            {"instances", Json::array()},
            {"inputs", Json::array()}};
  for (const InstanceImage& i : rest.instances)
    json["instances"].push_back(write.instance(i, Json::object()));
  for (const DeadLetter& l : rest.inputs) json["inputs"].push_back(write.letter(l, domains));
  return json;
}

Json world_of(const Writer& write, const Snapshot& snapshot, const WorldImage& image) {
  Json world{{"tick", image.tick},
             {"messages", image.messages},
             {"inputs_numbered", image.inputs_numbered},
             {"kept_state", {image.kept_state.a, image.kept_state.b}},
             {"kept_tick", image.kept_tick},
             {"ticks_since_base", image.ticks_since_base},
             {"instance_count", image.instance_count},
             {"tick_before", snapshot.point.tick_before},
             {"digest", to_hex(snapshot.point.digest.state())},
             {"start_values", Json::array()},
             {"inputs", Json::array()},
             {"clock", image.clock},
             {"awaited", Json::array()},
             {"intents", Json::array()},
             {"dead_letters", Json::array()}};
  for (const StartValue& start : snapshot.start_values) {
    world["start_values"].push_back(start_value(write, start));
  }
  for (const InputImage& input : image.inputs) world["inputs"].push_back(write.input(input));
  for (const AwaitedImage& a : image.awaited) world["awaited"].push_back(write.awaited(a));
  for (const IntentImage& i : image.intents) world["intents"].push_back(write.intent(i));
  for (const DeadLetter& l : image.dead_letters) {
    world["dead_letters"].push_back(write.letter(l, snapshot.domains));
  }
  if (image.rest) world["rest"] = rest_of(write, *image.rest, snapshot.domains);
  return world;
}

}  // namespace

std::string snapshot_name(uint64_t cycle) { return fmt::format("{}{}", cycle, kSuffix); }

std::optional<uint64_t> snapshot_cycle(std::string_view name) {
  if (!name.ends_with(kSuffix)) return {};
  name.remove_suffix(kSuffix.size());
  uint64_t cycle = 0;
  const char* const end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(name.data(), end, cycle);
  if (error != std::errc() || stopped != end ||
      snapshot_name(cycle).size() != name.size() + kSuffix.size()) {
    return {};
  }
  return cycle;
}

Status write_json(const Program& program, const Snapshot& snapshot, const WorldImage& world,
                  std::span<const InstanceImage* const> instances,
                  const std::function<Status(std::string_view)>& append) {
  constexpr size_t kPiece = size_t{256} << 10;
  const Writer write(program);
  const std::string run_hash = to_hex(snapshot.run_hash);
  RunDigest digest;
  std::string text = fmt::format(
      "{{\"format\":{},\"cycle\":{},\"run_hash\":\"{}\",\"program\":\"{}\",\"began\":\"{}\","
      "\"base\":{},\"mailbox_offset\":{},\n\"world\":",
      kSnapshotFormat, world.cycle, run_hash, to_hex(snapshot.program), to_hex(snapshot.began),
      snapshot.base ? fmt::format("\"{}\"", snapshot_name(*snapshot.base)) : "null",
      snapshot.journal - 1);
  text += world_of(write, snapshot, world).dump();
  text += ",\n\"instances\":[";
  const Json common{{"cycle", world.cycle}, {"run_hash", run_hash}};
  bool first = true;
  for (const InstanceImage* i : instances) {
    Json json = write.instance(*i, common);
    const auto offset = snapshot.offsets.find(i->id.value);
    json["mailbox_offset"] = offset == snapshot.offsets.end() ? 0 : offset->second;
    text += first ? "\n" : ",\n";
    first = false;
    text += json.dump();
    if (text.size() < kPiece) continue;
    digest.update(as_bytes(text));
    if (Status appended = append(text); !appended) return appended;
    text.clear();
  }
  text += "]";
  text += kSnapshotHashMember;
  digest.update(as_bytes(text));
  text += to_hex(digest.value());
  text += kSnapshotEnd;
  return append(text);
}

}  // namespace lexum

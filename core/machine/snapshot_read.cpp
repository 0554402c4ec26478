// Snapshots out of JSON: what is missing or makes no sense is said, and nothing is believed that
// could not be.
#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "machine/members.h"
#include "machine/snapshot.h"
#include "machine/snapshot_text.h"
#include "runtime/fits.h"

namespace lexum {

namespace {

using Element = Members::Element;
using Object = Members::Object;
using Array = Members::Array;

Error senseless(const std::string& what) {
  return {.code = ErrorCode::kDamaged, .what = "it is no snapshot of this format: " + what};
}

bool hex_into(std::string_view hex, std::span<std::byte> into) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != into.size()) return false;
  std::ranges::copy(*bytes, into.begin());
  return true;
}

class Reader : public Members {
 public:
  explicit Reader(const Program& program) : program_(program) {}

  DomainId domain(Object from) {
    const std::string_view name = text(from, "domain");
    const DomainId found = good() ? program_.find_domain(name) : DomainId();
    if (!found) fail(fmt::format("there is no domain {}", name));
    return found;
  }
  // The instance that something is about: its domain and, of one of many, its key.
  void whose(Object from, DomainId& of, Value& key) {
    of = domain(from);
    if (!good()) return;
    const Domain& its = program_[of];
    if (its.keyed) key = value(member(from, "key"), its.key_type);
  }
  EventId event(std::string_view name) {
    for (size_t i = 0; i < program_.events.size(); ++i) {
      if (program_.events[i].name == name) return EventId(i);
    }
    fail(fmt::format("there is no event {}", name));
    return {};
  }
  RoutineIndex routine(Object from, DomainId of) {
    const uint64_t number = this->number(from, "routine");
    if (good() && number < program_[of].routines.size())
      return RoutineIndex(static_cast<size_t>(number));
    fail("there is no such transition or handler");
    return {};
  }

  Value value(Element from, TypeId type_id) {
    if (!good()) return {};
    const Type& type = program_.types[type_id];
    if (from.is_null() && type.optional) return {};
    switch (type.kind) {
      case TypeKind::kBool:
        return Value::of(boolean(from));
      case TypeKind::kInt:
        return Value::of(signed_number(from));
      case TypeKind::kText: {
        std::string_view found;
        if (from.get(found) != simdjson::SUCCESS) fail("a text is none");
        return Value::of(found);
      }
      case TypeKind::kList: {
        std::vector<Value> elements;
        Array list;
        if (from.get(list) != simdjson::SUCCESS) fail("a list is none");
        else
          for (const Element one : list) elements.push_back(value(one, type.element));
        return Value::list(elements);
      }
      case TypeKind::kMap:
        return map(from, type);
      case TypeKind::kRecord:
        return Value::record(type.shape, named(from, program_.records[type.shape].fields));
      default:
        fail("a value is of no kind");
        return {};
    }
  }
  template <class Named>
  std::vector<Value> named(Element from, const std::vector<Named>& names) {
    const Object found = object(from);
    std::vector<Value> values;
    for (const Named& one : names) {
      if (!good()) break;
      values.push_back(value(member(found, one.name), one.type));
    }
    return values;
  }

  Origin origin(Element from) {
    const auto parts = row<6>(from);
    Origin o;
    if (!good()) return o;
    o.kind = narrow<OriginKind>(parts[0], "kind");
    o.sender.value = narrow<uint32_t>(parts[1], "sender");
    o.number = number(parts[2], "number");
    o.cause = number(parts[3], "cause");
    o.index = narrow<uint32_t>(parts[4], "index");
    o.correlation = number(parts[5], "correlation");
    return o;
  }
  MessageImage message(Object from, DomainId receiver) {
    MessageImage m;
    m.routine = routine(from, receiver);
    if (!good()) return m;
    m.args = named(member(from, "args"), program_[receiver].routines[m.routine.index()].params);
    m.origin = origin(member(from, "origin"));
    return m;
  }
  BegunImage begun(Object from, DomainId of) {
    BegunImage b;
    b.routine = routine(from, of);
    b.next_slice = narrow<uint32_t>(from, "next_slice");
    b.work = narrow<WorkKind>(from, "work");
    b.goal.value = narrow<uint32_t>(from, "goal");
    b.priority = narrow<uint8_t>(from, "priority");
    b.changed = flag(from, "changed");
    if (has(from, "message")) b.message = message(object(member(from, "message")), of);
    b.undo = undo(from, of);
    return b;
  }
  std::vector<FieldImage> undo(Object from, DomainId of) {
    std::vector<FieldImage> fields;
    if (!has(from, "undo")) return fields;
    const Object olds = object(member(from, "undo"));
    const std::vector<Field>& all = program_[of].fields;
    for (uint32_t slot = 0; slot < all.size() && good(); ++slot) {
      if (!has(olds, all[slot].name)) continue;
      fields.push_back({slot, value(member(olds, all[slot].name), all[slot].type)});
    }
    return fields;
  }
  // As BYTES.md has it.
  Value raw(Object from, std::string_view name) {
    const auto bytes = from_hex(text(from, name));
    if (bytes) {
      ByteReader in(*bytes);
      Value found = decode(in);
      if (in.good() && in.at_end()) return found;
    }
    fail(fmt::format("`{}` is no value", name));
    return {};
  }
  std::vector<Value> raw_list(Object from) {
    const Value list = raw(from, "raw");
    std::vector<Value> values;
    if (list.kind() != Kind::kList) fail("`raw` is no list");
    else list.each([&](const Value& one) { values.push_back(one); });
    return values;
  }
  AwaitedImage awaited(Element element) {
    const Object from = object(element);
    AwaitedImage a;
    effect(from, a);
    a.arrived = number(from, "arrived");
    a.due = number_or_0(from, "due");
    a.failed = flag(from, "failed");
    if (has(from, "answer")) a.answer.push_back(raw(from, "answer"));
    return a;
  }
  IntentImage intent(Element element) {
    const Object from = object(element);
    IntentImage i;
    i.site.value = narrow<uint32_t>(from, "site");
    effect(from, i);
    i.args = raw_list(from);
    return i;
  }
  GoalImage goal(Element from) {
    const auto parts = row<7>(from);
    GoalImage g;
    if (!good()) return g;
    g.status = narrow<GoalStatus>(parts[0], "status");
    g.asked = boolean(parts[1]);
    g.owes = boolean(parts[2]);
    g.else_pending = boolean(parts[3]);
    g.passed = narrow<uint32_t>(parts[4], "passed");
    g.runs = signed_number(parts[5]);
    g.distance = signed_number(parts[6]);
    return g;
  }
  InstanceImage instance(Element element) {
    const Object from = object(element);
    InstanceImage i;
    whose(from, i.domain, i.key);
    if (!good()) return i;
    const Domain& its = program_[i.domain];
    i.id.value = narrow<uint32_t>(from, "id");
    i.gone = flag(from, "gone");
    i.faulted = flag(from, "faulted");
    i.killed = flag(from, "killed");
    i.boot_pending = flag(from, "boot_pending");
    i.boot_failed = flag(from, "boot_failed");
    i.mail_failed = flag(from, "mail_failed");
    i.head_passed = narrow_or_0<uint32_t>(from, "head_passed");
    i.sends = number_or_0(from, "sends");
    i.cycles = number_or_0(from, "cycles");
    i.correlation = number_or_0(from, "correlation");
    if (i.gone) return i;
    i.fields = named(member(from, "state"), its.fields);
    each(from, "mailbox", [&](Element m) { i.mailbox.push_back(message(object(m), i.domain)); });
    each(from, "begun", [&](Element b) { i.begun.push_back(begun(object(b), i.domain)); });
    for (const Goal& one : its.goals) {
      if (!good()) break;
      i.goals.push_back(goal(member(object(member(from, "goals")), one.name)));
    }
    each(from, "faults", [&](Element cycle) { i.faults.push_back(number(cycle, "faults")); });
    each(from, "fault_blocked", [&](Element r) {
      i.fault_blocked.push_back(RoutineIndex(narrow<uint32_t>(r, "fault_blocked")));
    });
    each(from, "throttlers", [&](Element id) {
      i.throttlers.push_back(InstanceId(narrow<uint32_t>(id, "throttlers")));
    });
    i.undo = undo(from, i.domain);
    return i;
  }
  InputImage input(Element element) {
    const Object from = object(element);
    InputImage i;
    i.number = number(from, "number");
    i.tick = number(from, "tick");
    i.arrived = number(from, "arrived");
    if (has(from, "kind")) {
      const uint64_t kind = number(from, "kind");
      if (kind > static_cast<uint64_t>(kLastInputKind)) fail("`kind` is none");
      i.kind = static_cast<InputKind>(kind);
      if (has(from, "domain")) whose(from, i.domain, i.key);
      i.about = number(from, "about");
      i.index = narrow<uint32_t>(from, "index");
      i.failed = flag(from, "failed");
      i.args = raw_list(from);
      return i;
    }
    if (has(from, "broadcast")) {
      i.event = event(text(from, "broadcast"));
      if (good()) i.args = named(member(from, "args"), program_.events[i.event.index()].params);
      return i;
    }
    whose(from, i.domain, i.key);
    if (!good()) return i;
    const Domain& its = program_[i.domain];
    i.routine = routine(from, i.domain);
    if (good()) i.args = named(member(from, "args"), its.routines[i.routine.index()].params);
    return i;
  }
  DeadLetter letter(Element element) {
    const Object from = object(element);
    DeadLetter l;
    l.redelivered = flag(from, "redelivered");
    if (has(from, "broadcast")) {
      l.event = event(text(from, "broadcast"));
      if (good())
        l.message.args = named(member(from, "args"), program_.events[l.event.index()].params);
      if (good()) l.message.origin = origin(member(from, "origin"));
      return l;
    }
    if (!has(from, "receiver")) return l;
    const DomainId of = domain(from);
    l.receiver.value = narrow<uint32_t>(from, "receiver");
    if (good()) l.message = message(from, of);
    return l;
  }
  StartValue start(Element element) {
    const Object from = object(element);
    StartValue s;
    whose(from, s.domain, s.key);
    if (!good()) return s;
    const Domain& its = program_[s.domain];
    const auto field = std::ranges::find(its.fields, text(from, "field"), &Field::name);
    if (field == its.fields.end()) {
      fail("a start value is of no field");
      return s;
    }
    s.slot = static_cast<uint32_t>(field - its.fields.begin());
    s.value = value(member(from, "value"), field->type);
    return s;
  }

 private:
  template <class Effected>
  void effect(Object from, Effected& of) {
    of.instance.value = narrow<uint32_t>(from, "instance");
    of.cycle = number(from, "cycle");
    of.index = narrow<uint32_t>(from, "index");
    of.number = number(from, "number");
    of.correlation = number(from, "correlation");
    of.effect.value = narrow<uint32_t>(from, "effect");
  }
  Value map(Element from, const Type& type) {
    const bool ints = program_.types[type.key].kind == TypeKind::kInt;
    std::vector<Entry> entries;
    const Object object_of_entries = object(from);
    if (!good()) return Value::empty_map();
    for (const auto field : object_of_entries) {
      if (!good()) break;
      Value key = ints ? int_key(field.key) : Value::of(field.key);
      entries.push_back({std::move(key), value(field.value, type.element)});
    }
    const auto before = [](const auto& a, const auto& b) {
      return Value::compare(a.key, b.key) < 0;
    };
    std::ranges::sort(entries, before);
    const auto same = [](const auto& a, const auto& b) {
      return Value::compare(a.key, b.key) == 0;
    };
    if (std::ranges::adjacent_find(entries, same) != entries.end()) fail("a map has a key twice");
    return good() ? Value::map(entries) : Value::empty_map();
  }
  Value int_key(std::string_view text) {
    int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size()) fail("a key is no number");
    return Value::of(n);
  }

  const Program& program_;
};

Result<SnapshotHead> head_of(Object all) {
  Members read;
  SnapshotHead head;
  const uint64_t format = read.number(all, "format");
  if (read.good() && format != kSnapshotFormat) {
    return Error{.code = ErrorCode::kNewer,
                 .what = fmt::format("it has format {}, and this lxm reads {}; use another lxm",
                                     format, kSnapshotFormat)};
  }
  head.cycle = read.number(all, "cycle");
  if (!hex_into(read.text(all, "program"), head.program)) read.fail("`program` is no hash");
  if (!hex_into(read.text(all, "began"), head.began)) read.fail("`began` is no hash");
  if (!hex_into(read.text(all, "run_hash"), head.run_hash)) read.fail("`run_hash` is none");
  const Element base = read.member(all, "base");
  if (read.good() && !base.is_null()) {
    head.base = snapshot_cycle(read.text(all, "base"));
    if (!head.base || *head.base >= head.cycle) read.fail("`base` is no snapshot before it");
  }
  head.journal = read.number(all, "mailbox_offset") + 1;
  if (!read.good()) return senseless(read.wrong());
  return head;
}

RestImage read_rest(Reader& read, Object from) {
  RestImage rest;
  rest.cycle = read.number(from, "cycle");
  rest.dead_letters = read.number(from, "dead_letters");
  rest.instance_count = read.narrow<uint32_t>(from, "instance_count");
  read.each(from, "instances", [&](Element i) { rest.instances.push_back(read.instance(i)); });
  read.each(from, "inputs", [&](Element l) { rest.inputs.push_back(read.letter(l)); });
  return rest;
}

void read_world(Reader& read, Object world, Snapshot& snapshot) {
  WorldImage& image = snapshot.point.image;
  image.tick = read.number(world, "tick");
  image.messages = read.number(world, "messages");
  image.inputs_numbered = read.number(world, "inputs_numbered");
  const auto kept = read.row<2>(read.member(world, "kept_state"));
  if (read.good())
    image.kept_state = {read.number(kept[0], "kept_state"), read.number(kept[1], "kept_state")};
  image.kept_tick = read.number(world, "kept_tick");
  image.ticks_since_base = read.number(world, "ticks_since_base");
  image.instance_count = read.narrow<uint32_t>(world, "instance_count");
  snapshot.point.tick_before = read.number(world, "tick_before");
  std::array<std::byte, RunDigest::kStateBytes> state{};
  if (hex_into(read.text(world, "digest"), state)) snapshot.point.digest.go_on_from(state);
  else read.fail("`digest` is none");
  read.each(world, "start_values",
            [&](Element s) { snapshot.start_values.push_back(read.start(s)); });
  read.each(world, "inputs", [&](Element i) { image.inputs.push_back(read.input(i)); });
  image.clock = read.number(world, "clock");
  read.each(world, "awaited", [&](Element a) { image.awaited.push_back(read.awaited(a)); });
  read.each(world, "intents", [&](Element i) { image.intents.push_back(read.intent(i)); });
  read.each(world, "dead_letters",
            [&](Element l) { image.dead_letters.push_back(read.letter(l)); });
  if (read.has(world, "rest"))
    image.rest = read_rest(read, read.object(read.member(world, "rest")));
}

// All but the instances.
Result<Snapshot> without_instances(const Program& program, Object all) {
  const Result<SnapshotHead> head = head_of(all);
  if (!head) return head.error();
  if (head->program != program_hash(program)) {
    return Error{.code = ErrorCode::kMismatch, .what = "it is of another program"};
  }
  Reader read(program);
  Snapshot snapshot;
  snapshot.program = head->program;
  snapshot.began = head->began;
  snapshot.run_hash = head->run_hash;
  snapshot.base = head->base;
  snapshot.journal = head->journal;
  snapshot.point.image.cycle = head->cycle;
  read_world(read, read.object(read.member(all, "world")), snapshot);
  if (!read.good()) return senseless(read.wrong());
  return snapshot;
}

// Some of the instances.
struct Some {
  std::vector<InstanceImage> instances;
  std::vector<uint64_t> offsets;  // of each
  bool are_last = false;          // their list ends there
  std::string wrong;
};

Some read_some(const Program& program, const std::string& lines) {
  Reader read(program);
  simdjson::dom::parser parser;
  Some some;
  for (size_t begin = 0; begin < lines.size() && read.good();) {
    const size_t end = std::min(lines.find('\n', begin), lines.size());
    std::string_view line(lines.data() + begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    if (some.are_last) read.fail("something stands behind the instances");
    if (line.ends_with(',')) line.remove_suffix(1);
    some.are_last = line.ends_with(']');
    if (some.are_last) line.remove_suffix(1);
    if (line.empty()) continue;
    Element one;
    if (parser.parse(line.data(), line.size(), false).get(one) != simdjson::SUCCESS) {
      read.fail("an instance is no JSON");
      break;
    }
    some.instances.push_back(read.instance(one));
    some.offsets.push_back(read.number_or_0(read.object(one), "mailbox_offset"));
  }
  some.wrong = read.wrong();
  return some;
}

void add(Some some, Snapshot& to) {
  std::vector<InstanceImage>& all = to.point.image.instances;
  for (size_t i = 0; i < some.instances.size(); ++i) {
    if (some.offsets[i] != 0) to.offsets[some.instances[i].id.value] = some.offsets[i];
    all.push_back(std::move(some.instances[i]));
  }
}

// Read and hashed by this thread, and made sense of by others; unless there are only a few. The
// errors are the disk's; what makes no sense is told by `wrong`.
Status add_instances(const Program& program, SnapshotText& text, Snapshot& to, std::string& wrong) {
  const size_t at_once = std::max(1U, std::thread::hardware_concurrency());
  std::deque<std::future<Some>> coming;
  bool are_last = false;
  const auto take = [&] {
    Some some = coming.front().get();
    coming.pop_front();
    if (wrong.empty()) wrong = are_last ? "something stands behind the instances" : some.wrong;
    are_last = some.are_last;
    if (wrong.empty()) add(std::move(some), to);
  };
  for (;;) {
    Result<std::string> lines = text.lines();
    if (!lines) return lines.error();
    if (lines->empty()) break;
    if (coming.size() == at_once) take();
    const bool are_all = coming.empty() && text.all_read();
    const auto how = are_all ? std::launch::deferred : std::launch::async | std::launch::deferred;
    coming.push_back(std::async(how, read_some, std::cref(program), std::move(*lines)));
  }
  while (!coming.empty()) take();
  if (wrong.empty() && !are_last) wrong = "the list of instances does not end";
  return Done{};
}

// What `read` makes of it. Unless the hash says in the end that it is whole, nothing of that is
// believed.
template <class T, class Read>
Result<T> read_whole(const File& file, const Read& read) {
  Result<SnapshotText> text = SnapshotText::open(file);
  if (!text) return text.error();
  const Result<std::string> head = text->head();
  if (!head) return head.error();
  simdjson::dom::parser parser;
  Object all;
  const bool is_object = parser.parse(*head).get(all) == simdjson::SUCCESS;
  Result<T> made = is_object ? read(all, *text) : Result<T>(senseless("it is no JSON object"));
  const Result<bool> whole = text->is_whole();
  if (!whole) return whole.error();
  if (*whole) return made;
  return Error{.code = ErrorCode::kDamaged,
               .what = "its bytes are not those that it has the hash of"};
}

}  // namespace

Result<SnapshotHead> read_snapshot_head(const File& file) {
  return read_whole<SnapshotHead>(file, [](Object all, SnapshotText&) { return head_of(all); });
}

Result<Snapshot> read_snapshot(const Program& program, const File& file) {
  const auto read = [&](Object all, SnapshotText& text) -> Result<Snapshot> {
    Result<Snapshot> snapshot = without_instances(program, all);
    if (!snapshot) return snapshot;
    std::string wrong;
    if (Status added = add_instances(program, text, *snapshot, wrong); !added) return added.error();
    if (!wrong.empty()) return senseless(wrong);
    return snapshot;
  };
  Result<Snapshot> snapshot = read_whole<Snapshot>(file, read);
  if (!snapshot) return snapshot;
  if (!std::ranges::all_of(snapshot->start_values,
                           [&](const StartValue& s) { return fits(s, program); }) ||
      !fits(snapshot->point.image, program)) {
    return senseless("what it holds is no world of this program");
  }
  return snapshot;
}

Result<Snapshot> put_together(const Program& program, std::vector<Snapshot> chain) {
  if (chain.size() == 1 && is_whole(chain.front().point.image, program)) {
    return std::move(chain.front());
  }
  std::map<uint32_t, InstanceImage> instances;
  for (Snapshot& snapshot : chain) {
    for (InstanceImage& one : snapshot.point.image.instances)
      instances[one.id.value] = std::move(one);
    if (&snapshot != &chain.front()) snapshot.offsets.merge(std::map(chain.front().offsets));
    chain.front().offsets = snapshot.offsets;
  }
  Snapshot whole = std::move(chain.back());
  whole.base.reset();
  whole.point.image.instances.clear();
  for (auto& [id, one] : instances) whole.point.image.instances.push_back(std::move(one));
  if (!fits(whole.point.image, program) || !is_whole(whole.point.image, program)) {
    return senseless("together with its bases it is no world of this program");
  }
  return whole;
}

}  // namespace lexum

#include "machine/image_reader.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "value/change.h"

namespace lexum {

DomainId ImageReader::domain(Object from) {
  const std::string_view name = text(from, "domain");
  const DomainId found = good() ? program_.find_domain(name) : DomainId();
  if (!found) fail(fmt::format("there is no domain {}", name));
  return found;
}

void ImageReader::whose(Object from, DomainId& of, Value& key) {
  of = domain(from);
  if (!good()) return;
  const Domain& its = program_[of];
  if (its.keyed) key = value(member(from, "key"), its.key_type);
}

EventId ImageReader::event(std::string_view name) {
  for (size_t i = 0; i < program_.events.size(); ++i) {
    if (program_.events[i].name == name) return EventId(i);
  }
  fail(fmt::format("there is no event {}", name));
  return {};
}

RoutineIndex ImageReader::routine(Object from, DomainId of) {
  const uint64_t number = this->number(from, "routine");
  if (good() && number < program_[of].routines.size())
    return RoutineIndex(static_cast<size_t>(number));
  fail("there is no such transition or handler");
  return {};
}

Value ImageReader::value(Element from, TypeId type_id) {
  if (!good()) return {};
  const Type& type = program_.types[type_id];
  if (from.is_null() && type.optional) return {};
  switch (type.kind) {
    case TypeKind::kBool:
      return Value::of(boolean(from, "a value"));
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

Origin ImageReader::origin(Element from) {
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

MessageImage ImageReader::message(Object from, DomainId receiver) {
  MessageImage m;
  m.routine = routine(from, receiver);
  if (!good()) return m;
  m.args = named(member(from, "args"), program_[receiver].routines[m.routine.index()].params);
  m.origin = origin(member(from, "origin"));
  return m;
}

BegunImage ImageReader::begun(Object from, DomainId of) {
  BegunImage b;
  b.routine = routine(from, of);
  b.next_slice = narrow<uint32_t>(from, "next_slice");
  b.work = narrow<WorkKind>(from, "work");
  b.goal.value = narrow<uint32_t>(from, "goal");
  b.priority = narrow<uint8_t>(from, "priority");
  b.changed = flag(from, "changed");
  if (has(from, "message")) b.message = message(object(member(from, "message")), of);
  if (has(from, "undo")) b.undo = undo(member(from, "undo"), program_[of]);
  return b;
}

std::vector<FieldImage> ImageReader::undo(Element from, const Domain& of) {
  const Object olds = object(from);
  std::vector<FieldImage> fields;
  for (uint32_t slot = 0; slot < of.fields.size() && good(); ++slot) {
    const Field& field = of.fields[slot];
    if (has(olds, field.name))
      fields.push_back({slot, value(member(olds, field.name), field.type)});
  }
  return fields;
}

Value ImageReader::raw(Object from, std::string_view name) {
  const auto bytes = from_hex(text(from, name));
  if (bytes) {
    ByteReader in(*bytes);
    Value found = decode(in);
    if (in.good() && in.at_end()) return found;
  }
  fail(fmt::format("`{}` is no value", name));
  return {};
}

std::vector<Value> ImageReader::raw_list(Object from) {
  const Value list = raw(from, "raw");
  std::vector<Value> values;
  if (list.kind() != Kind::kList) fail("`raw` is no list");
  else list.each([&](const Value& one) { values.push_back(one); });
  return values;
}

AwaitedImage ImageReader::awaited(Element element) {
  const Object from = object(element);
  AwaitedImage a;
  effect(from, a);
  a.arrived = number(from, "arrived");
  a.due = number_or_0(from, "due");
  a.failed = flag(from, "failed");
  if (has(from, "answer")) a.answer.push_back(raw(from, "answer"));
  return a;
}

IntentImage ImageReader::intent(Element element) {
  const Object from = object(element);
  IntentImage i;
  i.site.value = narrow<uint32_t>(from, "site");
  effect(from, i);
  i.args = raw_list(from);
  return i;
}

GoalImage ImageReader::goal(Element from) {
  const auto parts = row<7>(from);
  GoalImage g;
  if (!good()) return g;
  g.status = narrow<GoalStatus>(parts[0], "status");
  g.asked = boolean(parts[1], "goals");
  g.owes = boolean(parts[2], "goals");
  g.else_pending = boolean(parts[3], "goals");
  g.passed = narrow<uint32_t>(parts[4], "passed");
  g.runs = signed_number(parts[5]);
  g.distance = signed_number(parts[6]);
  return g;
}

std::vector<GoalImage> ImageReader::goals(Element from, const Domain& its) {
  const Object found = object(from);
  std::vector<GoalImage> all;
  for (const Goal& one : its.goals) {
    if (!good()) break;
    all.push_back(goal(member(found, one.name)));
  }
  return all;
}

InstanceImage ImageReader::instance(Element element) {
  const Object from = object(element);
  InstanceImage i;
  whose(from, i.domain, i.key);
  i.id.value = narrow<uint32_t>(from, "id");
  i.gone = flag(from, "gone");
  if (!good()) return i;
  const Domain& its = program_[i.domain];
  // There are many instances, and of each most members are left out.
  for (const auto& [name, is] : from) {
    if (!good()) break;
    if (name == "sends") i.sends = number(is, name);
    else if (name == "cycles") i.cycles = number(is, name);
    else if (name == "correlation") i.correlation = number(is, name);
    else if (!i.gone) of_present(name, is, its, i);
  }
  return i;
}

void ImageReader::of_present(std::string_view name, Element is, const Domain& its,
                             InstanceImage& i) {
  if (name == "state") i.fields = named(is, its.fields);
  else if (name == "goals") i.goals = goals(is, its);
  else if (name == "faulted") i.faulted = boolean(is, name);
  else if (name == "killed") i.killed = boolean(is, name);
  else if (name == "boot_pending") i.boot_pending = boolean(is, name);
  else if (name == "boot_failed") i.boot_failed = boolean(is, name);
  else if (name == "mail_failed") i.mail_failed = boolean(is, name);
  else if (name == "head_passed") i.head_passed = narrow<uint32_t>(is, name);
  else if (name == "mailbox")
    i.mailbox = list(is, name, [&](Element m) { return message(object(m), i.domain); });
  else if (name == "begun")
    i.begun = list(is, name, [&](Element b) { return begun(object(b), i.domain); });
  else if (name == "faults")
    i.faults = list(is, name, [&](Element cycle) { return number(cycle, name); });
  else if (name == "fault_blocked")
    i.fault_blocked =
        list(is, name, [&](Element r) { return RoutineIndex(narrow<uint32_t>(r, name)); });
  else if (name == "throttlers")
    i.throttlers =
        list(is, name, [&](Element id) { return InstanceId(narrow<uint32_t>(id, name)); });
  else if (name == "undo") i.undo = undo(is, its);
}

InputImage ImageReader::input(Element element) {
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

DeadLetter ImageReader::letter(Element element) {
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

StartValue ImageReader::start(Element element) {
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

Value ImageReader::map(Element from, const Type& type) {
  const bool ints = program_.types[type.key].kind == TypeKind::kInt;
  std::vector<Entry> entries;
  const Object object_of_entries = object(from);
  if (!good()) return Value::empty_map();
  for (const auto field : object_of_entries) {
    if (!good()) break;
    Value key = ints ? int_key(field.key) : Value::of(field.key);
    entries.push_back({std::move(key), value(field.value, type.element)});
  }
  const auto before = [](const auto& a, const auto& b) { return Value::compare(a.key, b.key) < 0; };
  std::ranges::sort(entries, before);
  const auto same = [](const auto& a, const auto& b) { return Value::compare(a.key, b.key) == 0; };
  if (std::ranges::adjacent_find(entries, same) != entries.end()) fail("a map has a key twice");
  return good() ? Value::map(entries) : Value::empty_map();
}

Value ImageReader::int_key(std::string_view text) {
  int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) fail("a key is no number");
  return Value::of(n);
}

}  // namespace lexum

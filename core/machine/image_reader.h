// The parts of a world out of a snapshot's JSON (SNAPSHOT.md), by the types of its program.
#pragma once

#include <string_view>
#include <vector>

#include "check/program.h"
#include "machine/members.h"
#include "runtime/world.h"

namespace lexum {

// As Members: the first thing that is wrong is kept, and whatever is read after it is nothing.
class ImageReader : public Members {
 public:
  // The program outlives it.
  explicit ImageReader(const Program& program) : program_(program) {}

  AwaitedImage awaited(Element element);
  IntentImage intent(Element element);
  InstanceImage instance(Element element);
  InputImage input(Element element);
  DeadLetter letter(Element element);
  StartValue start(Element element);

 private:
  DomainId domain(Object from);
  // The instance that something is about: its domain and, of one of many, its key.
  void whose(Object from, DomainId& of, Value& key);
  EventId event(std::string_view name);
  RoutineIndex routine(Object from, DomainId of);

  Value value(Element from, TypeId type_id);
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

  Origin origin(Element from);
  MessageImage message(Object from, DomainId receiver);
  BegunImage begun(Object from, DomainId of);
  std::vector<FieldImage> undo(Element from, const Domain& of);
  // As BYTES.md has it.
  Value raw(Object from, std::string_view name);
  std::vector<Value> raw_list(Object from);
  GoalImage goal(Element from);
  std::vector<GoalImage> goals(Element from, const Domain& its);
  template <class Effected>
  void effect(Object from, Effected& of) {
    of.instance.value = narrow<uint32_t>(from, "instance");
    of.cycle = number(from, "cycle");
    of.index = narrow<uint32_t>(from, "index");
    of.number = number(from, "number");
    of.correlation = number(from, "correlation");
    of.effect.value = narrow<uint32_t>(from, "effect");
  }
  // A member that one which is gone does not have.
  void of_present(std::string_view name, Element is, const Domain& its, InstanceImage& i);
  Value map(Element from, const Type& type);
  Value int_key(std::string_view text);

  const Program& program_;
};

}  // namespace lexum

// A program that makes sense: what the checker hands to everybody else. Immutable once loaded
// (eval/load.h), shared by all threads. Everything is numbered in the order of the source, so
// numbers may be written into traces and hashes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/term.h"
#include "check/type.h"
#include "syntax/diagnostic.h"
#include "syntax/tree.h"
#include "value/value.h"

namespace re2 {
class RE2;
}

namespace lexum {

using DomainId = Id<struct DomainTag>;
using EventId = Id<struct EventTag>;
using EffectId = Id<struct EffectTag>;
using EmissionId = Id<struct EmissionTag>;
using RoutineIndex = Id<struct RoutineTag>;  // within its domain
using GoalIndex = Id<struct GoalTag>;        // within its domain

// Which of its domain's fields something may touch. Slots from 63 on share the last bit, so a mask
// may say too much and never too little.
struct FieldMask {
  uint64_t bits = 0;

  static FieldMask of(uint32_t slot) { return {uint64_t{1} << (slot < 63 ? slot : 63)}; }
  void add(uint32_t slot) { bits |= of(slot).bits; }
  FieldMask& operator|=(FieldMask o) {
    bits |= o.bits;
    return *this;
  }
  [[nodiscard]] bool meets(FieldMask o) const { return (bits & o.bits) != 0; }
  [[nodiscard]] bool empty() const { return bits == 0; }
};

struct Field {
  std::string name;
  Span span;
  TypeId type;
  TermId initial_term;  // none: the type's zero
  Value initial;        // set by load()
  // Of a record's field: where in Program::constants load() puts `initial`, too. A constructor that
  // leaves the field out has a kConstant term that reads it there.
  uint32_t constant = UINT32_MAX;
};

struct Parameter {
  std::string name;
  TypeId type;
};

// A comparison as people look at it: in a goal's predicate it makes the distance, in a guard it
// says what blocks.
struct Comparison {
  TermId
      whole;  // the condition, as a [b] node: a comparison, or anything else that is true or false
  TermId actual;  // its sides, if it is a comparison of two sides; else none
  TermId wanted;
  Operator op = Operator::kEqual;
  Span span;
  // `field == constant` and nothing more complicated: what would flip it could be set.
  uint32_t field_slot = UINT32_MAX;
};

struct Slice {
  std::string name;  // "step" where it has none
  TermId body;
  Span span;
  FieldMask reads;
  FieldMask writes;
  // Where the slice is one `if` without `else` around everything: the parts of its condition that
  // are joined by &&.
  std::vector<Comparison> guards;
};

enum class RoutineKind : uint8_t { kTransition, kMessage, kEvent, kDone, kFailed };

// A transition or a handler: a few slices, run one a cycle.
struct Routine {
  RoutineKind kind = RoutineKind::kTransition;
  std::string name;  // the transition, message or event; "Infra.Create::Done" for an outcome
  Span span;
  std::vector<Parameter> params;
  std::vector<Slice> slices;        // at least one
  uint32_t locals = 0;              // slots, parameters included
  std::vector<TypeId> local_types;  // of what was declared in each slot last
  bool has_priority = false;
  uint8_t priority = 128;  // @priority, else normal
  EventId event;           // kEvent
  EffectId effect;         // kDone, kFailed
};

struct Goal {
  std::string name;
  Span span;
  TermId predicate;
  FieldMask reads;
  bool has_priority = false;
  uint8_t priority = 128;
  std::vector<RoutineIndex> candidates;  // in the order in which they are tried
  std::optional<int64_t> terminate_after;
  RoutineIndex terminate_else;          // may be none
  std::vector<Comparison> comparisons;  // the parts of the predicate, left to right
};

struct Invariant {
  std::string name;
  TermId condition;
  FieldMask reads;
  Span span;
};

struct Restart {
  int64_t times = 3;     // faults that are forgiven; 0 for never
  int64_t within = 100;  // own cycles
};

// The outcome handlers that a domain has for an effect.
struct OutcomeHandlers {
  EffectId effect;
  RoutineIndex done;    // may be none
  RoutineIndex failed;  // may be none
};

struct Domain {
  std::string name;
  Span span;
  uint32_t rank = 0;  // by name: instance order
  bool keyed = false;
  std::string key_name;
  TypeId key_type;
  std::vector<Field> fields;
  std::vector<Goal> goals;
  std::vector<Routine> routines;  // transitions and handlers in the order written
  std::vector<Invariant> invariants;
  std::vector<OutcomeHandlers> outcomes;
  RoutineIndex boot;  // may be none
  uint32_t mailbox_max = 4096;
  Restart restart;
};

struct Listener {
  DomainId domain;
  RoutineIndex routine;
};

struct Event {
  std::string name;
  std::vector<Parameter> params;    // of its listeners; else as first broadcast
  std::vector<Listener> listeners;  // by domain rank
};

// Who carries an effect out. It belongs to a run, and whoever starts one says it, once the program
// is loaded.
enum class EffectMode : uint8_t {
  kSimulated,  // nobody: it is done in the next tick, with the zero of the handler's type
  kFailing,    // nobody, and it fails in the next tick
  kBound,      // somebody outside: what comes of it is an input
};

struct Effect {
  std::string adapter;
  std::string operation;
  bool declared = false;
  std::vector<Parameter> params;  // of the declaration
  EffectMode mode = EffectMode::kSimulated;
};

enum class EmissionKind : uint8_t { kSend, kBroadcast, kEffect };

// One `send` or `emit` in the source.
struct Emission {
  EmissionKind kind = EmissionKind::kSend;
  Span span;
  DomainId domain;       // kSend
  bool keyed = false;    // kSend: the first argument term is the key
  RoutineIndex routine;  // kSend
  EventId event;         // kBroadcast
  EffectId effect;       // kEffect
  std::vector<std::string>
      names;  // of the arguments as handed over (key apart), in the receiver's order
};

// One step of a place: a member of a record, or an element of a list or a map.
struct PlaceStep {
  enum class Kind : uint8_t { kMember, kList, kMap } kind = Kind::kMember;
  uint32_t index = 0;  // kMember
  TermId subscript;    // kList, kMap
};
struct PlaceTerm {
  bool local = false;  // the root is a local's slot, else a field's
  uint32_t slot = 0;
  std::vector<PlaceStep> steps;
  TypeId type;  // of what stands there
};

struct Function {
  std::string name;
  std::vector<Parameter> params;
  TypeId result;
  TermId body;
  uint32_t locals = 0;
};

// A record type; its shape (names) for printing stands at the same index of Program::shapes.
struct Record {
  std::string name;
  std::vector<Field> fields;
};

struct StartSetting {
  uint32_t slot = 0;
  TermId term;
  Value value;  // set by load()
};
struct Start {
  DomainId domain;
  TermId key_term;  // none: a single instance
  Value key;        // set by load()
  std::vector<StartSetting> settings;
  Span span;
};

struct Program {
  Source source;
  Tree tree;

  Types types;
  std::vector<Domain> domains;
  std::vector<Record> records;
  std::vector<uint32_t>
      record_order;  // all records, each behind those whose start values its own need
  std::vector<Shape> shapes;
  std::vector<Event> events;
  std::vector<Effect> effects;
  std::vector<Function> functions;
  std::vector<Start> starts;

  std::vector<Term> terms;
  std::vector<Span> spans;  // of each term
  std::vector<uint32_t> lists;
  std::vector<Value> constants;
  std::vector<Emission> emissions;
  std::vector<PlaceTerm> places;
  std::vector<std::shared_ptr<const re2::RE2>> patterns;

  const Domain& operator[](DomainId id) const { return domains[id.index()]; }
  const Term& operator[](TermId id) const { return terms[id.index()]; }
  [[nodiscard]] std::string_view text(TermId id) const { return source.text(spans[id.index()]); }
  // None if there is none of that name.
  [[nodiscard]] DomainId find_domain(std::string_view name) const;
};

// The zero of a type: 0 false "" [] {} null, and a record of the start values of its fields, once
// load() has set them.
Value zero(const Program& program, TypeId type);
// "map<string, Task?>"
std::string spell(const Program& program, TypeId type);
// Ids in instance order: by domain name.
std::vector<DomainId> domains_by_rank(const Program& program);

}  // namespace lexum

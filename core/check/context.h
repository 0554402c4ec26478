// What all parts of the checker share while one program is checked: the program as it grows, the
// tree it comes from, what its names stand for, and where mistakes go. Names are numbers already,
// so a look-up is an index or one hash.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "check/program.h"

namespace lexum {

using RecordId = Id<struct RecordTag>;
using FunctionId = Id<struct FunctionTag>;
using LocalIndex = Id<struct LocalTag>;

// What the names of one kind stand for, in the whole program.
template <class T>
class NameTable {
 public:
  explicit NameTable(size_t names) : entries_(names) {}
  // None for what nobody declared, and for a name that the parser could not read.
  T get(Name name) const { return name ? entries_[name.id.index()] : T(); }
  void set(Name name, T entry) {
    if (name) entries_[name.id.index()] = entry;
  }

 private:
  std::vector<T> entries_;
};

// What the names of one kind stand for inside each of many owners: fields of records, routines of
// domains …
class MemberTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  [[nodiscard]] uint32_t get(size_t owner, Name name) const;
  // False, and nothing changes, if the owner has one of that name.
  bool add(size_t owner, Name name, uint32_t member);

 private:
  static uint64_t key(size_t owner, Name name) {
    return static_cast<uint64_t>(owner) << 32 | name.id.value;
  }
  std::unordered_map<uint64_t, uint32_t> members_;
};

// Where a routine's text stands: one of the two.
struct RoutineDecl {
  const HandlerDecl* handler = nullptr;
  const TransitionDecl* transition = nullptr;

  [[nodiscard]] Name name() const { return handler ? handler->name : transition->name; }
  [[nodiscard]] Span span() const { return handler ? handler->span : transition->span; }
  [[nodiscard]] const std::vector<Param>& params() const {
    return handler ? handler->params : transition->params;
  }
  [[nodiscard]] const std::vector<Annotation>& annotations() const {
    return handler ? handler->annotations : transition->annotations;
  }
};

class Context {
 public:
  Context(Program& made, Diagnostics& told);

  // Mistakes. `help` is the way out.
  void report(Code code, Span span, std::string message, std::string help = "");
  // "`name`", cut to what fits a line.
  [[nodiscard]] std::string quoted(Name name) const;
  [[nodiscard]] std::string quoted(Span span) const;
  [[nodiscard]] std::string quoted(TypeId type) const { return "`" + spell(program, type) + "`"; }
  [[nodiscard]] std::string_view text(Name name) const;
  // "did you mean `x`?" of what has a name in the lists; if none is near, `otherwise`, or else
  // what there is. A list may also be a function that hands each name to the function it is given.
  template <class... Lists>
  [[nodiscard]] std::string did_you_mean(Name name, std::string otherwise,
                                         const Lists&... lists) const {
    // What is not kept need not be helped; so a file full of mistakes costs no more than a few.
    if (diagnostics.errors() >= Diagnostics::kKept) return otherwise;
    std::vector<std::string> known;
    const auto add = [&known](std::string_view each) { known.emplace_back(each); };
    const auto collect = [&](const auto& list) {
      if constexpr (std::is_invocable_v<decltype(list), decltype(add)>) {
        list(add);
      } else {
        for (const auto& each : list) add(name_of(each));
      }
    };
    (collect(lists), ...);
    const std::string near = nearest(text(name), known);
    if (!near.empty()) return "did you mean `" + near + "`?";
    return otherwise.empty() ? all_of(known) : otherwise;
  }
  void report_unknown_domain(Name name);
  // A field of a domain that is named from outside of its bodies.
  void report_unknown_field(DomainId domain, Name name);
  // False, and reported, if `table` has the name already. `what` is "domain", "field" …
  template <class T>
  bool declare(NameTable<T>& table, Name name, T entry, std::string_view what) {
    if (!name) return false;
    if (table.get(name)) return report_twice(name, what);
    table.set(name, entry);
    return true;
  }
  bool declare(MemberTable& table, size_t owner, Name name, size_t entry, std::string_view what);
  bool report_twice(Name name, std::string_view what);

  // Terms.
  TermId term(Op op, size_t depth, Span span, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0);
  TermId integer(int64_t value, size_t depth, Span span);
  TermId null(size_t depth, Span span);
  TermId text_constant(Name text, size_t depth, Span span);
  uint32_t list(std::span<const TermId> terms);
  uint32_t constant(Value value);
  // The number of a pattern in Program::patterns. Reported at `span` if RE2 refuses it.
  uint32_t pattern(Name literal, Span span);

  // The number of an effect; undeclared ones get theirs when they are first met.
  EffectId effect(Name adapter, Name operation);
  // False, and reported, if the adapter's declarations have no such operation.
  bool check_operation(Name adapter, Name operation);
  EventId event(Name name);

  Program& program;
  const Tree& tree;
  Types& types;
  Diagnostics& diagnostics;

  // whole program: filled by declare_program(), read afterwards
  NameTable<DomainId> domains;
  NameTable<RecordId> records;
  NameTable<FunctionId> functions;
  NameTable<EventId> events;
  NameTable<EffectId> adapters;      // that have declarations: the first of them
  NameTable<DomainId> field_owners;  // a domain that has a field of that name
  MemberTable fields;                // of domains
  MemberTable record_fields;
  MemberTable transitions;                              // of domains
  MemberTable messages;                                 // of domains: handlers of messages
  std::vector<std::vector<RoutineDecl>> routine_decls;  // of each domain, like Domain::routines
  std::vector<bool> event_settled;                      // its parameters are known

  // scratch: the local that a name stands for in the body that is being checked
  NameTable<LocalIndex> locals;

 private:
  static std::string all_of(std::span<const std::string> known);
  // The name of a candidate: itself, or its member `name`.
  [[nodiscard]] std::string_view name_of(std::string_view name) const { return name; }
  [[nodiscard]] std::string_view name_of(const Name& name) const { return text(name); }
  template <class T>
  requires requires(const T& each) { each.name; }
  [[nodiscard]] std::string_view name_of(const T& each) const { return name_of(each.name); }

  std::unordered_map<uint64_t, EffectId> effects_;
  NameTable<Id<struct ConstantTag>> texts_;  // where a literal stands in Program::constants
  NameTable<Id<struct PatternTag>> patterns_;
  uint32_t null_ = UINT32_MAX;
};

}  // namespace lexum

// A program of a few lines, one slice of it, and what the slice wants as one line of text:
// "n=3 | send B.M(1) | returned". Whatever happens, the fields must be afterwards what they were.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "eval/slice.h"

namespace lexum {

inline Value number(int64_t v) { return Value::of(v); }
inline Value text(std::string_view v) { return Value::of(v); }
inline Value letters(size_t count) { return Value::of(std::string(count, 'x')); }
inline Value numbers(int64_t count) {
  std::vector<Value> elements;
  for (int64_t i = 0; i < count; ++i) elements.push_back(Value::of(i));
  return Value::list(elements);
}
inline Value squares(int64_t count) {
  Value made = Value::empty_map();
  for (int64_t i = 0; i < count; ++i) made = made.put(Value::of(i), Value::of(i * i));
  return made;
}

using Fields = std::map<std::string, Value, std::less<>>;

// The program, and the first domain in it with its start values.
class EvalFixture {
 public:
  explicit EvalFixture(std::string source) {
    Diagnostics diagnostics;
    Source text("test.lxm", std::move(source));
    program_ = load(text, diagnostics);
    if (!program_) {
      for (const Diagnostic& d : diagnostics.sorted()) ADD_FAILURE() << render(text, d, false);
      std::abort();  // a test whose program is no program tests nothing
    }
    interpreter_ = std::make_unique<Interpreter>(*program_);
    for (const Field& field : domain().fields) fields_.push_back(field.initial);
  }

  EvalFixture& set(const Fields& values) {
    for (const auto& [name, value] : values) fields_[slot(name)] = value;
    return *this;
  }
  // Runs a slice of the domain's first routine, and says what it wants.
  std::string run(const std::vector<Value>& args = {}, size_t slice = 0) {
    out_.clear();
    const Routine& routine = domain().routines[0];
    const std::vector<Value> before = fields_;
    const Value key = number(7);
    interpreter_->run(routine, routine.slices[slice], {fields_, &key}, args, out_);
    EXPECT_EQ(before, fields_) << "a slice leaves the fields as they were";
    return wants();
  }
  // Does what the last slice wanted to change.
  void commit() {
    for (const FieldChange& change : out_.changes) fields_[change.slot] = change.value;
  }

  // The first goal's predicate: "true", "false", or its fault.
  std::string holds() {
    Fault fault;
    const bool answer = interpreter_->test(domain().goals[0].predicate, {fields_, nullptr}, fault);
    EXPECT_FALSE(answer && fault);
    return fault ? spell(fault) : answer ? "true" : "false";
  }

  [[nodiscard]] const Outbox& out() const { return out_; }
  [[nodiscard]] const Program& program() const { return *program_; }
  [[nodiscard]] const Domain& domain() const { return program_->domains[0]; }
  [[nodiscard]] std::string spell(const Fault& fault) const {
    return fmt::format("{} {}", info(fault.code).id, fault.message);
  }
  // The source text that a fault points at.
  [[nodiscard]] std::string blamed() const {
    return std::string(program_->source.text(out_.fault.span));
  }

 private:
  [[nodiscard]] size_t slot(std::string_view name) const {
    for (size_t i = 0; i < domain().fields.size(); ++i) {
      if (domain().fields[i].name == name) return i;
    }
    std::abort();
  }
  [[nodiscard]] std::string wants() const {
    std::vector<std::string> parts;
    for (const FieldChange& c : out_.changes) {
      parts.push_back(domain().fields[c.slot].name + "=" + literal(c.value, program_->shapes));
    }
    for (const Emitted& e : out_.emitted) parts.push_back(spell(e));
    for (const std::string& line : out_.logs) parts.push_back("log " + line);
    if (out_.retire) parts.emplace_back("retire");
    if (out_.returned) parts.emplace_back("returned");
    if (out_.fault) parts.push_back(spell(out_.fault));
    return fmt::format("{}", fmt::join(parts, " | "));
  }
  [[nodiscard]] std::string spell(const Emitted& e) const {
    const Emission& site = program_->emissions[e.site.index()];
    std::string made;
    if (site.kind == EmissionKind::kSend) {
      const Domain& to = (*program_)[site.domain];
      made = "send " + to.name;
      if (site.keyed) made += "[" + literal(e.key, program_->shapes) + "]";
      made += "." + to.routines[site.routine.index()].name;
    } else if (site.kind == EmissionKind::kBroadcast) {
      made = "broadcast " + program_->events[site.event.index()].name;
    } else {
      const Effect& effect = program_->effects[site.effect.index()];
      made = "emit " + effect.adapter + "." + effect.operation;
    }
    std::vector<std::string> args;
    for (uint32_t i = 0; i < e.arg_count; ++i) {
      args.push_back(literal(out_.args[e.first_arg + i], program_->shapes));
    }
    return fmt::format("{}({})", made, fmt::join(args, ", "));
  }

  std::unique_ptr<const Program> program_;
  std::unique_ptr<Interpreter> interpreter_;
  std::vector<Value> fields_;
  Outbox out_;
};

// What a slice of these statements wants, in a domain with these fields.
inline std::string ran(std::string_view state, std::string_view body, const Fields& fields = {}) {
  return EvalFixture(fmt::format("domain D {{ state {{ {} }} on M {{ {} }} }}", state, body))
      .set(fields)
      .run();
}

// An expression's value as str() has it, or its fault.
inline std::string said(std::string_view expression, std::string_view state = "",
                        const Fields& fields = {}) {
  const std::string wants = ran(state, fmt::format("log {}", expression), fields);
  const size_t at = wants.find("log ");
  return at == std::string::npos ? wants : wants.substr(at + 4);
}

// How much gas the statements take: what an empty loop before them must leave over.
inline int64_t gas_of(std::string_view state, std::string_view body, const Fields& fields = {},
                      std::string_view functions = "") {
  EvalFixture fixture(
      fmt::format("{} domain D {{ state {{ {} }} on M(turns: int) {{ for turn in 0..turns {{ }} {} "
                  "}} }}",
                  functions, state, body));
  fixture.set(fields);
  int64_t fits = -1, too_many = kGasMax;
  while (too_many - fits > 1) {
    const int64_t turns = (fits + too_many) / 2;
    fixture.run({number(turns)});
    (fixture.out().fault.code == Code::kOutOfGas ? too_many : fits) = turns;
  }
  return kGasMax - 1 - fits;
}

}  // namespace lexum

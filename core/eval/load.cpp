#include "eval/load.h"

#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "eval/walk.h"

namespace lexum {
namespace {

// Evaluates start values, in the order in which they need each other.
class Loader {
 public:
  Loader(Program& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics), interpreter_(program) {}

  void load_all() {
    for (const uint32_t record : program_.record_order) {
      for (Field& field : program_.records[record].fields) {
        load_field(field);
        program_.constants[field.constant] = field.initial;
      }
    }
    for (Domain& domain : program_.domains) {
      for (Field& field : domain.fields) load_field(field);
    }
    for (Start& start : program_.starts) {
      if (start.key_term) load_key(start);
      for (StartSetting& setting : start.settings) setting.value = constant(setting.term);
    }
  }

 private:
  void load_field(Field& field) {
    field.initial = field.initial_term ? constant(field.initial_term) : zero(program_, field.type);
  }

  // That two computed keys are the same is seen here and not before.
  void load_key(Start& start) {
    start.key = constant(start.key_term);
    const std::string key = literal(start.key, program_.shapes);
    if (started_.emplace(start.domain.value, key).second) return;
    diagnostics_.report(
        {.code = Code::kDuplicateName,
         .span = start.span,
         .message = fmt::format("`{}[{}]` is started already", program_[start.domain].name, key),
         .help = "start each instance once, with all its settings"});
  }

  Value constant(TermId term) {
    Fault fault;
    Value value = interpreter_.evaluate(term, {}, fault);
    const std::string why = fault ? fault.message : why_too_big(value);
    if (!why.empty()) {
      diagnostics_.report({.code = Code::kNotConstant,
                           .span = program_.spans[term.index()],
                           .message = "this start value cannot be had: " + why,
                           .help = "begin with another value, or compute it in `transition Boot`"});
    }
    return value;
  }

  Program& program_;
  Diagnostics& diagnostics_;
  Interpreter interpreter_;
  std::set<std::pair<uint32_t, std::string>> started_;
};

}  // namespace

std::vector<EffectChoice> choices_in(const Program& program) {
  std::vector<EffectChoice> choices;
  for (const Effect& effect : program.effects) {
    if (effect.mode == EffectMode::kSimulated) continue;
    choices.push_back({effect.adapter, effect.operation, effect.mode});
  }
  return choices;
}

ModeOf as_chosen(std::vector<EffectChoice> choices) {
  return [choices = std::move(choices)](const Effect& effect) {
    for (const EffectChoice& one : choices) {
      if (one.adapter == effect.adapter && one.operation == effect.operation) return one.mode;
    }
    return EffectMode::kSimulated;
  };
}

std::unique_ptr<const Program> load(Source source, Diagnostics& diagnostics,
                                    const ModeOf& mode_of) {
  std::unique_ptr<Program> program = check(std::move(source), diagnostics);
  if (!program) return nullptr;
  Loader(*program, diagnostics).load_all();
  if (diagnostics.has_errors()) return nullptr;
  if (mode_of) {
    for (Effect& effect : program->effects) effect.mode = mode_of(effect);
  }
  return program;
}

}  // namespace lexum

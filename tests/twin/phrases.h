// Random expressions and statements of a given type, in a given place. What comes out is always
// well typed; it may fault.
#pragma once

#include <string>
#include <vector>

#include "twin/random.h"

namespace lexum::twin {

struct Variable {
  std::string name;  // as it is written in an expression or, if it is assignable, as a place
  std::string type;
  bool assignable = false;
};

struct Signature {
  std::string name;
  std::vector<Variable> params;
};

struct DomainPlan {
  std::string name;
  std::string key_type;  // "" for a single instance
  std::vector<Variable> fields = {};
  std::vector<Signature> messages = {};       // handlers and transitions that messages name
  std::vector<std::string> events = {};       // it listens to
  std::vector<std::string> transitions = {};  // without parameters
};

struct ProgramPlan {
  std::vector<DomainPlan> domains;
  std::vector<Signature> events = {};
  bool effect_declared = false;
};

// Text, one statement or brace a line, so that it can be shrunk line by line.
class Page {
 public:
  void line(const std::string& text) { text_ += std::string(2 * depth_, ' ') + text + "\n"; }
  void open(const std::string& head) {
    line(head + " {");
    ++depth_;
  }
  void close() {
    --depth_;
    line("}");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  size_t depth_ = 0;
};

// Writes the body of one slice, predicate or function.
class Phrases {
 public:
  // `domain` is null inside a function.
  Phrases(Random& random, const ProgramPlan& program, const DomainPlan* domain,
          std::vector<Variable> scope)
      : random_(random), program_(program), domain_(domain), scope_(std::move(scope)) {}

  std::string expr(const std::string& type, int depth);
  // Of the kind that goals and guards are made of.
  std::string condition();
  // `count` statements, and what they hold.
  void statements(Page& page, int count, int depth);
  // To a message, an event or an effect.
  void emission(Page& page);
  // An assignment that moves an int field.
  void progress(Page& page);
  // By position or by name, unless it must be by name.
  std::string args(const std::vector<Variable>& params, int depth, bool must_name = false);

 private:
  std::string int_expr(int depth);
  std::string small_int_expr(int depth);
  std::string bool_expr(int depth);
  std::string string_expr(int depth);
  std::string optional_expr(int depth);
  std::string container_expr(const std::string& type, int depth);
  std::string leaf(const std::string& type);
  std::string variable(const std::string& type);

  void statement(Page& page, int depth);
  void assignment(Page& page);
  void element_assignment(Page& page);
  void branch(Page& page, int depth);
  void loop(Page& page, int depth);
  void body(Page& page, std::vector<Variable> locals, int depth);
  std::string fresh() { return "v" + std::to_string(++names_); }

  Random& random_;
  const ProgramPlan& program_;
  const DomainPlan* domain_;
  std::vector<Variable> scope_;
  int names_ = 0;
};

}  // namespace lexum::twin

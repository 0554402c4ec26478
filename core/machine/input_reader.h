// What reading a typed line and reading a line of JSON have in common: whom a name means, what a
// value may be, and how to complain. Whoever reads the names of things as people write them reads
// them with this.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/world.h"
#include "syntax/parser.h"
#include "syntax/utf8.h"

namespace lexum {

struct Receiver {
  DomainId domain;
  Value key;
};

// Reads against one program. The first thing that is wrong is kept and the rest of the reading has
// no meaning: the one who began it asks good() at the end.
class InputReader {
 public:
  explicit InputReader(const Program& program) : program_(program) {}

  [[nodiscard]] bool good() const { return wrong_.empty(); }
  [[nodiscard]] Error error() const { return {.code = ErrorCode::kMismatch, .what = wrong_}; }
  // In a line, whatever it quotes.
  void fail(const std::string& what) {
    if (good()) wrong_ = printable(what, what.size());
  }
  // fail() with the first of a parser's errors. `skip` is what was put before the user's text.
  void fail(const Source& source, const Diagnostics& diagnostics, uint32_t skip);

  // `D` or `D[7]`.
  Receiver receiver(const Source& source, const Tree& tree, ExprId place);
  Receiver receiver(const Source& source, const Tree& tree, const Name& name, ExprId key);
  // A field, a message or an event, by name.
  uint32_t field(DomainId domain, std::string_view name);
  RoutineIndex message(DomainId domain, std::string_view name);
  EventId event(std::string_view name);

  // A literal of the type. `what` names the place for complaints: "`qty`".
  Value literal(const Source& source, const Tree& tree, ExprId expr, TypeId type,
                const std::string& what);

  // One argument as it was given; `read` reads it by its parameter's type.
  struct Given {
    std::string name;  // "" if it stands by position
    std::function<Value(TypeId type, const std::string& what)> read;
  };
  // The arguments in the order of the parameters. `of` is who takes them.
  std::vector<Value> arguments(const std::vector<Parameter>& params,
                               const std::vector<Given>& given, const std::string& of);

  // A record out of the fields that are given; the others have their declared value.
  Value record(uint32_t shape, const std::vector<Given>& given, const std::string& what);
  // A value is no bigger than a field may hold.
  void measure(const Value& value, const std::string& what);
  Value wrong_type(const std::string& what, TypeId type, std::string_view instead);

  [[nodiscard]] const Program& program() const { return program_; }

 private:
  Value list_literal(const Source&, const Tree&, const Expr&, const Type&, const std::string& what);
  Value map_literal(const Source&, const Tree&, const Expr&, const Type&, const std::string& what);
  Value record_literal(const Source&, const Tree&, const Expr&, TypeId, const std::string& what);
  Value key_literal(const Source& source, const Tree& tree, ExprId key, const Domain& domain);

  const Program& program_;
  std::string wrong_;  // "" while all is well
};

// "; did you mean `count`?", else "; there is `a`, `b` and `c`", else what `none` says.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates,
                         std::string_view none);

}  // namespace lexum

// Runs one slice, or one condition, by walking the tree with maps of names at hand. It reads and
// changes nothing outside itself: what a slice wants done stands in what it returns.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "twin/builtins.h"
#include "twin/program.h"

namespace lexum::twin {

inline constexpr int64_t kGasMax = 100'000;
inline constexpr int kNestedMax = 2'000;
inline constexpr size_t kWeightMax = size_t{16} << 20;
inline constexpr size_t kPartsMax = size_t{16} << 20;

// §4: ordered by domain name, then key. The key of a single instance is null.
struct InstanceName {
  std::string domain;
  Value key;

  friend bool operator==(const InstanceName&, const InstanceName&) = default;
  friend bool operator<(const InstanceName& a, const InstanceName& b) {
    return a.domain != b.domain ? a.domain < b.domain : a.key < b.key;
  }
};
// `D` or `D[7]`
std::string to_string(const InstanceName& name);

// What stands in a mailbox.
struct Message {
  std::string label;  // of the procedure that takes it
  NamedValues args;

  friend bool operator==(const Message&, const Message&) = default;
};
std::string to_string(const Message& message);

struct Send {
  bool broadcast = false;
  InstanceName to = {};  // unless it is a broadcast
  Message message = {};
};

struct Intent {
  std::string adapter;
  std::string operation;
  NamedValues args;
};

struct SliceEnd {
  std::string fault = {};  // or "", and then the rest holds
  Values fields = {};
  std::vector<Send> sends = {};  // broadcasts too, in the order they were executed
  std::vector<Intent> intents = {};
  bool retired = false;
  bool returned = false;  // later slices are dropped
};

class Interpreter {
 public:
  // `fields` is what the names of state mean; none in a fn or a constant. `params` are the first
  // locals.
  Interpreter(const Tree& tree, Value self, std::optional<Values> fields, Values params);

  // Each of these is called once on an interpreter.
  SliceEnd run(const Block& body);
  // False as well if it faults (§7: a predicate that faults does not hold).
  bool holds(ExprId condition);
  Value constant(ExprId expr);
  Value zero(TypeExprId type);
  // The statement of an input from outside, which is written as a send or a broadcast.
  Send outside(const Stmt& stmt);

 private:
  enum class Flow { kOn, kReturn };
  struct Place {
    Value* root;
    std::vector<Value> path;  // keys, indices and names of fields, outermost first
  };

  Flow run_block(const Block& block);
  Flow run_stmt(const Stmt& stmt);
  Flow run_if(const Stmt& stmt);
  Flow run_for(const Stmt& stmt);
  Flow run_turn(const Stmt& stmt, const Value& first, const Value& second);
  void assign(const Stmt& stmt);
  Send send(const Stmt& stmt);
  Send broadcast(const Stmt& stmt);
  Intent intent(const Stmt& stmt);

  Value eval(ExprId id);
  Value eval_here(const Expr& e);
  Value eval_chain(const Expr& e);
  Value eval_list(const Expr& e);
  Value eval_map(const Expr& e);
  Value eval_call(const Expr& e);
  Value eval_postfix(const Expr& e);
  Value call(const FunctionDecl& function, Values args);
  Value record(const RecordDecl& decl, const NamedValues& args);

  NamedValues bind(const std::vector<Param>& params, Range args);
  Value* variable(const std::string& name);
  // The first `count` links of a postfix expression as steps from its variable.
  Place place(const Expr& e, size_t count);
  // Down to the value itself; F003 where a step leads nowhere.
  Value& reach(const Place& place, size_t steps);
  Value pop(const Place& place);

  void spend(int64_t gas);
  Meter meter();

  const Tree& tree_;
  Value self_;
  std::optional<Values> fields_;
  Values locals_;
  int64_t gas_ = 0;
  int nested_ = 0;
  Value result_;  // of the latest `return`
  SliceEnd end_;
};

}  // namespace lexum::twin

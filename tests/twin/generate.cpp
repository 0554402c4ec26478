#include "twin/generate.h"

#include <algorithm>

#include "twin/phrases.h"

namespace lexum::twin {
namespace {

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) { case_.seed = seed; }

  Case run() {
    plan();
    declarations();
    for (const DomainPlan& domain : program_.domains) write(domain);
    starts();
    options();
    case_.program = page_.text();
    return case_;
  }

 private:
  // -------------------------------------------------------------------------------------------------
  // plan

  void plan() {
    program_.events.push_back({"Up", {}});
    program_.events.push_back({"Level", {{"k", "int"}}});
    const int count = random_.between(2, 4);
    for (int i = 0; i < count; ++i) program_.domains.push_back(plan_domain(i));
    program_.effect_declared = random_.chance(30);
  }

  DomainPlan plan_domain(int number) {
    DomainPlan d{.name = std::string(1, static_cast<char>('A' + number)), .key_type = {}};
    if (number > 0 && random_.chance(35)) d.key_type = random_.pick({"int", "string"});
    d.fields = {{"n", "int", true}, {"c", "int", true}};
    const char* const types[] = {"bool", "string", "list<int>", "list<string>", "map<string, int>",
                                 "P",    "int?"};
    const char* const names[] = {"b", "s", "xs", "ws", "m", "p", "o"};
    for (size_t i = 0; i < std::size(types); ++i) {
      if (random_.chance(35)) d.fields.push_back({names[i], types[i], true});
    }
    for (int i = random_.between(0, 2); i >= 0; --i) {
      Signature m{"M" + std::to_string(i), {}};
      if (random_.chance(60)) m.params.push_back({"k", "int"});
      if (random_.chance(30))
        m.params.push_back({"t", random_.pick({"string", "list<int>", "P", "int?"})});
      d.messages.push_back(m);
    }
    for (const Signature& event : program_.events) {
      if (random_.chance(40)) d.events.push_back(event.name);
    }
    for (int i = random_.between(0, 2); i >= 0; --i)
      d.transitions.push_back("T" + std::to_string(i));
    return d;
  }

  void declarations() {
    page_.open("type P");
    page_.line("x: int = " + std::to_string(random_.between(0, 2)));
    page_.line("tag: string");
    page_.close();
    page_.open("fn f(a: int, b: int): int");
    page_.open("if a <= 0");
    page_.line("return b % 50");
    page_.close();
    const std::string step =
        Phrases(random_, program_, nullptr, {{"a", "int"}, {"b", "int"}}).expr("int", 0);
    page_.line("return f(a - 1, b + " + step + ")");
    page_.close();
    page_.open("fn total(of: list<int>): int");
    page_.line("let sum = 0");
    page_.open("for i, x in of");
    page_.line(random_.pick({"sum += x", "sum += x * i", "sum = max(sum, x)"}));
    page_.close();
    page_.line("return sum");
    page_.close();
    if (program_.effect_declared) page_.line("effect Infra.Make(size: int, name: string)");
  }

  // ----------------------------------------------------------------------------------------------
  // domains

  void write(const DomainPlan& d) {
    if (random_.chance(55)) page_.line("@mailbox(" + std::to_string(random_.between(1, 5)) + ")");
    if (random_.chance(30)) {
      page_.line("@restart(" + random_.pick({"never", "1, 20", "2, 5", "5, 10", "50, 100"}) + ")");
    }
    page_.open("domain " + d.name + (d.key_type.empty() ? "" : "[id: " + d.key_type + "]"));
    state(d);
    if (random_.chance(20))
      page_.line("invariant Sane { n < " + std::to_string(random_.between(6, 30)) + " }");
    const int goals = random_.between(0, 3);
    for (int i = 0; i < goals; ++i) goal(d, i);
    if (random_.chance(25)) {
      routine(d, random_.pick({"transition Boot", "on Boot"}), {}, true);
    }
    for (const Signature& m : d.messages) message(d, m);
    for (const std::string& name : d.events) event(d, name);
    for (const std::string& name : d.transitions) transition(d, name);
    if (random_.chance(50)) outcome(d);
    page_.close();
  }

  void state(const DomainPlan& d) {
    page_.open("state");
    for (const Variable& field : d.fields) {
      const bool given = random_.chance(30) && field.type != "int?";
      Phrases phrases(random_, program_, nullptr, {});
      page_.line(field.name + ": " + field.type +
                 (given ? " = " + phrases.expr(field.type, 0) : ""));
    }
    page_.close();
  }

  std::string priority() {
    return random_.pick(
        {"background", "low", "normal", "high", "critical", "0", "1", "127", "128", "200", "255"});
  }

  void goal(const DomainPlan& d, int number) {
    Phrases phrases(random_, program_, &d, d.fields);
    if (number == 0 && random_.chance(30)) return page_.line("goal " + phrases.condition());
    page_.open("goal G" + std::to_string(number));
    page_.line(joined({random_.pick({"predicate ", "target "}), phrases.condition()}));
    if (random_.chance(50)) page_.line("priority " + priority());
    if (random_.chance(50)) {
      std::string some;
      for (const std::string& t : d.transitions) {
        if (some.empty() || random_.chance(50)) some = t + (some.empty() ? "" : ", ") + some;
      }
      page_.line("strategy { " + some + " }");
    }
    if (random_.chance(40)) {
      const std::string last = random_.chance(50) ? " else " + random_.pick(d.transitions) : "";
      page_.line("terminate_after " + std::to_string(random_.between(1, 4)) + last);
    }
    page_.close();
  }

  void annotate() {
    if (random_.chance(30)) page_.line("@priority(" + priority() + ")");
  }

  // The body of one slice, mostly inside a guard so that it is blocked now and then.
  void slice(const DomainPlan& d, std::vector<Variable> scope, bool guarded) {
    Phrases phrases(random_, program_, &d, std::move(scope));
    const int count = random_.between(1, 3);
    if (!guarded) return phrases.statements(page_, count, 2);
    page_.open("if " + phrases.condition());
    if (random_.chance(70)) phrases.progress(page_);
    phrases.statements(page_, count, 1);
    page_.close();
  }

  // A parameter may hide a field, which is then reached through `state`.
  static std::vector<Variable> scope_of(const DomainPlan& d, const std::vector<Variable>& params) {
    std::vector<Variable> scope = params;
    for (Variable field : d.fields) {
      const auto hides = [&](const Variable& p) { return p.name == field.name; };
      if (std::any_of(params.begin(), params.end(), hides)) field.name = "state." + field.name;
      scope.push_back(field);
    }
    return scope;
  }

  static std::string declared(const std::vector<Variable>& params) {
    std::string text;
    for (const Variable& p : params) text += (text.empty() ? "" : ", ") + p.name + ": " + p.type;
    return params.empty() ? "" : "(" + text + ")";
  }

  void routine(const DomainPlan& d, const std::string& head, const std::vector<Variable>& params,
               bool one_slice) {
    const std::vector<Variable> scope = scope_of(d, params);
    annotate();
    page_.open(head + declared(params));
    const bool guarded = head.starts_with("transition T") && random_.chance(80);
    const int slices = one_slice || random_.chance(70) ? 0 : random_.between(2, 3);
    if (slices == 0) slice(d, scope, guarded);
    for (int i = 0; i < slices; ++i) {
      page_.open("step");
      slice(d, scope, guarded && i == 0);
      page_.close();
    }
    page_.close();
  }

  void message(const DomainPlan& d, const Signature& m) {
    const bool handler = random_.chance(70);
    routine(d, (handler ? "on " : "transition ") + m.name, m.params, handler);
  }

  void event(const DomainPlan& d, const std::string& name) {
    for (const Signature& event : program_.events) {
      if (event.name == name) routine(d, "on Event::" + name, event.params, true);
    }
  }

  void transition(const DomainPlan& d, const std::string& name) {
    routine(d, "transition " + name, {}, false);
  }

  void outcome(const DomainPlan& d) {
    annotate();
    std::vector<Variable> scope = d.fields;
    std::string params;
    if (random_.chance(70)) {
      const bool typed = random_.chance(50);
      params = typed ? "(value: int)" : "(value)";
      scope.push_back({"value", typed ? "int" : "string"});
    }
    page_.open("on Infra.Make::Done" + params);
    slice(d, scope, false);
    page_.close();
  }

  // ------------------------------------------------------------------------------------- what
  // comes from outside

  std::string key(const DomainPlan& d) {
    if (d.key_type == "int") return "[" + std::to_string(random_.between(-1, 3)) + "]";
    if (d.key_type == "string") return "[" + random_.pick({"\"k\"", "\"K\"", "\"é\""}) + "]";
    return "";
  }

  void starts() {
    if (random_.chance(40)) return;
    page_.open("system S");
    std::vector<std::string> started;
    for (const DomainPlan& d : program_.domains) {
      for (int i = random_.between(0, 2); i > 0; --i) {
        const std::string name = d.name + key(d);
        if (std::find(started.begin(), started.end(), name) != started.end()) continue;
        started.push_back(name);
        page_.line("start domain " + name + " { n = " + std::to_string(random_.between(0, 5)) +
                   " }");
      }
    }
    page_.close();
  }

  void options() {
    case_.options.max_cycles = random_.pick({50, 300, 600});
    for (const DomainPlan& d : program_.domains) {
      if (!random_.chance(20)) continue;
      case_.options.sets.push_back(
          joined({d.name, key(d), ".c=", std::to_string(random_.between(1, 5))}));
    }
    for (int i = random_.between(0, 6); i > 0; --i) input();
  }

  void input() {
    Phrases phrases(random_, program_, nullptr, {});
    Input input;
    input.tick = random_.chance(40) ? 1 : random_.between(2, random_.chance(70) ? 10 : 40);
    if (random_.chance(20)) {
      const Signature& event = random_.pick(program_.events);
      input.text = "Event::" + event.name + phrases.args(event.params, 0);
      const auto hears = [&](const DomainPlan& d) {
        return std::find(d.events.begin(), d.events.end(), event.name) != d.events.end();
      };
      if (std::none_of(program_.domains.begin(), program_.domains.end(), hears)) return;
    } else {
      const DomainPlan& d = random_.pick(program_.domains);
      const Signature& m = random_.pick(d.messages);
      input.text = joined({d.name, key(d), " ", m.name, phrases.args(m.params, 0)});
    }
    case_.options.inputs.push_back(input);
  }

  Random random_;
  ProgramPlan program_;
  Page page_;
  Case case_;
};

}  // namespace

Case generate(uint64_t seed) { return Generator(seed).run(); }

std::string to_string(const Case& one) {
  std::string text = "// seed " + std::to_string(one.seed) + ", at most " +
                     std::to_string(one.options.max_cycles) + " cycles\n";
  for (const std::string& set : one.options.sets) text += "// --set '" + set + "'\n";
  for (const Input& input : one.options.inputs) {
    text += "// at tick " + std::to_string(input.tick) + ": " + input.text + "\n";
  }
  return text + one.program;
}

}  // namespace lexum::twin

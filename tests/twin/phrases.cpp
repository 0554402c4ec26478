#include "twin/phrases.h"

#include <algorithm>

namespace lexum::twin {

// ----------------------------------------------------------------------------------------------
// expressions

std::string Phrases::expr(const std::string& type, int depth) {
  if (depth <= 0) return leaf(type);
  if (type == "int") return int_expr(depth - 1);
  if (type == "bool") return bool_expr(depth - 1);
  if (type == "string") return string_expr(depth - 1);
  if (type == "int?") return optional_expr(depth - 1);
  return container_expr(type, depth - 1);
}

// "" if there is none.
std::string Phrases::variable(const std::string& type) {
  std::vector<std::string> names;
  for (const Variable& v : scope_) {
    if (v.type == type) names.push_back(v.name);
  }
  return names.empty() ? "" : random_.pick(names);
}

std::string Phrases::leaf(const std::string& type) {
  if (random_.chance(60)) {
    if (const std::string name = variable(type); !name.empty()) return name;
  }
  if (type == "int") return std::to_string(random_.between(0, 4));
  if (type == "bool") return random_.pick({"true", "false"});
  if (type == "string") return random_.pick({"\"a\"", "\"b,c\"", "\"\"", "\" Zé \"", "\"aab\""});
  if (type == "int?") return random_.pick({"int(\"1\")", "int(\"x\")"});
  if (type == "list<int>") return random_.pick({"[1]", "[3, 1, 2]", "[0, 0]"});
  if (type == "list<string>") return random_.pick({"[\"a\"]", "[\"b\", \"a\"]"});
  if (type == "map<string, int>") return random_.pick({"{\"a\": 1}", "{\"b\": 2, \"a\": 0}"});
  return random_.pick({"P(x: 1, tag: \"a\")", "P(x: 2, tag: \"\")"});
}

// Kept small by `%`, so that worlds come back.
std::string Phrases::small_int_expr(int depth) {
  return "(" + expr("int", depth) + ") % " + std::to_string(random_.between(2, 7));
}

std::string Phrases::int_expr(int d) {
  const std::string two[] = {expr("int", d), expr("int", d)};
  switch (random_.below(19)) {
    case 0:
    case 1:
      return "(" + two[0] + " + " + two[1] + ")";
    case 2:
      return "(" + two[0] + " - " + two[1] + ")";
    case 3:
      return "(" + small_int_expr(d) + ") * " + two[1];
    case 4:
      return "(" + two[0] + " / " + random_.pick({"2", "3", "-1"}) + ")";
    case 5:
      return "(" + two[0] + " % (" + two[1] + " + 3))";
    case 6:
      return random_.pick({"min", "max"}) + "(" + two[0] + ", " + two[1] + ")";
    case 7:
      return "abs(" + two[0] + ")";
    case 8:
      return "(-" + two[0] + ")";
    case 9:
      return "(" + expr("int?", d) + " ?? " + two[0] + ")";
    case 10:
      return "(" + expr("list<int>", d) + ").length";
    case 11:
      return "(" + expr("string", d) + ").length";
    case 12:
      return "(" + expr("map<string, int>", d) + ").length";
    case 13:
      return "(" + expr("P", d) + ").x";
    case 14:
      return "f(" + small_int_expr(d) + ", " + two[1] + ")";
    case 15:
      return "total(" + expr("list<int>", d) + ")";
    case 16:
      return random_.chance(30) ? joined({expr("list<int>", d), "[", small_int_expr(0), "]"})
                                : two[0];
    case 17:
      if (domain_ != nullptr && domain_->key_type == "int") return "self.id";
      return two[1];
    default:
      return leaf("int");
  }
}

std::string Phrases::bool_expr(int d) {
  const std::string compare = random_.pick({" == ", " != ", " < ", " <= ", " > ", " >= "});
  const std::string equal = random_.pick({" == ", " != "});
  switch (random_.below(14)) {
    case 0:
    case 1:
    case 2:
      return joined({"(", expr("int", d), compare, expr("int", d), ")"});
    case 3:
      return joined({"(", expr("string", d), compare, expr("string", d), ")"});
    case 4:
      return joined({"(", expr("bool", d), " && ", expr("bool", d), ")"});
    case 5:
      return joined({"(", expr("bool", d), " || ", expr("bool", d), ")"});
    case 6:
      return "!" + expr("bool", d);
    case 7:
      return joined({"(", expr("list<int>", d), ").contains(", expr("int", d), ")"});
    case 8:
      return joined({"(", expr("map<string, int>", d), ").has(", expr("string", d), ")"});
    case 9:
      return joined(
          {"(", expr("string", d), " matches ", random_.pick({"\"^a\"", "\"b+\"", "\"é\""}), ")"});
    case 10: {
      const std::string method = random_.pick({"contains", "starts_with", "ends_with"});
      return joined({"(", expr("string", d), ").", method, "(", expr("string", d), ")"});
    }
    case 11:
      return joined({"(", expr("P", d), equal, expr("P", d), ")"});
    // Not of a variable, which a comparison would narrow.
    case 12:
      return joined({"((", expr("list<int>", d), ").last", equal, "null)"});
    default:
      return joined({"(", expr("list<string>", d), equal, expr("list<string>", d), ")"});
  }
}

// Nothing that could double what it is given: worlds stay small.
std::string Phrases::string_expr(int d) {
  const std::string one = "(" + expr("string", d) + ")";
  switch (random_.below(10)) {
    case 0:
      return "(\"x\" + str(" + expr("int", d) + "))";
    case 1:
      return joined({"str(", expr(random_.pick({"bool", "int", "int?", "P"}), 0), ")"});
    case 2:
      return one + ".upper()";
    case 3:
      return one + ".lower()";
    case 4:
      return one + ".trim()";
    case 5:
      return one + ".replace(\"a\", " + random_.pick({"\"\"", "\"b\"", "\"é\""}) + ")";
    case 6:
      return "(" + one + ".split(" + random_.pick({"\",\"", "\"\"", "\"b\""}) + ").first ?? \"\")";
    case 7:
      return "(" + expr("P", d) + ").tag";
    case 8:
      return random_.chance(20) ? "(" + one + " + \"y\")" : one;
    default:
      return leaf("string");
  }
}

std::string Phrases::optional_expr(int d) {
  switch (random_.below(5)) {
    case 0:
      return joined({"(", expr("list<int>", d), ").", random_.pick({"first", "last"})});
    case 1:
      return joined({"(", expr("map<string, int>", d), ").get(", expr("string", d), ")"});
    case 2:
      return "int(" + random_.pick({"\"7\"", "\"-3\"", "\"x\""}) + ")";
    case 3:
      return "int(" + expr("string", d) + ")";
    default:
      return leaf("int?");
  }
}

std::string Phrases::container_expr(const std::string& type, int d) {
  const std::string one = "(" + expr(type, d) + ")";
  const size_t which = random_.below(5);
  if (type == "list<int>") {
    if (which == 0 && random_.chance(40)) return one + ".add(" + small_int_expr(d) + ")";
    if (which == 1) return one + ".remove(" + expr("int", d) + ")";
    if (which == 2) return one + ".sorted()";
    if (which == 3) return one + ".slice(0, " + random_.pick({"0", "1", "2"}) + ")";
    return "(" + expr("map<string, int>", d) + ").values";
  }
  if (type == "list<string>") {
    if (which == 0 && random_.chance(40)) return one + ".add(" + leaf("string") + ")";
    if (which == 1) return one + ".sorted()";
    if (which == 2) return "(" + expr("string", d) + ").split(\",\")";
    return "(" + expr("map<string, int>", d) + ").keys";
  }
  if (type == "map<string, int>") {
    return which < 2 ? one + ".remove(" + expr("string", d) + ")" : leaf(type);
  }
  return which < 2 ? joined({"P(x: ", small_int_expr(d), ", tag: ", leaf("string"), ")"})
                   : leaf(type);
}

std::string Phrases::condition() {
  const std::string name = variable("int");
  if (!name.empty() && random_.chance(70)) {
    return joined({name, random_.pick({" == ", " >= ", " < ", " <= ", " != ", " < "}),
                   std::to_string(random_.between(1, 6))});
  }
  return expr("bool", 2);
}

// -----------------------------------------------------------------------------------------------
// statements

void Phrases::statements(Page& page, int count, int depth) {
  const size_t known = scope_.size();
  for (int i = 0; i < count; ++i) statement(page, depth);
  scope_.resize(known);  // a `let` lives to the end of its block
}

void Phrases::statement(Page& page, int depth) {
  const size_t kind = random_.below(100);
  if (kind < 28) return progress(page);
  if (kind < 48) return assignment(page);
  if (kind < 58) return element_assignment(page);
  if (kind < 72) return emission(page);
  if (kind < 84 && depth > 0) return branch(page, depth - 1);
  if (kind < 90 && depth > 0) return loop(page, depth - 1);
  if (kind < 95) {
    const std::string type = random_.pick({"int", "string", "bool", "list<int>", "int?"});
    const std::string name = fresh();
    const bool told = type == "int?" || random_.chance(40);
    page.line("let " + name + (told ? ": " + type : "") + " = " + expr(type, 2));
    scope_.push_back({name, type, true});
    return;
  }
  page.line("log " + expr("string", 1));
}

void Phrases::progress(Page& page) {
  std::vector<std::string> places;
  for (const Variable& v : scope_) {
    if (v.assignable && v.type == "int") places.push_back(v.name);
  }
  if (places.empty()) return page.line("log \"\"");
  page.line(joined({random_.pick(places), random_.pick({" += 1", " += 1", " += 2", " -= 1"})}));
}

void Phrases::assignment(Page& page) {
  std::vector<Variable> places;
  for (const Variable& v : scope_) {
    if (v.assignable) places.push_back(v);
  }
  if (places.empty()) return page.line("log \"\"");
  const Variable to = random_.pick(places);
  if (to.type == "int" && random_.chance(15)) {
    return page.line(
        joined({to.name, " = ", expr("int", 1), random_.pick({" / ", " % "}), leaf("int")}));
  }
  if (to.type == "int?" && random_.chance(30)) return page.line(to.name + " = null");
  page.line(to.name + " = " + (to.type == "int" ? small_int_expr(2) : expr(to.type, 2)));
}

void Phrases::element_assignment(Page& page) {
  for (const Variable& v : scope_) {
    if (!v.assignable || random_.chance(50)) continue;
    if (v.type == "map<string, int>") {
      const std::string op = random_.chance(20) ? " += " : " = ";
      return page.line(joined({v.name, "[", leaf("string"), "]", op, small_int_expr(1)}));
    }
    if (v.type == "list<int>") {
      const size_t kind = random_.below(10);
      if (kind < 2) return page.line(v.name + "[0] = " + small_int_expr(1));
      page.open("if " + v.name + ".length > " + (kind < 9 ? "0" : "-1"));
      page.line(kind < 6 ? v.name + ".pop()" : v.name + "[0] += 1");
      return page.close();
    }
    if (v.type == "P") return page.line(v.name + ".x += " + small_int_expr(1));
    if (v.type == "int?" && domain_ != nullptr) {
      page.open("if " + v.name + " != null" + random_.pick({"", " && " + v.name + " > 1"}));
      page.line(v.name + " = " + v.name + " - 1");
      return page.close();
    }
  }
  progress(page);
}

std::string Phrases::args(const std::vector<Variable>& params, int depth, bool must_name) {
  if (params.empty()) return random_.pick({"", "()"});
  const bool named = random_.chance(50) || must_name;
  std::string text;
  for (const Variable& p : params) {
    std::string value = p.type == "int?" ? random_.pick({"null", "2"}) : expr(p.type, depth);
    if (p.type == "int" && depth > 0) value = small_int_expr(depth);
    text += (text.empty() ? "" : ", ") + (named ? p.name + ": " : "") + value;
  }
  return "(" + text + ")";
}

void Phrases::emission(Page& page) {
  const size_t kind = random_.below(10);
  if (kind < 2 && !program_.events.empty()) {
    const Signature& event = random_.pick(program_.events);
    const auto hears = [&](const DomainPlan& d) {
      return std::find(d.events.begin(), d.events.end(), event.name) != d.events.end();
    };
    const bool heard = std::any_of(program_.domains.begin(), program_.domains.end(), hears);
    return page.line("emit Broadcast(Event::" + event.name + args(event.params, 1, !heard) + ")");
  }
  if (kind < 3) {
    return page.line(
        joined({"emit Infra.Make(size: ", small_int_expr(1), ", name: ", leaf("string"), ")"}));
  }
  const DomainPlan& to = random_.pick(program_.domains);
  if (to.messages.empty()) return progress(page);
  const Signature& message = random_.pick(to.messages);
  std::string key;
  if (to.key_type == "int") key = "[" + small_int_expr(1) + "]";
  if (to.key_type == "string") key = "[" + random_.pick({"\"k\"", "\"é\"", "\"K\""}) + "]";
  page.line("send " + to.name + key + " " + message.name + args(message.params, 1));
}

void Phrases::branch(Page& page, int depth) {
  page.open("if " + condition());
  statements(page, random_.between(1, 2), depth);
  const size_t kind = random_.below(20);
  if (kind == 0) page.line("return");
  if (kind == 1) page.line("assert " + condition() + ", \"as expected\"");
  if (kind == 2 && domain_ != nullptr && !domain_->key_type.empty()) page.line("retire");
  page.close();
  if (!random_.chance(30)) return;
  page.open("if " + expr("bool", 1));
  statements(page, 1, depth);
  page.close();
}

void Phrases::loop(Page& page, int depth) {
  const std::string one = fresh();
  const std::string two = fresh();
  switch (random_.below(5)) {
    case 0:
      page.open("for " + one + " in " + expr("list<int>", 1));
      return body(page, {{one, "int"}}, depth);
    case 1:
      page.open("for " + one + ", " + two + " in " + expr("list<string>", 1));
      return body(page, {{one, "int"}, {two, "string"}}, depth);
    case 2:
      page.open("for " + one + " in " + expr("map<string, int>", 1));
      return body(page, {{one, "string"}}, depth);
    case 3:
      page.open("for " + one + ", " + two + " in " + expr("map<string, int>", 1));
      return body(page, {{one, "string"}, {two, "int"}}, depth);
    default:
      page.open("for " + one + " in 0.." + random_.pick({"2", "3", "(" + small_int_expr(0) + ")"}));
      return body(page, {{one, "int"}}, depth);
  }
}

void Phrases::body(Page& page, std::vector<Variable> locals, int depth) {
  const size_t known = scope_.size();
  scope_.insert(scope_.end(), locals.begin(), locals.end());
  statements(page, random_.between(0, 2), depth);
  scope_.resize(known);
  page.close();
}

}  // namespace lexum::twin

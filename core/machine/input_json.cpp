// Lines of an input file: JSON read by the types of the program.
#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "effects/json_text.h"
#include "machine/input_reader.h"
#include "machine/inputs.h"
#include "machine/value_json.h"

namespace lexum {

namespace {

using nlohmann::json;

class JsonReader {
 public:
  explicit JsonReader(const Program& program) : reader_(program) {}

  InputImage line(std::string_view text);
  Value value(std::string_view text, TypeId type, const std::string& what);
  [[nodiscard]] bool good() const { return reader_.good(); }
  [[nodiscard]] Error error() const { return reader_.error(); }

 private:
  json parse(std::string_view text);
  InputImage input(const json& line);
  void check_words(const json& line);
  uint64_t tick(const json& line);
  std::string word(const json& line, const char* name);
  void send(const json& line, InputImage& input);
  void broadcast(const json& line, InputImage& input);
  void revive(const json& line, InputImage& input);
  void crash(const json& line, InputImage& input);
  void redeliver(const json& line, InputImage& input);
  void set(const json& line, InputImage& input);
  Receiver receiver(const std::string& text);
  std::vector<InputReader::Given> members(const json& object);
  std::vector<Value> arguments(const json& line, const std::vector<Parameter>& params,
                               const std::string& of);

  Value value(const json& given, TypeId type, const std::string& what);
  Value number(const json& given, TypeId type, const std::string& what);
  Value list(const json& given, TypeId type, const std::string& what);
  Value map(const json& given, TypeId type, const std::string& what);
  Value wrong(const json& given, TypeId type, const std::string& what) {
    return reader_.wrong_type(what, type, given.dump());
  }

  InputReader reader_;
  uint32_t level_ = 0;  // how many values lie around the one that is read
};

InputImage JsonReader::line(std::string_view text) {
  const json line = parse(text);
  return reader_.good() ? input(line) : InputImage();
}

Value JsonReader::value(std::string_view text, TypeId type, const std::string& what) {
  const json given = parse(text);
  if (!reader_.good()) return {};
  Value read = value(given, type, what);
  reader_.measure(read, what);
  return read;
}

json JsonReader::parse(std::string_view text) {
  // Complaints print what they are about.
  JsonNesting nesting{.most = kJsonNestingMax};
  try {
    json parsed = json::parse(text, std::ref(nesting));
    if (!nesting.too_deep) return parsed;
    reader_.fail("some of it lies inside more than " + std::to_string(kJsonNestingMax) + " others");
  } catch (const json::parse_error& error) {
    // The part behind the last colon is what the parser expected or found, without its own names.
    const std::string_view why = error.what();
    const size_t colon = why.find("syntax error");
    reader_.fail("column " + std::to_string(error.byte) + ": this is not JSON: " +
                 std::string(colon == std::string_view::npos ? why : why.substr(colon)));
  } catch (const json::out_of_range&) {
    reader_.fail("it has a number that is too big for anything");
  }
  return {};
}

InputImage JsonReader::input(const json& line) {
  if (!line.is_object()) {
    reader_.fail(R"(an input is an object like {"to": "D[7]", "message": "M", "args": {"a": 1}})");
    return {};
  }
  check_words(line);
  InputImage input;
  input.tick = tick(line);
  if (!reader_.good()) return input;
  if (line.contains("to")) send(line, input);
  else if (line.contains("revive")) revive(line, input);
  else if (line.contains("crash")) crash(line, input);
  else if (line.contains("redeliver")) redeliver(line, input);
  else if (line.contains("set")) set(line, input);
  else broadcast(line, input);
  return input;
}

void JsonReader::broadcast(const json& line, InputImage& input) {
  input.event = reader_.event(word(line, "broadcast"));
  if (!reader_.good()) return;
  const Event& event = reader_.program().events[input.event.index()];
  input.args = arguments(line, event.params, "`" + event.name + "`");
}

void JsonReader::revive(const json& line, InputImage& input) {
  input.kind = InputKind::kRevive;
  const Receiver whom = receiver(word(line, "revive"));
  input.domain = whom.domain;
  input.key = whom.key;
  if (!line.contains("how")) return;
  const std::string how = word(line, "how");
  static const std::vector<std::string> kWays = {"retry", "drop", "rollback", "return"};
  const auto found = std::ranges::find(kWays, how);
  if (found != kWays.end()) input.about = static_cast<uint64_t>(found - kWays.begin());
  else reader_.fail("one is not revived by `" + how + "`" + did_you_mean(how, kWays, ""));
}

void JsonReader::crash(const json& line, InputImage& input) {
  input.kind = InputKind::kCrash;
  const Receiver whom = receiver(word(line, "crash"));
  input.domain = whom.domain;
  input.key = whom.key;
}

void JsonReader::redeliver(const json& line, InputImage& input) {
  input.kind = InputKind::kRedeliver;
  const json& letter = line.at("redeliver");
  const uint64_t number = letter.is_number_unsigned() ? letter.get<uint64_t>() : 0;
  if (number > 0 && number <= INT64_MAX) input.about = number;
  else
    reader_.fail("`redeliver` is the number of a dead letter, from 1, and `" + letter.dump() +
                 "` is none; `lxm letters DIR` shows them");
}

void JsonReader::set(const json& line, InputImage& input) {
  Result<StartValue> value = read_setting(reader_.program(), word(line, "set"));
  if (!value) return reader_.fail(value.error().what);
  input.kind = InputKind::kSet;
  input.domain = value->domain;
  input.key = value->key;
  input.about = value->slot;
  input.args.push_back(std::move(value->value));
}

void JsonReader::check_words(const json& line) {
  static const std::vector<std::string> kWords = {
      "to", "message", "broadcast", "args", "at", "revive", "how", "redeliver", "set", "crash"};
  static constexpr auto kSubjects = {"to", "broadcast", "revive", "redeliver", "set", "crash"};
  for (const auto& [name, member] : line.items()) {
    if (std::ranges::find(kWords, name) != kWords.end()) continue;
    reader_.fail("an input has no `" + name + "`" + did_you_mean(name, kWords, ""));
  }
  const auto given =
      std::ranges::count_if(kSubjects, [&](const char* subject) { return line.contains(subject); });
  if (given != 1) {
    reader_.fail(
        "an input has either `to` and `message`, or `broadcast`, or `revive`, `crash`, `redeliver` "
        "or "
        "`set`");
  } else if (line.contains("to") != line.contains("message")) {
    reader_.fail("`to` and `message` go together");
  } else if (line.contains("how") && !line.contains("revive")) {
    reader_.fail("`how` is said of `revive` alone");
  } else if (line.contains("args") && !line.contains("to") && !line.contains("broadcast")) {
    reader_.fail("what an operator does has no `args`");
  }
}

uint64_t JsonReader::tick(const json& line) {
  const auto at = line.find("at");
  if (at == line.end()) return 1;
  if (at->is_number_unsigned() && at->get<uint64_t>() >= 1) return at->get<uint64_t>();
  reader_.fail("`at` is the number of a tick, from 1, and `" + at->dump() + "` is none");
  return 1;
}

std::string JsonReader::word(const json& line, const char* name) {
  const json& given = line.at(name);
  if (given.is_string()) return given.get<std::string>();
  reader_.fail("`" + std::string(name) + "` is a string, and `" + given.dump() + "` is none");
  return {};
}

Receiver JsonReader::receiver(const std::string& text) {
  const Source source("", text);
  Diagnostics diagnostics;
  const Fragment place = parse_expression(source, diagnostics);
  if (!reader_.good()) return {};
  if (place.expr && !diagnostics.has_errors())
    return reader_.receiver(source, place.tree, place.expr);
  reader_.fail("`" + text + "` names no instance; write it as \"D\" or \"D[7]\"");
  return {};
}

void JsonReader::send(const json& line, InputImage& input) {
  const Receiver whom = receiver(word(line, "to"));
  const std::string message = word(line, "message");
  if (!reader_.good()) return;
  input.domain = whom.domain;
  input.key = whom.key;
  input.routine = reader_.message(whom.domain, message);
  if (!reader_.good()) return;
  const Routine& routine = reader_.program()[input.domain].routines[input.routine.index()];
  input.args = arguments(line, routine.params, "`" + routine.name + "`");
}

std::vector<InputReader::Given> JsonReader::members(const json& object) {
  std::vector<InputReader::Given> given;
  for (const auto& member : object.items()) {
    const auto read = [this, &value = member.value()](TypeId type, const std::string& what) {
      return this->value(value, type, what);
    };
    given.push_back({.name = member.key(), .read = read});
  }
  return given;
}

std::vector<Value> JsonReader::arguments(const json& line, const std::vector<Parameter>& params,
                                         const std::string& of) {
  static const json kNone = json::object();
  const auto found = line.find("args");
  const json& args = found == line.end() ? kNone : *found;
  if (!args.is_object()) {
    reader_.fail(R"(`args` is an object with a member for each parameter, like {"a": 1})");
    return {};
  }
  return reader_.arguments(params, members(args), of);
}

Value JsonReader::value(const json& given, TypeId type_id, const std::string& what) {
  const Type& type = reader_.program().types[type_id];
  if (given.is_null() && type.optional) return {};
  if (level_ >= kNestingMax) {
    reader_.fail(what + " lies inside more than " + std::to_string(kNestingMax) + " others");
    return {};
  }
  ++level_;
  const Value read = [&] {
    if (given.is_number()) return number(given, type_id, what);
    if (given.is_boolean() && type.kind == TypeKind::kBool) return Value::of(given.get<bool>());
    if (given.is_string() && type.kind == TypeKind::kText) {
      return Value::of(std::string_view(given.get_ref<const std::string&>()));
    }
    if (given.is_array() && type.kind == TypeKind::kList) return list(given, type_id, what);
    if (given.is_object() && type.kind == TypeKind::kMap) return map(given, type_id, what);
    if (given.is_object() && type.kind == TypeKind::kRecord) {
      return reader_.record(type.shape, members(given), what);
    }
    return wrong(given, type_id, what);
  }();
  --level_;
  return read;
}

Value JsonReader::number(const json& given, TypeId type, const std::string& what) {
  if (reader_.program().types[type].kind != TypeKind::kInt) return wrong(given, type, what);
  const bool fits = given.is_number_integer() &&
                    !(given.is_number_unsigned() && given.get<uint64_t>() > INT64_MAX);
  if (fits) return Value::of(given.get<int64_t>());
  reader_.fail(what + " is an int of 64 bits, and `" + given.dump() + "` is none");
  return {};
}

Value JsonReader::list(const json& given, TypeId type, const std::string& what) {
  const TypeId element = reader_.program().types[type].element;
  std::vector<Value> elements;
  for (const json& one : given) {
    const std::string place = "element " + std::to_string(elements.size()) + " of " + what;
    elements.push_back(value(one, element, place));
  }
  return Value::list(elements);
}

// Keys of JSON are strings, ours may be ints.
Value JsonReader::map(const json& given, TypeId type_id, const std::string& what) {
  const Type& type = reader_.program().types[type_id];
  const bool ints = reader_.program().types[type.key].kind == TypeKind::kInt;
  Value map = Value::empty_map();
  for (const auto& [name, member] : given.items()) {
    const json number = ints ? json::parse(name, nullptr, false) : json();
    if (ints && !number.is_number()) return wrong(json(name), type.key, "a key of " + what);
    const Value key = ints ? this->number(number, type.key, "a key of " + what)
                           : Value::of(std::string_view(name));
    Value read = value(member, type.element, "`" + name + "` of " + what);
    if (!good()) return {};
    map = std::move(map).put(key, std::move(read));
  }
  return map;
}

}  // namespace

Result<Value> read_json_value(const Program& program, TypeId type, std::string_view json,
                              const std::string& what) {
  JsonReader reader(program);
  Value value = reader.value(json, type, what);
  if (!reader.good()) return reader.error();
  return value;
}

Result<InputImage> read_input_line(const Program& program, std::string_view line) {
  JsonReader reader(program);
  InputImage input = reader.line(line);
  if (!reader.good()) return reader.error();
  return input;
}

}  // namespace lexum

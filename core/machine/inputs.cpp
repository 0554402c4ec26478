#include "machine/inputs.h"

#include <fmt/format.h>

#include "machine/input_reader.h"
#include "syntax/utf8.h"

namespace lexum {

namespace {

// Where the first `=` stands that is not inside a string; npos if there is none.
size_t find_equals(std::string_view text) {
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && inside) ++i;
    else if (text[i] == '"') inside = !inside;
    else if (text[i] == '=' && !inside) return i;
  }
  return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

struct NamedField {
  Receiver receiver;
  uint32_t slot = 0;
};

// `D.field` or `D[7].field`.
NamedField read_field(InputReader& reader, std::string_view text) {
  const Source source("", std::string(text));
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  if (!fragment.expr || diagnostics.has_errors()) {
    reader.fail(source, diagnostics, 0);
    return {};
  }
  const Tree& tree = fragment.tree;
  const Expr& expr = tree[fragment.expr];
  const std::span<const Link> links = tree.links_of(expr);
  const bool keyed = links.size() == 2 && links[0].kind == LinkKind::kIndex;
  const bool place = expr.kind == ExprKind::kPostfix && (links.size() == 1 || keyed) &&
                     links.back().kind == LinkKind::kMember &&
                     tree[tree.items(expr)[0]].kind == ExprKind::kName;
  if (!place) {
    reader.fail("`" + std::string(text) + "` is no field of an instance; write it as D.field or " +
                "D[7].field");
    return {};
  }
  NamedField read;
  read.receiver = reader.receiver(source, tree, tree[tree.items(expr)[0]].name,
                                  keyed ? links[0].index : ExprId());
  if (reader.good()) read.slot = reader.field(read.receiver.domain, tree.text(links.back().name));
  return read;
}

// What is no literal at all is a string, where one is wanted: shells take quotes away.
Value read_value(InputReader& reader, std::string_view text, TypeId type_id,
                 const std::string& what) {
  const Type& type = reader.program().types[type_id];
  if (type.kind == TypeKind::kText && !text.starts_with('"')) {
    if (type.optional && text == "null") return {};
    return Value::of(text);
  }
  const Source source("", std::string(text));
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  if (!fragment.expr || diagnostics.has_errors()) {
    reader.fail(source, diagnostics, 0);
    return {};
  }
  return reader.literal(source, fragment.tree, fragment.expr, type_id, what);
}

std::vector<InputReader::Given> given_in(InputReader& reader, const Source& source,
                                         const Tree& tree, Range args) {
  std::vector<InputReader::Given> given;
  for (const Arg& arg : tree.args_of(args)) {
    given.push_back({.name = arg.name ? tree.text(arg.name) : "",
                     .read = [&, value = arg.value](TypeId type, const std::string& what) {
                       return reader.literal(source, tree, value, type, what);
                     }});
  }
  return given;
}

InputImage read_broadcast(InputReader& reader, const Source& source, const Tree& tree,
                          const Stmt& stmt) {
  InputImage input;
  input.event = reader.event(tree.text(stmt.message));
  if (!reader.good()) return input;
  const Event& event = reader.program().events[input.event.index()];
  input.args = reader.arguments(event.params, given_in(reader, source, tree, stmt.args),
                                "`" + event.name + "`");
  return input;
}

InputImage read_send(InputReader& reader, const Source& source, const Tree& tree,
                     const Stmt& stmt) {
  const Receiver receiver = reader.receiver(source, tree, stmt.target, stmt.key);
  InputImage input;
  input.domain = receiver.domain;
  input.key = receiver.key;
  if (reader.good()) input.routine = reader.message(receiver.domain, tree.text(stmt.message));
  if (!reader.good()) return input;
  const Routine& routine = reader.program()[input.domain].routines[input.routine.index()];
  input.args = reader.arguments(routine.params, given_in(reader, source, tree, stmt.args),
                                "`" + routine.name + "`");
  return input;
}

}  // namespace

Result<StartValue> read_setting(const Program& program, std::string_view text) {
  InputReader reader(program);
  if (const size_t broken = find_broken_utf8(text); broken != std::string_view::npos) {
    reader.fail(fmt::format("the text is not UTF-8 from byte {} on", broken));
    return reader.error();
  }
  const size_t equals = find_equals(text);
  if (equals == std::string_view::npos) {
    reader.fail("there is no `=`; write it as D.field=VALUE");
    return reader.error();
  }
  const NamedField place = read_field(reader, trimmed(text.substr(0, equals)));
  if (!reader.good()) return reader.error();
  const Field& field = program[place.receiver.domain].fields[place.slot];
  const std::string what = "`" + field.name + "`";
  Value value = read_value(reader, trimmed(text.substr(equals + 1)), field.type, what);
  reader.measure(value, what);
  if (!reader.good()) return reader.error();
  return StartValue{.domain = place.receiver.domain,
                    .key = place.receiver.key,
                    .slot = place.slot,
                    .value = std::move(value)};
}

Result<InputImage> read_message(const Program& program, std::string_view text) {
  InputReader reader(program);
  const bool broadcast = trimmed(text).starts_with("Event::");
  const std::string_view before = broadcast ? "emit Broadcast(" : "send ";
  const Source source("", std::string(before).append(trimmed(text)) + (broadcast ? ")" : ""));
  Diagnostics diagnostics;
  const Fragment fragment = parse_statement(source, diagnostics);
  const Tree& tree = fragment.tree;
  InputImage input;
  if (!fragment.stmt || diagnostics.has_errors()) {
    reader.fail(source, diagnostics, static_cast<uint32_t>(before.size()));
  } else if (tree[fragment.stmt].kind == StmtKind::kBroadcast) {
    input = read_broadcast(reader, source, tree, tree[fragment.stmt]);
  } else {
    input = read_send(reader, source, tree, tree[fragment.stmt]);
  }
  if (!reader.good()) return reader.error();
  return input;
}

Result<InputImage> read_any(const Program& program, std::string_view line) {
  return trimmed(line).starts_with('{') ? read_input_line(program, line)
                                        : read_message(program, line);
}

std::string setting_text(const Program& program, const Value& value) {
  if (value.kind() != Kind::kText) return literal(value, program.shapes);
  const std::string text = value.text();
  const bool plain = !text.empty() && text != "null" && text == trimmed(text) &&
                     text.front() != '"' && text.find_first_of("\n\t") == std::string::npos;
  return plain ? text : literal(value, program.shapes);
}

}  // namespace lexum

// Values as text: with quotes and escapes, so that a lexer would read them back.
#include "value/value.h"

namespace lexum {

namespace {

void put_text(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '"' || c == '\\') (out += '\\') += c;
    else if (byte >= 0x20 && byte != 0x7f) out += c;
    else {
      out += "\\u{";
      if (byte >= 0x10) out += kDigits[byte >> 4];
      (out += kDigits[byte & 15]) += '}';
    }
  }
  out += '"';
}

void put(std::string& out, const Value& value, std::span<const Shape> shapes);

// A record of a type that nobody has named is written with numbers in place of names.
void put_record(std::string& out, const Value& value, std::span<const Shape> shapes) {
  const Shape* shape = value.shape() < shapes.size() ? &shapes[value.shape()] : nullptr;
  out += shape != nullptr ? shape->name : "record" + std::to_string(value.shape());
  out += '(';
  const std::span<const Value> fields = value.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) out += ", ";
    out += shape != nullptr && i < shape->fields.size() ? shape->fields[i] : std::to_string(i);
    out += ": ";
    put(out, fields[i], shapes);
  }
  out += ')';
}

void put(std::string& out, const Value& value, std::span<const Shape> shapes) {
  const char* between = "";
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      out += std::to_string(value.as_int());
      return;
    case Kind::kText: {
      std::string scratch;
      put_text(out, value.text(scratch));
      return;
    }
    case Kind::kList:
      out += '[';
      value.each([&](const Value& element) {
        out += std::exchange(between, ", ");
        put(out, element, shapes);
      });
      out += ']';
      return;
    case Kind::kMap:
      out += '{';
      value.each_entry([&](const Value& key, const Value& element) {
        out += std::exchange(between, ", ");
        put(out, key, shapes);
        out += ": ";
        put(out, element, shapes);
      });
      out += '}';
      return;
    case Kind::kRecord:
      put_record(out, value, shapes);
      return;
  }
}

}  // namespace

std::string literal(const Value& value, std::span<const Shape> shapes) {
  std::string out;
  put(out, value, shapes);
  return out;
}

std::string str(const Value& value, std::span<const Shape> shapes) {
  return value.kind() == Kind::kText ? value.text() : literal(value, shapes);
}

}  // namespace lexum

// Values as text: with quotes and escapes, so that a lexer would read them back.
#include "value/measure.h"
#include "value/sequence.h"
#include "value/value.h"

namespace lexum {

namespace {

// Writes until there are more than `bytes_max` bytes, and nothing from then on.
class Printer {
 public:
  Printer(std::string& out, std::span<const Shape> shapes, size_t bytes_max)
      : out_(out), shapes_(shapes), bytes_max_(bytes_max) {}

  [[nodiscard]] bool full() const { return out_.size() > bytes_max_; }
  void put(const Value& value);

 private:
  void put_text(const Value& text);
  void put_run(std::string_view run);
  void put_record(const Value& record);

  std::string& out_;
  std::span<const Shape> shapes_;
  size_t bytes_max_;
};

void Printer::put_run(std::string_view run) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : run) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '\n') out_ += "\\n";
    else if (c == '\t') out_ += "\\t";
    else if (c == '"' || c == '\\') (out_ += '\\') += c;
    else if (byte >= 0x20 && byte != 0x7f) out_ += c;
    else {
      out_ += "\\u{";
      if (byte >= 0x10) out_ += kDigits[byte >> 4];
      (out_ += kDigits[byte & 15]) += '}';
    }
  }
}

void Printer::put_text(const Value& text) {
  out_ += '"';
  if (text.node() == nullptr) {
    std::string unused;
    put_run(text.text(unused));
  } else {
    for_each_leaf<char>(*text.node(), [this](std::span<const char> run) {
      if (!full()) put_run({run.data(), run.size()});
    });
  }
  out_ += '"';
}

// A record of a type that nobody has named is written with numbers in place of names.
void Printer::put_record(const Value& record) {
  const Shape* shape = record.shape() < shapes_.size() ? &shapes_[record.shape()] : nullptr;
  out_ += shape != nullptr ? shape->name : "record" + std::to_string(record.shape());
  out_ += '(';
  const std::span<const Value> fields = record.fields();
  for (size_t i = 0; i < fields.size() && !full(); ++i) {
    if (i != 0) out_ += ", ";
    out_ += shape != nullptr && i < shape->fields.size() ? shape->fields[i] : std::to_string(i);
    out_ += ": ";
    put(fields[i]);
  }
  out_ += ')';
}

void Printer::put(const Value& value) {
  const char* between = "";
  switch (value.kind()) {
    case Kind::kNull:
      out_ += "null";
      return;
    case Kind::kBool:
      out_ += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      out_ += std::to_string(value.as_int());
      return;
    case Kind::kText:
      return put_text(value);
    case Kind::kList:
      out_ += '[';
      value.each([&](const Value& element) {
        if (full()) return;
        out_ += std::exchange(between, ", ");
        put(element);
      });
      out_ += ']';
      return;
    case Kind::kMap:
      out_ += '{';
      value.each_entry([&](const Value& key, const Value& element) {
        if (full()) return;
        out_ += std::exchange(between, ", ");
        put(key);
        out_ += ": ";
        put(element);
      });
      out_ += '}';
      return;
    case Kind::kRecord:
      return put_record(value);
  }
}

}  // namespace

std::string literal(const Value& value, std::span<const Shape> shapes) {
  std::string out;
  Printer(out, shapes, SIZE_MAX).put(value);
  return out;
}

std::string shown(const Value& value, std::span<const Shape> shapes, size_t bytes_max) {
  std::string out;
  Printer(out, shapes, bytes_max).put(value);
  return shortened(std::move(out), bytes_max);
}

std::string shortened(std::string text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && continues_code_point(text[end])) --end;
  text.resize(end);
  return text += "…";
}

std::string str(const Value& value, std::span<const Shape> shapes) {
  return value.kind() == Kind::kText ? value.text() : literal(value, shapes);
}

bool str(const Value& value, std::span<const Shape> shapes, size_t bytes_max, std::string& text) {
  if (value.kind() == Kind::kText) {
    if (value.text_bytes() > bytes_max) return false;
    text = value.text();
    return true;
  }
  text.clear();
  Printer printer(text, shapes, bytes_max);
  printer.put(value);
  return !printer.full();
}

}  // namespace lexum

#include "twin/value.h"

#include <algorithm>
#include <cstdio>

namespace lexum::twin {

Value boolean(bool v) { return {.kind = Kind::kBool, .number = v ? 1 : 0}; }
Value integer(int64_t v) { return {.kind = Kind::kInt, .number = v}; }
Value string(std::string v) { return {.kind = Kind::kString, .text = std::move(v)}; }
Value list(std::vector<Value> items) { return {.kind = Kind::kList, .items = std::move(items)}; }

bool operator<(const Value& a, const Value& b) {
  if (a.number != b.number) return a.number < b.number;
  return a.text < b.text;  // char_traits<char> compares bytes as unsigned
}

size_t place_of(const Value& map, const Value& key) {
  size_t i = 0;
  while (i < map.keys.size() && map.keys[i] != key &&
         (map.kind == Kind::kRecord || map.keys[i] < key)) {
    ++i;
  }
  return i;
}

const Value* find(const Value& map, const Value& key) {
  const size_t i = place_of(map, key);
  return i < map.keys.size() && map.keys[i] == key ? &map.items[i] : nullptr;
}

void put(Value& map, const Value& key, Value value) {
  const size_t i = place_of(map, key);
  if (i == map.keys.size() || map.keys[i] != key) {
    map.keys.insert(map.keys.begin() + static_cast<std::ptrdiff_t>(i), key);
    map.items.insert(map.items.begin() + static_cast<std::ptrdiff_t>(i), Value());
  }
  map.items[i] = std::move(value);
}

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char buffer[16];
      std::snprintf(buffer, sizeof buffer, "\\u{%x}", static_cast<unsigned>(c));
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + '"';
}

// `a: 1, b: 2`, where keys that are not names are written as values.
std::string pairs(const Value& v) {
  std::string out;
  for (size_t i = 0; i < v.keys.size(); ++i) {
    const bool name = v.kind == Kind::kRecord;
    out += (i == 0 ? "" : ", ") + (name ? v.keys[i].text : literal(v.keys[i])) + ": " +
           literal(v.items[i]);
  }
  return out;
}

std::string elements(const Value& v) {
  std::string out;
  for (size_t i = 0; i < v.items.size(); ++i) out += (i == 0 ? "" : ", ") + literal(v.items[i]);
  return out;
}

}  // namespace

std::string literal(const Value& v) {
  switch (v.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return v.number != 0 ? "true" : "false";
    case Kind::kInt:
      return std::to_string(v.number);
    case Kind::kString:
      return quoted(v.text);
    case Kind::kList:
      return "[" + elements(v) + "]";
    case Kind::kMap:
      return "{" + pairs(v) + "}";
    case Kind::kRecord:
      return v.text + "(" + pairs(v) + ")";
  }
  return "";
}

std::string literal(const NamedValues& values) {
  std::string out;
  for (const auto& [name, value] : values) {
    out += (out.empty() ? "" : ", ") + name + ": " + literal(value);
  }
  return "(" + out + ")";
}

std::string display(const Value& v) { return v.kind == Kind::kString ? v.text : literal(v); }

size_t extent(const Value& v) {
  if (v.kind == Kind::kString) return v.text.size();
  return v.kind == Kind::kList || v.kind == Kind::kMap ? v.items.size() : 0;
}

size_t weight(const Value& v) {
  if (v.kind == Kind::kString) return v.text.size();
  if (v.kind == Kind::kNull || v.kind == Kind::kBool || v.kind == Kind::kInt) return 8;
  size_t sum = 0;
  for (const Value& item : v.items) sum += weight(item);
  if (v.kind == Kind::kMap) {
    for (const Value& key : v.keys) sum += weight(key);
  }
  return sum;
}

size_t parts(const Value& v) {
  size_t sum = v.items.size();
  for (const Value& item : v.items) sum += parts(item);
  return sum;
}

size_t walk_to_find(const Value& v) { return 64 * std::max(parts(v) / 1024, weight(v) / 8192); }

size_t walk_to_compare(const Value& v) { return std::max(extent(v), walk_to_find(v)); }

}  // namespace lexum::twin

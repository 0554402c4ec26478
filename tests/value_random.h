// Random values, and random edits of one, for properties.
#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "value/value.h"

namespace lexum {

// From 0 to `end`, both included.
inline size_t upto(size_t end) { return *rc::gen::inRange<size_t>(0, end + 1); }

inline std::string random_text() {
  static const std::vector<std::string> kPieces{
      "a", "é", "€", "𝄞", "\n", std::string(1, '\0'), "some more of it, in ASCII"};
  std::string text;
  for (size_t left = upto(120); left > 0; --left) text += kPieces[upto(kPieces.size() - 1)];
  return text;
}

// A border of a code point.
inline size_t random_border(const std::string& text) {
  size_t at = upto(text.size());
  while (at < text.size() && (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

inline Value long_text(size_t points) {
  std::string text;
  for (size_t i = 0; i < points; ++i)
    text += i % 7 == 0 ? "é" : std::string(1, "abcdef"[i * i % 6]);
  return Value::of(text);
}

inline Value random_leaf() {
  switch (upto(3)) {
    case 0:
      return {};
    case 1:
      return Value::of(upto(1) == 1);
    case 2:
      return Value::of(*rc::gen::arbitrary<int64_t>());
    default:
      return Value::of(random_text());
  }
}

// Nests at most so deep.
inline Value random_value(size_t depth) {
  if (depth == 0) return random_leaf();
  const size_t count = upto(upto(5) == 0 ? 60 : 4);
  switch (upto(3)) {
    case 0: {
      std::vector<Value> elements;
      for (size_t i = 0; i < count; ++i)
        elements.push_back(random_value(count > 4 ? 0 : depth - 1));
      return Value::list(elements);
    }
    case 1: {
      Value map = Value::empty_map();
      const bool texts = upto(1) == 1;
      for (size_t i = 0; i < count; ++i) {
        const auto key = static_cast<int64_t>(upto(1000));
        map = std::move(map).put(texts ? Value::of(std::to_string(key)) : Value::of(key),
                                 random_value(count > 4 ? 0 : depth - 1));
      }
      return map;
    }
    case 2: {
      std::vector<Value> fields;
      for (size_t i = 0; i < count % 5; ++i) fields.push_back(random_value(depth - 1));
      return Value::record(static_cast<uint32_t>(upto(3)), fields);
    }
    default:
      return random_leaf();
  }
}

inline Value random_edit(const Value& value);

inline Value random_list_edit(const Value& list) {
  const size_t size = list.size();
  const size_t at = upto(size);
  switch (upto(4)) {
    case 0:
      return list.inserted(at, random_leaf());
    case 1:
      return at < size ? list.erased(at) : list.appended(random_leaf());
    case 2:
      return at < size ? list.with(at, random_edit(list.at(at))) : list;
    case 3:
      return Value::concat(list.slice(at, size), list.slice(0, at));
    default:
      return list.slice(at / 2, at);
  }
}

inline Value random_map_edit(const Value& map) {
  if (map.size() == 0) return map.put(Value::of(int64_t{1}), random_leaf());
  const auto [key, value] = map.entry(upto(map.size() - 1));
  if (upto(2) == 0) return map.without(key);
  if (upto(1) == 0) return map.put(key, random_edit(value));
  return map.put(key.kind() == Kind::kInt ? Value::of(*rc::gen::arbitrary<int64_t>())
                                          : Value::of(random_text()),
                 random_leaf());
}

inline Value random_text_edit(const Value& text) {
  const std::string all = text.text();
  const size_t begin = random_border(all);
  const Value more = Value::of(random_text());
  return Value::concat(Value::concat(text.slice(0, begin), more),
                       text.slice(upto(1) == 0 ? begin : all.size(), all.size()));
}

inline Value random_edit(const Value& value) {
  switch (value.kind()) {
    case Kind::kText:
      return random_text_edit(value);
    case Kind::kList:
      return random_list_edit(value);
    case Kind::kMap:
      return random_map_edit(value);
    case Kind::kRecord: {
      if (value.fields().empty()) return value;
      const size_t at = upto(value.fields().size() - 1);
      return value.with_field(at, random_edit(value.fields()[at]));
    }
    default:
      return random_leaf();
  }
}

}  // namespace lexum

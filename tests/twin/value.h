// Values as the twin sees them: one fat struct that copies deeply and compares member by member. No
// sharing, no types: a program that passed the checker never asks for more.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lexum::twin {

enum class Kind : uint8_t { kNull, kBool, kInt, kString, kList, kMap, kRecord };

struct Value {
  Kind kind = Kind::kNull;
  int64_t number = 0;             // kInt; kBool: 0 or 1
  std::string text = {};          // kString: UTF-8; kRecord: the name of its type
  std::vector<Value> keys = {};   // kMap: in order; kRecord: names of its fields as declared
  std::vector<Value> items = {};  // kList: elements; kMap, kRecord: what belongs to keys[i]

  friend bool operator==(const Value&, const Value&) = default;
};

using Values = std::map<std::string, Value>;                     // by name
using NamedValues = std::vector<std::pair<std::string, Value>>;  // in declared order

Value boolean(bool v);
Value integer(int64_t v);
Value string(std::string v);
Value list(std::vector<Value> items);

// Ints by number, strings by code point (which is the order of their UTF-8 bytes). Requires two of
// one kind.
bool operator<(const Value& a, const Value& b);

// Where `key` stands among the keys of a map or record, or where it would have to.
size_t place_of(const Value& map, const Value& key);
// Null if there is none.
const Value* find(const Value& map, const Value& key);
void put(Value& map, const Value& key, Value value);

// As it would be written in source.
std::string literal(const Value& v);
// `(a: 1, b: "x")`
std::string literal(const NamedValues& values);
// str(v): the same, but a string stands bare.
std::string display(const Value& v);

// What an operation walks over: UTF-8 bytes of a string, elements of a list or map, else nothing
// (§12, Gas).
size_t extent(const Value& v);
// What F005 measures (§12, Values).
size_t weight(const Value& v);
// Elements, entries and members, at every depth.
size_t parts(const Value& v);
// What looking for it walks over: nothing, unless there is much inside (LANGUAGE.md, §14).
size_t walk_to_find(const Value& v);
// What comparing it walks over: the same, or its extent.
size_t walk_to_compare(const Value& v);

}  // namespace lexum::twin

#include "machine/value_json.h"

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "effects/json_text.h"
#include "eval/text.h"

namespace lexum {

namespace {

Json record_json(const Program& program, const Value& value) {
  const std::vector<std::string>& names = program.shapes[value.shape()].fields;
  std::vector<size_t> order(names.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](size_t i) { return names[i]; });
  Json object = Json::object();
  for (const size_t i : order) object[names[i]] = to_json(program, value.fields()[i]);
  return object;
}

}  // namespace

Json parse_json(std::string_view text) {
  JsonNesting nesting{.most = kJsonNestingMax};
  Json json = Json::parse(text, std::ref(nesting), false);
  return nesting.too_deep ? Json(Json::value_t::discarded) : json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_text(std::string_view text) { return dump(Json(text)); }

Json to_json(const Program& program, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return nullptr;
    case Kind::kBool:
      return value.as_bool();
    case Kind::kInt:
      return value.as_int();
    case Kind::kText:
      return value.text();
    case Kind::kRecord:
      return record_json(program, value);
    case Kind::kList: {
      Json list = Json::array();
      value.each([&](const Value& element) { list.push_back(to_json(program, element)); });
      return list;
    }
    case Kind::kMap: {
      // Keys differ, so they need not be looked up in an object that grows.
      Json::object_t map;
      value.each_entry([&](const Value& key, const Value& element) {
        map.emplace_back(str(key, program.shapes), to_json(program, element));
      });
      return map;
    }
  }
  return nullptr;
}

}  // namespace lexum

#include "machine/members.h"

namespace lexum {

bool Members::has(Object from, std::string_view name) {
  Element found;
  return good() && from.at_key(name).get(found) == simdjson::SUCCESS;
}

Members::Element Members::member(Object from, std::string_view name) {
  Element found;
  if (good() && from.at_key(name).get(found) != simdjson::SUCCESS)
    fail(fmt::format("`{}` is missing", name));
  return found;
}

bool Members::flag(Object from, std::string_view name) {
  return has(from, name) && boolean(member(from, name), name);
}

std::string_view Members::text(Object from, std::string_view name) {
  std::string_view found;
  const Element it = member(from, name);
  if (good() && it.get(found) != simdjson::SUCCESS) fail(fmt::format("`{}` is no text", name));
  return found;
}

uint64_t Members::number(Element from, std::string_view name) {
  uint64_t n = 0;
  if (good() && from.get(n) != simdjson::SUCCESS) fail(fmt::format("`{}` is no number", name));
  return n;
}

int64_t Members::signed_number(Element from) {
  int64_t n = 0;
  if (good() && from.get(n) != simdjson::SUCCESS) fail("a number is none");
  return n;
}

bool Members::boolean(Element from, std::string_view name) {
  bool is = false;
  if (good() && from.get(is) != simdjson::SUCCESS) {
    fail(fmt::format("`{}` is neither true nor false", name));
  }
  return is;
}

Members::Object Members::object(Element from) {
  Object found;
  if (good() && from.get(found) != simdjson::SUCCESS) fail("an object is none");
  return found;
}

}  // namespace lexum

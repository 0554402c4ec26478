// JSON by name and kind, for whoever reads much of it and wants to ask once, in the end, whether
// all of it was there.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

namespace lexum {

// The first thing that is wrong is kept: something is missing, or of another kind. It is a zero
// then, and so is all that is asked for after it: no element is looked at any more, since it may be
// none.
class Members {
 public:
  using Element = simdjson::dom::element;
  using Object = simdjson::dom::object;
  using Array = simdjson::dom::array;

  [[nodiscard]] bool good() const { return wrong_.empty(); }
  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  void fail(std::string what) {
    if (good()) wrong_ = std::move(what);
  }

  bool has(Object from, std::string_view name);
  Element member(Object from, std::string_view name);
  uint64_t number(Object from, std::string_view name) { return number(member(from, name), name); }
  uint64_t number_or_0(Object from, std::string_view name) {
    return has(from, name) ? number(from, name) : 0;
  }
  // A number, or one that an enumeration gives a name to, that is small enough for a T.
  template <class T, class From>
  T narrow(From from, std::string_view name);
  template <class T>
  T narrow_or_0(Object from, std::string_view name) {
    return has(from, name) ? narrow<T>(from, name) : T{};
  }
  // False where there is none of that name.
  bool flag(Object from, std::string_view name);
  std::string_view text(Object from, std::string_view name);
  // What `make` makes of each of the list's.
  template <class Make>
  auto list(Object from, std::string_view name, const Make& make) {
    return list(member(from, name), name, make);
  }

  // Of elements that are at hand; `name` is for the complaint.
  uint64_t number(Element from, std::string_view name);
  int64_t signed_number(Element from);
  bool boolean(Element from, std::string_view name);
  Object object(Element from);
  // What `make` makes of each.
  template <class Make>
  auto list(Element from, std::string_view name, const Make& make);
  // A list of exactly so many.
  template <size_t kCount>
  std::array<Element, kCount> row(Element from);

 private:
  std::string wrong_;  // "" while all is well
};

template <class T, class From>
T Members::narrow(From from, std::string_view name) {
  using Plain = typename std::conditional_t<std::is_enum_v<T>, std::underlying_type<T>,
                                            std::type_identity<T>>::type;
  const uint64_t n = number(from, name);
  if (n <= std::numeric_limits<Plain>::max()) return static_cast<T>(n);
  fail(fmt::format("`{}` is too big", name));
  return T{};
}

template <class Make>
auto Members::list(Element from, std::string_view name, const Make& make) {
  std::vector<decltype(make(from))> made;
  Array all;
  if (good() && from.get(all) != simdjson::SUCCESS) fail(fmt::format("`{}` is no list", name));
  if (!good()) return made;
  for (const Element one : all) {
    made.push_back(make(one));
    if (!good()) break;
  }
  return made;
}

template <size_t kCount>
std::array<Members::Element, kCount> Members::row(Element from) {
  std::array<Element, kCount> all;
  Array list;
  if (!good()) return all;
  if (from.get(list) != simdjson::SUCCESS || list.size() != kCount) {
    fail("a row has not as many as it should");
    return all;
  }
  size_t i = 0;
  for (const Element one : list) all[i++] = one;
  return all;
}

}  // namespace lexum

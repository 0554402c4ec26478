// What came from the environment and goes into requests and programs, but never into anything that
// is kept: journals, traces, logs and reasons have the variable's name instead.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effects/adapter.h"

namespace lexum {

// Where variables come from. None if one is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

class Secrets {
 public:
  // Shorter values are not looked for: "1" is in everything.
  static constexpr size_t kBytesMin = 4;

  void learn(const std::string& name, const std::string& value);

  // With "{env:NAME}" for each value of a secret, and for how it looks in JSON and in an URL.
  [[nodiscard]] std::string mask(std::string text) const;
  // The same; what was done stays JSON.
  [[nodiscard]] ErrandAnswer mask(ErrandAnswer answer) const;
  // The length of the longest of their forms. Of a text that is cut at its beginning, the first so
  // many bytes may hold the end of one that mask() does not find.
  [[nodiscard]] size_t bytes_max() const;

 private:
  struct Form {
    std::string text;
    std::string shown;
  };
  void add(const std::string& text, const std::string& shown);

  std::vector<Form> forms_;  // longest first, so that one that is a part of another comes after it
};

// For a place inside an URL: all but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace lexum

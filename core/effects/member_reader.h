// The members of what stands in an adapter file, and all that may be wrong with them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "effects/located_json.h"
#include "effects/secrets.h"
#include "effects/template.h"
#include "syntax/source.h"

namespace lexum {

// Collects complaints, and goes on: whoever began asks good() at the end.
class MemberReader {
 public:
  // Of more mistakes it is only told how many there are.
  static constexpr size_t kToldMax = 20;

  // `path` is what the file is called; it and the environment outlive this.
  MemberReader(const std::string& path, const std::string& text, const Environment& environment);

  [[nodiscard]] std::string_view text() const { return source_.text(); }
  [[nodiscard]] bool good() const { return wrong_.empty(); }
  [[nodiscard]] size_t complaints() const { return wrong_.size(); }
  // Requires !good(). A line for each complaint, in the order of their places.
  [[nodiscard]] Error error() const;
  void complain(uint32_t offset, std::string what) { wrong_.insert({offset, std::move(what)}); }

  // Complains of members that are none of `known`, and of those that are there twice. `what` is
  // what has them.
  void check_members(const LocatedJson& object, const std::string& what,
                     const std::vector<std::string>& known);
  // Null if it is not there.
  static const LocatedJson* find(const LocatedJson& object, std::string_view name);
  // The same, and complains of that. `like` is how it may look.
  const LocatedJson* need(const LocatedJson& object, const std::string& name,
                          const std::string& like);
  // None if it is something else, which is complained of, or not there.
  std::optional<std::string> text(const LocatedJson* value, const std::string& name,
                                  const std::string& like);
  // What is not there, or wrong, leaves `into` as it is.
  void number(const LocatedJson& object, const std::string& name, int64_t min, int64_t max,
              int64_t& into);
  void yes(const LocatedJson& object, const std::string& name, bool& into);
  void add(Template& into, const LocatedJson& from, Template::Where where);

  // A variable of the environment.
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const {
    return environment_(name);
  }
  // The same, for somebody who is to have it: from now on it is a secret.
  std::optional<std::string> secret(const std::string& name);
  [[nodiscard]] Secrets take_secrets() { return std::move(secrets_); }

  // A path of the file, from where we are.
  [[nodiscard]] std::string place_of(const std::string& named) const;

 private:
  const Source source_;
  const std::string folder_;  // of the file
  const Environment& environment_;
  Secrets secrets_;
  std::set<std::pair<uint32_t, std::string>> wrong_;  // by place
};

// "`a`, `b` and `c`".
std::string listed(const std::vector<std::string>& names);
// What stands there, for complaints.
std::string shown(const LocatedJson& value);
bool is_identifier(std::string_view text);
bool is_folder(const std::string& path);
// "a/b" of "a/b/c", "." of "c".
std::string folder_around(const std::string& path);

}  // namespace lexum

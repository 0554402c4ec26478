// Where an answer goes, piece by piece, while it is being found: lines for people, or one JSON
// object that says the same. A line knows what its parts are, so that a terminal can colour them
// and a window link them, while a pipe gets the plain text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lexum {

enum class Role : uint8_t {
  kPlain,
  kPosition,  // can be typed wherever a position is wanted
  kInstance,
  kName,  // of a field, goal, transition, handler or message
  kValue,
  kGood,
  kBad,  // faults, and nothing else
  kDim,  // said for completeness
};

class Line {
 public:
  struct Part {
    uint32_t begin = 0;  // bytes into the text
    uint32_t end = 0;
    Role role = Role::kPlain;
  };

  Line() = default;
  Line(std::string text) : text_(std::move(text)) {}
  Line(const char* text) : text_(text) {}

  Line& add(std::string_view text, Role role = Role::kPlain);
  // Blanks up to that column, and one at least; columns are code points, from 0.
  Line& to_column(size_t column);

  [[nodiscard]] const std::string& text() const { return text_; }
  // In order; what is plain is in none.
  [[nodiscard]] std::span<const Part> parts() const { return parts_; }

 private:
  std::string text_;
  std::vector<Part> parts_;
};

// In lines that are no wider than so many columns (code points), broken at blanks where there are
// any; what goes on below stands further in than what it goes on from. 0: as it is.
std::vector<Line> folded(const Line& line, size_t width);

class Reply {
 public:
  using Take = std::function<void(const Line& line)>;
  using TakeJson = std::function<void(std::string_view piece)>;

  // Of the two, one is wanted.
  explicit Reply(Take lines) : lines_(std::move(lines)) {}
  explicit Reply(TakeJson json) : json_(std::move(json)) {}
  // And where documents go.
  void raw_to(TakeJson raw) { raw_ = std::move(raw); }

  [[nodiscard]] bool wants_json() const { return json_ != nullptr; }
  // What is no answer but a document: goes out as it is, and is all there is.
  void raw(std::string_view piece);
  // For people only.
  void say(const Line& line) {
    if (lines_) lines_(line);
  }

  // As of when is asked: what every object begins with.
  void at(uint64_t cycle) { at_ = cycle; }
  // For scripts only. Values are JSON already.
  void fact(std::string_view name, std::string_view json);
  // A list whose items come one by one; it ends with the next fact() or end().
  void list(std::string_view name);
  void item(std::string_view json);
  // Ends the object.
  void end();

 private:
  void begin();
  void begin_member(std::string_view name);
  void end_list();

  Take lines_;
  TakeJson json_;
  TakeJson raw_;
  bool is_raw_ = false;
  std::optional<uint64_t> at_;
  bool begun_ = false;
  bool any_ = false;  // members, or items of the list
  bool in_list_ = false;
};

}  // namespace lexum

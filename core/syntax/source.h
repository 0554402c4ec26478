// The text of one program, and where things stand in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lexum {

// A half-open run of bytes in a source. An empty span marks a place between two bytes.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(Span, Span) = default;
};
inline Span join(Span a, Span b) {
  return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

// Lines count from 1; columns count code points from 1 (a byte of broken UTF-8 counts as one).
struct Place {
  uint32_t line = 1;
  uint32_t column = 1;
};

class Source {
 public:
  // The largest program that is read at all; a longer one is refused by whoever reads the file.
  static constexpr size_t kBytesMax = size_t{1} << 30;

  Source() = default;
  // `name` is what diagnostics call it, most often the path as the user gave it.
  Source(std::string name, std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view text(Span span) const {
    return text().substr(span.begin, span.end - span.begin);
  }
  [[nodiscard]] Place place(uint32_t offset) const;
  // Without its line end.
  [[nodiscard]] std::string_view line(uint32_t number) const;
  [[nodiscard]] uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_{0};
};

}  // namespace lexum

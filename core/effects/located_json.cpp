#include "effects/located_json.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "effects/json_text.h"

namespace lexum {
namespace {

using Json = nlohmann::json;

// Tells how far the parser has read.
class Reading {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Reading(const char* at, const char*& furthest) : at_(at), furthest_(&furthest) {}
  reference operator*() const { return *at_; }
  Reading& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  Reading operator++(int) {
    Reading before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Reading& a, const Reading& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// Hears of each token when it has been read, and of nothing behind it (but for one byte behind a
// number). So a token begins at the first byte behind the one before it that is neither blank nor
// punctuation.
class Builder final : public Json::json_sax_t {
 public:
  Builder(std::string_view text, const char*& furthest)
      : text_(text), furthest_(furthest), open_{&all_} {}

  bool null() override { return leaf(LocatedJson::Kind::kNull, "null"); }
  bool boolean(bool yes) override {
    return leaf(LocatedJson::Kind::kBool, yes ? "true" : "false", yes ? 1 : 0);
  }
  bool number_integer(int64_t n) override {
    return leaf(LocatedJson::Kind::kInt, std::to_string(n), n);
  }
  bool number_unsigned(uint64_t n) override {
    const auto kind = n > INT64_MAX ? LocatedJson::Kind::kOtherNumber : LocatedJson::Kind::kInt;
    return leaf(kind, std::to_string(n), static_cast<int64_t>(n));
  }
  bool number_float(double, const std::string& text) override {
    return leaf(LocatedJson::Kind::kOtherNumber, text);
  }
  bool string(std::string& text) override { return leaf(LocatedJson::Kind::kText, text); }
  bool binary(Json::binary_t&) override { return false; }

  bool start_object(size_t) override { return open(LocatedJson::Kind::kObject); }
  bool start_array(size_t) override { return open(LocatedJson::Kind::kList); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    open_.back()->members.push_back({name, begin(), {}});
    return true;
  }

  bool parse_error(size_t position, const std::string&, const Json::exception& error) override {
    // The part behind the last colon is what the parser expected or found, without its own names.
    const std::string_view why = error.what();
    const size_t words = why.find("syntax error");
    const std::string said(words == std::string_view::npos ? why : why.substr(words));
    // It was read to the end of what should not be there. A word is told at its beginning.
    size_t at = position == 0 ? 0 : std::min(position - 1, text_.size());
    const bool is_word = said.find("unexpected") != std::string::npos && at < text_.size() &&
                         std::string_view(",:[]{}").find(text_[at]) == std::string_view::npos;
    if (is_word) at = begin();
    error_ = {
        .code = ErrorCode::kMismatch, .what = "this is not JSON: " + readable(said), .offset = at};
    return false;
  }

  LocatedJson& all() { return all_; }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  // Where the token begins that has just been read.
  uint32_t begin() {
    const size_t at = text_.find_first_not_of(" \t\r\n,:[]{}\xEF\xBB\xBF", after_);
    after_ = static_cast<size_t>(furthest_ - text_.data());
    return static_cast<uint32_t>(at == std::string_view::npos ? text_.size() : at);
  }
  LocatedJson& place() {
    LocatedJson& around = *open_.back();
    if (&around == &all_ && open_.size() == 1) return all_;
    if (around.kind == LocatedJson::Kind::kObject) return around.members.back().value;
    return around.elements.emplace_back();
  }
  bool leaf(LocatedJson::Kind kind, std::string text, int64_t number = 0) {
    LocatedJson& leaf = place();
    leaf.kind = kind;
    leaf.offset = begin();
    leaf.text = std::move(text);
    leaf.number = number;
    leaf.yes = number == 1;
    return true;
  }
  bool open(LocatedJson::Kind kind) {
    // Its bracket is the last byte that was read.
    const auto offset = static_cast<uint32_t>(furthest_ - text_.data() - 1);
    after_ = offset + 1;
    if (open_.size() > static_cast<size_t>(kJsonDepthMax)) {
      error_ = {.code = ErrorCode::kMismatch,
                .what = fmt::format("more than {} values lie around this one", kJsonDepthMax),
                .offset = offset};
      return false;
    }
    LocatedJson& opened = place();
    opened.kind = kind;
    opened.offset = offset;
    open_.push_back(&opened);
    return true;
  }
  // The vector that what was open lies in does not grow before that is closed.
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string_view text_;
  const char*& furthest_;
  LocatedJson all_;
  std::vector<LocatedJson*> open_;  // all, and what is open inside of it
  size_t after_ = 0;                // the end of the token before
  Error error_;
};

}  // namespace

Result<LocatedJson> read_located_json(std::string_view text) {
  const char* furthest = text.data();
  Builder builder(text, furthest);
  const Reading begin(text.data(), furthest);
  const Reading end(text.data() + text.size(), furthest);
  if (!Json::sax_parse(begin, end, &builder)) return builder.error();
  return std::move(builder.all());
}

}  // namespace lexum

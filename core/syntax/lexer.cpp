#include "syntax/lexer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "syntax/utf8.h"

namespace lexum {

// ------------------------------------------------------------------------------------------- names

Names::Meaning Names::meaning(std::string_view text) {
  for (size_t kind = static_cast<size_t>(TokenKind::kTrue); kind < kTokenKinds; ++kind) {
    if (kSpellings[kind] == text) return {.kind = static_cast<TokenKind>(kind)};
  }
  for (size_t word = 1; word < kWords.size(); ++word) {
    if (kWords[word] == text) return {.word = static_cast<Keyword>(word)};
  }
  return {};
}

void Names::grow() {
  slots_.assign(std::max<size_t>(256, slots_.size() * 2), NameId::kNone);
  for (uint32_t id = 0; id < meanings_.size(); ++id) {
    size_t slot = meanings_[id].hash & (slots_.size() - 1);
    while (slots_[slot] != NameId::kNone) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = id;
  }
}

NameId Names::intern(std::string_view text) {
  if (slots_.size() <= 2 * meanings_.size()) grow();
  const auto hash = static_cast<uint32_t>(std::hash<std::string_view>()(text));
  size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != NameId::kNone; slot = (slot + 1) & (slots_.size() - 1)) {
    const uint32_t id = slots_[slot];
    if (meanings_[id].hash == hash && texts_[id] == text) return NameId(id);
  }
  const NameId id(texts_.size());
  slots_[slot] = id.value;
  texts_.emplace_back(text);
  meanings_.push_back(meaning(text));
  meanings_.back().hash = hash;
  return id;
}

// ------------------------------------------------------------------------------------------- lexer

namespace {

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The signs that begin with a character: no two are of one length, and none is longer than two.
struct Signs {
  TokenKind one = TokenKind::kEnd;
  TokenKind two = TokenKind::kEnd;
};
constexpr std::array<Signs, 256> kSigns = [] {
  std::array<Signs, 256> signs;
  for (size_t kind = 0; kind < static_cast<size_t>(TokenKind::kTrue); ++kind) {
    const std::string_view text = kSpellings[kind];
    if (text.empty()) continue;
    Signs& entry = signs[static_cast<unsigned char>(text[0])];
    (text.size() == 1 ? entry.one : entry.two) = static_cast<TokenKind>(kind);
  }
  return signs;
}();

std::string_view help_for(uint32_t character) {
  switch (character) {
    case '#':
      return "a comment begins with `//`";
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D:
      return "strings stand in straight double quotes";
    case 0xA0:
      return "it looks like a blank, and is none: type a blank";
    default:
      return character < ' ' ? "this is no text; is it a program?"
                             : "take it out; only strings and comments may have it";
  }
}

class Lexer {
 public:
  Lexer(const Source& source, Names& names, Diagnostics& diagnostics)
      : text_(source.text()), names_(names), diagnostics_(diagnostics) {}

  Lexed run();

 private:
  [[nodiscard]] char here(size_t further = 0) const {
    return at_ + further < text_.size() ? text_[at_ + further] : '\0';
  }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] Span since(size_t begin) const { return span(begin, at_); }
  static Span span(size_t begin, size_t end) {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }
  void report(Code code, Span span, std::string message, std::string_view help);
  void add(TokenKind kind, size_t begin, NameId name = {});

  void lex_token();
  void lex_line_comment();
  void lex_block_comment();
  void lex_name();
  void lex_integer();
  void lex_string();
  void lex_lone_operator();
  void lex_unreadable();
  std::string decode_string(size_t begin, size_t end);
  std::optional<uint32_t> decode_escape(size_t begin, size_t end, size_t& next);

  std::string_view text_;
  Names& names_;
  Diagnostics& diagnostics_;
  size_t at_ = 0;
  uint8_t marks_ = kFirstOnLine;  // of the next token
  bool broken_utf8_ = false;      // somewhere in the text
  Lexed out_;
};

void Lexer::report(Code code, Span where, std::string message, std::string_view help) {
  diagnostics_.report({code, where, std::move(message), std::string(help)});
}

void Lexer::add(TokenKind kind, size_t begin, NameId name) {
  const Keyword word = kind == TokenKind::kName ? names_.word(name) : Keyword::kNone;
  out_.tokens.push_back({kind, word, marks_, since(begin), name});
  marks_ = 0;
}

Lexed Lexer::run() {
  if (const size_t broken = find_broken_utf8(text_); broken != std::string_view::npos) {
    broken_utf8_ = true;
    report(Code::kInvalidUtf8, span(broken, broken + 1),
           "the text is not UTF-8 from byte " + std::to_string(broken) + " on",
           "save the file as UTF-8");
  }
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  out_.tokens.reserve(text_.size() / 4 + kLookaheadMax + 1);
  for (;;) {
    while (is_blank(here()) && !at_end()) {
      if (text_[at_++] == '\n') marks_ |= kFirstOnLine;
    }
    if (at_end()) break;
    lex_token();
  }
  for (int i = 0; i <= kLookaheadMax; ++i) {
    marks_ |= kFirstOnLine;
    add(TokenKind::kEnd, at_);
  }
  return std::move(out_);
}

void Lexer::lex_token() {
  const char c = here();
  if (is_letter(c)) return lex_name();
  if (is_digit(c)) return lex_integer();
  if (c == '"' || c == '\'') return lex_string();
  if (c == '/' && here(1) == '/') return lex_line_comment();
  if (c == '/' && here(1) == '*') return lex_block_comment();
  const Signs& signs = kSigns[static_cast<unsigned char>(c)];
  const size_t begin = at_;
  if (signs.two != TokenKind::kEnd && here(1) == spelling(signs.two)[1]) {
    at_ += 2;
    return add(signs.two, begin);
  }
  if (signs.one != TokenKind::kEnd) {
    ++at_;
    return add(signs.one, begin);
  }
  if (signs.two != TokenKind::kEnd) return lex_lone_operator();
  lex_unreadable();
}

void Lexer::lex_line_comment() {
  const size_t begin = at_;
  at_ = std::min(text_.find('\n', at_), text_.size());
  size_t end = at_;
  while (is_blank(text_[end - 1])) --end;
  out_.comments.push_back(span(begin, end));
}

void Lexer::lex_block_comment() {
  const size_t begin = at_;
  const size_t end = text_.find("*/", at_ + 2);
  if (end == std::string_view::npos) {
    at_ = text_.size();
    marks_ |= kAfterBroken;
    report(Code::kUnclosedComment, span(begin, begin + 2), "this comment is never closed",
           "end it with `*/`");
  } else {
    at_ = end + 2;
  }
  if (text_.substr(begin, at_ - begin).find('\n') != std::string_view::npos) {
    marks_ |= kFirstOnLine;
  }
  out_.comments.push_back(since(begin));
}

void Lexer::lex_name() {
  const size_t begin = at_;
  bool foreign = false;
  for (; !at_end(); ++at_) {
    if (is_letter(here()) || is_digit(here())) continue;
    const CodePoint point = decode_utf8(text_, at_);
    // Letters of other alphabets are taken along, so that one name is one mistake.
    if (!point.good || point.value < 0xC0 || (point.value >= 0x2000 && point.value < 0x3000)) break;
    foreign = true;
    at_ += point.size - 1;
  }
  const std::string_view text = text_.substr(begin, at_ - begin);
  const NameId name = names_.intern(text);
  if (foreign) {
    report(Code::kUnexpectedCharacter, since(begin),
           "the name `" + printable(text, 40) + "` has characters that a name cannot have",
           "names are made of A-Z, a-z, 0-9 and _");
  }
  const TokenKind kind = names_.kind(name);
  add(kind, begin, kind == TokenKind::kName ? name : NameId());
}

void Lexer::lex_integer() {
  const size_t begin = at_;
  bool good = true;
  for (; is_digit(here()) || is_letter(here()); ++at_) {
    good &= is_digit(here()) || (here() == '_' && is_digit(here(1)) && text_[at_ - 1] != '_');
  }
  if (here() == '.' && is_digit(here(1))) {
    ++at_;
    while (is_digit(here()) || is_letter(here())) ++at_;
    report(Code::kUnexpectedCharacter, since(begin), "there are no floating-point numbers",
           "use an int in a smaller unit, such as cents or milliseconds");
  } else if (!good) {
    const std::string shown = printable(text_.substr(begin, at_ - begin), 40);
    report(Code::kUnexpectedCharacter, since(begin),
           "`" + shown + "` is neither a number nor a name",
           "a number is made of decimal digits, with single `_` between them; a name does not "
           "begin with a digit");
  }
  add(TokenKind::kInteger, begin);
}

// A string in single quotes is read as one, so that it is one mistake.
void Lexer::lex_string() {
  const size_t begin = at_;
  const char quote = text_[at_++];
  bool plain = !broken_utf8_;
  while (!at_end() && here() != quote && here() != '\n') {
    const bool escape = here() == '\\' && at_ + 1 < text_.size() && here(1) != '\n';
    plain &= here() != '\\';
    at_ += escape ? 2 : 1;
  }
  const bool closed = here() == quote && !at_end();
  size_t end = at_;
  while (!closed && end > begin + 1 && text_[end - 1] == '\r') --end;
  at_ = closed ? at_ + 1 : end;
  if (quote == '\'') {
    report(Code::kUnexpectedCharacter, since(begin), "a string stands in double quotes",
           "write `\"…\"`");
  } else if (!closed) {
    report(Code::kUnclosedString, since(begin), "this string is not closed on its line",
           "end it with `\"`; a line break inside is written `\\n`");
  }
  const std::string_view content = text_.substr(begin + 1, end - begin - 1);
  add(TokenKind::kString, begin, names_.intern(plain ? content : decode_string(begin + 1, end)));
  // It has swallowed the rest of its line, brackets included.
  if (!closed) marks_ |= kAfterBroken;
}

std::string Lexer::decode_string(size_t begin, size_t end) {
  std::string out;
  for (size_t at = begin; at < end;) {
    size_t next = at;
    if (text_[at] != '\\') {
      const CodePoint point = decode_utf8(text_.substr(0, end), at);
      append_utf8(out, point.value);
      at += point.size;
    } else if (const std::optional<uint32_t> point = decode_escape(at, end, next)) {
      append_utf8(out, *point);
      at = next;
    } else {
      // A backslash at the very end stands in a string that is not closed, and that has been said.
      if (at + 1 < end) {
        report(Code::kBadEscape, span(at, next),
               "`" + printable(text_.substr(at, next - at), 40) + "` is no escape",
               "there are \\n \\t \\\" \\\\ and \\u{1F600}, a code point in hexadecimal");
      }
      at = next;
    }
  }
  return out;
}

// What the backslash at `begin` stands for; `next` is set behind the escape, or behind what was
// taken for one.
std::optional<uint32_t> Lexer::decode_escape(size_t begin, size_t end, size_t& next) {
  next = std::min(begin + 2, end);
  const char c = begin + 1 < end ? text_[begin + 1] : '\0';
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '"':
      return '"';
    case '\\':
      return '\\';
    case 'u':
      break;
    default:
      // A character of several bytes is not torn apart.
      if (begin + 1 < end) next = begin + 1 + decode_utf8(text_.substr(0, end), begin + 1).size;
      return std::nullopt;
  }
  if (next == end || text_[next] != '{') return std::nullopt;
  uint32_t value = 0;
  size_t digits = 0;
  for (++next; next < end; ++next, ++digits) {
    const char d = text_[next];
    const int digit = is_digit(d)            ? d - '0'
                      : d >= 'a' && d <= 'f' ? d - 'a' + 10
                      : d >= 'A' && d <= 'F' ? d - 'A' + 10
                                             : -1;
    if (digit < 0) break;
    if (digits < 6) value = value * 16 + static_cast<uint32_t>(digit);
  }
  const bool closed = next < end && text_[next] == '}';
  next += closed ? 1 : 0;
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (!closed || digits == 0 || digits > 6 || value > 0x10FFFF || surrogate) return std::nullopt;
  return value;
}

// `&` or `|`: read as its double, so that it is one mistake.
void Lexer::lex_lone_operator() {
  const size_t begin = at_++;
  const TokenKind meant = kSigns[static_cast<unsigned char>(text_[begin])].two;
  report(Code::kUnexpectedCharacter, since(begin),
         "`" + std::string(1, text_[begin]) + "` is no operator",
         "did you mean `" + std::string(spelling(meant)) + "`?");
  add(meant, begin);
}

void Lexer::lex_unreadable() {
  const size_t begin = at_;
  std::optional<CodePoint> first;  // that is not a broken byte: those have been reported
  size_t first_at = 0;
  while (!at_end()) {
    const char c = here();
    const bool readable = is_blank(c) || is_letter(c) || is_digit(c) || c == '"' || c == '\'';
    const Signs& signs = kSigns[static_cast<unsigned char>(c)];
    if (readable || signs.one != TokenKind::kEnd || signs.two != TokenKind::kEnd) break;
    const CodePoint point = decode_utf8(text_, at_);
    if (point.good && !first) {
      first = point;
      first_at = at_;
    }
    at_ += point.size;
  }
  marks_ |= kAfterBroken;
  // What follows is meant as a comment, whatever it says.
  if (text_[begin] == '#' && (marks_ & kFirstOnLine) != 0)
    at_ = std::min(text_.find('\n', at_), text_.size());
  if (!first) return;
  const std::string shown = printable(text_.substr(first_at, first->size), 1);
  report(Code::kUnexpectedCharacter, span(first_at, first_at + first->size),
         "unexpected character `" + shown + "`", help_for(first->value));
}

}  // namespace

Lexed lex(const Source& source, Names& names, Diagnostics& diagnostics) {
  return Lexer(source, names, diagnostics).run();
}

}  // namespace lexum

// The layout follows from the tokens, the marks that the parser has left on them, the comments
// between them, and one thing of the old layout: where it left a line empty. Nothing depends on how
// long a line becomes.
#include "syntax/format.h"

#include <algorithm>

#include "base/check.h"
#include "syntax/parser_impl.h"

namespace lexum {

namespace {

constexpr int kIndent = 2;
constexpr int kContinuation = 4;  // of what a comment has pushed off its line

class Formatter {
 public:
  Formatter(const Source& source, const Lexed& lexed) : source_(source), lexed_(lexed) {}

  std::string format();

 private:
  [[nodiscard]] bool is_left_out(size_t token) const;
  [[nodiscard]] bool begins_line(const Token& token) const;
  [[nodiscard]] bool joins(const Token& token) const;
  [[nodiscard]] size_t breaks_before(Span span) const;
  void break_line(bool empty_line, int indent);
  void add_comment(Span comment, const Token& next);
  void add_token(const Token& token);

  const Source& source_;
  const Lexed& lexed_;
  std::string out_;

  int depth_ = 0;                // of blocks
  uint32_t end_ = 0;             // where the last thing ends in the source, left out or not
  const Token* last_ = nullptr;  // the last token that was added
  bool after_comment_ = false;   // something has been added since
  bool line_is_full_ = false;    // by a `//` comment
};

std::string Formatter::format() {
  size_t comment = 0;
  size_t next = 0;  // the next token that is not left out
  for (size_t i = 0;; ++i) {
    for (next = std::max(next, i); is_left_out(next); ++next) continue;
    const Token& token = lexed_.tokens[i];
    for (; comment < lexed_.comments.size(); ++comment) {
      if (lexed_.comments[comment].begin > token.span.begin) break;
      add_comment(lexed_.comments[comment], lexed_.tokens[next]);
    }
    if (token.kind == TokenKind::kEnd) break;
    if (i == next) add_token(token);
    end_ = token.span.end;
  }
  if (!out_.empty()) out_ += '\n';
  return std::move(out_);
}

// A separator that says nothing. One between statements says something where the next one could be
// read as the rest of the one before: `return; x = 1`.
bool Formatter::is_left_out(size_t i) const {
  const Token& token = lexed_.tokens[i];
  if ((token.marks & kSeparator) == 0) return false;
  if (token.kind != TokenKind::kSemicolon) return true;
  const Token& last = lexed_.tokens[i - 1];
  if (last.kind == TokenKind::kSemicolon) return true;
  size_t next = i + 1;
  while (lexed_.tokens[next].kind == TokenKind::kSemicolon) ++next;
  const Token& stmt = lexed_.tokens[next];
  const bool name = stmt.kind == TokenKind::kName || stmt.kind == TokenKind::kSelf;
  return !(name && last.kind == TokenKind::kReturn) && stmt.word != Keyword::kMatches;
}

bool Formatter::begins_line(const Token& token) const {
  return (token.marks & (kOwnLine | kBlockBrace)) != 0 || token.kind == TokenKind::kElse ||
         token.kind == TokenKind::kEnd;
}

// No blank stands between the last token and this one.
bool Formatter::joins(const Token& token) const {
  if ((token.marks & kJoinLeft) != 0 || (!after_comment_ && (last_->marks & kJoinRight) != 0)) {
    return true;
  }
  switch (token.kind) {
    case TokenKind::kComma:
    case TokenKind::kSemicolon:
    case TokenKind::kColon:
    case TokenKind::kColonColon:
    case TokenKind::kDot:
    case TokenKind::kDotDot:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
      return true;
    default:
      break;
  }
  if (after_comment_) return false;
  switch (last_->kind) {
    case TokenKind::kAt:
    case TokenKind::kColonColon:
    case TokenKind::kDot:
    case TokenKind::kDotDot:
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
      return true;
    case TokenKind::kLeftBrace:
      return token.kind == TokenKind::kRightBrace;
    default:
      return false;
  }
}

size_t Formatter::breaks_before(Span span) const {
  const std::string_view gap = source_.text({end_, span.begin});
  return static_cast<size_t>(std::count(gap.begin(), gap.end(), '\n'));
}

void Formatter::break_line(bool empty_line, int indent) {
  if (!out_.empty()) out_ += empty_line ? "\n\n" : "\n";
  out_.append(static_cast<size_t>(indent), ' ');
}

// `next` is the token that will come after it.
void Formatter::add_comment(Span comment, const Token& next) {
  const size_t breaks = breaks_before(comment);
  if (out_.empty() || breaks > 0) {
    const bool after_brace =
        last_ != nullptr && !after_comment_ && last_->kind == TokenKind::kLeftBrace;
    break_line(breaks > 1 && !after_brace,
               depth_ * kIndent + (begins_line(next) ? 0 : kContinuation));
  } else {
    out_ += ' ';
  }
  out_ += source_.text(comment);
  line_is_full_ = source_.text(comment).starts_with("//");
  after_comment_ = true;
  end_ = comment.end;
}

void Formatter::add_token(const Token& token) {
  const size_t breaks = breaks_before(token.span);
  const bool block = (token.marks & kBlockBrace) != 0;
  const bool closes = block && token.kind == TokenKind::kRightBrace;
  const bool after_brace = last_ != nullptr && !after_comment_ &&
                           (last_->marks & kBlockBrace) != 0 &&
                           last_->kind == TokenKind::kLeftBrace;
  if (closes) --depth_;
  if (closes ? !after_brace : (token.marks & kOwnLine) != 0) {
    break_line(breaks > 1 && !closes && !after_brace, depth_ * kIndent);
  } else if (line_is_full_ || (after_comment_ && breaks > 0)) {
    break_line(false, depth_ * kIndent + (begins_line(token) ? 0 : kContinuation));
  } else if (last_ != nullptr && !joins(token)) {
    out_ += ' ';
  }
  // The parser has split `>=` where a type ends.
  const std::string_view text = source_.text(token.span);
  out_ += token.kind == TokenKind::kAssign && text == ">=" ? "> =" : text;
  if (block && !closes) ++depth_;
  last_ = &token;
  after_comment_ = false;
  line_is_full_ = false;
}

}  // namespace

std::string format(const Source& source) {
  Diagnostics diagnostics;
  Parser parser(source, diagnostics);
  parser.parse_program();
  LEXUM_CHECK(!diagnostics.has_errors());
  const Lexed lexed = parser.take_lexed();
  return Formatter(source, lexed).format();
}

}  // namespace lexum

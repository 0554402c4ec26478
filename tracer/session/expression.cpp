#include "session/expression.h"

#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "syntax/lexer.h"

namespace lexum {

namespace {

struct Question {
  std::string expression;  // without the names of domains, and everything else where it was
  std::optional<std::string> subject = {};  // "D", "D[7]", as it was typed
};

// The number of the token behind `D.` or `D[7].`, if one of them begins there.
std::optional<size_t> behind_subject(const Program& program, const Source& source,
                                     const std::vector<Token>& tokens, size_t at) {
  const auto text_of = [&](const Token& token) {
    return source.text().substr(token.span.begin, token.span.end - token.span.begin);
  };
  if (tokens[at].kind != TokenKind::kName || !program.find_domain(text_of(tokens[at]))) return {};
  if (at > 0 && tokens[at - 1].kind == TokenKind::kDot) return {};
  size_t next = at + 1;
  if (tokens[next].kind == TokenKind::kLeftBracket) {
    while (tokens[next].kind != TokenKind::kRightBracket) {
      if (tokens[next].kind == TokenKind::kEnd) return {};
      ++next;
    }
    ++next;
  }
  if (tokens[next].kind != TokenKind::kDot) return {};
  return next + 1;
}

// Takes the names of domains out of the text.
Result<Question> without_subject(const Program& program, std::string_view text) {
  const Source source("", std::string(text));
  std::vector<std::string> texts;
  Names names(texts);
  Diagnostics diagnostics;
  const Lexed lexed = lex(source, names, diagnostics);
  Question question{.expression = std::string(text)};
  for (size_t at = 0; lexed.tokens[at].kind != TokenKind::kEnd; ++at) {
    const auto behind = behind_subject(program, source, lexed.tokens, at);
    if (!behind) continue;
    const size_t begin = lexed.tokens[at].span.begin;
    const size_t dot = lexed.tokens[*behind - 1].span.begin;
    std::string subject(text.substr(begin, dot - begin));
    if (question.subject && *question.subject != subject) {
      return wrong(
          fmt::format("it is about `{}` and about `{}`; domains do not see each other, so "
                      "ask about one of them",
                      *question.subject, subject));
    }
    question.subject = std::move(subject);
    question.expression.replace(begin, dot + 1 - begin, dot + 1 - begin, ' ');
    at = *behind - 1;
  }
  return question;
}

// Asked: Condition or Expression.
template <class Asked>
Result<std::unique_ptr<Asked>> read_asked(const Program& program, std::string_view text) {
  const Result<Question> question = without_subject(program, text);
  if (!question) return question.error();
  if (question->subject) {
    Result<Subjects> whose = read_subjects(program, *question->subject);
    if (!whose) return whose.error();
    return Asked::read(program, std::move(*whose), question->expression);
  }
  std::unique_ptr<Asked> found;
  std::vector<std::string> fitting;
  std::optional<Error> error;
  bool all_alike = true;  // it is wrong in itself
  for (size_t i = 0; i < program.domains.size(); ++i) {
    Subjects whose{.domain = DomainId(i)};
    if (!program.domains[i].keyed) whose.key = Value();
    Result<std::unique_ptr<Asked>> read =
        Asked::read(program, std::move(whose), question->expression);
    if (!read) {
      all_alike = all_alike && (!error || error->what == read.error().what);
      error = read.error();
      continue;
    }
    fitting.push_back(program.domains[i].name);
    found = std::move(*read);
    if (std::is_same_v<Asked, Expression> && found->reads().empty()) return found;
  }
  if (fitting.size() == 1) return found;
  if (fitting.size() > 1) {
    return wrong(fmt::format("it may be about {}; write {}.field to say which",
                             fmt::join(fitting, " or "), fitting.front()));
  }
  if (!error) return wrong("the program has no domain");
  if (all_alike) return *error;
  return wrong(fmt::format("no domain can answer it; write {}.field to see why not that one ({})",
                           program.domains.front().name, error->what));
}

}  // namespace

Result<std::unique_ptr<Condition>> read_condition(const Program& program, std::string_view text) {
  return read_asked<Condition>(program, text);
}
Result<std::unique_ptr<Expression>> read_expression(const Program& program, std::string_view text) {
  return read_asked<Expression>(program, text);
}

}  // namespace lexum

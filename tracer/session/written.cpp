#include "session/written.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "eval/load.h"
#include "syntax/codes.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace lexum {

namespace {

// Whoever tries things out may fail as often as they like.
constexpr std::string_view kScratchText = "@restart(100, 1)\ndomain Scratch {\n}\n";
constexpr std::string_view kMessage = "Line";  // of which there are Line1, Line2 …

struct Tokens {
  std::vector<std::string> texts;
  Diagnostics diagnostics;
  Lexed lexed;

  explicit Tokens(const Source& source) {
    Names names(texts);
    lexed = lex(source, names, diagnostics);
  }
  const Token& operator[](size_t i) const {
    return lexed.tokens[std::min(i, lexed.tokens.size() - 1)];
  }
  [[nodiscard]] size_t size() const { return lexed.tokens.size(); }
};

bool is_declaration(Keyword word) { return word >= Keyword::kDomain && word <= Keyword::kDeploy; }
bool is_member(Keyword word) { return word >= Keyword::kScope && word <= Keyword::kTransition; }

int nesting(TokenKind kind) {
  switch (kind) {
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace:
      return 1;
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
    case TokenKind::kRightBrace:
      return -1;
    default:
      return 0;
  }
}

// Where in what was typed something is wrong. `skip` is what was put before it.
Error wrong_at(const std::string& typed, const Diagnostic& diagnostic, size_t skip) {
  const size_t offset = diagnostic.span.begin - std::min<size_t>(skip, diagnostic.span.begin);
  const Source source("", typed);
  const Place place = source.place(static_cast<uint32_t>(std::min(offset, typed.size())));
  std::string where = fmt::format("column {}", place.column);
  if (typed.find('\n') != std::string::npos) where = fmt::format("line {}, {}", place.line, where);
  return wrong(fmt::format("{}: {}{}{}", where, diagnostic.message,
                           diagnostic.help.empty() ? "" : "; ", diagnostic.help));
}

// ---- a text that is edited

class Editor {
 public:
  explicit Editor(const Program& program)
      : name_(program.source.name()), text_(program.source.text()) {
    look();
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Tree& tree() const { return tree_; }
  [[nodiscard]] std::string_view of(Span span) const {
    return std::string_view(text_).substr(span.begin, span.end - span.begin);
  }

  // `named` is the keyword and the name: "domain Till". What was typed ends up somewhere in it.
  bool put_declaration(std::string_view keyword, const std::string& name, std::string_view typed) {
    for (const Part& part : tree_.parts) {
      if (part.of_domain || of(part.keyword) != keyword || squeezed(part.name) != name) continue;
      replace(part.span, typed);
      return true;
    }
    append(typed);
    return false;
  }
  void append(std::string_view typed) {
    const bool ends = text_.empty() || text_.back() == '\n';
    replace(at(text_.size()), fmt::format("{}\n{}\n", ends ? "" : "\n", typed));
  }
  // Requires a domain of that name.
  bool put_member(std::string_view owner, std::string_view keyword, const std::string& name,
                  std::string_view typed) {
    if (const Part* part = member(owner, keyword, name)) {
      replace(part->span, typed);
      return true;
    }
    const uint32_t brace = domain(owner)->span.end - 1;
    const size_t line = text_.rfind('\n', brace);
    const bool alone = line != std::string::npos &&
                       text_.find_first_not_of(" \t", line + 1) == static_cast<size_t>(brace);
    if (alone) replace(at(line + 1), fmt::format("  {}\n", typed));
    else replace(at(brace), fmt::format("\n  {}\n", typed));
    return false;
  }
  bool put_field(std::string_view owner, const std::string& name, std::string_view typed) {
    for (const DomainDecl& decl : tree_.domains) {
      if (tree_.text(decl.name) != owner) continue;
      for (const FieldDecl& field : decl.fields) {
        if (tree_.text(field.name) != name) continue;
        replace(field.span, typed);
        return true;
      }
    }
    const Part* const state = member(owner, "state", "");
    if (state == nullptr)
      put_member(owner, "state", "", fmt::format("state {{\n    {}\n  }}", typed));
    else replace(at(state->span.end - 1), fmt::format("  {}\n  ", typed));
    return false;
  }

  // Handlers and transitions share their names.
  [[nodiscard]] const Part* member(std::string_view owner, std::string_view keyword,
                                   const std::string& name) const {
    const Part* const whole = domain(owner);
    if (whole == nullptr) return nullptr;
    const auto runs = [](std::string_view word) { return word == "on" || word == "transition"; };
    for (const Part& part : tree_.parts) {
      if (!part.of_domain || part.span.begin < whole->span.begin) continue;
      if (part.span.end > whole->span.end || squeezed(part.name) != name) continue;
      const std::string_view its = of(part.keyword);
      if (its == keyword || (runs(its) && runs(keyword))) return &part;
    }
    return nullptr;
  }
  [[nodiscard]] const Part* domain(std::string_view name) const {
    for (const Part& part : tree_.parts) {
      if (!part.of_domain && of(part.keyword) == "domain" && of(part.name) == name) return &part;
    }
    return nullptr;
  }

  // The program that it is now. `typed` is what was put in last.
  Result<std::shared_ptr<const Program>> load_it(const std::string& typed) const {
    Diagnostics diagnostics;
    const Source source(name_, text_);
    std::shared_ptr<const Program> program = load(source, diagnostics);
    if (program != nullptr) return program;
    for (const Diagnostic& one : diagnostics.sorted()) {
      if (info(one.code).severity == Severity::kWarning) continue;
      const size_t begin = text_.find(typed);
      const bool in_typed = begin != std::string::npos && one.span.begin >= begin &&
                            one.span.begin <= begin + typed.size();
      if (in_typed) return wrong_at(typed, one, begin);
      std::string line(source.text().substr(one.span.begin));
      line.resize(std::min(line.find('\n'), line.size()));
      return wrong(fmt::format("with that, line {} of the program would be wrong, at `{}`: {}{}{}",
                               source.place(one.span.begin).line, line, one.message,
                               one.help.empty() ? "" : "; ", one.help));
    }
    return wrong("that makes no program");
  }

 private:
  static Span at(size_t offset) {
    return {static_cast<uint32_t>(offset), static_cast<uint32_t>(offset)};
  }
  void replace(Span span, std::string_view with) {
    text_.replace(span.begin, span.end - span.begin, with);
    look();
  }
  void look() {
    Diagnostics ignored;  // loading says them
    tree_ = parse(Source(name_, text_), ignored);
  }
  [[nodiscard]] std::string squeezed(Span span) const {
    std::string name(of(span));
    std::erase_if(name, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
    return name;
  }

  const std::string name_;
  std::string text_;
  Tree tree_;
};

// ---- what is typed

struct TypedPart {
  std::string keyword;
  std::string name;
  std::string text;
  std::string owner;  // of a member, if it is said
  bool of_domain = false;
  std::vector<std::pair<std::string, std::string>> fields = {};  // of a `state`: name, text
};

// The name of the domain before a member's own is taken out: the parser does not know it.
std::string without_owners(const std::string& typed, std::map<uint32_t, std::string>& owners) {
  const Source source("", typed);
  const Tokens tokens(source);
  std::string text = typed;
  int depth = 0;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    depth += nesting(tokens[i].kind);
    if (depth != 0 || !is_member(tokens[i].word)) continue;
    const Token& owner = tokens[i + 1];
    if (owner.kind != TokenKind::kName) continue;
    const bool dotted = tokens[i + 2].kind == TokenKind::kDot &&
                        tokens[i + 3].kind == TokenKind::kName &&
                        tokens[i + 4].kind != TokenKind::kColonColon;
    const bool braced =
        tokens[i].word == Keyword::kState && tokens[i + 2].kind == TokenKind::kLeftBrace;
    // A condition without a name may be one about a part of a field.
    const bool goal = tokens[i].word == Keyword::kGoal;
    if (!braced && (!dotted || (goal && tokens[i + 4].kind != TokenKind::kLeftBrace))) continue;
    owners[tokens[i].span.begin] = source.text(owner.span);
    const uint32_t end = braced ? owner.span.end : tokens[i + 2].span.end;
    std::fill(text.begin() + owner.span.begin, text.begin() + end, ' ');
  }
  return text;
}

Result<std::vector<TypedPart>> parts_of(const std::string& typed) {
  std::map<uint32_t, std::string> owners;
  std::string text = without_owners(typed, owners);
  const Tokens tokens(Source("", text));
  size_t first = 0;
  int depth = 0;
  while (first + 1 < tokens.size() &&
         (depth != 0 || (!is_declaration(tokens[first].word) && !is_member(tokens[first].word)))) {
    depth += nesting(tokens[first++].kind);
  }
  const bool members = is_member(tokens[first].word);
  const std::string before = members ? "domain Typed {\n" : "";
  if (members) text = before + text + "\n}";
  Diagnostics diagnostics;
  const Source source("", text);
  const Tree tree = parse(source, diagnostics);
  for (const Diagnostic& one : diagnostics.sorted()) {
    if (one.code == Code::kNoDomain || info(one.code).severity == Severity::kWarning) continue;
    return wrong_at(typed, one, before.size());
  }
  std::vector<TypedPart> parts;
  for (const Part& part : tree.parts) {
    if (part.of_domain != members) continue;
    TypedPart one{.keyword = std::string(source.text(part.keyword)),
                  .name = std::string(source.text(part.name)),
                  .text = std::string(source.text(part.span)),
                  .owner = {},
                  .of_domain = members};
    std::erase_if(one.name, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    const auto owner = owners.find(part.keyword.begin - static_cast<uint32_t>(before.size()));
    if (owner != owners.end()) one.owner = owner->second;
    if (one.keyword == "state") {
      for (const FieldDecl& field : tree.domains.front().fields) {
        if (field.span.begin < part.span.begin || field.span.end > part.span.end) continue;
        one.fields.emplace_back(tree.text(field.name), source.text(field.span));
      }
    }
    parts.push_back(std::move(one));
  }
  return parts;
}

// Whose member it is.
Result<std::string> owner_of(const Editor& editor, const TypedPart& part) {
  std::vector<std::string> all;
  std::vector<std::string> having;
  for (const DomainDecl& domain : editor.tree().domains) {
    const std::string& name = editor.tree().text(domain.name);
    if (name == kScratch) continue;
    all.push_back(name);
    const bool named = !part.name.empty() && part.keyword != "scope";
    if (named && editor.member(name, part.keyword, part.name) != nullptr) having.push_back(name);
  }
  if (!part.owner.empty()) {
    if (editor.domain(part.owner) != nullptr) return part.owner;
    const std::string near = nearest(part.owner, all);
    return wrong(fmt::format("there is no domain {}{}", part.owner,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
  if (having.size() == 1) return having.front();
  if (having.empty() && all.size() == 1) return all.front();
  if (all.empty()) return std::string(kScratch);
  const std::string_view dot = part.keyword == "state" ? " " : ".";
  return wrong(fmt::format("say whose it is: {} {}{}{} …", part.keyword,
                           having.empty() ? all.front() : having.front(), dot, part.name));
}

void ensure_scratch(Editor& editor) {
  if (editor.domain(kScratch) == nullptr)
    editor.append(kScratchText.substr(0, kScratchText.size() - 1));
}

std::string saying(const std::string& what, bool there_was) {
  return what + (there_was ? " is another one" : " is new");
}

}  // namespace

std::string_view empty_program() { return kScratchText; }

bool is_unfinished(std::string_view text) {
  const Tokens tokens(Source("", std::string(text)));
  for (const Diagnostic& one : tokens.diagnostics.sorted()) {
    if (one.code == Code::kUnclosedComment) return true;
  }
  int depth = 0;
  bool only_annotations = tokens[0].kind == TokenKind::kAt;
  for (size_t i = 0; i < tokens.size() && tokens[i].kind != TokenKind::kEnd; ++i) {
    depth += nesting(tokens[i].kind);
    const Keyword word = tokens[i].word;
    if (depth == 0 && (is_declaration(word) || is_member(word))) only_annotations = false;
  }
  return depth > 0 || only_annotations;
}

Written what_is_written(std::string_view text) {
  const Tokens tokens(Source("", std::string(text)));
  if (tokens[0].kind == TokenKind::kAt) return Written::kDefinition;
  const TokenKind second = tokens[1].kind;
  if (tokens[0].word == Keyword::kState || tokens[0].word == Keyword::kGoal) {
    // `state` and `goals` are words, and `state` may be what an assignment begins with.
    const bool state = tokens[0].word == Keyword::kState;
    if (state && second == TokenKind::kDot) return Written::kStatement;
    const bool opens = second == TokenKind::kLeftBrace || tokens[2].kind == TokenKind::kLeftBrace;
    if (opens || (!state && second != TokenKind::kEnd && second != TokenKind::kAssign)) {
      return Written::kDefinition;
    }
  }
  // Of all others none is a word at the prompt; but any may be the name of a field.
  const bool declares = tokens[0].word != Keyword::kState &&
                        (is_declaration(tokens[0].word) || is_member(tokens[0].word));
  if (declares && (second == TokenKind::kName || second == TokenKind::kLeftBrace)) {
    return Written::kDefinition;
  }
  switch (tokens[0].kind) {
    case TokenKind::kLet:
    case TokenKind::kIf:
    case TokenKind::kFor:
    case TokenKind::kEmit:
    case TokenKind::kAssert:
    case TokenKind::kLog:
    case TokenKind::kReturn:
      return Written::kStatement;
    case TokenKind::kSend:
      return second == TokenKind::kLeftParen ? Written::kStatement : Written::kNeither;
    case TokenKind::kName:
      break;
    default:
      return Written::kNeither;
  }
  if (tokens[0].word == Keyword::kRetire && second == TokenKind::kEnd) return Written::kStatement;
  // A place, and what assigns to it.
  int depth = 0;
  for (size_t i = 1; i < tokens.size(); ++i) {
    const TokenKind kind = tokens[i].kind;
    depth += nesting(kind);
    if (depth > 0 || kind == TokenKind::kRightBracket || kind == TokenKind::kDot) continue;
    if (kind == TokenKind::kName && tokens[i - 1].kind == TokenKind::kDot) continue;
    const bool assigns = kind == TokenKind::kAssign || kind == TokenKind::kPlusAssign ||
                         kind == TokenKind::kMinusAssign;
    return assigns ? Written::kStatement : Written::kNeither;
  }
  return Written::kNeither;
}

Result<Rewritten> define(const Program& program, std::string_view text) {
  const Result<std::vector<TypedPart>> parts = parts_of(std::string(text));
  if (!parts) return parts.error();
  if (parts->empty()) return wrong("that defines nothing");
  Editor editor(program);
  Rewritten rewritten;
  for (const TypedPart& part : *parts) {
    if (!part.of_domain) {
      const bool there_was = editor.put_declaration(part.keyword, part.name, part.text);
      rewritten.said.push_back(saying(part.keyword + " " + part.name, there_was));
      continue;
    }
    Result<std::string> owner = owner_of(editor, part);
    if (!owner) return owner.error();
    if (*owner == kScratch) ensure_scratch(editor);
    for (const auto& [name, field] : part.fields) {
      const bool there_was = editor.put_field(*owner, name, field);
      rewritten.said.push_back(saying(*owner + "." + name, there_was));
    }
    if (part.keyword == "state") continue;
    const bool there_was = editor.put_member(*owner, part.keyword, part.name, part.text);
    const std::string name = part.name.empty() ? part.keyword : part.name;
    rewritten.said.push_back(saying(*owner + "." + name, there_was));
  }
  Result<std::shared_ptr<const Program>> loaded = editor.load_it(parts->back().text);
  if (!loaded) return loaded.error();
  rewritten.program = std::move(*loaded);
  return rewritten;
}

namespace {

// The type of what a `let` is given, as it would be written.
Result<std::string> type_of(const Editor& editor, const std::string& value) {
  Editor tried = editor;
  const std::string name = "Typed_";
  tried.put_member(kScratch, "on", name,
                   fmt::format("on {} {{ let {} = {}\n }}", name, "typed_", value));
  const Result<std::shared_ptr<const Program>> loaded = tried.load_it(value);
  if (!loaded) return loaded.error();
  const Domain& scratch = (**loaded)[(*loaded)->find_domain(kScratch)];
  const auto handler = std::ranges::find(scratch.routines, name, &Routine::name);
  return spell(**loaded, handler->local_types.front());
}

// A `let` as the statement that gives the field its value; the field is made.
Result<std::string> let_be_field(Editor& editor, const Source& source, const Tree& tree,
                                 const Stmt& let) {
  const std::string name = tree.text(let.name);
  const std::string text(source.text());
  // No type has a sign of equality in it.
  const std::string value = text.substr(text.find('=', let.name.span.end) + 1);
  Result<std::string> type =
      let.type ? std::string(source.text(tree[let.type].span)) : type_of(editor, value);
  if (!type) return type.error();
  editor.put_field(kScratch, name, fmt::format("{}: {}", name, *type));
  return fmt::format("{} ={}", name, value);
}

}  // namespace

Result<WrittenStatement> write_statement(const Program& program, std::string_view text) {
  std::string statement(text);
  const Source source("", statement);
  Diagnostics diagnostics;
  const Fragment fragment = parse_statement(source, diagnostics);
  if (!fragment.stmt) return wrong_at(statement, diagnostics.sorted().front(), 0);
  Editor editor(program);
  WrittenStatement written{.program = nullptr, .message = {}, .only_added = true};
  ensure_scratch(editor);
  const Stmt& stmt = fragment.tree[fragment.stmt];
  if (stmt.kind == StmtKind::kLet) {
    const DomainId scratch = program.find_domain(kScratch);
    const std::string& name = fragment.tree.text(stmt.name);
    if (scratch) {
      const auto& fields = program[scratch].fields;
      written.only_added = std::ranges::find(fields, name, &Field::name) == fields.end();
    }
    Result<std::string> assignment = let_be_field(editor, source, fragment.tree, stmt);
    if (!assignment) return assignment.error();
    statement = std::move(*assignment);
  }
  const auto handler = [&](const std::string& message) {
    return fmt::format("on {} {{ {}\n  }}", message, statement);
  };
  for (size_t number = 1;; ++number) {
    written.message = fmt::format("{}{}", kMessage, number);
    const Part* const there = editor.member(kScratch, "on", written.message);
    if (there == nullptr) break;
    if (editor.of(there->span) == handler(written.message)) {
      if (editor.text() == program.source.text()) return written;
      break;  // the same once more, about a field of another type
    }
  }
  if (editor.member(kScratch, "on", written.message) == nullptr) {
    editor.put_member(kScratch, "on", written.message, handler(written.message));
  }
  Result<std::shared_ptr<const Program>> loaded = editor.load_it(statement);
  if (!loaded) return loaded.error();
  written.program = std::move(*loaded);
  return written;
}

}  // namespace lexum

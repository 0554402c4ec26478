// Declarations: what a program is made of.
#include "syntax/parser_impl.h"

namespace lexum {

// program := { program_part }
void Parser::parse_program() {
  const size_t errors = diagnostics_.errors();
  while (!at(TokenKind::kEnd)) {
    panic_ = false;
    const size_t before = at_;
    mark(kOwnLine);
    parse_program_part();
    if (!panic_) continue;
    if (at_ == before) advance();
    skip_to_program_part();
  }
  // After other mistakes it says nothing new: most likely the domain is there, and misspelt.
  if (!tree_.domains.empty() || diagnostics_.errors() > errors) return;
  panic_ = false;
  report(Code::kNoDomain, {0, 0}, "the program has no domain",
         "declare one: `domain Name { state { … } … }`");
}

// program_part := { annotation } domain | type_decl | effect | function
//               | environment | system | deploy
void Parser::parse_program_part() {
  const size_t first = at_;
  std::vector<Annotation> annotations = parse_annotations();
  if (panic_) return;
  const size_t keyword = at_;
  parse_declaration(std::move(annotations));
  if (!panic_) note_part(first, keyword, false);
}

void Parser::note_part(size_t first, size_t keyword, bool of_domain) {
  const std::vector<Token>& tokens = lexed_.tokens;
  Part part{.span = since(tokens[first].span),
            .keyword = tokens[keyword].span,
            .name = {tokens[keyword].span.end, tokens[keyword].span.end},
            .of_domain = of_domain};
  const auto names = [](TokenKind kind) {
    return kind == TokenKind::kName || kind == TokenKind::kDot || kind == TokenKind::kColonColon;
  };
  const size_t name = keyword + 1;
  size_t end = name;
  while (end < at_ && names(tokens[end].kind)) ++end;
  if (end > name) part.name = join(tokens[name].span, tokens[end - 1].span);
  tree_.parts.push_back(part);
}

void Parser::parse_declaration(std::vector<Annotation> annotations) {
  if (!annotations.empty() && !at(Keyword::kDomain)) {
    return unexpected("`domain` after an annotation");
  }
  switch (here().word) {
    case Keyword::kDomain:
      return parse_domain(std::move(annotations));
    case Keyword::kType:
      return parse_type_decl();
    case Keyword::kEffect:
      return parse_effect();
    case Keyword::kFn:
      return parse_function();
    case Keyword::kEnvironment:
      return parse_environment();
    case Keyword::kSystem:
      return parse_system();
    case Keyword::kDeploy:
      return parse_deploy();
    default:
      return fail_program_part();
  }
}

// domain := "domain" NAME [ "[" NAME ":" type "]" ] "{" { member } "}"
void Parser::parse_domain(std::vector<Annotation> annotations) {
  const Span first = advance().span;
  DomainDecl domain;
  domain.annotations = std::move(annotations);
  domain.name = expect_name("a name for the domain");
  if (!panic_ && at(TokenKind::kLeftBracket)) {
    const Token& opener = advance(kJoinLeft);
    domain.key = expect_name("a name for the key");
    expect(TokenKind::kColon, "`:` and the type of the key");
    domain.key_type = parse_type();
    close(TokenKind::kRightBracket, opener);
  }
  domain.span = since(first);
  parse_items(Body::kDomain, "the domain's name", [&] { parse_member(domain); });
  if (domain.name) tree_.domains.push_back(std::move(domain));
}

// type_decl := "type" NAME "{" { field } "}"
void Parser::parse_type_decl() {
  advance();
  RecordDecl record;
  record.name = expect_name("a name for the type");
  parse_fields(record.fields, "the type's name");
  if (record.name) tree_.records.push_back(std::move(record));
}

// field := NAME ":" type [ "=" expr ] [ "," ]
void Parser::parse_fields(std::vector<FieldDecl>& fields, std::string_view after) {
  parse_items(Body::kList, after, [&] {
    const Param param = parse_param();
    FieldDecl field{param.name, param.type, {}, {}};
    if (!panic_ && !param.type) {
      unexpected("`:` and the type of the field",
                 at(TokenKind::kAssign) ? "a field has a type: `count: int = 0`" : "");
    }
    if (!panic_ && accept(TokenKind::kAssign)) field.initial = parse_expr();
    field.span = since(param.name.span);
    parse_separator();
    if (field.name && field.type) fields.push_back(field);
  });
}

// Between items that stand on lines of their own a comma says nothing.
void Parser::parse_separator() {
  if (panic_) return;
  if (at(TokenKind::kComma)) {
    advance(kSeparator);
  } else if (at(TokenKind::kSemicolon)) {
    report(Code::kUnexpectedToken, here().span, "expected `,` or nothing, found `;`",
           "leave it out");
    advance(kSeparator);
  }
}

// effect := "effect" NAME "." NAME ( params | "{" "payload" "{" { NAME ":" type [ "," ] } "}" "}" )
void Parser::parse_effect() {
  advance();
  EffectDecl effect;
  effect.adapter = expect_name("the name of an adapter");
  expect(TokenKind::kDot, "`.` and the name of an operation");
  effect.operation = expect_name("the name of an operation");
  if (panic_ || at(TokenKind::kLeftBrace)) {
    parse_items(Body::kFrame, "the effect's name", [&] { parse_payload(effect.params); });
  } else if (at(TokenKind::kLeftParen)) {
    effect.params = parse_params();
  } else {
    unexpected("`(` or `{` after the effect's name");
  }
  if (effect.operation) tree_.effects.push_back(std::move(effect));
}

void Parser::parse_payload(std::vector<Param>& fields) {
  if (!expect(Keyword::kPayload)) return;
  parse_items(Body::kList, "`payload`", [&] {
    const Param field = parse_param();
    if (!panic_ && !field.type) unexpected("`:` and the type of the field");
    parse_separator();
    if (field.name && field.type) fields.push_back(field);
  });
}

// params := "(" [ param { "," param } ] ")"
std::vector<Param> Parser::parse_params() {
  std::vector<Param> params;
  const Token& opener = advance(kJoinLeft);
  if (!at(TokenKind::kRightParen)) {
    do {
      const Param param = parse_param();
      if (param.name) params.push_back(param);
    } while (!panic_ && accept(TokenKind::kComma));
  }
  close(TokenKind::kRightParen, opener, "`,`");
  return params;
}

// param := NAME [ ":" type ]
Param Parser::parse_param() {
  Param param{.name = expect_name("a name"), .type = {}};
  if (!panic_ && accept(TokenKind::kColon)) param.type = parse_type();
  return param;
}

// function := "fn" NAME params ":" type block
void Parser::parse_function() {
  advance();
  FunctionDecl function;
  function.name = expect_name("a name for the function");
  if (!panic_ && !at(TokenKind::kLeftParen)) unexpected("`(` and the parameters");
  if (!panic_) function.params = parse_params();
  if (!panic_ && !accept(TokenKind::kColon)) {
    unexpected("`:` and the type of the result", "write `fn name(x: int): int { return … }`");
  }
  function.result = parse_type();
  function.body = parse_block("the function's type");
  if (function.name) tree_.functions.push_back(std::move(function));
}

// environment := "environment" NAME "{" { scope | capability | setting } "}"
void Parser::parse_environment() {
  advance();
  EnvironmentDecl environment;
  environment.name = expect_name("a name for the environment");
  parse_items(Body::kFrame, "the environment's name", [&] {
    const bool setting = ahead(1).kind == TokenKind::kAssign;
    if (at(Keyword::kScope) && !setting) {
      const ScopeDecl scope = parse_scope();
      if (scope.name) environment.scopes.push_back(scope);
    } else if (at(Keyword::kCapability) && !setting) {
      environment.capabilities.push_back(parse_capability());
    } else {
      parse_setting(environment.settings);
    }
  });
  if (environment.name) tree_.environments.push_back(std::move(environment));
}

// setting := NAME "=" expr
void Parser::parse_setting(std::vector<Setting>& settings) {
  Setting setting{.name = expect_name("a name"), .value = {}};
  expect(TokenKind::kAssign, "`=` and a value");
  setting.value = parse_expr();
  if (setting.name) settings.push_back(setting);
}

// system := "system" NAME "{" { start } "}"
void Parser::parse_system() {
  advance();
  SystemDecl system;
  system.name = expect_name("a name for the system");
  parse_items(Body::kFrame, "the system's name", [&] { parse_start(system); });
  if (system.name) tree_.systems.push_back(std::move(system));
}

// start := "start" "domain" NAME [ index ] "{" { setting [ "," ] } "}"
void Parser::parse_start(SystemDecl& system) {
  const Span first = here().span;
  StartDecl start;
  if (expect(Keyword::kStart)) expect(Keyword::kDomain);
  start.domain = expect_name("the name of a domain");
  if (!panic_ && at(TokenKind::kLeftBracket)) start.key = parse_index();
  start.span = since(first);
  parse_items(Body::kList, "the domain to start", [&] {
    parse_setting(start.settings);
    parse_separator();
  });
  if (start.domain) system.starts.push_back(std::move(start));
}

// deploy := "deploy" "service" NAME "to" NAME
void Parser::parse_deploy() {
  advance();
  DeployDecl deploy;
  if (expect(Keyword::kService)) deploy.service = expect_name("the name of a system");
  if (!panic_ && expect(Keyword::kTo))
    deploy.environment = expect_name("the name of an environment");
  if (deploy.environment) tree_.deploys.push_back(deploy);
}

// What stands before a domain, a handler or a transition: { annotation }
std::vector<Annotation> Parser::parse_annotations() {
  std::vector<Annotation> annotations;
  while (!panic_ && at(TokenKind::kAt)) {
    Annotation annotation = parse_annotation();
    if (annotation.name) annotations.push_back(std::move(annotation));
    mark(kOwnLine);
  }
  return annotations;
}

// annotation     := "@" NAME [ "(" [ annotation_arg { "," annotation_arg } ] ")" ]
// annotation_arg := INT | NAME
Annotation Parser::parse_annotation() {
  const Span first = advance().span;
  Annotation annotation;
  annotation.name = expect_name("the name of an annotation");
  if (!panic_ && at(TokenKind::kLeftParen)) {
    const Token& opener = advance(kJoinLeft);
    if (!at(TokenKind::kRightParen)) {
      do {
        AnnotationArg arg;
        arg.is_int = at(TokenKind::kInteger);
        if (arg.is_int) {
          arg.integer = integer_value(advance());
        } else {
          arg.name = expect_name("a number or a word");
        }
        if (arg.is_int || arg.name) annotation.args.push_back(arg);
      } while (!panic_ && accept(TokenKind::kComma));
    }
    close(TokenKind::kRightParen, opener, "`,`");
  }
  annotation.span = since(first);
  return annotation;
}

// scope := "scope" ( "{" NAME "}" | NAME )
ScopeDecl Parser::parse_scope() {
  advance();
  if (!at(TokenKind::kLeftBrace)) return {expect_name("the name of a level")};
  const Token& opener = advance();
  const ScopeDecl scope{expect_name("the name of a level")};
  close(TokenKind::kRightBrace, opener);
  return scope;
}

// capability := "capability" "{" [ cap { "," cap } [ "," ] ] "}"
// cap        := NAME [ "." NAME ] [ ":" NAME ]
CapabilityBlock Parser::parse_capability() {
  const Span first = advance().span;
  CapabilityBlock block;
  if (!at(TokenKind::kLeftBrace)) unexpected("`{` after `capability`");
  if (panic_) return block;
  const Token& opener = advance();
  while (!panic_ && !at(TokenKind::kRightBrace)) {
    const Span begin = here().span;
    Capability capability{
        .name = expect_name("a capability"), .operation = {}, .subject = {}, .span = {}};
    if (!panic_ && accept(TokenKind::kDot)) capability.operation = expect_name("an operation");
    if (!panic_ && accept(TokenKind::kColon)) capability.subject = expect_name("a domain");
    capability.span = since(begin);
    if (capability.name) block.items.push_back(capability);
    if (panic_ || !at(TokenKind::kComma)) break;
    if (ahead(1).kind == TokenKind::kRightBrace) mark(kSeparator);
    advance();
  }
  close(TokenKind::kRightBrace, opener, "`,`");
  block.span = since(first);
  return block;
}

}  // namespace lexum

// What a domain is made of.
#include "syntax/parser_impl.h"

namespace lexum {

// member := scope | capability | state | invariant | goal
//         | { annotation } handler | { annotation } transition
// state  := "state" "{" { field } "}"
void Parser::parse_member(DomainDecl& domain) {
  const size_t first = at_;
  std::vector<Annotation> annotations = parse_annotations();
  if (panic_) return;
  const size_t keyword = at_;
  const bool is_member = !at_program_part();
  parse_member_of(domain, std::move(annotations));
  if (panic_ || !is_member) return;
  note_part(first, keyword, true);
  // One without a name is called by its condition.
  const bool is_goal = lexed_.tokens[keyword].word == Keyword::kGoal;
  if (is_goal && domain.goals.back().anonymous) {
    tree_.parts.back().name = domain.goals.back().name.span;
  }
}

void Parser::parse_member_of(DomainDecl& domain, std::vector<Annotation> annotations) {
  if (!annotations.empty() && !at(Keyword::kOn) && !at(Keyword::kTransition)) {
    return unexpected("`on` or `transition` after an annotation");
  }
  switch (here().word) {
    case Keyword::kScope: {
      const ScopeDecl scope = parse_scope();
      if (scope.name) domain.scopes.push_back(scope);
      return;
    }
    case Keyword::kCapability:
      domain.capabilities.push_back(parse_capability());
      return;
    case Keyword::kState:
      advance();
      return parse_fields(domain.fields, "`state`");
    case Keyword::kInvariant:
      return parse_invariant(domain);
    case Keyword::kGoal:
      return parse_goal(domain);
    case Keyword::kOn:
      return parse_handler(domain, std::move(annotations));
    case Keyword::kTransition:
      return parse_transition(domain, std::move(annotations));
    default:
      break;
  }
  if (!at_program_part()) return fail_member();
  report(Code::kUnexpectedToken, here().span, show(here()) + " stands outside of domains",
         "move it before or behind the domain");
  parse_program_part();
}

// invariant := "invariant" NAME "{" expr "}"
void Parser::parse_invariant(DomainDecl& domain) {
  const Span first = advance().span;
  InvariantDecl invariant;
  invariant.name = expect_name("a name for the invariant");
  if (!at_body("the invariant's name")) return;
  const Token& opener = advance();
  invariant.condition = parse_condition();
  close(TokenKind::kRightBrace, opener);
  invariant.span = since(first);
  if (invariant.name) domain.invariants.push_back(invariant);
}

// goal := "goal" ( NAME "{" { goal_item } "}" | expr )
void Parser::parse_goal(DomainDecl& domain) {
  const Span first = advance().span;
  GoalDecl goal;
  if (at(TokenKind::kName) && ahead(1).kind == TokenKind::kLeftBrace) {
    goal.name = {here().name, advance().span};
    const size_t errors = diagnostics_.errors();
    parse_items(Body::kList, "the goal's name", [&] { parse_goal_item(goal); });
    goal.span = since(first);
    if (!goal.predicate && diagnostics_.errors() == errors) {
      report(Code::kGoalItems, goal.name.span,
             "the goal `" + tree_.text(goal.name) + "` does not say what is to hold",
             "add `predicate …`");
    }
    if (!goal.predicate) goal.predicate = error_expr();
  } else {
    const size_t begin = at_;
    goal.anonymous = true;
    goal.predicate = parse_condition();
    goal.name = name_of_tokens(begin, at_);
    goal.span = since(first);
    if (panic_) return;
  }
  domain.goals.push_back(std::move(goal));
}

// `count == 5` for the goal that is written so, whatever the blanks in the text.
Name Parser::name_of_tokens(size_t first, size_t last) {
  std::string text;
  Span span = here().span;
  for (size_t i = first; i < last; ++i) {
    const Token& token = lexed_.tokens[i];
    span = i == first ? token.span : join(span, token.span);
    if (i > first) text += ' ';
    text += source_.text(token.span);
  }
  return {names_.intern(text), span};
}

// goal_item := ( "predicate" | "target" ) [ ":" ] expr
//            | "priority" [ ":" ] ( INT | NAME )
//            | "strategy" "{" NAME { [ "," ] NAME } "}"
//            | "terminate_after" [ ":" ] ( "never" | INT [ "else" NAME ] )
void Parser::parse_goal_item(GoalDecl& goal) {
  const Token& item = here();
  const auto once = [&](bool there) {
    if (!there) return;
    report(Code::kGoalItems, item.span, "this goal has two of " + show(item), "leave one of them");
  };
  switch (item.word) {
    case Keyword::kPredicate:
    case Keyword::kTarget:
      once(static_cast<bool>(goal.predicate));
      advance();
      accept(TokenKind::kColon);
      goal.predicate = parse_condition();
      return;
    case Keyword::kPriority:
      once(goal.has_priority);
      return parse_priority(goal);
    case Keyword::kStrategy:
      once(goal.has_strategy);
      return parse_strategy(goal);
    case Keyword::kTerminateAfter:
      once(goal.has_terminate);
      return parse_terminate(goal);
    default:
      return fail_goal_item();
  }
}

void Parser::parse_priority(GoalDecl& goal) {
  const Span first = advance().span;
  accept(TokenKind::kColon);
  goal.has_priority = true;
  goal.level = {};
  if (at(TokenKind::kInteger)) {
    goal.priority_value = integer_value(advance());
  } else {
    goal.level = expect_name("a number from 0 to 255 or a level such as `high`");
  }
  goal.priority_span = since(first);
}

void Parser::parse_strategy(GoalDecl& goal) {
  advance();
  goal.has_strategy = true;
  goal.strategy.clear();
  if (!at(TokenKind::kLeftBrace)) return unexpected("`{` after `strategy`");
  const Token& opener = advance();
  do {
    const Name name = expect_name("the name of a transition");
    if (name) goal.strategy.push_back(name);
    accept(TokenKind::kComma);
  } while (!panic_ && at(TokenKind::kName) && !at_member() && !at_program_part());
  close(TokenKind::kRightBrace, opener);
}

void Parser::parse_terminate(GoalDecl& goal) {
  const Span first = advance().span;
  accept(TokenKind::kColon);
  goal.has_terminate = true;
  goal.terminate_never = at(Keyword::kNever);
  goal.terminate_else = {};
  if (goal.terminate_never) {
    advance();
  } else {
    goal.terminate_after = expect_integer("a number of runs or `never`");
    if (!panic_ && accept(TokenKind::kElse)) {
      goal.terminate_else = expect_name("the name of a transition");
    }
  }
  goal.terminate_span = since(first);
}

// handler := "on" trigger [ params ] block
void Parser::parse_handler(DomainDecl& domain, std::vector<Annotation> annotations) {
  const Span first = advance().span;
  HandlerDecl handler;
  handler.annotations = std::move(annotations);
  parse_trigger(handler);
  if (!panic_ && at(TokenKind::kLeftParen)) {
    handler.has_params = true;
    handler.params = parse_params();
  }
  handler.span = since(first);
  handler.body = parse_block("the handler's head");
  if (handler.name) domain.handlers.push_back(std::move(handler));
}

// trigger := NAME | "Event" "::" NAME | NAME "." NAME "::" ( "Done" | "Failed" )
void Parser::parse_trigger(HandlerDecl& handler) {
  const bool event = at(Keyword::kEvent);
  const Name first = expect_name("a message, `Event::…` or the outcome of an effect");
  if (at(TokenKind::kColonColon) && event) {
    advance();
    handler.trigger = TriggerKind::kEvent;
    handler.name = expect_name("the name of an event");
  } else if (accept(TokenKind::kDot)) {
    const Name operation = expect_name("the name of an operation");
    expect(TokenKind::kColonColon, "`::Done` or `::Failed`");
    handler.trigger = at(Keyword::kFailed) ? TriggerKind::kFailed : TriggerKind::kDone;
    if (!at(Keyword::kDone) && !at(Keyword::kFailed)) return unexpected("`Done` or `Failed`");
    advance();
    handler.adapter = first;
    handler.name = operation;
  } else if (at(TokenKind::kColonColon)) {
    unexpected("`{` or `(`", "a broadcast is `on Event::Name`, an outcome `on Adapter.Name::Done`");
  } else {
    handler.name = first;
  }
}

// transition := "transition" NAME [ params ]
//               "{" [ capability ] ( { slice } | { stmt [ ";" ] } ) "}"
void Parser::parse_transition(DomainDecl& domain, std::vector<Annotation> annotations) {
  const Span first = advance().span;
  TransitionDecl transition;
  transition.annotations = std::move(annotations);
  transition.name = expect_name("a name for the transition");
  if (!panic_ && at(TokenKind::kLeftParen)) {
    transition.has_params = true;
    transition.params = parse_params();
  }
  transition.span = since(first);
  if (!at_body("the transition's head")) return;
  const Token& opener = advance(kBlockBrace);
  if (at(Keyword::kCapability) && ahead(1).kind == TokenKind::kLeftBrace) {
    mark(kOwnLine);
    transition.has_capability = true;
    transition.capability = parse_capability();
  }
  if (at_slice()) {
    parse_slices(transition, opener);
  } else {
    const Nest nest(*this);
    transition.bare = true;
    transition.slices.push_back({{}, parse_block_after(opener)});
  }
  if (transition.name) domain.transitions.push_back(std::move(transition));
}

// slice := "step" block | "slice" "step" block | "slice" NAME block
void Parser::parse_slices(TransitionDecl& transition, const Token& opener) {
  in_slices_ = true;
  while (!at_end_of(Body::kList)) {
    panic_ = false;
    if (at_slice()) {
      mark(kOwnLine);
      SliceDecl slice;
      if (at(Keyword::kSlice)) advance();
      const Token& name = advance();
      if (name.word != Keyword::kStep) slice.name = {name.name, name.span};
      slice.body = parse_block("the slice's name");
      transition.slices.push_back(std::move(slice));
    } else {
      unexpected("`step` or `slice`, like before",
                 "statements stand inside of the slices, or there are no slices");
      advance();
    }
    while (panic_ && !at_end_of(Body::kList) && !at_slice()) {
      at(TokenKind::kLeftBrace) ? skip_braces() : void(advance());
    }
  }
  in_slices_ = false;
  close_block(opener);
}

}  // namespace lexum

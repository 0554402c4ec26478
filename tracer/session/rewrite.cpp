// Lexum itself at the prompt: definitions change the program, statements are done by it.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/acts.h"
#include "session/forking.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/written.h"

namespace lexum {

namespace {

// Another branch has the program, from where one stands.
Status branch_off(Session& session, std::shared_ptr<const Program> program,
                  std::vector<std::string> said, std::string_view why, Reply& reply,
                  bool with_later_statements = true) {
  NewBranch wanted{.name = session.new_branch_name(),
                   .path = session.new_fork_path(),
                   .at = session.at().cycle,
                   .options = {.said = std::move(said), .program = std::move(program)}};
  if (wanted.path.empty()) {
    return Error{.code = ErrorCode::kMismatch, .what = "there is no folder for another branch"};
  }
  if (!with_later_statements) {
    const DomainId scratch = session.program().find_domain(kScratch);
    wanted.options.leave_out = [scratch](const InputImage& input) {
      return scratch && input.domain == scratch;
    };
  }
  const Result<Fork> made = make_branch(session, wanted);
  if (!made) return made.error();
  reply.say(Line(fmt::format("{}: branch ", why))
                .add(wanted.name, Role::kName)
                .add(" goes on after cycle ")
                .add(fmt::to_string(made->cycle), Role::kPosition));
  for (const std::string& lost : made->lost) reply.say("  not carried over: " + lost);
  reply.fact("lost", dump(Json(made->lost)));
  return Done{};
}

InputImage message_to_scratch(const Program& program, const std::string& name) {
  const DomainId scratch = program.find_domain(kScratch);
  const auto& routines = program[scratch].routines;
  const auto found = std::ranges::find(routines, name, &Routine::name);
  return {.domain = scratch,
          .key = {},
          .routine = RoutineIndex(static_cast<size_t>(found - routines.begin())),
          .event = {},
          .args = {}};
}

}  // namespace

Result<Verdict> do_define(Session& session, const Said& said, Reply& reply) {
  Result<Rewritten> written = define(session.program(), said.arguments[0]);
  if (!written) return written.error();
  reply.fact("defined", dump(Json(written->said)));
  bool in_place = false;
  if (session.live() != nullptr) {
    const Result<bool> rewritten = session.rewrite(written->program, false);
    if (!rewritten) return rewritten.error();
    in_place = *rewritten;
  }
  for (const std::string& one : written->said) reply.say(one);
  if (!in_place) {
    const std::string_view why =
        session.live() != nullptr ? "with it, the run would not be what it was" : "the run is over";
    Status there = branch_off(session, std::move(written->program), written->said, why, reply);
    if (!there) return there.error();
  }
  say_here_json(session, reply);
  return Verdict::kAnswered;
}

Result<Verdict> do_statement(Session& session, const Said& said, Reply& reply) {
  Result<WrittenStatement> written = write_statement(session.program(), said.arguments[0]);
  if (!written) return written.error();
  const Result<bool> at_front = session.at_front();
  if (!at_front) return at_front.error();
  bool in_place = *at_front && written->program == nullptr;
  if (*at_front && !in_place) {
    const Result<bool> rewritten = session.rewrite(written->program, written->only_added);
    if (!rewritten) return rewritten.error();
    in_place = *rewritten;
  }
  if (!in_place) {
    std::shared_ptr<const Program> program = written->program != nullptr
                                                 ? std::move(written->program)
                                                 : session.trace().shared_program();
    const std::string_view why = *at_front ? "so much is not run again" : "what is over stays so";
    Status there = branch_off(session, std::move(program), {said.arguments[0]}, why, reply, false);
    if (!there) return there.error();
  }
  LiveRun& live = *session.live();
  const InputImage message = message_to_scratch(session.program(), written->message);
  const auto does_it = [&](const CycleRecord& ran) {
    return ran.domain == message.domain && ran.routine == message.routine;
  };
  live.send(message);
  const uint64_t most = session.trace().cycles() + session.cycles_at_once();
  const Result<LiveRun::Ran> ran = session.let_run({.cycle = most, .here = does_it});
  if (!ran) return ran.error();
  const Moment there{.cycle = ran->here.value_or(session.trace().cycles())};
  if (Status gone = session.go_to(there); !gone) return gone.error();
  if (!ran->here) reply.say("it was not done yet: `mailbox Scratch` shows it waiting");
  say_here(session, reply);
  return Verdict::kAnswered;
}

}  // namespace lexum

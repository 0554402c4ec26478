#include "session/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "machine/input_reader.h"
#include "session/marks.h"
#include "tracer/again.h"
#include "tracer/ask.h"
#include "tracer/lookup.h"
#include "tracer/statements.h"

namespace lexum {

Result<std::unique_ptr<Session::Branch>> Session::open_branch(Files& files,
                                                              const std::string& path) {
  Result<std::unique_ptr<TraceReader>> trace = TraceReader::open(files, path);
  if (!trace) return trace.error();
  Result<std::unique_ptr<Timeline>> timeline = Timeline::open(**trace);
  if (!timeline) return timeline.error();
  auto branch = std::make_unique<Branch>();
  branch->trace = std::move(*trace);
  branch->timeline = std::move(*timeline);
  // What is wrong with them is no reason not to look at the trace; whoever wants them hears of it.
  if (Result<Bookmarks> marks = read_marks(files, path)) branch->bookmarks = std::move(*marks);
  return branch;
}

Result<std::unique_ptr<Session>> Session::open(Files& files, const std::string& path,
                                               const Looking& looking) {
  std::unique_ptr<Session> session(new Session(files, looking));
  if (Status added = session->add_recorded("main", path); !added) return added.error();
  return session;
}

Status Session::add_recorded(std::string name, const std::string& path) {
  Result<std::unique_ptr<Branch>> opened = open_branch(files_, path);
  if (!opened) return opened.error();
  Branch& branch = **opened;
  branch.name = std::move(name);
  take_branch(std::move(*opened));
  find_fault();
  branch.at = {.cycle = branch.fault != 0 ? branch.fault : branch.trace->cycles()};
  branch.reason = branch.fault != 0 ? "fault" : "end";
  return Done{};
}

Result<std::unique_ptr<Session>> Session::start(Files& files, const std::string& path,
                                                std::shared_ptr<const Program> program,
                                                std::vector<StartValue> start_values,
                                                const Looking& looking) {
  std::unique_ptr<Session> session(new Session(files, looking));
  Status begun = session->begin_run("main", path, std::move(program), std::move(start_values));
  if (!begun) return begun.error();
  return session;
}

Status Session::add_run(std::string name, std::shared_ptr<const Program> program) {
  return begin_run(std::move(name), new_fork_path(), std::move(program), {});
}

Status Session::begin_run(std::string name, const std::string& path,
                          std::shared_ptr<const Program> program,
                          std::vector<StartValue> start_values) {
  const TraceHeader header{.engine = std::string(engine_version()),
                           .run_id = new_run_id(),
                           .program_name = program->source.name(),
                           .program_text = std::string(program->source.text()),
                           .start_values = std::move(start_values),
                           .options = {}};
  Result<std::unique_ptr<LiveRun>> live = LiveRun::begin(files_, path, std::move(program), header);
  if (!live) return live.error();
  Result<std::unique_ptr<Branch>> opened = open_branch(files_, path);
  if (!opened) return opened.error();
  (*opened)->name = std::move(name);
  (*opened)->live = std::move(*live);
  take_branch(std::move(*opened));
  return Done{};
}

// One of that name is replaced, and what was forked from it has nothing before the fork any more.
void Session::take_branch(std::unique_ptr<Branch> branch) {
  for (const auto& other : branches_) {
    if (other->parent == branch->name) other->parent.clear();
  }
  current_ = place_of(branch->name);
  if (current_ == branches_.size()) branches_.push_back(std::move(branch));
  else branches_[current_] = std::move(branch);
  inside_.reset();
}

// ---- the run goes on

Result<LiveRun::Ran> Session::let_run(const LiveRun::Until& until) {
  Branch& branch = here();
  const uint64_t faults = branch.live->notes().faults_in_all();
  Result<LiveRun::Ran> ran = branch.live->run(until, looking_);
  // What was recorded before it failed is there to be looked at.
  if (Status read = branch.trace->refresh(); !read) return read.error();
  if (branch.live->notes().faults_in_all() != faults) find_fault();
  return ran;
}

Result<bool> Session::rewrite(const std::shared_ptr<const Program>& program, bool certain) {
  // What takes longer than a moment is another branch.
  constexpr uint64_t kAgainMax = 1'000'000;
  constexpr uint64_t kComparedMax = 50'000;
  Branch& branch = here();
  const uint64_t cycles = branch.trace->cycles() - branch.trace->start();
  if (cycles > (certain ? kAgainMax : kComparedMax)) return false;
  const std::string path = new_fork_path();
  Result<std::unique_ptr<LiveRun>> again =
      run_again(*branch.trace, *branch.live, program, certain, files_, path, looking_);
  if (!again && again.error().code != ErrorCode::kMismatch) return again.error();
  if (!again || *again == nullptr) return false;
  Result<std::unique_ptr<Branch>> opened = open_branch(files_, path);
  if (!opened) return opened.error();
  branch.trace = std::move((*opened)->trace);
  branch.timeline = std::move((*opened)->timeline);
  branch.live = std::move(*again);
  const std::string reason = branch.reason;
  if (Status there = go_to(branch.at); !there) return there.error();
  branch.reason = reason;
  return true;
}

Result<bool> Session::at_front() {
  if (live() == nullptr) return false;
  const uint64_t last = trace().cycles();
  if (at().cycle == last) return true;
  if (at().cycle == trace().start()) return false;
  const Result<CycleView> stood = cycle_at(trace(), at().cycle);
  if (!stood) return stood.error();
  return stood->tick == live()->world().tick_now();
}

void Session::find_fault() {
  Branch& branch = here();
  TraceReader& trace = *branch.trace;
  // Of a trace that is damaged, there still is what can be read.
  const auto first = [&](const Sought& sought) {
    const Result<Answer<uint64_t>> found = earliest(trace, sought, trace.start(), looking_);
    return found ? found->found.value_or(0) : 0;
  };
  const auto rolled = latest_rollback(trace, trace.cycles(), looking_);
  if (rolled && rolled->found) branch.fault = rolled->found->cycle;
  if (branch.fault == 0) branch.fault = first(failures_of({}));
  if (branch.fault == 0) branch.fault = first(faults_of({}));
}

// ---- moving

Result<Moment> Session::moment(std::string_view position) {
  const Result<Position> read = read_position(program(), position);
  if (!read) return read.error();
  return moment_of(*read, trace(), here().bookmarks, looking_);
}

Status Session::go_to(std::string_view position) {
  const Result<Position> read = read_position(program(), position);
  if (!read) return read.error();
  const size_t before = current_;
  if (!read->branch.empty()) {
    if (Status there = switch_to(read->branch); !there) return there;
  }
  // A run that goes on comes to where it has not been yet.
  const auto* cycle = std::get_if<Moment>(&read->place);
  if (cycle != nullptr) switch_to_branch_of(*cycle);
  if (cycle != nullptr && live() != nullptr && cycle->cycle > trace().cycles()) {
    const Result<LiveRun::Ran> ran = let_run({.cycle = cycle->cycle});
    if (!ran) return ran.error();
  }
  const Result<Moment> there = moment_of(*read, trace(), here().bookmarks, looking_);
  Status gone = there ? go_to(*there) : Status(there.error());
  if (!gone) current_ = before;
  return gone;
}

const Session::Branch* Session::parent_of(const Branch& branch) const {
  const size_t place = place_of(branch.parent);
  return branch.parent.empty() || place == branches_.size() ? nullptr : &*branches_[place];
}

uint64_t Session::first_cycle() const {
  const Branch* first = &here();
  while (const Branch* const parent = parent_of(*first)) first = parent;
  return first->trace->start();
}

Result<bool> Session::go_before_fork() {
  if (parent_of(here()) == nullptr) return false;
  const uint64_t cycle = trace().start();
  current_ = place_of(here().parent);
  if (Status there = go_to(Moment{.cycle = cycle}); !there) return there.error();
  return true;
}

bool Session::ask_before_fork(const std::function<void()>& ask) {
  if (parent_of(here()) == nullptr) return false;
  const size_t stood = current_;
  const size_t before = place_of(here().parent);
  const Moment at = branches_[before]->at;
  std::string reason = branches_[before]->reason;
  std::optional<Inside> inside = inside_;
  const Result<bool> gone = go_before_fork();
  if (gone) ask();
  branches_[before]->at = at;
  branches_[before]->reason = std::move(reason);
  current_ = stood;
  inside_ = std::move(inside);
  return gone.ok();
}

void Session::switch_to_branch_of(Moment moment) {
  const auto lies_before = [&] {
    const uint64_t start = trace().start();
    return moment.cycle < start || (moment.cycle == start && moment.statement != 0);
  };
  while (lies_before() && parent_of(here()) != nullptr) current_ = place_of(here().parent);
}

Status Session::go_to(Moment moment) {
  switch_to_branch_of(moment);
  if (moment.statement != 0 && moment.cycle == trace().start()) {
    return Error{.code = ErrorCode::kNotFound,
                 .what = fmt::format("cycle {} lies before the run begins", moment.cycle)};
  }
  std::optional<Inside> inside;
  if (moment.statement != 0) {
    Result<CycleStatements> found = statements_of(timeline(), moment.cycle);
    if (!found) return found.error();
    std::vector<StatementView>& statements = found->statements;
    if (moment.statement > statements.size()) {
      return Error{.code = ErrorCode::kNotFound,
                   .what = fmt::format("cycle {} has {} statement{}; `list --at {}` shows them",
                                       moment.cycle, statements.size(),
                                       statements.size() == 1 ? "" : "s", moment.cycle)};
    }
    StatementView& next = statements[moment.statement - 1];
    inside = Inside{.id = timeline().find(found->ran.domain, found->ran.key),
                    .fields = std::move(next.fields),
                    .statement = next.span,
                    .count = statements.size()};
  }
  here().at = moment;
  here().reason.clear();
  inside_ = std::move(inside);
  return Done{};
}

Result<std::string> Session::mark(std::string name, Moment moment) {
  Bookmarks& marks = here().bookmarks;
  if (!is_kept_nowhere(here())) {
    // Those that somebody else has made since, too; what cannot be read is not written over.
    Result<Bookmarks> all = read_marks(files_, trace().path());
    if (!all) return all.error();
    marks = std::move(*all);
  }
  for (size_t number = 1; name.empty() || (number > 1 && marks.contains(name)); ++number) {
    name = fmt::to_string(number);
  }
  marks[name] = moment;
  if (is_kept_nowhere(here())) return name;
  if (Status written = write_marks(files_, trace().path(), marks); !written) return written.error();
  return name;
}

// ---- branches

size_t Session::place_of(std::string_view branch) const {
  const auto found = std::ranges::find(branches_, branch, [](const auto& b) { return b->name; });
  return static_cast<size_t>(found - branches_.begin());
}

Status Session::switch_to(std::string_view name) {
  const size_t place = place_of(name);
  if (place == branches_.size()) {
    std::vector<std::string> names;
    for (const auto& branch : branches_) names.push_back(branch->name);
    return Error{.code = ErrorCode::kNotFound,
                 .what = fmt::format("there is no branch `{}`{}", name,
                                     did_you_mean(name, names, "; `info branches` lists them"))};
  }
  const size_t before = std::exchange(current_, place);
  const std::string reason = here().reason;
  Status there = go_to(here().at);
  if (!there) current_ = before;
  else here().reason = reason;
  return there;
}

Status Session::add_branch(std::string name, const std::string& path, Said made,
                           std::unique_ptr<LiveRun> live) {
  Result<std::unique_ptr<Branch>> opened = open_branch(files_, path);
  if (!opened) return opened.error();
  Branch& branch = **opened;
  branch.name = std::move(name);
  branch.parent = here().name;
  branch.made = std::move(made);
  branch.live = std::move(live);
  branch.at = {.cycle = branch.trace->start()};
  branch.reason = "forked";
  take_branch(std::move(*opened));
  find_fault();
  return Done{};
}

std::string Session::new_branch_name(std::string_view kind) const {
  for (size_t number = 1;; ++number) {
    std::string name = fmt::format("{}{}", kind, number);
    if (place_of(name) == branches_.size()) return name;
  }
}

std::string Session::new_fork_path() {
  return scratch_.empty() ? "" : fmt::format("{}/{}.lxtrace", scratch_, ++forks_);
}

}  // namespace lexum

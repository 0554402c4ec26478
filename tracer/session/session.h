// What somebody who looks at a run has before them: the run and what was made of it, where they
// stand, where they want to stop, and how they name things. The words (word.h) act on it.
//
// A run is a trace. Where it still goes on, there is a LiveRun behind it: whoever goes beyond what
// is recorded lets it run, and then looks at what it has recorded.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "session/stops.h"
#include "session/word.h"
#include "tracer/live.h"
#include "tracer/position.h"
#include "tracer/timeline.h"

namespace lexum {

class Session {
 public:
  // Stands where there is most to see: where a run has failed, or at its end. `looking` is for all
  // that takes time; it and `files` outlive the session.
  static Result<std::unique_ptr<Session>> open(Files& files, const std::string& path,
                                               const Looking& looking);

  // A run of that program, at its start, recorded into that file.
  static Result<std::unique_ptr<Session>> start(Files& files, const std::string& path,
                                                std::shared_ptr<const Program> program,
                                                std::vector<StartValue> start_values,
                                                const Looking& looking);

  [[nodiscard]] Files& files() { return files_; }
  [[nodiscard]] const Looking& looking() const { return looking_; }
  [[nodiscard]] bool interrupted() const { return looking_.stopped(); }

  // ---- the run, or the branch of it, that one is in
  [[nodiscard]] TraceReader& trace() { return *here().trace; }
  [[nodiscard]] Timeline& timeline() { return *here().timeline; }
  [[nodiscard]] const Program& program() const { return here().trace->program(); }
  // Where it failed: at the cycle whose assert ended it, else the first that made an instance
  // FAULTED, else the first fault; 0 if nothing did.
  [[nodiscard]] uint64_t fault() const { return here().fault; }

  // Of a run that goes on; null of one that is over.
  [[nodiscard]] LiveRun* live() { return here().live.get(); }
  // Lets it run, and takes in what it has recorded. Requires live().
  Result<LiveRun::Ran> let_run(const LiveRun::Until& until);
  // How many cycles it may run when nobody says how many.
  [[nodiscard]] uint64_t cycles_at_once() const { return cycles_at_once_; }
  void run_at_once(uint64_t cycles) { cycles_at_once_ = cycles; }
  // The branch has another program, from its start on, if it would have done the same with it up to
  // now; false if not, and then it stays as it is. `certain` of that, it is not looked for.
  // Requires live().
  Result<bool> rewrite(const std::shared_ptr<const Program>& program, bool certain);
  // Whether what is done where one stands becomes part of the run, since no later tick was run yet.
  [[nodiscard]] Result<bool> at_front();

  // ---- where one stands in it
  [[nodiscard]] Moment at() const { return here().at; }
  // Inside a cycle: who runs there, and its fields as the next statement finds them.
  struct Inside {
    InstanceId id;
    std::vector<Value> fields;
    Span statement;    // the next one
    size_t count = 0;  // of the statements of the cycle
  };
  [[nodiscard]] const std::optional<Inside>& inside() const { return inside_; }
  [[nodiscard]] Result<Moment> moment(std::string_view position);
  // In another branch, it is the one that one is in from then on. Where it fails, one stays.
  Status go_to(std::string_view position);
  // What lies before a branch begins is in the one that it is a fork of, and one is in that then.
  // Requires a moment of the trace, or of those.
  Status go_to(Moment moment);
  // The first one that there is, in whichever branch.
  [[nodiscard]] uint64_t first_cycle() const;
  // To the end of what the branch has of the one that it is a fork of. False if it is none's.
  Result<bool> go_before_fork();
  // Why one stands there, in a word or two: "fault", "break 1", "end"; empty if one just went.
  [[nodiscard]] const std::string& reason() const { return here().reason; }
  void because(std::string reason) { here().reason = std::move(reason); }

  // Asks in the branch that this one is a fork of, as of where that began, and comes back; whatever
  // fails on the way is as if it were nobody's fork. False if it is: nothing was asked.
  bool ask_before_fork(const std::function<void()>& ask);

  // Gives a moment of the branch a name, `@NAME`; the next number if that is empty. It is kept
  // beside the trace, where that is a file of somebody's.
  Result<std::string> mark(std::string name, Moment moment);

  // ---- branches: the run that was opened is `main`, and its forks have names of their own
  struct Branch {
    std::string name;
    std::string parent;  // whose fork it is; empty: nobody's here
    Said made = {};      // as which fork
    std::unique_ptr<TraceReader> trace;
    std::unique_ptr<Timeline> timeline;
    std::unique_ptr<LiveRun> live;  // of one that goes on
    uint64_t fault = 0;
    Moment at = {};
    std::string reason = {};
    Bookmarks bookmarks = {};
  };
  [[nodiscard]] const std::deque<std::unique_ptr<Branch>>& branches() const { return branches_; }
  [[nodiscard]] const Branch& branch() const { return here(); }
  // The error (kNotFound) names the nearest.
  Status switch_to(std::string_view name);
  // Opens the trace of a fork and goes to its start. One of that name is replaced. `live` is null
  // of one that is over.
  Status add_branch(std::string name, const std::string& path, Said made,
                    std::unique_ptr<LiveRun> live = nullptr);
  // Opens a trace that is nobody's fork here, and goes to where it failed, or to its end.
  Status add_recorded(std::string name, const std::string& path);
  // A run of a program, at its start, which is nobody's fork. One of that name is replaced.
  Status add_run(std::string name, std::shared_ptr<const Program> program);
  // One that is not taken: "fork1".
  [[nodiscard]] std::string new_branch_name(std::string_view kind = "fork") const;
  // Where forks are recorded that nobody has given a file; empty: nowhere.
  void keep_forks_in(std::string directory) { scratch_ = std::move(directory); }
  [[nodiscard]] bool is_kept_nowhere(const Branch& branch) const {
    return !scratch_.empty() && branch.trace->path().starts_with(scratch_);
  }
  [[nodiscard]] std::string new_fork_path();

  // Programs that were saved here, and so may be again.
  void note_saved(std::string path) { saved_.insert(std::move(path)); }
  [[nodiscard]] bool has_saved(const std::string& path) const { return saved_.contains(path); }

  // ---- at the prompt
  [[nodiscard]] Stops& stops() { return stops_; }
  // Which lesson one is in, and which of its tasks is next; none if nobody learns.
  struct Learning {
    size_t lesson = 0;
    size_t task = 0;
  };
  std::optional<Learning>& learning() { return learning_; }
  void quit() { over_ = true; }
  [[nodiscard]] bool over() const { return over_; }

 private:
  Session(Files& files, const Looking& looking) : files_(files), looking_(looking) {}
  static Result<std::unique_ptr<Branch>> open_branch(Files& files, const std::string& path);
  Status begin_run(std::string name, const std::string& path,
                   std::shared_ptr<const Program> program, std::vector<StartValue> start_values);
  void take_branch(std::unique_ptr<Branch> branch);
  void switch_to_branch_of(Moment moment);
  void find_fault();
  [[nodiscard]] Branch& here() { return *branches_[current_]; }
  [[nodiscard]] const Branch& here() const { return *branches_[current_]; }
  [[nodiscard]] size_t place_of(std::string_view branch) const;
  [[nodiscard]] const Branch* parent_of(const Branch& branch) const;

  Files& files_;
  const Looking& looking_;
  std::deque<std::unique_ptr<Branch>> branches_;
  size_t current_ = 0;
  std::optional<Inside> inside_;
  Stops stops_;
  uint64_t cycles_at_once_ = 1'000'000;
  std::string scratch_;
  uint64_t forks_ = 0;  // that were kept there
  std::set<std::string> saved_;
  std::optional<Learning> learning_;
  bool over_ = false;
};

}  // namespace lexum

// The words about a recorded run (session/word.h), behind `lxm`: `lxm why run.lxtrace status`.
#include <fmt/format.h>

#include "repl/command_line.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "session/json.h"
#include "session/session.h"
#include "session/word.h"
#include "store/files.h"

namespace lexum {

namespace {

// One word, asked and answered.
class Asked {
 public:
  explicit Asked(const Said& said) : said_(said), interrupt_(watch_signals()) {}

  int answer() {
    Reply reply = said_.json ? Reply([this](std::string_view piece) { out_.write(piece); })
                             : Reply([this](const Line& line) { print(line); });
    reply.raw_to([this](std::string_view piece) { out_.write(piece); });
    const Result<Verdict> verdict = ask(reply);
    progress_.hide();
    if (!verdict) reply.fact("error", json_text(verdict.error().what));
    reply.end();
    int status = verdict ? status_of(*verdict) : status_of(verdict.error());
    if (status == kExitDone && damaged_) status = kExitDisk;  // what can be read may not be all
    status = out_.finish(status);
    if (!verdict) complain("lxm: " + verdict.error().what);
    if (!end_says_.empty()) complain("lxm: " + end_says_);
    return status;
  }

 private:
  Result<Verdict> ask(Reply& reply) {
    const Looking looking{
        .progress =
            [this](uint64_t cycle) {
              progress_.show(fmt::format("looking at cycle {} of {}", cycle, cycles_));
            },
        .interrupt = &interrupt_};
    const Result<RunFile> file = RunFile::of(said_.file, looking);
    if (!file) return file.error();
    const Result<std::unique_ptr<Session>> session = Session::open(disk(), file->path(), looking);
    if (!session) return session.error();
    end_says_ = (*session)->trace().end_says();
    damaged_ = (*session)->trace().end() == TraceEnd::kDamaged;
    cycles_ = (*session)->trace().cycles();
    if (said_.at) {
      if (Status there = (*session)->go_to(*said_.at); !there) return there.error();
    }
    reply.at((*session)->at().cycle);
    return said_.word->act(**session, said_, reply);
  }

  void print(const Line& line) {
    progress_.hide();
    out_.write((colour_ ? coloured(line) : line.text()) + "\n");
  }

  [[nodiscard]] int status_of(Verdict verdict) const {
    switch (verdict) {
      case Verdict::kAnswered:
        return kExitDone;
      case Verdict::kDifferent:
        return kExitDifferent;
      case Verdict::kInterrupted:
        return kExitInterrupted;
    }
    return kExitDone;
  }
  [[nodiscard]] int status_of(const Error& error) const {
    return said_.word->compares ? int{kExitNotCompared} : exit_status_of(error);
  }

  const Said& said_;
  const std::atomic<bool>& interrupt_;
  const bool colour_ = colour_on_stdout();
  Output out_;
  Progress progress_;
  uint64_t cycles_ = 0;
  std::string end_says_;
  bool damaged_ = false;
};

}  // namespace

int word_command(const Word& word, Words words) {
  Said said;
  const auto stop =
      read_said(word, "lxm " + std::string(word.name), true, {words.begin(), words.end()}, said);
  if (stop) return say(*stop, word.compares ? int{kExitNotCompared} : int{kExitUsage});
  return Asked(said).answer();
}

}  // namespace lexum

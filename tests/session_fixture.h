// Words asked of runs that are recorded in memory, as they would be typed.
#pragma once

#include <string>

#include "session/session.h"
#include "session/typed.h"
#include "session/word.h"
#include "tracer/replay.h"
#include "tracer_fixture.h"

namespace lexum {

inline constexpr const char* kShop = R"(
domain Shelf[id: int] {
  state { stock: int = 3  status: string }
  transition Take(n: int) { stock -= n }
  transition Note(text: string) { status = text }
}
domain Till {
  state { sold: int  status: string }
  goal Busy { predicate sold >= 4 }
  transition Sell {
    sold += 1
    send Shelf[sold % 2] Take(n: 1)
    if sold == 4 { status = "done" }
  }
}
)";

// What a word says, as a pipe would get it; "error: …" or what is wrong with the words where it
// says nothing.
inline std::string ask(Recorded& run, const std::string& line, bool json = false) {
  static const Looking looking;
  std::vector<std::string> words = split_words(line);
  const Word* word = word_named(words.front());
  if (word == nullptr) return "no such word";
  words.erase(words.begin());
  Said said;
  const std::string name(word->name);
  if (const auto stop = read_said(*word, name, false, std::move(words), said)) {
    return stop->wrong + stop->help;
  }
  const auto session = Session::open(run.files, "run", looking);
  if (!session) return "error: " + session.error().what;
  if (said.at) {
    if (Status there = (*session)->go_to(*said.at); !there) return "error: " + there.error().what;
  }
  std::string text;
  Reply reply = json ? Reply([&](std::string_view piece) { text += piece; })
                     : Reply([&](const Line& said_line) { text += said_line.text() + "\n"; });
  reply.raw_to([&](std::string_view piece) { text += piece; });
  const Result<Verdict> verdict = word->act(**session, said, reply);
  reply.end();
  return verdict ? text : "error: " + verdict.error().what;
}

// Somebody at the prompt: of a run that goes on, or of one that is over.
class Typist {
 public:
  // Of that program, which has not run yet.
  explicit Typist(const std::string& text = kShop) {
    session_ = std::move(*Session::start(files_, "forks/run", program_of(text), {}, looking_));
    session_->keep_forks_in("forks");
    session_->run_at_once(500);
  }
  explicit Typist(Recorded run) : files_(std::move(run.files)) {
    session_ = std::move(*Session::open(files_, "run", looking_));
    session_->keep_forks_in("forks");
  }

  std::string type(const std::string& line) {
    std::string text;
    Reply reply([&](const Line& said) { text += said.text() + "\n"; });
    const Result<Typed> typed = read_typed(*session_, line);
    if (!typed) return "error: " + typed.error().what;
    const Result<Verdict> verdict = perform(*session_, typed->said, reply);
    if (!verdict) return "error: " + verdict.error().what;
    return text;
  }
  std::string json(const std::string& line) {
    std::string text;
    Reply reply([&](std::string_view piece) { text += piece; });
    const Result<Typed> typed = read_typed(*session_, line);
    EXPECT_TRUE(typed.ok());
    EXPECT_TRUE(perform(*session_, typed->said, reply).ok());
    reply.end();
    return text;
  }
  // "main 3:1 break 1"
  std::string after(const std::string& line) {
    const std::string text = type(line);
    if (text.starts_with("error")) return text;
    std::string here = session_->branch().name + " " + position_text(session_->at());
    if (!session_->reason().empty()) here += " " + session_->reason();
    return here;
  }
  // What every branch has recorded is what comes of it.
  void expect_replays(const std::string& typed = "") {
    for (const auto& branch : session_->branches()) {
      const Result<ReplayResult> result = replay(*branch->trace, {});
      ASSERT_TRUE(result.ok()) << branch->name << ": " << result.error().what << "\n" << typed;
      EXPECT_FALSE(result->difference) << branch->name << "\n"
                                       << result->difference->recorded << "\n"
                                       << result->difference->replayed << "\n"
                                       << typed;
    }
  }
  [[nodiscard]] Session& session() { return *session_; }

 protected:
  MemoryFiles files_;
  const Looking looking_;
  std::unique_ptr<Session> session_;
};

}  // namespace lexum

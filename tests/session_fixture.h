// Words asked of runs that are recorded in memory, as they would be typed.
#pragma once

#include <string>

#include "session/session.h"
#include "session/word.h"
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

}  // namespace lexum

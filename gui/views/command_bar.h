// Every word of the session in one place: whoever types a few letters sees which words there are,
// what each does, and what can stand behind it.
#pragma once

#include <string>
#include <vector>

#include "model/desk.h"

namespace lexum {

class CommandBar {
 public:
  void open();
  [[nodiscard]] bool is_open() const { return is_open_; }
  void draw(Desk& desk);

 private:
  struct Choice {
    std::string label;  // what is typed
    std::string does;
  };
  // Words that begin so, then those that have it inside, or in what they do; behind a word, what
  // can stand there.
  [[nodiscard]] static std::vector<Choice> choices_for(Desk& desk, const std::string& line);
  void take(Desk& desk, const std::vector<Choice>& choices);

  bool is_open_ = false;
  bool is_new_ = false;  // the keys go there with the next frame
  std::string line_;
  std::string typed_;  // for which the chosen one is
  size_t chosen_ = 0;
  bool replaced_ = false;  // the line, by what was chosen
  bool tab_ = false;
};

}  // namespace lexum

// The program as a text, and which of it the cycle at the position has executed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"

namespace lexum {

struct ListedLine {
  std::string_view text;  // of the program, which outlives it
  bool lit = false;       // a statement of the cycle begins there
  bool next = false;      // the one that is about to run
  std::string did = {};   // what those statements did, and with which parameters: "stock: 3 → 2"
  // Of a line where a transition or handler begins: which.
  DomainId domain = {};
  RoutineIndex routine = {};
};

struct Listing {
  std::vector<ListedLine> lines;
  size_t first_lit = 0;  // an index; 0 if there is none
};

// Of the branch that one is in.
Listing listing_of(Session& session);

}  // namespace lexum

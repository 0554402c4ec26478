// Where somebody was when the window was closed, and how they like it: so that it opens there
// again.
//
// `window.json` in the folder of what lasts: {"window": {"width", "height", "layout", "light",
// "text"}, "traces": {PATH: {"at", "from", "until", "who", "hops"}}}; of the traces, those that
// were looked at last. Whatever makes no sense in it is as if it were not there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/files.h"

namespace lexum {

struct RememberedWindow {
  int width = 1600;
  int height = 900;
  std::string layout = {};
  bool light = false;
  int text_percent = 100;
};
struct RememberedPlace {
  std::string at;     // a position; empty: nobody was there
  uint64_t from = 0;  // the cycles that were seen
  uint64_t until = 0;
  std::string who = {};  // was looked at: "Order[7]"
  uint32_t hops = 1;
};

class Remembered {
 public:
  // `file` need not be there; if it is empty, nothing is kept. `files` outlives it.
  Remembered(Files& files, std::string file);

  RememberedWindow window;
  // Of a trace, by its whole path.
  [[nodiscard]] RememberedPlace place(const std::string& trace) const;
  // Becomes the latest of them, and all is written.
  Status keep(const std::string& trace, RememberedPlace place);

 private:
  static constexpr size_t kTracesMax = 100;

  Files& files_;
  const std::string file_;
  std::vector<std::pair<std::string, RememberedPlace>> places_;  // the latest last
};

}  // namespace lexum

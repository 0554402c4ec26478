#include "twin/shrink.h"

#include <string>
#include <vector>

namespace lexum::twin {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text) {
  Lines all;
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    all.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (begin < text.size()) all.push_back(text.substr(begin));
  return all;
}

std::string join(const Lines& all) {
  std::string text;
  for (const std::string& line : all) text += line + "\n";
  return text;
}

// Where the block that line `i` opens ends; `i` itself if it opens none.
size_t block_end(const Lines& all, size_t i) {
  int depth = 0;
  for (size_t j = i; j < all.size(); ++j) {
    for (const char c : all[j]) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth <= 0) return j;
  }
  return i;
}

Lines without(Lines all, size_t first, size_t last) {
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(first),
            all.begin() + static_cast<std::ptrdiff_t>(last + 1));
  return all;
}

// What a program may become in one step: without a line or block, or with a block's inside only.
std::vector<std::string> smaller(const std::string& program) {
  const Lines all = split(program);
  std::vector<std::string> out;
  for (size_t i = 0; i < all.size(); ++i) {
    const size_t end = block_end(all, i);
    out.push_back(join(without(all, i, end)));
    if (end > i) out.push_back(join(without(without(all, end, end), i, i)));
  }
  return out;
}

bool step(Case& one, const std::function<bool(const Case&)>& fails) {
  const auto try_it = [&](const Case& candidate) {
    if (!fails(candidate)) return false;
    one = candidate;
    return true;
  };
  for (const std::string& program : smaller(one.program)) {
    Case candidate = one;
    candidate.program = program;
    if (try_it(candidate)) return true;
  }
  for (size_t i = 0; i < one.options.inputs.size(); ++i) {
    Case candidate = one;
    candidate.options.inputs.erase(candidate.options.inputs.begin() +
                                   static_cast<std::ptrdiff_t>(i));
    if (try_it(candidate)) return true;
  }
  for (size_t i = 0; i < one.options.sets.size(); ++i) {
    Case candidate = one;
    candidate.options.sets.erase(candidate.options.sets.begin() + static_cast<std::ptrdiff_t>(i));
    if (try_it(candidate)) return true;
  }
  return false;
}

}  // namespace

Case shrink(Case one, const std::function<bool(const Case&)>& fails) {
  while (step(one, fails)) {
  }
  return one;
}

}  // namespace lexum::twin

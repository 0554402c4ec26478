#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace lexum {

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "lxm: internal error: %s does not hold (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace lexum

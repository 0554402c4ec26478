// What we believe about ourselves, checked in every build. A failed check is a defect of Lexum: it
// prints where, and stops the process. What the author of a program or the world can get wrong is
// never a check (see result.h).
#pragma once

namespace lexum {

[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace lexum

#define LEXUM_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::lexum::check_failed(#condition, __FILE__, __LINE__))

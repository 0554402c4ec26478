// What each kind of binding is read from.
#pragma once

#include "effects/binding.h"
#include "effects/member_reader.h"

namespace lexum {

// Bounds of what an adapter file may ask for.
inline constexpr int64_t kAtOnceMax = 1'000;
inline constexpr int64_t kTimeoutMsMax = 24LL * 60 * 60 * 1'000;
inline constexpr int64_t kTriesMax = 100;

// What is wrong is complained of, and then the binding is of no use.
ExecBinding read_exec_binding(MemberReader& reader, const LocatedJson& object);
HttpBinding read_http_binding(MemberReader& reader, const LocatedJson& object);
FileBinding read_file_binding(MemberReader& reader, const LocatedJson& object);
LogBinding read_log_binding(MemberReader& reader, const LocatedJson& object);

}  // namespace lexum

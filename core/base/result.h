// What the world can get wrong (files, disks, foreign bytes) comes back as an Error; the caller
// decides.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace lexum {

enum class ErrorCode : uint8_t {
  kNotFound,     // no such file
  kDenied,       // no permission, or a directory where a file is wanted
  kFull,         // no room on the device
  kInUse,        // somebody else owns it
  kIo,           // the device failed
  kForeign,      // not a file of ours
  kNewer,        // a file of ours, of a version we do not know
  kOlder,        // of one that is no longer read
  kDamaged,      // a file of ours whose bytes do not add up
  kTorn,         // it ends in the middle of something: what comes before is whole
  kMismatch,     // two things that must agree do not
  kInterrupted,  // it was told to stop
};

struct Error {
  ErrorCode code = ErrorCode::kIo;
  std::string what;     // one line: what happened, to which file, and the way out
  uint64_t offset = 0;  // bytes into the file, where that means something
};

// What somebody asks for does not fit what is there.
inline Error wrong(std::string what) {
  return {.code = ErrorCode::kMismatch, .what = std::move(what)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : either_(std::move(value)) {}
  Result(Error error) : either_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(either_); }
  explicit operator bool() const { return ok(); }
  // Requires ok().
  T& operator*() {
    LEXUM_CHECK(ok());
    return *std::get_if<T>(&either_);
  }
  const T& operator*() const {
    LEXUM_CHECK(ok());
    return *std::get_if<T>(&either_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  // Requires !ok().
  [[nodiscard]] const Error& error() const {
    LEXUM_CHECK(!ok());
    return *std::get_if<Error>(&either_);
  }

 private:
  std::variant<T, Error> either_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace lexum

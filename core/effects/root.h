// A folder that no path leads out of: not with `..`, not from the top, and not through a link.
#pragma once

#include <string>

#include "base/result.h"

namespace lexum {

class Root {
 public:
  // Larger files are neither written nor read.
  static constexpr size_t kFileBytesMax = size_t{16} << 20;

  // How it is made sure of: by the kernel, if it is 5.6 or newer and lets us, or by going from
  // folder to folder, where no link is followed at all.
  enum class Guard : uint8_t { kKernel, kStepByStep };
  static Guard best_guard();

  // Requires that the folder stays there while it is used; it may be renamed.
  static Result<Root> open(const std::string& folder, Guard guard = best_guard());
  ~Root();
  Root(Root&& other) noexcept;
  Root& operator=(Root&&) = delete;

  // Paths are relative to it. Each Error says in a few words what the world had against it, with
  // the path. The folders around a file are made if they are not there.

  // At any moment the old text or the new one is there, whole; on return, the new one, for good.
  // `token` is part of the name of a file that lies beside it for a while: one that was left behind
  // by a crash is overwritten when the same is tried again.
  [[nodiscard]] Status write(const std::string& path, const std::string& text,
                             const std::string& token) const;
  [[nodiscard]] Result<std::string> read(const std::string& path) const;

  enum class Is : uint8_t { kNothing, kFile, kFolder, kOther };
  struct About {
    Is is = Is::kNothing;
    int64_t bytes = 0;  // of a file
  };
  [[nodiscard]] Result<About> about(const std::string& path) const;
  // A file, or a link; it may be gone already.
  [[nodiscard]] Status remove(const std::string& path) const;

 private:
  Root(int folder, Guard guard) : folder_(folder), guard_(guard) {}
  // A descriptor, or minus an errno.
  [[nodiscard]] int beneath(const std::string& path, int flags) const;
  [[nodiscard]] int step_by_step(const std::string& path, int flags) const;
  // The folder around a file.
  [[nodiscard]] int folder_of_file(const std::string& path, bool make) const;

  int folder_;  // -1 if it was moved from
  Guard guard_;
};

}  // namespace lexum

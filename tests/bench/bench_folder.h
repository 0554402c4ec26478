// Where a benchmark keeps its files.
#pragma once

#include <filesystem>
#include <string>

namespace lexum {

// A folder on the disk of this checkout's build, gone in the end.
class BenchFolder {
 public:
  BenchFolder() {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~BenchFolder() { std::filesystem::remove_all(path_); }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  const std::filesystem::path path_ = std::filesystem::current_path() / "bench.tmp";
};

}  // namespace lexum

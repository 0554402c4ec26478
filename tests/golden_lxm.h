// The program `lxm` as the golden tests run it, and the files that they read.
#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>

namespace lexum::golden {

namespace fs = std::filesystem;

inline std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Answer {
  int status = -1;
  std::string text;
};

// Runs `lxm` in the folder of the program. No run of a test takes anything near the limit of time.
inline Answer lxm(const fs::path& folder, const std::string& arguments) {
  const std::string command =
      "cd '" + folder.string() + "' && timeout 120 '" LXM_BINARY "' " + arguments + " </dev/null";
  Answer answer;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return answer;
  std::array<char, 4096> bytes;
  while (const size_t n = fread(bytes.data(), 1, bytes.size(), pipe)) {
    answer.text.append(bytes.data(), n);
  }
  const int status = pclose(pipe);
  answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return answer;
}

inline std::vector<fs::path> programs_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".lxm") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace lexum::golden

// What the README shows is what the program says: each "$ build/lxm …" in it is run, and must print
// the lines below it.
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

struct Shown {
  std::string command;
  std::string output;
};

// The blocks of the README that are indented by four and begin with a prompt.
std::vector<Shown> shown_in_readme() {
  const std::string prompt = "    $ build/lxm ";
  std::vector<Shown> all;
  std::ifstream readme(LEXUM_SOURCE_DIR "/README.md");
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with(prompt)) {
      all.push_back({.command = line.substr(prompt.size()), .output = ""});
      inside = true;
    } else if (inside && line.starts_with("    ")) {
      all.back().output += line.substr(4) + "\n";
    } else {
      inside = false;
    }
  }
  return all;
}

std::string output_of(const std::string& arguments) {
  const std::string command =
      "cd '" LEXUM_SOURCE_DIR "' && NO_COLOR=1 '" LXM_BINARY "' " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  std::string output;
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), n);
  }
  pclose(pipe);
  return output;
}

TEST(Readme, ShowsWhatTheProgramSays) {
  const std::vector<Shown> shown = shown_in_readme();
  EXPECT_GE(shown.size(), 1u);
  for (const auto& [command, output] : shown) {
    EXPECT_EQ(output_of(command), output) << "$ build/lxm " << command;
  }
}

}  // namespace

// Runs the program as a shell would, in a folder that is new for each test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace lexum {

struct Answer {
  int status = -1;
  std::string out;
  std::string err;
};

class Lxm : public testing::Test {
 protected:
  Lxm() {
    std::string name = testing::TempDir() + "lxm-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~Lxm() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  // What a shell does with the line, in which `lxm` is the program. Its own `>` come first.
  Answer shell(const std::string& line) const {
    const std::string command = "cd '" + folder_.string() +
                                "' && lxm() { '" LXM_BINARY "' \"$@\"; } && { " + line +
                                "\n} >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read("out.txt"),
            read("err.txt")};
  }
  Answer lxm(const std::string& words) const { return shell("lxm " + words); }

  // Of what `lxm run` prints.
  static std::string hash_of(const std::string& out) {
    const size_t at = out.find("run_hash ");
    return at == std::string::npos ? "none" : out.substr(at, 75);
  }
  // What bash does with the lines, in which `lxm` is the program; `serve PROGRAM …` runs it for
  // ever in the folder d, as $service, and comes back when that answers; `stop` ends it.
  Answer with_service(const std::string& lines) const {
    write("lines.sh", R"(
program=$1
lxm() { "$program" "$@"; }
serve() {
  "$program" run "$@" --data d --serve <&0 &
  service=$!
  until lxm status d 2>/dev/null | grep -q 'serving *true'; do sleep 0.02; done
}
stop() { kill -TERM $service; wait $service && echo "ended with 0"; }
)" + lines);
    return shell("timeout 100 bash lines.sh '" LXM_BINARY "'");
  }

  static constexpr const char* kTwoDomains = LEXUM_SOURCE_DIR "/samples/02-two-domains.lxm";

 private:
  std::filesystem::path folder_;
};

}  // namespace lexum

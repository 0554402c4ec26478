// Adapters as a file binds them, in a folder that is new for each test.
#pragma once

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "effects/adapter_file.h"
#include "effects/adapters.h"

namespace lexum {

class Effects : public testing::Test {
 protected:
  Effects() {
    std::string name = testing::TempDir() + "effects-XXXXXX";
    folder_ = mkdtemp(name.data());
    // Whoever has a proxy does not want it between a test and its server.
    setenv("no_proxy", "127.0.0.1,localhost", 1);
  }
  ~Effects() override {
    adapters_.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }
  void write_program(const std::string& name, const std::string& text) const {
    write(name, "#!/bin/sh\n" + text + "\n");
    chmod(path(name).c_str(), 0755);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  // Waits, for as long as a slow machine may need, until there is such a file with something in it.
  [[nodiscard]] bool appears(const std::string& name) const {
    for (int i = 0; i < 6'000; ++i) {
      if (!read(name).empty()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  // What is wrong with such a file, without its folder; "" if nothing is.
  std::string wrong_with(const std::string& text) {
    const Result<Bindings> bindings = read_adapter_file(path("adapters.json"), text, environment());
    if (bindings) return "";
    std::string what = bindings.error().what;
    for (size_t at = what.find(path("")); at != std::string::npos; at = what.find(path(""))) {
      what.erase(at, path("").size());
    }
    return what;
  }

  // Those that the file binds, until the next call.
  void bind(const std::string& text) {
    adapters_.reset();
    Result<Bindings> bindings = read_adapter_file(path("adapters.json"), text, environment());
    ASSERT_TRUE(bindings) << bindings.error().what;
    Result<std::unique_ptr<Adapters>> opened = Adapters::open(std::move(*bindings));
    ASSERT_TRUE(opened) << opened.error().what;
    adapters_ = std::move(*opened);
  }
  Adapters& adapters() { return *adapters_; }
  void unbind() { adapters_.reset(); }

  std::future<ErrandAnswer> begin(const std::string& operation, const std::string& args = "{}",
                                  const std::string& key = "run/1/1") {
    auto promise = std::make_shared<std::promise<ErrandAnswer>>();
    const size_t dot = operation.find('.');
    adapters_->carry_out({.adapter = operation.substr(0, dot),
                          .operation = operation.substr(dot + 1),
                          .key = key,
                          .args = args},
                         [promise](ErrandAnswer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
  }
  // "done: VALUE" or "failed: REASON".
  static std::string told(std::future<ErrandAnswer> coming) {
    if (coming.wait_for(std::chrono::minutes(2)) != std::future_status::ready) return "never";
    const ErrandAnswer answer = coming.get();
    return (answer.failed ? "failed: " : "done: ") + answer.text;
  }
  std::string ask(const std::string& operation, const std::string& args = "{}",
                  const std::string& key = "run/1/1") {
    return told(begin(operation, args, key));
  }

  // What the tests take for the environment.
  std::map<std::string, std::string> variables{{"PATH", "/usr/local/bin:/usr/bin:/bin"}};

 private:
  Environment environment() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
  }

  std::filesystem::path folder_;
  std::unique_ptr<Adapters> adapters_;
};

}  // namespace lexum

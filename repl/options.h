// The options of one command, and what is wrong with those that were typed. Only options.cpp knows
// who reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repl/command.h"
#include "repl/exit_status.h"

namespace lexum {

class Options {
 public:
  // `wrong` is the exit status when what was typed makes no sense.
  explicit Options(std::string_view command, int wrong = kExitUsage);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // Each variable outlives this and keeps its value unless the option is given.
  void flag(std::string spelling, bool& given, std::string does);
  void text(std::string spelling, std::string takes, std::optional<std::string>& value,
            std::string does);
  // May be given many times; each takes one word.
  void texts(std::string spelling, std::string takes, std::vector<std::string>& values,
             std::string does);
  void number(std::string spelling, std::string takes, uint64_t& value, uint64_t least,
              uint64_t most, std::string does);
  // A word without an option before it.
  void word(std::string takes, std::string& value, std::string does);
  void optional_word(std::string takes, std::string& value, std::string does);

  // The exit status, if there is nothing more to do: help was asked for and printed, or something
  // is wrong and was said.
  [[nodiscard]] std::optional<int> parse(Words words);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum

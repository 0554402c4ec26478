// What may stand behind a word, and what is wrong with what does. Only options.cpp knows who reads
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lexum {

class Options {
 public:
  // `name` is how it is called in its help, `takes` what it cannot do without.
  Options(std::string name, std::string takes, std::string does);
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
  // All that are left, and at least one.
  void rest(std::string takes, std::vector<std::string>& values, std::string does);
  // Stands behind the help.
  void example(std::string text);

  // Why there is nothing more to do: it was asked for help, or it makes no sense.
  struct Stop {
    std::string help;
    std::string wrong;
  };
  [[nodiscard]] std::optional<Stop> read(std::vector<std::string> words);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum

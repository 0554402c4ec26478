#include "repl/run_words.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "effects/adapter_file.h"
#include "machine/advice.h"
#include "machine/inputs.h"
#include "repl/terminal.h"

namespace lexum {

namespace {

constexpr size_t kBadLinesShown = 100;  // of each file

struct FileCloser {
  void operator()(FILE* file) const {
    if (file != stdin) fclose(file);
  }
};
using OpenFile = std::unique_ptr<FILE, FileCloser>;

// A bad line is reported and skipped, so that one of a million does not lose the others.
class LineReader {
 public:
  LineReader(const Program& program, const std::atomic<bool>& interrupted, bool strict)
      : program_(program), interrupted_(interrupted), strict_(strict) {}

  std::optional<RunWords::Wrong> read(const std::string& file_name,
                                      std::vector<InputImage>& inputs) {
    const OpenFile file(file_name == "-" ? stdin : fopen(file_name.c_str(), "rb"));
    const std::string name = file_name == "-" ? "standard input" : file_name;
    if (file == nullptr) {
      const int status = errno == ENOENT ? kExitUsage : kExitDisk;
      return RunWords::Wrong{status, "cannot read " + name + ": " + std::strerror(errno)};
    }
    return read_lines(file.get(), name, inputs);
  }

 private:
  std::optional<RunWords::Wrong> read_lines(FILE* file, const std::string& name,
                                            std::vector<InputImage>& inputs) {
    char* line = nullptr;
    size_t capacity = 0;
    size_t bad = 0;
    for (size_t number = 1;; ++number) {
      const ssize_t length = getline(&line, &capacity, file);
      if (length < 0) break;
      const std::string_view text(line, static_cast<size_t>(length));
      if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
      Result<InputImage> input = read_input_line(program_, text);
      if (input) {
        inputs.push_back(std::move(*input));
      } else {
        if (++bad > kBadLinesShown) continue;
        complain(fmt::format("{}:{}: {}", name, number, input.error().what));
      }
    }
    if (bad > kBadLinesShown) {
      complain(fmt::format("{}: … and {} more bad lines", name, bad - kBadLinesShown));
    }
    const int error = ferror(file) != 0 && !interrupted_ ? errno : 0;
    std::free(line);
    if (error != 0) {
      return RunWords::Wrong{kExitDisk, "cannot read " + name + ": " + std::strerror(error)};
    }
    if (bad == 0 || !strict_) return std::nullopt;
    return RunWords::Wrong{
        kExitUsage,
        fmt::format("{} of the lines of {} are bad, and --strict was given", bad, name)};
  }

  const Program& program_;
  const std::atomic<bool>& interrupted_;
  const bool strict_;
};

}  // namespace

void RunWords::add_to(CommandLine& options) {
  options.texts("--set", "D.field=VALUE", settings,
                "Set a start value; 'D[7].field=VALUE' of one key");
  options.texts("--send", "'D M(a: 1)'", messages,
                "Send a message before the first tick; Event::E broadcasts; or a line of --input");
  options.texts("--input", "FILE.ndjson", inputs,
                "Messages, and what an operator does, a JSON object a line; - is standard input");
  options.flag("--strict", strict, "Do not start if an input line is bad");
  options.number("--max-cycles", "N", cycles_max, 0, UINT64_MAX,
                 "Stop after N cycles (10,000,000; 0: never)");
}

std::vector<TraceOption> RunWords::spelled() const {
  std::vector<TraceOption> words;
  for (const std::string& word : settings) words.push_back({"--set", word});
  for (const std::string& word : messages) words.push_back({"--send", word});
  for (const std::string& word : inputs) words.push_back({"--input", word});
  if (strict) words.push_back({"--strict", ""});
  if (cycles_max != RunWords().cycles_max) {
    words.push_back({"--max-cycles", std::to_string(cycles_max)});
  }
  return words;
}

std::optional<RunWords::Wrong> RunWords::read(const Program& program,
                                              const std::atomic<bool>& interrupted,
                                              Told& told) const {
  for (const std::string& word : settings) {
    Result<StartValue> value = read_setting(program, word);
    if (!value) return Wrong{kExitUsage, "--set " + shell_word(word) + ": " + value.error().what};
    told.start_values.push_back(std::move(*value));
  }
  for (const std::string& word : messages) {
    Result<InputImage> input = read_any(program, word);
    if (!input) return Wrong{kExitUsage, "--send " + shell_word(word) + ": " + input.error().what};
    told.inputs.push_back(std::move(*input));
  }
  LineReader reader(program, interrupted, strict);
  for (const std::string& name : inputs) {
    if (auto wrong = reader.read(name, told.inputs)) return wrong;
  }
  return std::nullopt;
}

Result<std::unique_ptr<Adapters>> open_adapters(const std::string& path) {
  const Result<std::string> text = read_text(disk(), path, kAdapterFileBytesMax);
  if (!text) return text.error();
  Result<Bindings> bindings = read_adapter_file(path, *text);
  if (!bindings) return bindings.error();
  return Adapters::open(std::move(*bindings));
}

ModeOf bound_by(const Adapters& adapters) {
  return [&adapters](const Effect& effect) {
    return adapters.has(effect.adapter, effect.operation) ? EffectMode::kBound
                                                          : EffectMode::kSimulated;
  };
}

int exit_status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kConverged:
    case Outcome::kStopped:
      return kExitDone;
    case Outcome::kWaiting:
      return kExitUnsatisfied;
    case Outcome::kFaulted:
    case Outcome::kHalted:
      return kExitFaulted;
    case Outcome::kOscillating:
      return kExitOscillating;
    case Outcome::kLimit:
      return kExitLimit;
    case Outcome::kInterrupted:
      return kExitInterrupted;
  }
  return kExitUsage;
}

}  // namespace lexum

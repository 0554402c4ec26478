// `lxm log`, `lxm replay` and `lxm inspect`: recorded runs.
#include <fmt/core.h>

#include "repl/command_line.h"
#include "repl/folder.h"
#include "repl/json.h"
#include "store/files.h"
#include "tracer/log.h"
#include "tracer/replay.h"

namespace lexum {

namespace {

int fail(const Error& error, int status) {
  complain("lxm: " + error.what);
  return status;
}

// What cannot be read of a trace is said, and does not hide what can.
void say_end(const TraceReader& trace) {
  if (!trace.end_says().empty()) complain("lxm: " + trace.end_says());
}

// Why there are no such cycles.
std::optional<Error> why_nowhere(const TraceReader& trace, uint64_t from,
                                 uint64_t to = UINT64_MAX) {
  const auto error = [&](const std::string& what) {
    return Error{.code = ErrorCode::kMismatch, .what = trace.path() + ": " + what};
  };
  if (from > to) return error(fmt::format("cycle {} is not before cycle {}", from, to));
  if (from <= 1 || from <= trace.cycles()) return std::nullopt;
  return error(fmt::format("there is no cycle {}; its last one is {}", from, trace.cycles()));
}

}  // namespace

int log_command(Words words) {
  std::string path;
  uint64_t from = 1;
  uint64_t to = UINT64_MAX;
  CommandLine options("log");
  options.word("FILE.lxtrace", path, "What `lxm run --trace` has written");
  options.number("--from", "CYCLE", from, 1, UINT64_MAX, "Begin at this cycle");
  options.number("--to", "CYCLE", to, 1, UINT64_MAX, "End with this cycle");
  if (const auto status = options.parse(words)) return *status;

  const Result<RunFile> file = RunFile::of(path);
  if (!file) return fail(file.error(), exit_status_of(file.error()));
  const auto trace = TraceReader::open(disk(), file->path());
  if (!trace) return fail(trace.error(), exit_status_of(trace.error()));
  if (const auto why = why_nowhere(**trace, from, to)) return fail(*why, kExitUsage);
  Output out;
  const Status done = log_trace(
      **trace, from, to, [&](std::string_view line) { out.write(std::string(line) + "\n"); });
  const int status = out.finish(kExitDone);
  if (!done) return fail(done.error(), exit_status_of(done.error()));
  say_end(**trace);
  return (*trace)->end() == TraceEnd::kDamaged ? kExitDisk : status;
}

// ------------------------------------------------------------------------------------------ replay

namespace {

std::string ending_text(const ReplayEnding& ending, const Program& program) {
  if (ending.failure) {
    return fmt::format("{} (cycle {})", describe(*ending.failure, program), ending.cycle);
  }
  return ending.goes_on ? fmt::format("still running after cycle {}", ending.cycle)
                        : fmt::format("every goal holds (cycle {})", ending.cycle);
}

int tell_difference(const ReplayResult& result, const Program& recorded, const Program& run) {
  const ReplayDifference& difference = *result.difference;
  const auto side = [](const std::string& line) {
    return line.empty() ? std::string("(nothing more)") : line;
  };
  Output out;
  out.write(fmt::format(
      "different at cycle {}, after {} that are the same\n  recorded: {}\n"
      "  now:      {}\n",
      difference.cycle, result.cycles, side(difference.recorded), side(difference.replayed)));
  if (result.then && result.now) {
    out.write(fmt::format("how it ends\n  recorded: {}\n  now:      {}\n",
                          ending_text(*result.then, recorded), ending_text(*result.now, run)));
  }
  return out.finish(kExitDifferent);
}

}  // namespace

int replay_command(Words words) {
  std::string path;
  std::optional<std::string> other;
  uint64_t from = 1;
  CommandLine options("replay", kExitNotCompared);
  options.word("FILE.lxtrace", path, "What `lxm run --trace` has written");
  options.number("--from", "CYCLE", from, 1, UINT64_MAX, "Begin at the keyframe before this cycle");
  options.text("--program", "PROGRAM.lxm", other,
               "Run this program instead, and show where its future differs");
  if (const auto status = options.parse(words)) return *status;

  const Result<RunFile> file = RunFile::of(path);
  if (!file) return fail(file.error(), kExitNotCompared);
  const auto trace = TraceReader::open(disk(), file->path());
  if (!trace) return fail(trace.error(), kExitNotCompared);
  if (const auto why = why_nowhere(**trace, from)) return fail(*why, kExitNotCompared);
  Loaded loaded;
  if (other) {
    loaded = load_file(*other);
    if (!loaded.error.empty()) complain("lxm: " + loaded.error);
    loaded.findings.print(true);
    if (loaded.program == nullptr) return kExitNotCompared;
  }
  Progress progress;
  const Result<ReplayResult> result =
      replay(**trace, {.from = from, .program = loaded.program.get(), .progress = [&](uint64_t at) {
                         progress.show(fmt::format("cycle {} of {}", at, (*trace)->cycles()));
                       }});
  if (!result) return fail(result.error(), kExitNotCompared);
  say_end(**trace);
  if (result->difference)
    return tell_difference(*result, (*trace)->program(),
                           other ? *loaded.program : (*trace)->program());
  Output out;
  out.write(fmt::format("same: {} cycles from cycle {} on{}\n", result->cycles, result->from,
                        result->stopped ? ", and the next one cannot be read" : ""));
  const int status = out.finish(kExitSame);
  return result->stopped ? fail(*result->stopped, kExitNotCompared) : status;
}

// ----------------------------------------------------------------------------------------- inspect

namespace {

std::string_view spelling(TraceEnd end) {
  switch (end) {
    case TraceEnd::kClosed:
      return "closed";
    case TraceEnd::kTorn:
      return "torn";
    case TraceEnd::kDamaged:
      return "damaged";
  }
  return "";
}

std::string start_value_text(const Program& program, const StartValue& start) {
  return instance_name(program, start.domain, start.key) + "." +
         program[start.domain].fields[start.slot].name + "=" + literal(start.value, program.shapes);
}

// The cycles of the keyframes; for people, of many only where they begin and end.
std::string keyframes_of(const TraceReader& trace, bool all) {
  constexpr size_t kShown = 4;
  const std::span<const KeyframeEntry> keyframes = trace.keyframes();
  const bool cut = !all && keyframes.size() > 2 * kShown;
  std::string text;
  for (size_t i = 0; i < keyframes.size(); ++i) {
    if (i > 0) text += ", ";
    if (cut && i == kShown) {
      text += fmt::format("… {} more …, ", keyframes.size() - kShown - 1);
      i = keyframes.size() - 1;
    }
    text += std::to_string(keyframes[i].cycle);
  }
  return "[" + text + "]";
}

// Each fact with its name, in an order that both faces share. Values are JSON, but for what is cut
// short for people.
std::vector<std::pair<std::string, std::string>> facts_of(TraceReader& trace,
                                                          const std::vector<Error>& damage,
                                                          bool json) {
  const TraceHeader& header = trace.header();
  const auto list = [](const auto& all, const auto& to_text) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + json_text(to_text(one));
    return "[" + text + "]";
  };
  const Result<Hash256> run_hash = trace.run_hash();
  return {
      {"file", json_text(trace.path())},
      {"bytes", std::to_string(trace.bytes())},
      {"format", std::to_string(trace.version())},
      {"engine", json_text(header.engine)},
      {"run_id", json_text(header.run_id)},
      {"program", json_text(header.program_name)},
      {"program_bytes", std::to_string(header.program_text.size())},
      {"options", list(header.options,
                       [](const TraceOption& option) {
                         return option.name + (option.value.empty() ? "" : " " + option.value);
                       })},
      {"start_values",
       list(header.start_values,
            [&](const StartValue& start) { return start_value_text(trace.program(), start); })},
      {"parent", header.parent ? json_text(header.parent->run_id) : "null"},
      {"begins_after", std::to_string(trace.start())},
      {"changes", list(header.parent ? header.parent->changes : std::vector<std::string>(),
                       [](const std::string& change) { return change; })},
      {"cycles", std::to_string(trace.cycles())},
      {"chunks", std::to_string(trace.chunks().size())},
      {"keyframes", keyframes_of(trace, json)},
      {"run_hash", run_hash ? json_text(to_hex(*run_hash)) : "null"},
      {"end", json_text(spelling(trace.end()))},
      {"end_says", json_text(trace.end_says())},
      {"damage", list(damage, [](const Error& error) { return error.what; })},
  };
}

}  // namespace

int inspect_command(Words words) {
  std::string path;
  bool json = false;
  bool program = false;
  CommandLine options("inspect");
  std::optional<std::string> query;
  options.word("FILE|DIR", path, "What `lxm run --trace` has written, or what --data keeps");
  options.flag("--json", json, "Print it as one JSON object");
  options.flag("--program", program, "Print the program that was recorded, and nothing else");
  options.text("--query", "PATH", query, "Of DIR: this of each instance, as in state.status");
  if (const auto status = options.parse(words)) return *status;
  if (is_data_folder(path)) {
    return inspect_folder({.folder = path, .json = json, .program = program, .query = query});
  }
  if (query) {
    return fail({.code = ErrorCode::kMismatch, .what = "--query is about a data folder"},
                kExitUsage);
  }

  const auto trace = TraceReader::open(disk(), path);
  Output out;
  if (!trace) {
    if (json) out.write("{\"error\": " + json_text(trace.error().what) + "}\n");
    return fail(trace.error(), out.finish(exit_status_of(trace.error())));
  }
  if (program) {
    out.write((*trace)->header().program_text);
    return out.finish(kExitDone);
  }
  const std::vector<Error> damage = (*trace)->check();
  std::string before = "{";
  for (const auto& [name, value] : facts_of(**trace, damage, json)) {
    if (json) out.write(before + json_text(name) + ": " + value);
    else out.write(fmt::format("{:14}{}\n", name, value));
    before = ",\n ";
  }
  if (json) out.write("}\n");
  const bool whole = damage.empty() && (*trace)->end() != TraceEnd::kDamaged;
  return out.finish(whole ? kExitDone : kExitDisk);
}

}  // namespace lexum

#include "repl/sources.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "eval/load.h"
#include "repl/exit_status.h"
#include "repl/terminal.h"
#include "store/files.h"
#include "tracer/past_trace.h"
#include "tracer/records.h"

namespace lexum {

namespace {

struct Closer {
  void operator()(FILE* file) const {
    if (file != stdin) fclose(file);
  }
};

// Why the file cannot be read: the disk's own words, where it has some.
Error reading_failed(const std::string& path, int number) {
  if (path == "-") {
    return {.code = ErrorCode::kIo,
            .what = std::string("cannot read standard input: ") + std::strerror(number)};
  }
  if (number == EISDIR) {
    return {.code = ErrorCode::kMismatch, .what = path + " is a directory; name a file in it"};
  }
  if (const auto opened = disk().open(path); !opened) return opened.error();
  return {.code = ErrorCode::kIo, .what = "cannot read " + path + ": " + std::strerror(number)};
}

}  // namespace

Result<std::string> read_text(const std::string& path) {
  const std::unique_ptr<FILE, Closer> file(path == "-" ? stdin : fopen(path.c_str(), "rb"));
  if (file == nullptr) return reading_failed(path, errno);
  std::string text;
  char piece[64 * 1024];
  while (const size_t n = fread(piece, 1, sizeof piece, file.get())) {
    text.append(piece, n);
    if (text.size() > Source::kBytesMax) {
      return Error{.code = ErrorCode::kForeign,
                   .what = path + " is bigger than the " + std::to_string(Source::kBytesMax >> 20) +
                           " MiB that a program may have; is it a program?"};
    }
  }
  if (ferror(file.get()) != 0) return reading_failed(path, errno);
  if (text.starts_with(kTraceKind.magic)) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = path + " is a recorded run, and no program; `lxm log " + path +
                         "` shows it, `lxm inspect --program " + path + "` what was run"};
  }
  return text;
}

int exit_status_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kMismatch:
      return kExitUsage;
    case ErrorCode::kInterrupted:
      return kExitInterrupted;
    default:
      return kExitDisk;
  }
}

Loaded load_file(const std::string& path, const ModeOf& mode_of) {
  Loaded loaded;
  Result<std::string> text = read_text(path);
  if (!text) {
    loaded.error = text.error().what;
    loaded.status = exit_status_of(text.error());
    return loaded;
  }
  loaded.findings.source = Source(path == "-" ? "standard input" : path, std::move(*text));
  Diagnostics diagnostics;
  loaded.program = load(loaded.findings.source, diagnostics, mode_of);
  loaded.findings.diagnostics = diagnostics.sorted();
  loaded.findings.errors = diagnostics.errors();
  loaded.findings.warnings = diagnostics.warnings();
  if (loaded.program == nullptr) loaded.status = kExitUsage;
  return loaded;
}

void Findings::print(bool quiet) const {
  const bool colour = colour_on_stderr();
  size_t shown = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    const bool warning = info(diagnostic.code).severity == Severity::kWarning;
    shown += warning ? 0 : 1;
    if (warning && quiet) continue;
    std::string text = render(source, diagnostic, colour);
    text.pop_back();
    complain(text);
  }
  if (errors > shown) complain("… and " + std::to_string(errors - shown) + " more errors");
}

ScratchFolder::ScratchFolder() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "lexum-XXXXXX").string();
  if (!error && mkdtemp(name.data()) != nullptr) path_ = std::move(name);
}
ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<RunFile> RunFile::of(const std::string& said, const Looking& looking) {
  RunFile file;
  file.path_ = said;
  std::error_code error;
  if (!std::filesystem::is_directory(said, error)) return file;
  file.scratch_ = std::make_unique<ScratchFolder>();
  if (file.scratch_->path().empty()) {
    return Error{.code = ErrorCode::kNotFound, .what = "there is no folder for temporary files"};
  }
  std::string folder = said;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  file.path_ = file.scratch_->path() + "/run.lxtrace";
  if (Status recorded = record_past(disk(), folder, file.path_, looking); !recorded) {
    return recorded.error();
  }
  return file;
}

}  // namespace lexum

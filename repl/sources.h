// Texts from files, and programs from texts: what every command begins with.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/load.h"
#include "tracer/scan.h"

namespace lexum {

// All of a file, or of standard input if it is called "-". Fails on what is bigger than
// Source::kBytesMax.
Result<std::string> read_text(const std::string& path);
// kExitDisk for what a disk or its rights hinder, else kExitUsage.
int exit_status_of(const Error& error);

// What checking or running a program gave besides.
struct Findings {
  Source source;
  std::vector<Diagnostic> diagnostics;
  size_t errors = 0;
  size_t warnings = 0;

  // As a person reads them, on stderr; without warnings if it is quiet.
  void print(bool quiet) const;
};

struct Loaded {
  std::unique_ptr<const Program> program;  // null: see status
  Findings findings;
  std::string error;  // why the file could not even be read
  int status = 0;     // for the exit, if there is no program
};
// Reads and checks; says nothing yet.
Loaded load_file(const std::string& path, const ModeOf& mode_of = {});

// A folder for what nobody has given a file, gone in the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  // Empty: there is no place for one.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The trace that a command is about: a file, or what the recorded past of a data folder was run
// again into, which is gone in the end.
class RunFile {
 public:
  // `said` is what was given. What takes time is told and can be stopped by `looking`.
  static Result<RunFile> of(const std::string& said, const Looking& looking = {});
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::unique_ptr<ScratchFolder> scratch_;
  std::string path_;
};

}  // namespace lexum

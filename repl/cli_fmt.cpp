// `lxm fmt`: a program in the one layout for all.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repl/command_line.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "syntax/format.h"
#include "syntax/parser.h"

namespace lexum {

namespace {

// Beside the file and then in its place, so that at no moment half a program stands there.
std::string replace_file(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const auto failed = [&](const char* doing) {
    const std::string why = std::string("cannot ") + doing + " " + beside + ": " + strerror(errno);
    unlink(beside.c_str());
    return why;
  };
  struct stat about {};
  const mode_t mode = stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0644;
  FILE* file = fopen(beside.c_str(), "wb");
  if (file == nullptr) return failed("create");
  const bool written = fwrite(text.data(), 1, text.size(), file) == text.size();
  if (fchmod(fileno(file), mode) != 0 || (fclose(file) != 0) || !written) return failed("write");
  if (rename(beside.c_str(), path.c_str()) != 0) return failed("rename");
  return "";
}

}  // namespace

int fmt_command(Words words) {
  std::string path;
  bool write = false;
  bool check = false;
  CommandLine options("fmt");
  options.word("PROGRAM.lxm", path, "The program; - is standard input");
  options.flag("--write", write, "Write it back to the file instead of printing it");
  options.flag("--check", check, "Print nothing; exit with 1 if the layout would change");
  if (const auto status = options.parse(words)) return *status;

  Result<std::string> text = read_text(path);
  if (!text) {
    complain("lxm: " + text.error().what);
    return exit_status_of(text.error());
  }
  Diagnostics diagnostics;
  const Source source(path == "-" ? "standard input" : path, std::move(*text));
  parse(source, diagnostics);
  if (diagnostics.has_errors()) {
    Findings{source, diagnostics.sorted(), diagnostics.errors(), 0}.print(true);
    return kExitUsage;
  }
  const std::string formatted = format(source);
  const bool same = formatted == source.text();
  if (check) {
    if (!same)
      complain(source.name() + " is not in the common layout; `lxm fmt --write` puts it there");
    return same ? kExitDone : kExitUsage;
  }
  if (write && path != "-") {
    const std::string error = same ? "" : replace_file(path, formatted);
    if (!error.empty()) complain("lxm: " + error);
    return error.empty() ? kExitDone : kExitDisk;
  }
  Output out;
  out.write(formatted);
  return out.finish(kExitDone);
}

}  // namespace lexum

// A program, looked for where it is run.
#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects/binding_read.h"
#include "value/value.h"

namespace lexum {
namespace {

using Kind = LocatedJson::Kind;

bool is_program(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

void read_program(MemberReader& reader, const LocatedJson& list, ExecBinding& binding) {
  if (list.kind != Kind::kList || list.elements.empty()) {
    reader.complain(
        list.offset,
        fmt::format(
            R"(`program` is a list like ["./tool", "argument"], and {} is none; no shell reads it)",
            list.elements.empty() && list.kind == Kind::kList ? "an empty list" : shown(list)));
    return;
  }
  for (const LocatedJson& word : list.elements) {
    if (word.kind != Kind::kText || word.text.find('\0') != std::string::npos) {
      reader.complain(word.offset,
                      "a word of `program` is a string, and " + shown(word) + " is none");
      return;
    }
    binding.argv.push_back(word.text);
  }
  const std::string& name = binding.argv.front();
  const LocatedJson& where = list.elements.front();
  if (name.find('/') != std::string::npos) {
    binding.path = reader.place_of(name);
    if (is_program(binding.path)) return;
    struct stat about {};
    const bool is_there = ::stat(binding.path.c_str(), &about) == 0;
    reader.complain(
        where.offset,
        is_there ? fmt::format("{} is no program that may be run; `chmod +x` it, or name another "
                               "one",
                               binding.path)
                 : fmt::format("there is no program {}; paths begin in the folder of this file",
                               binding.path));
    return;
  }
  const std::string path = reader.variable("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (size_t at = 0; !name.empty() && at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    const std::string folder = path.substr(at, end - at);
    binding.path = (folder.empty() ? "." : folder) + "/" + name;
    if (is_program(binding.path)) return;
    at = end + 1;
  }
  reader.complain(where.offset,
                  fmt::format("there is no program {} in PATH; one beside this file is "
                              "called `./{}`",
                              shown(where), shortened(readable(name), 60)));
}

void read_variables(MemberReader& reader, const LocatedJson& object, ExecBinding& binding) {
  if (const auto path = reader.variable("PATH")) binding.env.push_back("PATH=" + *path);
  const LocatedJson* const list = MemberReader::find(object, "env");
  if (list == nullptr) return;
  if (list->kind != Kind::kList) {
    reader.complain(list->offset, R"(`env` is a list of variables like ["DB_PASSWORD"], and )" +
                                      shown(*list) + " is none");
    return;
  }
  for (const LocatedJson& one : list->elements) {
    if (one.kind != Kind::kText || !is_identifier(one.text)) {
      reader.complain(one.offset, R"(`env` has names of variables like "DB_PASSWORD", and )" +
                                      shown(one) + " is none");
      continue;
    }
    if (one.text == "PATH") continue;
    const std::optional<std::string> value = reader.secret(one.text);
    if (!value) {
      reader.complain(one.offset,
                      fmt::format("the environment has no `{}`; set it before the run, or do "
                                  "not pass it on",
                                  one.text));
      continue;
    }
    binding.env.push_back(one.text + "=" + *value);
  }
}

}  // namespace

ExecBinding read_exec_binding(MemberReader& reader, const LocatedJson& object) {
  reader.check_members(object, "exec", {"use", "program", "env", "timeout_ms", "at_once"});
  ExecBinding binding;
  if (const LocatedJson* const list = reader.need(object, "program", R"(["./tool", "argument"])")) {
    read_program(reader, *list, binding);
  }
  read_variables(reader, object, binding);
  reader.number(object, "timeout_ms", 1, kTimeoutMsMax, binding.timeout_ms);
  reader.number(object, "at_once", 1, kAtOnceMax, binding.at_once);
  return binding;
}

}  // namespace lexum

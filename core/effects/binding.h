// Who carries out what, as plain data: the adapter file once it has been read and made sense of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "effects/secrets.h"
#include "effects/template.h"

namespace lexum {

// A program for each errand, without a shell.
struct ExecBinding {
  std::string path;               // of the file that is run
  std::vector<std::string> argv;  // its first word is what the adapter file calls it
  std::vector<std::string> env;   // "NAME=value", PATH among them
  int64_t timeout_ms = 30'000;
  int64_t at_once = 32;
};

// A request for each errand.
struct HttpBinding {
  struct Header {
    std::string name;
    Template value;
  };
  std::string method = "POST";
  Template url;
  std::vector<Header> headers;
  enum class BodyIs : uint8_t { kNone, kArgs, kTemplate };
  BodyIs body_is = BodyIs::kArgs;
  Template body;                // for kTemplate
  std::string content_type;     // "" if there is no body, or if `headers` say it
  int64_t timeout_ms = 30'000;  // of one try
  int64_t tries = 5;
  int64_t backoff_ms = 200;  // after the first try; doubled after each
  bool follow = false;       // redirects
  int64_t at_once = 64;
};

struct TimerBinding {};

struct FileBinding {
  std::string root;  // a folder
};

struct LogBinding {
  std::string to;  // a file; "" is stderr
};

using Binding = std::variant<ExecBinding, HttpBinding, TimerBinding, FileBinding, LogBinding>;

struct Bindings {
  std::map<std::string, Binding, std::less<>> by_name;  // "Infra" or "Infra.CreatePostgres"
  Secrets secrets;                                      // of all of them
};

}  // namespace lexum

#include "effects/exec.h"

#include <algorithm>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "effects/json_text.h"
#include "value/value.h"

namespace lexum {
namespace {

// Of what is no JSON, so much is shown.
constexpr size_t kShownBytesMax = 200;

}  // namespace

void ExecAdapter::carry_out(Errand errand, Tell tell) {
  loop_.post([this, errand = std::move(errand), tell = std::move(tell)] {
    children_.start(call_for(errand),
                    [this, tell](ChildEnd end) { tell(answer_of(std::move(end))); });
  });
}

ChildCall ExecAdapter::call_for(const Errand& errand) const {
  ChildCall call;
  call.path = binding_.path;
  call.argv = binding_.argv;
  call.env = binding_.env;
  call.env.push_back("LEXUM_KEY=" + errand.key.substr(0, errand.key.find('\0')));
  call.input = fmt::format(R"({{"adapter":{},"operation":{},"key":{},"args":{}}})"
                           "\n",
                           json_string(errand.adapter), json_string(errand.operation),
                           json_string(errand.key), errand.args);
  call.timeout_ms = binding_.timeout_ms;
  // So that a secret that was cut at its beginning is not among what is shown.
  call.complaint_bytes_max = kComplaintBytesMax + secrets_.bytes_max();
  return call;
}

ErrandAnswer ExecAdapter::answer_of(ChildEnd end) const {
  const std::string& program = binding_.argv.front();
  const auto failed = [&](const std::string& what) {
    const std::string complaint = complaint_of(end);
    return ErrandAnswer{
        .failed = true,
        .text = fmt::format("{} {}{}{}", program, what, complaint.empty() ? "" : ": ", complaint)};
  };
  switch (end.how) {
    case ChildEnd::How::kNotStarted:
      return failed("could not be started: " + std::generic_category().message(end.code));
    case ChildEnd::How::kTimedOut:
      return failed(fmt::format("took longer than {} ms and was stopped", binding_.timeout_ms));
    case ChildEnd::How::kTooLong:
      return failed(fmt::format("printed more than {} bytes and was stopped", kPrintedBytesMax));
    case ChildEnd::How::kSignalled:
      return failed(fmt::format("was ended by signal {} ({})", end.code, strsignal(end.code)));
    case ChildEnd::How::kUnknown:
      return failed("ended, and nobody knows how: this process was started with SIGCHLD ignored");
    case ChildEnd::How::kExited:
      break;
  }
  if (end.code != 0) return failed(fmt::format("ended with exit status {}", end.code));
  if (end.printed.find_first_not_of(" \t\r\n") == std::string::npos) return {.text = "null"};
  std::optional<std::string> value = one_json_value(end.printed);
  if (value) return {.text = std::move(*value)};
  const std::string shown = shortened(readable(secrets_.mask(end.printed)), kShownBytesMax);
  return failed("printed what is no JSON value: " + json_string(shown));
}

// The end of what it said, in whole lines where there are some.
std::string ExecAdapter::complaint_of(const ChildEnd& end) const {
  std::string text = secrets_.mask(end.complaint);
  if (end.complaint_is_cut) {
    text.erase(0, secrets_.bytes_max());
    const size_t line = text.find('\n');
    if (line != std::string::npos && line + 1 < text.size()) text.erase(0, line + 1);
  }
  text = end_of(readable(text), kComplaintBytesMax);
  const size_t last = text.find_last_not_of(" \n");
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

}  // namespace lexum

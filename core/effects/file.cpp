#include "effects/file.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "value/tags.h"

namespace lexum {
namespace {

struct FileOperation {
  std::string_view name;
  std::vector<std::string> args;  // all of them texts
};

const std::array<FileOperation, 4>& operations() {
  static const std::array<FileOperation, 4> kOperations = {{
      {"Write", {"path", "text"}},
      {"Read", {"path"}},
      {"Stat", {"path"}},
      {"Remove", {"path"}},
  }};
  return kOperations;
}

// Why it cannot be done; "" if it can.
std::string wrong_with(const std::string& operation, const std::optional<ErrandArgs>& args) {
  const auto found = std::ranges::find(operations(), operation, &FileOperation::name);
  if (found == operations().end()) {
    return fmt::format("files have no operation `{}`; there is Write, Read, Stat and Remove",
                       operation);
  }
  const bool fits = args && args->size() == found->args.size() &&
                    std::ranges::all_of(found->args, [&](const std::string& name) {
                      const auto arg = args->find(name);
                      return arg != args->end() && arg->second.is_text;
                    });
  if (fits) return {};
  return found->args.size() == 1
             ? fmt::format("{} has one argument, `path`, a string", operation)
             : fmt::format("{} has two arguments, `path` and `text`, both strings", operation);
}

}  // namespace

void FileAdapter::carry_out(Errand errand, Tell tell) {
  disk_.post([this, errand = std::move(errand), tell = std::move(tell)] { tell(answer(errand)); });
}

ErrandAnswer FileAdapter::answer(const Errand& errand) const {
  const std::optional<ErrandArgs> args = read_args(errand.args);
  std::string wrong = wrong_with(errand.operation, args);
  if (!wrong.empty()) return {.failed = true, .text = std::move(wrong)};
  const Result<std::string> value = done(errand, *args);
  if (!value) return {.failed = true, .text = value.error().what};
  return {.failed = false, .text = *value};
}

Result<std::string> FileAdapter::done(const Errand& errand, const ErrandArgs& args) const {
  const std::string& path = args.find("path")->second.text;
  if (errand.operation == "Read") return read(path);
  if (errand.operation == "Stat") return stat(path);
  const auto write = [&] {
    const Hash256 token = blake2b(as_bytes(errand.key));
    return root_.write(path, args.find("text")->second.text,
                       to_hex(Bytes(token).first(8)).substr(2));
  };
  const Status status = errand.operation == "Write" ? write() : root_.remove(path);
  if (!status) return status.error();
  return std::string("null");
}

Result<std::string> FileAdapter::read(const std::string& path) const {
  const Result<std::string> text = root_.read(path);
  if (!text) return text.error();
  if (!is_utf8(*text)) {
    return Error{.code = ErrorCode::kForeign,
                 .what = fmt::format("cannot read {}: it is not text in UTF-8", path)};
  }
  return json_string(*text);
}

Result<std::string> FileAdapter::stat(const std::string& path) const {
  const Result<Root::About> about = root_.about(path);
  if (!about) return about.error();
  const char* kind = "";
  if (about->is == Root::Is::kFile) kind = "file";
  if (about->is == Root::Is::kFolder) kind = "folder";
  if (about->is == Root::Is::kOther) kind = "other";
  return fmt::format(R"({{"exists":{},"kind":"{}","size":{}}})", about->is != Root::Is::kNothing,
                     kind, about->bytes);
}

}  // namespace lexum

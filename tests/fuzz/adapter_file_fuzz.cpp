// Any bytes are an adapter file or are told of, each mistake at a place that is in the text; and a
// value that was read as one stays one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "effects/adapter_file.h"

using namespace lexum;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "PATH") return "/usr/bin:/bin";
    if (name == "TOKEN") return "very-secret";
    return std::nullopt;
  };
  const Result<Bindings> bindings = read_adapter_file("fuzz.json", text, environment);
  if (!bindings) {
    LEXUM_CHECK(bindings.error().offset <= size);
    LEXUM_CHECK(bindings.error().what.starts_with("fuzz.json:"));
    LEXUM_CHECK(text.find("very-secret") != std::string::npos ||
                bindings.error().what.find("very-secret") == std::string::npos);
  }
  if (const std::optional<std::string> value = one_json_value(text)) {
    LEXUM_CHECK(one_json_value(*value) == value);
  }
  return 0;
}

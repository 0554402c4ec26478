// The file that says who carries out what (ADAPTERS.md has its members one by one), read before a
// run begins: whatever is wrong with it is told then, all of it at once, each mistake at its line.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "effects/binding.h"

namespace lexum {

// A longer one is refused by whoever reads the file.
inline constexpr size_t kAdapterFileBytesMax = size_t{1} << 20;

// `path` is what the file is called in errors; what is named in it is looked for in the folder of
// the file. Looks for programs and folders, and asks for variables, but opens and starts nothing.
//
// The Error (kMismatch) has a line for each mistake: "adapters.json:3:14: …" with line and column,
// what was expected, and the way out.
Result<Bindings> read_adapter_file(const std::string& path, const std::string& text,
                                   const Environment& environment = process_environment());

}  // namespace lexum

// Pixels into a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace lexum {

// Rows from the top, four bytes a pixel.
Status write_png(const std::string& path, int width, int height, std::span<const uint8_t> pixels);

}  // namespace lexum

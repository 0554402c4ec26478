// Pixels into a file, and out of one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace lexum {

// Rows from the top, four bytes a pixel.
Status write_png(const std::string& path, int width, int height, std::span<const uint8_t> pixels);

struct PngImage {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels;  // rows from the top, four bytes a pixel
};
Result<PngImage> read_png(const std::string& path);

}  // namespace lexum

#include "platform/png.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

namespace lexum {

Status write_png(const std::string& path, int width, int height, std::span<const uint8_t> pixels) {
  if (stbi_write_png(path.c_str(), width, height, 4, pixels.data(), width * 4) != 0) return Done{};
  return Error{.code = ErrorCode::kIo, .what = "cannot write " + path};
}

}  // namespace lexum

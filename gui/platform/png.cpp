#include "platform/png.h"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

namespace lexum {

Status write_png(const std::string& path, int width, int height, std::span<const uint8_t> pixels) {
  if (stbi_write_png(path.c_str(), width, height, 4, pixels.data(), width * 4) != 0) return Done{};
  return Error{.code = ErrorCode::kIo, .what = "cannot write " + path};
}

Result<PngImage> read_png(const std::string& path) {
  PngImage image;
  int channels = 0;
  uint8_t* const bytes = stbi_load(path.c_str(), &image.width, &image.height, &channels, 4);
  if (bytes == nullptr) {
    return Error{.code = ErrorCode::kNotFound, .what = path + " is no PNG that can be read"};
  }
  image.pixels.assign(bytes, bytes + static_cast<size_t>(image.width) * image.height * 4);
  stbi_image_free(bytes);
  return image;
}

}  // namespace lexum

#include "platform/off_screen.h"

#include <algorithm>

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

namespace lexum {

struct OffScreen::Parts {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  EGLSurface surface = EGL_NO_SURFACE;
  int width = 0;
  int height = 0;

  ~Parts() {
    if (display == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (surface != EGL_NO_SURFACE) eglDestroySurface(display, surface);
    if (context != EGL_NO_CONTEXT) eglDestroyContext(display, context);
    eglTerminate(display);
  }
};

namespace {

Error nothing_draws(const char* what) {
  return {.code = ErrorCode::kNotFound,
          .what = std::string("nothing here can draw (") + what +
                  "); `apt-get install libgl1-mesa-dri` brings what draws without a graphics card"};
}

EGLDisplay display_without_a_screen() {
  const auto get = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(
      eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (get == nullptr) return EGL_NO_DISPLAY;
  return get(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
}

}  // namespace

OffScreen::OffScreen(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

OffScreen::~OffScreen() { ImGui_ImplOpenGL3_Shutdown(); }

Result<std::unique_ptr<OffScreen>> OffScreen::create(int width, int height) {
  auto parts = std::make_unique<Parts>();
  parts->width = width;
  parts->height = height;
  parts->display = display_without_a_screen();
  if (parts->display == EGL_NO_DISPLAY || eglInitialize(parts->display, nullptr, nullptr) == 0) {
    parts->display = EGL_NO_DISPLAY;
    return nothing_draws("EGL has no display");
  }
  if (eglBindAPI(EGL_OPENGL_API) == 0) return nothing_draws("EGL has no OpenGL");
  const EGLint wanted[] = {EGL_SURFACE_TYPE,
                           EGL_PBUFFER_BIT,
                           EGL_RENDERABLE_TYPE,
                           EGL_OPENGL_BIT,
                           EGL_RED_SIZE,
                           8,
                           EGL_GREEN_SIZE,
                           8,
                           EGL_BLUE_SIZE,
                           8,
                           EGL_ALPHA_SIZE,
                           8,
                           EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(parts->display, wanted, &config, 1, &count) == 0 || count == 0) {
    return nothing_draws("EGL has no such surface");
  }
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,
                            3,
                            EGL_CONTEXT_MINOR_VERSION,
                            3,
                            EGL_CONTEXT_OPENGL_PROFILE_MASK,
                            EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                            EGL_NONE};
  const EGLint size[] = {EGL_WIDTH, width, EGL_HEIGHT, height, EGL_NONE};
  parts->context = eglCreateContext(parts->display, config, EGL_NO_CONTEXT, version);
  parts->surface = eglCreatePbufferSurface(parts->display, config, size);
  if (parts->context == EGL_NO_CONTEXT || parts->surface == EGL_NO_SURFACE ||
      eglMakeCurrent(parts->display, parts->surface, parts->surface, parts->context) == 0) {
    return nothing_draws("OpenGL 3.3 is not there");
  }
  if (!ImGui_ImplOpenGL3_Init("#version 330")) return nothing_draws("OpenGL cannot be loaded");
  return std::unique_ptr<OffScreen>(new OffScreen(std::move(parts)));
}

void OffScreen::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(parts_->width), static_cast<float>(parts_->height)};
  io.DeltaTime = 1.0F / 60;
}

void OffScreen::end_frame() {
  glViewport(0, 0, parts_->width, parts_->height);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

std::vector<uint8_t> OffScreen::pixels() const {
  const auto row = static_cast<size_t>(parts_->width) * 4;
  const auto rows = static_cast<size_t>(parts_->height);
  std::vector<uint8_t> pixels(row * rows);
  glReadPixels(0, 0, parts_->width, parts_->height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  // OpenGL begins at the bottom.
  for (size_t i = 0; i < rows / 2; ++i) {
    std::swap_ranges(pixels.begin() + static_cast<std::ptrdiff_t>(i * row),
                     pixels.begin() + static_cast<std::ptrdiff_t>((i + 1) * row),
                     pixels.begin() + static_cast<std::ptrdiff_t>((rows - 1 - i) * row));
  }
  return pixels;
}

}  // namespace lexum

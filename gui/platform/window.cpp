#include "platform/window.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

namespace lexum {

struct Window::Parts {
  GLFWwindow* window = nullptr;
  bool ready = false;

  ~Parts() {
    if (ready) {
      ImGui_ImplOpenGL3_Shutdown();
      ImGui_ImplGlfw_Shutdown();
    }
    if (window != nullptr) glfwDestroyWindow(window);
    glfwTerminate();
  }
};

Window::Window(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Window::~Window() = default;

Result<std::unique_ptr<Window>> Window::open(const std::string& title, int width, int height) {
  static std::string said;
  said.clear();
  glfwSetErrorCallback([](int, const char* what) { said = what; });
  auto parts = std::make_unique<Parts>();
  const auto no_window = [] {
    return Error{.code = ErrorCode::kNotFound, .what = said.empty() ? "no window opens" : said};
  };
  if (glfwInit() == 0) return no_window();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  parts->window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
  if (parts->window == nullptr) return no_window();
  glfwMakeContextCurrent(parts->window);
  glfwSwapInterval(1);
  parts->ready =
      ImGui_ImplGlfw_InitForOpenGL(parts->window, true) && ImGui_ImplOpenGL3_Init("#version 330");
  if (!parts->ready) return no_window();
  return std::unique_ptr<Window>(new Window(std::move(parts)));
}

float Window::scale() const {
  float x = 1;
  float y = 1;
  glfwGetWindowContentScale(parts_->window, &x, &y);
  return x;
}

void Window::run(const std::function<bool()>& draw, const std::function<bool()>& busy) {
  // What an event changes may need a frame or two to show.
  constexpr int kFramesAfterEvent = 3;
  constexpr double kSleepSeconds = 0.5;
  for (int frames = kFramesAfterEvent; glfwWindowShouldClose(parts_->window) == 0;) {
    if (frames > 0 || busy()) {
      glfwPollEvents();
      --frames;
    } else {
      const double before = glfwGetTime();
      glfwWaitEventsTimeout(kSleepSeconds);
      if (glfwGetTime() - before >= kSleepSeconds) continue;
      frames = kFramesAfterEvent;
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    const bool goes_on = draw();
    ImGui::Render();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(parts_->window, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(parts_->window);
    if (!goes_on) return;
  }
}

}  // namespace lexum

#include "platform/window.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>
#include <vector>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "theme/imgui_versions.h"

namespace lexum {

namespace {

struct Event {
  enum class What : uint8_t { kKey, kButton, kCharacter, kWheel } what = What::kKey;
  int code = 0;  // key, button or character
  bool down = false;
  int scan_code = 0;
  HeldKeys held = {};
  double x = 0;  // of the mouse; of the wheel, how far
  double y = 0;
};

}  // namespace

struct Window::Parts {
  GLFWwindow* window = nullptr;
  bool ready = false;
  std::deque<Event> events;
  std::array<bool, 3> buttons{};
  std::function<void()> change;  // before the next frame

  static Parts& of(GLFWwindow* window) {
    return *static_cast<Parts*>(glfwGetWindowUserPointer(window));
  }
  // "F5", "Alt+F5", "Ctrl+Shift+P"; empty if it is neither a function key nor one with Ctrl.
  static std::string name_of(int key, HeldKeys held) {
    std::string name;
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12) {
      name = "F" + std::to_string(key - GLFW_KEY_F1 + 1);
    } else if (held.ctrl) {
      if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) name = static_cast<char>(key);
      else if (key == GLFW_KEY_0 || key == GLFW_KEY_KP_0) name = "0";
      else if (key == GLFW_KEY_MINUS || key == GLFW_KEY_KP_SUBTRACT) name = "-";
      else if (key == GLFW_KEY_EQUAL || key == GLFW_KEY_KP_ADD) name = "+";
    }
    if (name.empty()) return name;
    // Where + is, there is = too.
    const bool shift = held.shift && name != "+";
    return std::string(held.ctrl ? "Ctrl+" : "") + (held.alt ? "Alt+" : "") +
           (shift ? "Shift+" : "") + name;
  }

  void listen() {
    glfwSetWindowUserPointer(window, this);
    glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int code, int action, int modifiers) {
      const bool down = action != GLFW_RELEASE;
      // A key that holds is not yet among those that were held.
      const auto held = [&](int bit, int left, int right) {
        return key == left || key == right ? down : (modifiers & bit) != 0;
      };
      of(w).events.push_back(
          {.what = Event::What::kKey,
           .code = key,
           .down = down,
           .scan_code = code,
           .held = {.shift = held(GLFW_MOD_SHIFT, GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT),
                    .ctrl = held(GLFW_MOD_CONTROL, GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL),
                    .alt = held(GLFW_MOD_ALT, GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT)}});
    });
    glfwSetCharCallback(window, [](GLFWwindow* w, unsigned character) {
      of(w).events.push_back(
          {.what = Event::What::kCharacter, .code = static_cast<int>(character)});
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
      if (button >= 3) return;
      Event event{.what = Event::What::kButton, .code = button, .down = action == GLFW_PRESS};
      glfwGetCursorPos(w, &event.x, &event.y);
      of(w).events.push_back(event);
    });
    glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) {
      of(w).events.push_back({.what = Event::What::kWheel, .x = x, .y = y});
    });
  }
  // What of the queue belongs into the next frame; the key that was pressed, if it is a named one.
  std::string hand_over() {
    ImGuiIO& io = ImGui::GetIO();
    std::string named;
    bool any_key = false;
    bool any_button = false;
    for (; !events.empty(); events.pop_front()) {
      const Event& event = events.front();
      switch (event.what) {
        case Event::What::kKey:
          if (any_key) return named;
          any_key = true;
          hand_key(window, event.code, event.scan_code, event.down, event.held);
          if (event.down) named = name_of(event.code, event.held);
          break;
        case Event::What::kButton:
          if (any_button) return named;
          any_button = true;
          hand_button(window, event.code, event.down,
                      {static_cast<float>(event.x), static_cast<float>(event.y)});
          buttons[static_cast<size_t>(event.code)] = event.down;
          break;
        case Event::What::kCharacter:
          io.AddInputCharacter(static_cast<unsigned>(event.code));
          break;
        case Event::What::kWheel:
          io.MouseWheelH += static_cast<float>(event.x);
          io.MouseWheel += static_cast<float>(event.y);
          break;
      }
    }
    return named;
  }

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
      ImGui_ImplGlfw_InitForOpenGL(parts->window, false) && ImGui_ImplOpenGL3_Init("#version 330");
  if (!parts->ready) return no_window();
  parts->listen();
  return std::unique_ptr<Window>(new Window(std::move(parts)));
}

float Window::scale() const {
  float x = 1;
  float y = 1;
  glfwGetWindowContentScale(parts_->window, &x, &y);
  return x;
}

int Window::width() const {
  int width = 0;
  int height = 0;
  glfwGetWindowSize(parts_->window, &width, &height);
  return width;
}
int Window::height() const {
  int width = 0;
  int height = 0;
  glfwGetWindowSize(parts_->window, &width, &height);
  return height;
}

void Window::set_icon(int width, int height, std::span<const uint8_t> pixels) {
  const std::vector<uint8_t> copy(pixels.begin(), pixels.end());
  GLFWimage icon{.width = width, .height = height, .pixels = const_cast<uint8_t*>(copy.data())};
  glfwSetWindowIcon(parts_->window, 1, &icon);
}

void Window::then(std::function<void()> change) { parts_->change = std::move(change); }

void Window::run(const std::function<bool(const std::string& key)>& draw,
                 const std::function<bool()>& busy) {
  // What an event changes may need a frame or two to show.
  constexpr int kFramesAfterEvent = 3;
  constexpr double kSleepSeconds = 0.5;
  for (int frames = kFramesAfterEvent; glfwWindowShouldClose(parts_->window) == 0;) {
    if (frames > 0 || !parts_->events.empty() || busy()) {
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
    const std::string key = parts_->hand_over();
    hold_buttons(parts_->buttons.data());
    ImGui::NewFrame();
    const bool goes_on = draw(key);
    ImGui::Render();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(parts_->window, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(parts_->window);
    if (!goes_on) return;
    if (parts_->change) {
      std::exchange(parts_->change, {})();
      renew_fonts();
      frames = kFramesAfterEvent;
    }
  }
}

}  // namespace lexum

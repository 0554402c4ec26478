// `lxm trace`: the window in which a run can be seen, or a picture of it.
#include <filesystem>

#include <fmt/format.h>

#include "repl/command_line.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "session/session.h"
#include "store/files.h"
#ifdef LEXUM_WINDOW
#include "platform/off_screen.h"
#include "platform/png.h"
#include "platform/window.h"
#include "theme/theme.h"
#include "views/picture.h"
#endif

namespace lexum {

namespace {

struct WindowOptions {
  std::string file;
  std::optional<std::string> screenshot;
  std::optional<std::string> at;
  std::string size = "1600x900";
  std::optional<std::string> say;
  std::optional<std::string> layout;
  bool light = false;
  int width = 0;
  int height = 0;

  std::optional<int> parse(Words words) {
    CommandLine line("trace");
    line.optional_word("FILE", file, "A trace, or a program, which is run and recorded first");
    line.text("--screenshot", "FILE.png", screenshot,
              "Draw one frame into a file, without a display");
    line.text("--at", "POS", at, "Open it at this position");
    line.text("--say", "LINE", say, "Do that first, as if it had been typed");
    std::optional<std::string> wanted;
    line.text("--size", "WxH", wanted, "How large, in pixels (1600x900)");
    line.text("--layout", "NAME", layout, "step, learn, crash or large");
    line.flag("--light", light, "Dark on light");
    if (const auto status = line.parse(words)) return status;
    size = wanted.value_or(size);
    char end = 0;
    const int read = std::sscanf(size.c_str(), "%dx%d%c", &width, &height, &end);
    if (read == 2 && width >= 50 && height >= 50 && width <= 16'384 && height <= 16'384) return {};
    complain("lxm: --size " + size + " is no size; write 1600x900");
    return int{kExitUsage};
  }
};

#ifdef LEXUM_WINDOW

// ImGui as long as it is needed. Nothing is kept between two times.
class Drawing {
 public:
  Drawing() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
  }
  ~Drawing() { ImGui::DestroyContext(); }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
};

int draw_into(const WindowOptions& options, Picture& picture) {
  Result<std::unique_ptr<OffScreen>> surface = OffScreen::create(options.width, options.height);
  if (!surface) {
    complain("lxm: " + surface.error().what);
    return kExitUsage;
  }
  // What is summed up bit by bit in a window is there at once in a picture.
  do {
    (*surface)->begin_frame();
    ImGui::NewFrame();
    picture.draw();
    ImGui::Render();
  } while (picture.is_busy());
  for (int i = 0; i < 2; ++i) {  // what one frame has measured, the next one shows
    (*surface)->begin_frame();
    ImGui::NewFrame();
    picture.draw();
    ImGui::Render();
    (*surface)->end_frame();
  }
  const std::vector<uint8_t> pixels = (*surface)->pixels();
  Status written = write_png(*options.screenshot, options.width, options.height, pixels);
  if (written) return kExitDone;
  complain("lxm: " + written.error().what);
  return kExitDisk;
}

int show(const WindowOptions& options, Session& session) {
  const Drawing drawing;
  Desk desk(session);
  if (options.say) desk.say(*options.say);
  const Layout* const layout =
      options.layout ? layout_named(*options.layout) : &all_layouts().front();
  if (layout == nullptr) {
    complain("lxm: there is no layout " + *options.layout + "; step, learn, crash and large are");
    return kExitUsage;
  }
  Picture picture(desk, *layout);
  const Theme theme = options.light ? Theme::kLight : Theme::kDark;
  if (options.screenshot) {
    use_theme(theme, 1);
    return draw_into(options, picture);
  }
  Result<std::unique_ptr<Window>> window =
      Window::open("Lexum: " + options.file, options.width, options.height);
  if (!window) {
    complain(
        fmt::format("lxm: no window can be opened ({}); `lxm trace {} --screenshot run.png` "
                    "draws it without one, and `lxm repl` goes through it at a terminal",
                    window.error().what, options.file));
    return kExitUsage;
  }
  use_theme(theme, (*window)->scale());
  (*window)->run([&](const std::string& key) { return picture.draw(key); },
                 [&] { return picture.is_busy() || desk.has_grown(); });
  return kExitDone;
}

#else

int show(const WindowOptions&, Session&) {
  complain("lxm: this lxm was built without Dear ImGui and GLFW; `lxm repl` goes through a run");
  return kExitUsage;
}

#endif

// A program is run as far as it goes, within bounds: there is a picture only of what was recorded.
constexpr uint64_t kCyclesMax = 1'000'000;

// To have something to look at: it lies beside the folder of the program.
std::string first_trace() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path() / "assets" / "first.lxtrace").string();
}

}  // namespace

int trace_command(Words words) {
  WindowOptions options;
  if (const auto status = options.parse(words)) return *status;
  if (options.file.empty()) options.file = first_trace();
  const Looking looking;
  Result<std::unique_ptr<Session>> session =
      Error{.code = ErrorCode::kNotFound, .what = "there is no folder for temporary files"};
  const ScratchFolder scratch;
  if (options.file.ends_with(".lxm")) {
    Loaded loaded = load_file(options.file);
    if (!loaded.error.empty()) complain("lxm: " + loaded.error);
    loaded.findings.print(false);
    if (loaded.program == nullptr) return loaded.status;
    if (!scratch.path().empty()) {
      session = Session::start(disk(), scratch.path() + "/run.lxtrace", std::move(loaded.program),
                               {}, looking);
      if (session) {
        const Result<LiveRun::Ran> ran = (*session)->let_run({.cycle = kCyclesMax});
        if (!ran) session = ran.error();
      }
    }
  } else {
    session = Session::open(disk(), options.file, looking);
  }
  if (!session) {
    complain("lxm: " + session.error().what);
    return exit_status_of(session.error());
  }
  (*session)->keep_forks_in(scratch.path());
  if (options.at) {
    if (Status there = (*session)->go_to(*options.at); !there) {
      complain("lxm: --at " + *options.at + ": " + there.error().what);
      return kExitUsage;
    }
  }
  return show(options, **session);
}

}  // namespace lexum

// `lxm trace`: the window in which a run can be seen, or a picture of it.
#include <filesystem>

#include <fmt/format.h>

#include "repl/command_line.h"
#include "repl/prompt.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "session/session.h"
#include "store/files.h"
#ifdef LEXUM_WINDOW
#include "model/remembered.h"
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
  std::optional<std::string> size;
  std::optional<std::string> say;
  std::optional<std::string> layout;
  bool light = false;
  std::optional<std::string> scale;
  int width = 0;  // 0: as it was the last time
  int height = 0;
  double factor = 1;  // of texts and distances

  std::optional<int> parse(Words words) {
    CommandLine line("trace");
    line.optional_word("FILE", file, "A trace, or a program, which is run and recorded first");
    line.text("--screenshot", "FILE.png", screenshot,
              "Draw one frame into a file, without a display");
    line.text("--at", "POS", at, "Open it at this position");
    line.text("--say", "LINE", say, "Do that first, as if it had been typed");
    line.text("--size", "WxH", size, "How large, in pixels (1600x900)");
    line.text("--scale", "N", scale, "Texts and distances so many times as large");
    line.text("--layout", "NAME", layout, "step, learn, crash or large");
    line.flag("--light", light, "Dark on light");
    if (const auto status = line.parse(words)) return status;
    return read_numbers();
  }

  std::optional<int> read_numbers() {
    char end = 0;
    if (size) {
      const int read = std::sscanf(size->c_str(), "%dx%d%c", &width, &height, &end);
      const bool fits = width >= 50 && height >= 50 && width <= 16'384 && height <= 16'384;
      if (read != 2 || !fits) {
        complain("lxm: --size " + *size + " is no size; write 1600x900");
        return int{kExitUsage};
      }
    }
    if (scale) {
      const int read = std::sscanf(scale->c_str(), "%lf%c", &factor, &end);
      if (read != 1 || !(factor >= 0.5 && factor <= 4)) {
        complain("lxm: --scale " + *scale + " is no scale; write 1.5, or what is from 0.5 to 4");
        return int{kExitUsage};
      }
    }
    return {};
  }
};

// What lies beside the folder of the program.
std::string asset(const char* name) {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path() / "assets" / name).string();
}

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

void draw_frame(OffScreen& surface, Picture& picture) {
  surface.begin_frame();
  ImGui::NewFrame();
  picture.draw();
  ImGui::Render();
  surface.end_frame();
}

int draw_into(const std::string& file, int width, int height, Desk& desk, Picture& picture) {
  Result<std::unique_ptr<OffScreen>> surface = OffScreen::create(width, height);
  if (!surface) {
    complain("lxm: " + surface.error().what);
    return kExitUsage;
  }
  // What is found bit by bit beside a window is there at once in a picture; and what one frame has
  // measured, the next one shows.
  {
    Progress progress;
    while (desk.begin_frame()) {
      const double part = static_cast<double>(desk.scene().survey.chunks().size()) /
                          static_cast<double>(desk.session().trace().chunks().size());
      progress.show(fmt::format("reading the run: {:.0f} %", 100 * part));
    }
  }
  for (int i = 0; i < 3 || picture.is_busy(); ++i) draw_frame(**surface, picture);
  Status written = write_png(file, width, height, (*surface)->pixels());
  if (written) return kExitDone;
  complain("lxm: " + written.error().what);
  return kExitDisk;
}

// By how much texts are larger than they would be at 96 dots an inch.
float scale_of(const WindowOptions& options, const Looks& looks, float screen) {
  return static_cast<float>(options.factor) * screen * static_cast<float>(looks.text_percent) / 100;
}

int draw_off_screen(const WindowOptions& options, Session& session, Looks looks) {
  const Drawing drawing;
  Desk desk(session);
  if (options.say) desk.say(*options.say);
  use_theme(looks.theme, scale_of(options, looks, 1));
  Picture picture(desk, looks);
  const bool sized = options.size.has_value();
  return draw_into(*options.screenshot, sized ? options.width : 1600, sized ? options.height : 900,
                   desk, picture);
}

int open_window(const WindowOptions& options, Session& session, Looks looks) {
  const std::string folder = state_folder();
  Remembered remembered(disk(), folder.empty() ? "" : folder + "/window.json");
  RememberedWindow& last = remembered.window;
  if (!options.layout) {
    if (const Layout* const layout = layout_named(last.layout)) looks.layout = layout;
  }
  if (!options.light && last.light) looks.theme = Theme::kLight;
  looks.text_percent = last.text_percent;
  const Drawing drawing;
  Result<std::unique_ptr<Window>> opened =
      Window::open("Lexum: " + options.file, options.size ? options.width : last.width,
                   options.size ? options.height : last.height);
  if (!opened) {
    complain(
        fmt::format("lxm: no window can be opened ({}); `lxm trace {} --screenshot run.png` "
                    "draws it without one, and `lxm repl` goes through it at a terminal",
                    opened.error().what, options.file));
    return kExitUsage;
  }
  Window& window = **opened;
  if (const auto icon = read_png(asset("icon.png"))) {
    window.set_icon(icon->width, icon->height, icon->pixels);
  }
  Desk desk(session, Desk::Surveys::kByThread);
  std::error_code error;
  const std::string trace = std::filesystem::weakly_canonical(options.file, error).string();
  if (!options.at) desk.go_back_to(remembered.place(trace));
  if (options.say) desk.say(*options.say);
  const auto dress = [&](const Looks& wanted) {
    use_theme(wanted.theme, scale_of(options, wanted, window.scale()));
  };
  dress(looks);
  Picture picture(desk, looks);
  const auto draw = [&](const std::string& key) {
    const Looks before = picture.looks();
    const bool goes_on = picture.draw(key);
    const Looks& now = picture.looks();
    const bool dressed = now.theme == before.theme && now.text_percent == before.text_percent;
    if (!dressed) window.then([&] { dress(picture.looks()); });
    return goes_on;
  };
  window.run(draw, [&] { return picture.is_busy() || desk.has_news() || desk.has_grown(); });
  last = {.width = window.width(),
          .height = window.height(),
          .layout = std::string(picture.looks().layout->name),
          .light = picture.looks().theme == Theme::kLight,
          .text_percent = picture.looks().text_percent};
  if (Status kept = remembered.keep(trace, desk.place()); !kept) {
    complain("lxm: where you were is not remembered: " + kept.error().what);
  }
  return kExitDone;
}

int show(const WindowOptions& options, Session& session) {
  Looks looks{.theme = options.light ? Theme::kLight : Theme::kDark};
  if (options.layout) {
    looks.layout = layout_named(*options.layout);
    if (looks.layout == nullptr) {
      complain("lxm: there is no layout " + *options.layout + "; step, learn, crash and large are");
      return kExitUsage;
    }
  }
  return options.screenshot ? draw_off_screen(options, session, looks)
                            : open_window(options, session, looks);
}

#else

int show(const WindowOptions&, Session&) {
  complain("lxm: this lxm was built without Dear ImGui and GLFW; `lxm repl` goes through a run");
  return kExitUsage;
}

#endif

// A program is run as far as it goes, within bounds: there is a picture only of what was recorded.
constexpr uint64_t kCyclesMax = 1'000'000;

}  // namespace

int trace_command(Words words) {
  WindowOptions options;
  if (const auto status = options.parse(words)) return *status;
  if (options.file.empty()) options.file = asset("first.lxtrace");  // to have something to look at
  const Looking looking;
  Result<std::unique_ptr<Session>> session =
      Error{.code = ErrorCode::kNotFound, .what = "there is no folder for temporary files"};
  const ScratchFolder scratch;
  Result<RunFile> file = Error();
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
    file = RunFile::of(options.file, looking);
    session = file ? Session::open(disk(), file->path(), looking)
                   : Result<std::unique_ptr<Session>>(file.error());
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

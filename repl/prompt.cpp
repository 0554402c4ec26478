#include "repl/prompt.h"

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cwchar>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "repl/terminal.h"
#include "syntax/utf8.h"

namespace lexum {

namespace {

constexpr int kHistoryMax = 1000;

// Empty: there is none.
std::string history_file() {
  const std::string folder = state_folder();
  return folder.empty() ? "" : folder + "/history";
}

// Escapes of a terminal take no room in a line: the editor is told where they begin and end. It
// wants all those together that stand before the same character.
constexpr char kEscape = '\1';
std::string with_marked_escapes(const std::string& text) {
  std::string marked;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && text[end] == '\x1b') end = text.find('m', end) + 1;
    if (end > i) marked += kEscape + text.substr(i, end - i) + kEscape;
    if (end < text.size()) marked += text[end];
    i = end + 1;
  }
  return marked;
}

class TerminalLines final : public Lines {
 public:
  explicit TerminalLines(Completer complete)
      : complete_(std::move(complete)),
        editor_(el_init("lxm", stdin, stdout, stderr)),
        history_(history_init()),
        file_(history_file()),
        keys_(open_keys()) {
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT_ESC, &TerminalLines::prompt, kEscape);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 0);
    el_set(editor_, EL_GETCFN, &TerminalLines::character);
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryMax);
    history(history_, &event, H_SETUNIQUE, 1);
    if (!file_.empty()) history(history_, &event, H_LOAD, file_.c_str());
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_ADDFN, "lexum-complete", "complete what is typed", &TerminalLines::tab);
    el_set(editor_, EL_BIND, "\t", "lexum-complete", nullptr);
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }
  ~TerminalLines() override {
    HistEvent event;
    if (!file_.empty()) history(history_, &event, H_SAVE, file_.c_str());
    history_end(history_);
    el_end(editor_);
    if (keys_ != STDIN_FILENO) close(keys_);
  }

  std::optional<std::string> next(const std::string& prompt) override {
    prompt_ = with_marked_escapes(prompt);
    const Held held(signals_);
    for (;;) {
      // Whoever sees the prompt is listened to, key by key.
      el_set(editor_, EL_PREP_TERM, 1);
      int count = 0;
      woken_ = false;
      const char* line = el_gets(editor_, &count);
      if (line == nullptr || count <= 0) {
        // Ctrl-C: that line was not meant.
        if (!woken_ || stop_asked()) return std::nullopt;
        el_reset(editor_);
        std::fputs("^C\n", stdout);
        return std::string(kThrownAway);
      }
      std::string text(line, static_cast<size_t>(count));
      while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
      if (text.find_first_not_of(" \t") != std::string::npos) {
        HistEvent event;
        history(history_, &event, H_ENTER, text.c_str());
      }
      return text;
    }
  }

 private:
  // Signals come while a key is waited for, and at no other moment: so none comes just before that
  // and is slept through.
  struct Held {
    explicit Held(sigset_t& before) : before_(before) {
      sigset_t held;
      sigemptyset(&held);
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, signal);
      sigprocmask(SIG_BLOCK, &held, &before_);
    }
    ~Held() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    sigset_t& before_;
  };
  // The terminal once more, to be read without being slept on: Ctrl-C throws away what was typed
  // and not yet read, and that may be what one was told of. Nobody else has this opening of it.
  static int open_keys() {
    const char* const name = ttyname(STDIN_FILENO);
    const int keys =
        name == nullptr ? -1 : open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return keys < 0 ? STDIN_FILENO : keys;
  }
  static int character(EditLine* editor, wchar_t* typed) { return mine(editor).read_key(*typed); }
  // 1, or 0 at the end of what is typed, or -1.
  int read_key(wchar_t& typed) {
    std::mbstate_t state{};
    for (;;) {
      pollfd ready{.fd = keys_, .events = POLLIN, .revents = 0};
      if (ppoll(&ready, 1, nullptr, &signals_) < 0) {
        if (errno == EINTR && !interrupt_) continue;  // the window has another size
        woken_ = true;
        return -1;
      }
      char byte = 0;
      const ssize_t got = read(keys_, &byte, 1);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0) return static_cast<int>(got);
      const size_t used = std::mbrtowc(&typed, &byte, 1, &state);
      if (used == static_cast<size_t>(-2)) continue;
      if (used == static_cast<size_t>(-1)) typed = L'?';
      return 1;
    }
  }

  static TerminalLines& mine(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<TerminalLines*>(data);
  }
  static char* prompt(EditLine* editor) { return mine(editor).prompt_.data(); }
  static unsigned char tab(EditLine* editor, int) { return mine(editor).complete_line(); }

  unsigned char complete_line() {
    const LineInfo* info = el_line(editor_);
    const std::string_view line(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    const Completion found = complete_(line);
    if (found.choices.empty()) return CC_REFRESH_BEEP;
    const std::string common = found.common();
    const size_t typed = line.size() - found.begin;
    if (common.size() > typed) {
      el_insertstr(editor_, common.c_str() + typed);
      return CC_REFRESH;
    }
    if (found.choices.size() > 1) show(found.choices);
    return CC_REDISPLAY;
  }
  // In columns, under the line.
  static void show(const std::vector<std::string>& choices) {
    size_t width = 0;
    for (const std::string& one : choices) width = std::max(width, one.size());
    const size_t known = width_of_terminal();
    const size_t columns = std::max<size_t>(1, (known > 0 ? known : 80) / (width + 2));
    std::string text = "\n";
    for (size_t i = 0; i < choices.size(); ++i) {
      const bool last = (i + 1) % columns == 0 || i + 1 == choices.size();
      text += last ? choices[i] + "\n" : fmt::format("{:<{}}", choices[i], width + 2);
    }
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

  const Completer complete_;
  EditLine* const editor_;
  History* const history_;
  const std::string file_;
  const int keys_;
  const std::atomic<bool>& interrupt_ = watch_signals_at_prompt();
  std::string prompt_;
  sigset_t signals_{};  // that are held back where nobody types
  bool woken_ = false;  // by a signal
};

class FileLines final : public Lines {
 public:
  explicit FileLines(int descriptor) : descriptor_(descriptor) {}

  std::optional<std::string> next(const std::string&) override {
    for (;;) {
      if (const size_t end = read_.find('\n', seen_); end != std::string::npos) {
        std::string line = read_.substr(0, end);
        read_.erase(0, end + 1);
        seen_ = 0;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return line;
      }
      seen_ = read_.size();
      char piece[4096];
      const ssize_t got = read(descriptor_, piece, sizeof piece);
      if (got < 0 && errno == EINTR && !stop_asked()) continue;
      if (got <= 0) break;
      read_.append(piece, static_cast<size_t>(got));
    }
    if (read_.empty()) return std::nullopt;
    seen_ = 0;
    return std::exchange(read_, "");
  }

 private:
  const int descriptor_;
  std::string read_;
  size_t seen_ = 0;  // bytes without an end of line
};

}  // namespace

std::string state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string folder;
  if (state != nullptr && *state != '\0') folder = state;
  else if (home != nullptr && *home != '\0') folder = std::string(home) + "/.local/state";
  else return "";
  folder += "/lexum";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return error ? "" : folder;
}

size_t width_of_terminal() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::unique_ptr<Lines> lines_of_terminal(Completer complete) {
  // What a key means; nothing else looks at it. Where the system says nothing, UTF-8.
  const char* const said = std::setlocale(LC_CTYPE, "");
  if (said == nullptr || std::string_view(said) == "C") std::setlocale(LC_CTYPE, "C.UTF-8");
  return std::make_unique<TerminalLines>(std::move(complete));
}
std::unique_ptr<Lines> lines_of_file(int descriptor) {
  return std::make_unique<FileLines>(descriptor);
}

}  // namespace lexum

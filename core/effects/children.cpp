#include "effects/children.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lexum {
namespace {

using namespace std::chrono_literals;
constexpr auto kGrace = 1s;  // between "please" and the end

// A descriptor that is closed in the end, and in programs that are started.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  [[nodiscard]] int operator*() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

  // Not one of the three that a program is given; those may be closed here.
  [[nodiscard]] Descriptor above_the_three() && {
    if (number_ > 2 || number_ < 0) return std::move(*this);
    return Descriptor(::fcntl(number_, F_DUPFD_CLOEXEC, 3));
  }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor reads;  // does not wait
  Descriptor writes;
};

// Without descriptors if there are no more; errno says why.
Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1]).above_the_three()};
  if (::fcntl(*pipe.reads, F_SETFL, O_NONBLOCK) != 0) pipe.reads.close();
  return pipe;
}

// A file in memory: whoever reads it comes to its end, and nobody has to wait until it is read.
Descriptor make_input(const std::string& bytes) {
  Descriptor input = Descriptor(::memfd_create("lexum errand", MFD_CLOEXEC)).above_the_three();
  for (size_t at = 0; input && at < bytes.size();) {
    const ssize_t written = ::write(*input, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return {};
    at += static_cast<size_t>(written);
  }
  if (input && ::lseek(*input, 0, SEEK_SET) < 0) return {};
  return input;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

// Its process id, or minus an errno.
pid_t spawn(ChildCall& call, int input, int output, int complaints) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, complaints, 2);
  // Not everybody else's descriptors close themselves.
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_init(&how);
  posix_spawnattr_setflags(&how,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &all);
  pid_t id = 0;
  const int error = ::posix_spawn(&id, call.path.c_str(), &files, &how, pointers(call.argv).data(),
                                  pointers(call.env).data());
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? id : -error;
}

}  // namespace

struct Children::Child {
  pid_t id = 0;  // and that of its group
  Ended tell;
  size_t complaint_bytes_max = 0;
  Descriptor handle;  // can be read when it has ended
  Descriptor output;
  Descriptor complaints;
  EventLoop::Alarm alarm;  // its time is over, or its grace
  bool is_stopped = false;
  ChildEnd end;

  void signal(int which) const {
    // One that has left the group that it was the first of is still ours.
    if (::kill(-id, which) != 0) ::syscall(SYS_pidfd_send_signal, *handle, which, nullptr, 0);
  }
  // It has ended, or is about to: what it left in its group is killed while the id is still its
  // own.
  void reap() {
    signal(SIGKILL);
    siginfo_t about{};
    int waited = 0;
    do {
      waited = ::waitid(P_PID, static_cast<id_t>(id), &about, WEXITED);
    } while (waited != 0 && errno == EINTR);
    if (is_stopped) return;
    if (waited != 0) end.how = ChildEnd::How::kUnknown;
    else if (about.si_code == CLD_EXITED) end.how = ChildEnd::How::kExited;
    else end.how = ChildEnd::How::kSignalled;
    end.code = about.si_status;
  }
};

Children::Children(EventLoop& loop) : loop_(loop) {}

Children::~Children() {
  for (const auto& [id, child] : children_) child->signal(SIGTERM);
  const auto deadline = EventLoop::Clock::now() + kGrace;
  for (const auto& [id, child] : children_) {
    pollfd ending{.fd = *child->handle, .events = POLLIN, .revents = 0};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - EventLoop::Clock::now());
    ::poll(&ending, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    child->reap();
    unwatch(*child);
    loop_.cancel(child->alarm);
  }
}

void Children::start(ChildCall call, Ended ended) {
  const auto give_up = [&](int error) {
    ChildEnd end;
    // A process that has gone already was not kept for us.
    end.how = error == ESRCH ? ChildEnd::How::kUnknown : ChildEnd::How::kNotStarted;
    end.code = error;
    loop_.post([ended = std::move(ended), end] { ended(end); });
  };
  Descriptor input = make_input(call.input);
  if (!input) return give_up(errno);
  Pipe output = make_pipe();
  if (!output.reads || !output.writes) return give_up(errno);
  Pipe complaints = make_pipe();
  if (!complaints.reads || !complaints.writes) return give_up(errno);
  const pid_t id = spawn(call, *input, *output.writes, *complaints.writes);
  if (id < 0) return give_up(-id);
  auto child = std::make_unique<Child>();
  child->id = id;
  child->handle = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  child->output = std::move(output.reads);
  child->complaints = std::move(complaints.reads);
  if (!child->handle || !watch(*child)) {
    const int error = errno;
    unwatch(*child);
    child->reap();
    return give_up(error);
  }
  child->tell = std::move(ended);
  child->complaint_bytes_max = call.complaint_bytes_max;
  child->alarm = loop_.at(EventLoop::Clock::now() + std::chrono::milliseconds(call.timeout_ms),
                          [this, &one = *child] { too_late(one); });
  children_[id] = std::move(child);
}

bool Children::watch(Child& child) {
  return loop_.watch(*child.handle, [this, &child] { ended(child); }) &&
         loop_.watch(*child.output, [this, &child] { hear(child, false); }) &&
         loop_.watch(*child.complaints, [this, &child] { hear_complaint(child, false); });
}

void Children::unwatch(Child& child) {
  for (const Descriptor* const one : {&child.handle, &child.output, &child.complaints}) {
    if (*one) loop_.unwatch(**one);
  }
}

// Reads what is there, at most so many bytes, and closes what has come to its end.
template <class Take>
static void read_some(EventLoop& loop, Descriptor& from, size_t most, Take take) {
  std::array<char, 64 << 10> bytes;
  while (from && most > 0) {
    const ssize_t got = ::read(*from, bytes.data(), std::min(bytes.size(), most));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      loop.unwatch(*from);
      from.close();
      return;
    }
    most -= static_cast<size_t>(got);
    take(std::string_view(bytes.data(), static_cast<size_t>(got)));
  }
}

void Children::hear(Child& child, bool to_the_end) {
  std::string& printed = child.end.printed;
  const size_t room = kPrintedBytesMax + 1 - printed.size();
  read_some(loop_, child.output, to_the_end ? room : std::min(room, size_t{64} << 10),
            [&](std::string_view bytes) { printed += bytes; });
  if (printed.size() <= kPrintedBytesMax) return;
  loop_.unwatch(*child.output);
  child.output.close();
  std::string().swap(printed);
  child.signal(SIGKILL);
  if (!child.is_stopped) child.end.how = ChildEnd::How::kTooLong;
  child.is_stopped = true;
}

void Children::hear_complaint(Child& child, bool to_the_end) {
  // A pipe holds 64 KiB; whoever still fills it after its parent has ended is not listened to.
  std::string& complaint = child.end.complaint;
  read_some(loop_, child.complaints, size_t{to_the_end ? 128u : 64u} << 10,
            [&](std::string_view bytes) {
              complaint += bytes;
              if (complaint.size() <= child.complaint_bytes_max) return;
              complaint.erase(0, complaint.size() - child.complaint_bytes_max);
              child.end.complaint_is_cut = true;
            });
}

void Children::too_late(Child& child) {
  const bool is_first = !child.is_stopped;
  if (is_first) child.end.how = ChildEnd::How::kTimedOut;
  child.is_stopped = true;
  child.signal(is_first ? SIGTERM : SIGKILL);
  child.alarm = loop_.at(EventLoop::Clock::now() + kGrace, [this, &child] { too_late(child); });
}

void Children::ended(Child& child) {
  loop_.cancel(child.alarm);
  child.signal(SIGKILL);
  if (child.output) hear(child, true);
  hear_complaint(child, true);
  unwatch(child);
  child.reap();
  const auto gone = children_.extract(child.id);
  gone.mapped()->tell(std::move(gone.mapped()->end));
}

}  // namespace lexum

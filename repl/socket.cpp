#include "repl/socket.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace lexum {

namespace {

constexpr int kLookEveryMs = 100;

Error failed(const std::string& path, const char* doing) {
  return {.code = ErrorCode::kIo,
          .what = fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno))};
}

// None if the name is too long for a socket.
std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Error too_long(const std::string& path) {
  return {.code = ErrorCode::kDenied,
          .what = path + " is too long a name for a socket; choose a folder nearer to the root"};
}

bool send_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

class SocketServer::Parts {
 public:
  Parts(std::string path, int descriptor, Answer answer)
      : path_(std::move(path)), descriptor_(descriptor), answer_(std::move(answer)) {
    thread_ = std::thread([this] { listen(); });
  }
  ~Parts() {
    stop_ = true;
    thread_.join();
    for (Connection& one : connections_) one.thread.join();
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

 private:
  struct Connection {
    std::thread thread;
    std::atomic<bool> over = false;
  };

  bool is_readable(int descriptor) const {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    while (!stop_) {
      if (::poll(&one, 1, kLookEveryMs) > 0) return true;
    }
    return false;
  }

  void listen() {
    while (is_readable(descriptor_)) {
      const int client = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
      connections_.remove_if([](Connection& one) {
        if (one.over) one.thread.join();
        return one.over.load();
      });
      if (client < 0) continue;
      if (connections_.size() >= kConnectionsMax) {
        send_all(client, "full\n");
        ::close(client);
        continue;
      }
      Connection& connection = connections_.emplace_back();
      connection.thread = std::thread([this, client, &connection] {
        talk(client);
        ::close(client);
        connection.over = true;
      });
    }
  }

  void talk(int client) const {
    std::string read;
    for (char piece[4096]; is_readable(client);) {
      const ssize_t got = ::recv(client, piece, sizeof piece, 0);
      if (got <= 0) return;
      read.append(piece, static_cast<size_t>(got));
      size_t begin = 0;
      for (size_t end; (end = read.find('\n', begin)) != std::string::npos; begin = end + 1) {
        if (!send_all(client, answer_(read.substr(begin, end - begin)) + "\n")) return;
      }
      read.erase(0, begin);
      if (read.size() <= kLineBytesMax) continue;
      send_all(client, std::string("error ") + kLineTooLong + "\n");
      return;
    }
  }

  const std::string path_;
  const int descriptor_;
  const Answer answer_;
  std::atomic<bool> stop_ = false;
  std::list<Connection> connections_;  // the listening thread's, until it has ended
  std::thread thread_;
};

SocketServer::SocketServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SocketServer::~SocketServer() = default;

Result<std::unique_ptr<SocketServer>> SocketServer::open(const std::string& path, Answer answer) {
  const auto address = address_of(path);
  if (!address) return too_long(path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return failed(path, "make");
  ::unlink(path.c_str());
  const auto* const general = reinterpret_cast<const sockaddr*>(&*address);
  if (::bind(descriptor, general, sizeof *address) != 0 || ::listen(descriptor, 64) != 0) {
    const Error error = failed(path, "listen at");
    ::close(descriptor);
    return error;
  }
  return std::unique_ptr<SocketServer>(
      new SocketServer(std::make_unique<Parts>(path, descriptor, std::move(answer))));
}

Result<std::string> ask_socket(const std::string& path, const std::string& line) {
  const auto address = address_of(path);
  if (!address) return too_long(path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return failed(path, "make");
  const auto* const general = reinterpret_cast<const sockaddr*>(&*address);
  std::string answer;
  const bool connected = ::connect(descriptor, general, sizeof *address) == 0;
  if (connected && send_all(descriptor, line + "\n")) {
    for (char piece[4096]; answer.find('\n') == std::string::npos;) {
      const ssize_t got = ::recv(descriptor, piece, sizeof piece, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      answer.append(piece, static_cast<size_t>(got));
    }
  }
  ::close(descriptor);
  if (!connected) return Error{.code = ErrorCode::kNotFound, .what = "nobody listens at " + path};
  const size_t end = answer.find('\n');
  if (end == std::string::npos) {
    return Error{.code = ErrorCode::kIo,
                 .what = path +
                         " gave no answer: the run has ended, and whether the message was "
                         "taken shows in `lxm status`"};
  }
  return answer.substr(0, end);
}

}  // namespace lexum

// A server on the loopback that says whatever it is told to, byte by byte, and may then hang up,
// or say nothing more for ever.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lexum {

class RudeServer {
 public:
  struct Saying {
    std::string bytes;
    bool hangs = false;  // otherwise it closes
  };
  // `number` counts the requests from 1.
  using Manners = std::function<Saying(const std::string& request, size_t number)>;

  explicit RudeServer(Manners manners) : manners_(std::move(manners)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    if (::bind(listening_, address, size) == 0 && ::listen(listening_, 1'000) == 0 &&
        ::getsockname(listening_, address, &size) == 0) {
      port_ = ntohs(where.sin_port);
    }
    thread_ = std::thread([this] { accept_all(); });
  }
  ~RudeServer() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    for (std::thread& one : talking_) {
      {
        const std::lock_guard lock(mutex_);
        for (const int open : open_) ::shutdown(open, SHUT_RDWR);
      }
      one.join();
    }
    ::close(listening_);
  }
  RudeServer(const RudeServer&) = delete;
  RudeServer& operator=(const RudeServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Heads and bodies, in the order in which they came.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // A whole answer.
  static Saying says(int status, const std::string& body, const std::string& headers = "") {
    return {.bytes = "HTTP/1.1 " + std::to_string(status) +
                     " Said\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n" + headers + "\r\n" + body};
  }

 private:
  void accept_all() {
    while (!stopping_) {
      const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      {
        const std::lock_guard lock(mutex_);
        open_.push_back(socket);
      }
      talking_.emplace_back([this, socket] { talk(socket); });
    }
  }
  void talk(int socket) {
    const std::string request = hear(socket);
    if (!request.empty()) {
      size_t number = 0;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        number = requests_.size();
      }
      const Saying saying = manners_(request, number);
      for (size_t at = 0; at < saying.bytes.size();) {
        const ssize_t sent =
            ::send(socket, saying.bytes.data() + at, saying.bytes.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<size_t>(sent);
      }
      char byte = 0;
      while (saying.hangs && !stopping_ && ::recv(socket, &byte, 1, 0) > 0) {
      }
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, socket);
    ::close(socket);
  }
  // The head and as much of a body as it announces.
  static std::string hear(int socket) {
    std::string request;
    std::array<char, 4096> bytes{};
    while (true) {
      const size_t head = request.find("\r\n\r\n");
      if (head != std::string::npos) {
        const size_t length = request.find("Content-Length: ");
        const size_t body =
            length < head ? std::strtoul(request.c_str() + length + 16, nullptr, 10) : 0;
        if (request.size() >= head + 4 + body) return request;
      }
      const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
      if (got <= 0) return {};
      request.append(bytes.data(), static_cast<size_t>(got));
    }
  }

  const Manners manners_;
  int listening_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // of what follows
  std::vector<std::string> requests_;
  std::vector<int> open_;

  std::vector<std::thread> talking_;
  std::thread thread_;
};

}  // namespace lexum

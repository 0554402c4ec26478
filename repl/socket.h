// A Unix socket in a data folder, through which others send and ask: lines there, lines back.
//
// `status` is answered with an object of JSON, `letters` with a list of the dead letters. Any other
// line is a message, as `lxm run --send` has it, or an object of JSON, as a line of --input; its
// answer is `ok NUMBER` when it is durable, `full` if it was not taken for want of room, or
// `error WHY`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace lexum {

// What is longer is no line, here or at standard input.
inline constexpr size_t kLineBytesMax = size_t{1} << 20;
inline constexpr const char* kLineTooLong = "a line is longer than anything that belongs there";

class SocketServer {
 public:
  // Gets a line without its end, on a thread of its own for each who has connected; gives the
  // answer.
  using Answer = std::function<std::string(const std::string& line)>;

  // What was there of that name goes. At most so many are connected at once.
  static constexpr size_t kConnectionsMax = 256;
  static Result<std::unique_ptr<SocketServer>> open(const std::string& path, Answer answer);
  // Whoever waits for an answer gets it first.
  ~SocketServer();
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

 private:
  class Parts;
  explicit SocketServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Sends a line and gives the answer. kNotFound: nobody listens there.
Result<std::string> ask_socket(const std::string& path, const std::string& line);

}  // namespace lexum

// Messages by HTTP, for a run that serves: `POST /D[7]/M` with the arguments as a JSON object, and
// `GET /status`.
//
// 202 and {"input": N} when it is durable; 400 and {"error": WHY} for what makes no sense; 401
// without the token, where one is wanted; 413 for a body of more than kHttpBodyMax; 429 when too
// many wait; 503 when the run is being stopped.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace lexum {

inline constexpr size_t kHttpBodyMax = size_t{1} << 20;

struct HttpAnswer {
  int status = 202;
  std::string body;  // JSON
};

class HttpServer {
 public:
  struct Where {
    std::string host = "127.0.0.1";
    int port = 0;  // 0: any that is free
    std::optional<std::string> token = {};
  };
  // Called on several threads at once. `line` is what --input takes.
  using Take = std::function<HttpAnswer(const std::string& line)>;
  using Ask = std::function<HttpAnswer()>;  // the status, as JSON

  static Result<std::unique_ptr<HttpServer>> open(const Where& where, Take take, Ask ask);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const;

 private:
  class Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// "HOST:PORT", or "PORT" of this machine alone. None if it is neither.
std::optional<HttpServer::Where> read_listen(const std::string& text);

}  // namespace lexum

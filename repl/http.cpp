#include "repl/http.h"

#include <charconv>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "machine/value_json.h"

namespace lexum {

namespace {

std::string error_body(const std::string& what) {
  return Json{{"error", what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Takes as long for a wrong one as for the right one.
bool is_same(const std::string& one, const std::string& other) {
  unsigned differs = one.size() == other.size() ? 0 : 1;
  for (size_t i = 0; i < one.size(); ++i) {
    differs |= static_cast<unsigned char>(one[i]) ^
               static_cast<unsigned char>(other.empty() ? '\0' : other[i % other.size()]);
  }
  return differs == 0;
}

}  // namespace

class HttpServer::Parts {
 public:
  Parts(Where where, Take take, Ask ask)
      : where_(std::move(where)), take_(std::move(take)), ask_(std::move(ask)) {
    server_.set_payload_max_length(kHttpBodyMax);
    server_.set_read_timeout(10);
    // One port, one run: the library would let two of them share it.
    server_.set_socket_options([](int socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          if (!where_.token ||
              is_same(request.get_header_value("Authorization"), "Bearer " + *where_.token)) {
            return httplib::Server::HandlerResponse::Unhandled;
          }
          answer(response, {401, error_body("a token is wanted: Authorization: Bearer TOKEN")});
          return httplib::Server::HandlerResponse::Handled;
        });
    server_.Get("/status", [this](const httplib::Request&, httplib::Response& response) {
      answer(response, ask_());
    });
    // It is read here: the library itself would take only 8 KiB of what calls itself a form, as all
    // does that curl sends, unless it is told otherwise.
    server_.Post(R"(/([^/]+)/([^/]+))",
                 [this](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& read) {
                   if (request.is_multipart_form_data()) return answer(response, no_object());
                   std::string body;
                   const bool all_read = read([&](const char* piece, size_t size) {
                     body.append(piece, size);
                     return body.size() <= kHttpBodyMax;
                   });
                   if (body.size() > kHttpBodyMax) response.status = 413;
                   if (!all_read) return;  // the error handler says why
                   answer(response, post(request.matches[1], request.matches[2], body));
                 });
    server_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (!response.body.empty()) return;
      const char* what = "there is POST /D[7]/M with the arguments, and GET /status";
      if (response.status == 413) what = "a body has a megabyte at the most";
      else if (response.status != 404) what = "a request is POST /D[7]/M with a body, at least {}";
      answer(response, {response.status, error_body(what)});
    });
  }
  ~Parts() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  Status listen() {
    port_ = where_.port == 0 ? server_.bind_to_any_port(where_.host.c_str()) : where_.port;
    const bool bound =
        where_.port == 0 ? port_ > 0 : server_.bind_to_port(where_.host.c_str(), port_);
    if (!bound) {
      return Error{.code = ErrorCode::kInUse,
                   .what = fmt::format("cannot listen at {}:{}; is something else there?",
                                       where_.host, where_.port)};
    }
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    return Done{};
  }
  [[nodiscard]] int port() const { return port_; }

 private:
  static void answer(httplib::Response& response, const HttpAnswer& answer) {
    response.status = answer.status;
    response.set_content(answer.body + "\n", "application/json");
  }

  static HttpAnswer no_object() {
    return {400, error_body("the body is a JSON object of arguments")};
  }
  HttpAnswer post(const std::string& receiver, const std::string& message,
                  const std::string& body) {
    const Json args =
        body.find_first_not_of(" \t\r\n") == std::string::npos ? Json::object() : parse_json(body);
    if (!args.is_object()) return no_object();
    const Json line{{"to", receiver}, {"message", message}, {"args", args}};
    return take_(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  const Where where_;
  const Take take_;
  const Ask ask_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const { return parts_->port(); }

Result<std::unique_ptr<HttpServer>> HttpServer::open(const Where& where, Take take, Ask ask) {
  auto parts = std::make_unique<Parts>(where, std::move(take), std::move(ask));
  if (Status listens = parts->listen(); !listens) return listens.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

std::optional<HttpServer::Where> read_listen(const std::string& text) {
  HttpServer::Where where;
  const size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (colon != std::string::npos) where.host = text.substr(0, colon);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), where.port);
  const bool good = error == std::errc() && end == port.data() + port.size() && where.port >= 0 &&
                    where.port <= 65'535 && !where.host.empty();
  return good ? std::optional(where) : std::nullopt;
}

}  // namespace lexum

// Three doors, one inbox behind them.
#include "repl/serving.h"

#include <cerrno>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "machine/inputs.h"
#include "machine/service.h"
#include "repl/folder.h"
#include "repl/json.h"
#include "repl/socket.h"
#include "repl/terminal.h"
#include "session/json.h"

namespace lexum {

namespace {

std::string status_of(const World& world, const DurableRun& run) {
  size_t waiting = 0;
  size_t faulted = 0;
  const std::vector<InstanceId> instances = world.instances_in_order();
  for (const InstanceId id : instances) {
    waiting += world.mailbox_size(id);
    faulted += world.status_of(id) == InstanceStatus::kFaulted ? 1 : 0;
  }
  return fmt::format(
      "{{\"serving\":true,\"pid\":{},\"cycle\":{},\"tick\":{},\"at_rest\":{},"
      "\"inputs\":{},\"instances\":{},\"faulted\":{},\"waiting\":{},"
      "\"dead_letters\":{}}}",
      getpid(), world.cycle(), world.tick_now(), world.at_rest(), run.accepted(), instances.size(),
      faulted, waiting, letters_left(world).size());
}

// Lines of standard input, until it ends or the service does; what is wrong with one is told.
class StandardInput {
 public:
  StandardInput(const Program& program, Inbox& inbox)
      : thread_([this, &program, &inbox] { read(program, inbox); }) {}
  ~StandardInput() {
    stop_ = true;
    thread_.join();
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  void read(const Program& program, Inbox& inbox) {
    std::string text;
    uint64_t number = 1;
    bool skips = false;  // the rest of a line that is too long
    pollfd one{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    for (char piece[65'536]; !stop_;) {
      if (::poll(&one, 1, 100) <= 0) continue;
      const ssize_t got = ::read(STDIN_FILENO, piece, sizeof piece);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      text.append(piece, static_cast<size_t>(got));
      size_t begin = 0;
      for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        if (!skips) take(program, inbox, text.substr(begin, end - begin), number);
        skips = false;
        ++number;
      }
      text.erase(0, begin);
      if (text.size() <= kLineBytesMax) continue;
      if (!skips) complain(fmt::format("standard input:{}: {}", number, kLineTooLong));
      skips = true;
      text.clear();
    }
    // The last line may lack its end.
    if (!skips && !stop_) take(program, inbox, text, number);
  }
  static void take(const Program& program, Inbox& inbox, const std::string& line, uint64_t number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    Result<InputImage> input = read_any(program, line);
    if (!input) return complain(fmt::format("standard input:{}: {}", number, input.error().what));
    const Result<uint64_t> sent = inbox.send(std::move(*input));
    if (!sent) complain(fmt::format("standard input:{}: {}", number, sent.error().what));
  }

  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// What comes back by the socket: socket.h has the forms.
std::string answer_to(const std::string& line, const Program& program, Inbox& inbox) {
  const auto why_not = [](const Error& error) {
    return error.code == ErrorCode::kFull ? "full" : "error " + error.what;
  };
  if (line == "status" || line == "letters") {
    const Result<std::string> said = inbox.ask(line);
    return said ? *said : why_not(said.error());
  }
  Result<InputImage> input = read_any(program, line);
  if (!input) return why_not(input.error());
  const Result<uint64_t> sent = inbox.send(std::move(*input));
  return sent ? fmt::format("ok {}", *sent) : why_not(sent.error());
}

// The same by HTTP.
HttpAnswer http_answer(const std::string& answer) {
  if (answer.starts_with('{')) return {200, answer};
  if (answer.starts_with("ok ")) return {202, "{\"input\": " + answer.substr(3) + "}"};
  if (answer == "full") return {429, R"({"error": "too many messages wait; send it again later"})"};
  const std::string what = answer.starts_with("error ") ? answer.substr(6) : answer;
  const bool ends = what == Inbox::kEnds;
  return {ends ? 503 : 400, "{\"error\": " + json_text(what) + "}"};
}

}  // namespace

Result<Outcome> serve(DurableRun& run, const ServingPlaces& places, const std::atomic<bool>& stop) {
  const Program& program = run.machine().world().program();
  Inbox inbox;
  const auto answer = [&](const std::string& line) { return answer_to(line, program, inbox); };
  std::unique_ptr<SocketServer> socket;
  std::unique_ptr<HttpServer> http;
  std::optional<StandardInput> lines;
  // It goes first, whatever happens: then nobody waits for it, and the others can be joined.
  Service service(run, inbox, [&](const World& world, const std::string& question) {
    return question == "letters" ? json_letters(world) : status_of(world, run);
  });
  auto opened_socket = SocketServer::open(socket_in(places.folder), answer);
  if (!opened_socket) return opened_socket.error();
  socket = std::move(*opened_socket);
  if (places.http) {
    auto opened = HttpServer::open(
        *places.http, [&](const std::string& line) { return http_answer(answer(line)); },
        [&] { return http_answer(answer("status")); });
    if (!opened) return opened.error();
    http = std::move(*opened);
    complain(fmt::format("lxm: listening at {}:{}", places.http->host, http->port()));
  }
  lines.emplace(program, inbox);
  complain("lxm: serving; `lxm send " + places.folder + " 'D M(a: 1)'` sends, SIGTERM stops it");
  run.notify([&] { inbox.wake(); });
  const Result<Outcome> outcome = service.serve(stop);
  run.notify({});
  // A clean stop is one that was asked for.
  const bool is_asked_for = outcome && stop && *outcome != Outcome::kHalted;
  return is_asked_for ? Result<Outcome>(Outcome::kStopped) : outcome;
}

}  // namespace lexum

#include "effects/http.h"

#include <algorithm>

#include <fmt/format.h>

#include "effects/http_text.h"
#include "effects/json_text.h"
#include "value/value.h"

namespace lexum {
namespace {

// Of what a server says when it refuses, so much is shown.
constexpr size_t kShownBytesMax = 200;

// The same request might go well another time.
bool may_pass(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

bool may_pass(long status) { return status == 429 || status >= 500; }

std::string first_line(const std::string& text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

struct HttpAdapter::Request {
  // Fixed once it has begun.
  Tell tell;
  std::string key;
  std::string url;
  std::string told_url;  // without secrets
  std::string body;
  std::vector<std::string> lines;  // of the head
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{nullptr, curl_easy_cleanup};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> head{nullptr, curl_slist_free_all};

  int64_t tries = 0;
  // Of the last try.
  std::string received;
  bool too_long = false;

  // What curl calls; less than it was given means to stop.
  static size_t receive(const char* bytes, size_t size, size_t count, void* request) {
    auto& self = *static_cast<Request*>(request);
    if (self.received.size() + size * count > kBodyBytesMax) {
      self.too_long = true;
      return 0;
    }
    self.received.append(bytes, size * count);
    return size * count;
  }
};

HttpAdapter::HttpAdapter(HttpBinding binding, EventLoop& loop, const Secrets& secrets)
    : binding_(std::move(binding)), loop_(loop), secrets_(secrets) {}

HttpAdapter::~HttpAdapter() {
  for (const auto& [key, request] : under_way_) loop_.break_off(request->easy.get());
}

void HttpAdapter::carry_out(Errand errand, Tell tell) {
  loop_.post([this, errand = std::move(errand), tell = std::move(tell)] { begin(errand, tell); });
}

void HttpAdapter::begin(const Errand& errand, Tell tell) {
  auto request = std::make_unique<Request>();
  if (const Status filled = fill(*request, errand); !filled) {
    tell({.failed = true, .text = filled.error().what});
    return;
  }
  request->tell = std::move(tell);
  set_up(*request);
  Request& one = *request;
  under_way_[&one] = std::move(request);
  try_it(one);
}

Status HttpAdapter::fill(Request& request, const Errand& errand) const {
  const std::optional<ErrandArgs> args = read_args(errand.args);
  if (!args) return wrong("the arguments are no JSON object");
  for (const std::string& name : binding_.url.args()) {
    const auto arg = args->find(name);
    if (arg == args->end() || !arg->second.text.empty()) continue;
    return wrong(fmt::format("the argument `{}` is empty, and the URL needs it", name));
  }
  const Result<std::string> url = binding_.url.fill(*args);
  if (!url) return url.error();
  request.url = *url;
  request.told_url = shortened(readable(secrets_.mask(binding_.url.told(*args))), kShownBytesMax);
  if (const Status good = check_url(*url); !good) {
    return wrong(fmt::format("cannot ask at {}: {}", request.told_url, good.error().what));
  }
  request.key = errand.key;
  if (!is_one_line(errand.key)) return wrong("the key of the errand does not fit into a header");
  request.lines = {"Idempotency-Key: " + errand.key, "Expect:"};
  if (!binding_.content_type.empty()) {
    request.lines.push_back("Content-Type: " + binding_.content_type);
  }
  for (const HttpBinding::Header& header : binding_.headers) {
    const Result<std::string> value = header.value.fill(*args);
    if (!value) return value.error();
    if (!is_one_line(*value)) {
      return wrong(fmt::format("the header `{}` would have more than one line", header.name));
    }
    // A header without a value ends in a semicolon for curl.
    request.lines.push_back(is_blank(*value) ? header.name + ";" : header.name + ": " + *value);
  }
  if (binding_.body_is == HttpBinding::BodyIs::kArgs) request.body = errand.args;
  if (binding_.body_is != HttpBinding::BodyIs::kTemplate) return Done{};
  const Result<std::string> body = binding_.body.fill(*args);
  if (!body) return body.error();
  request.body = *body;
  return Done{};
}

void HttpAdapter::set_up(Request& request) const {
  request.easy.reset(curl_easy_init());
  CURL* const easy = request.easy.get();
  LEXUM_CHECK(easy != nullptr);
  for (const std::string& line : request.lines) {
    curl_slist* const longer = curl_slist_append(request.head.get(), line.c_str());
    LEXUM_CHECK(longer != nullptr);
    (void)request.head.release();
    request.head.reset(longer);
  }
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, binding_.follow ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 10L);
  // A redirect does not make another errand of it.
  curl_easy_setopt(easy, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "lexum");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request.head.get());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(binding_.timeout_ms));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A look-up of a name that hangs is left to itself.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Request::receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &request);
  if (binding_.body_is != HttpBinding::BodyIs::kNone) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  } else if (binding_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, binding_.method.c_str());
}

void HttpAdapter::try_it(Request& request) {
  ++request.tries;
  request.received.clear();
  request.too_long = false;
  loop_.begin(request.easy.get(), [this, &request](CURLcode code) { tried(request, code); });
}

void HttpAdapter::tried(Request& request, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(request.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool again = code == CURLE_OK ? may_pass(status) : may_pass(code);
  if (again && request.tries < binding_.tries) {
    const auto wait = std::chrono::milliseconds(wait_ms(request, status));
    loop_.at(EventLoop::Clock::now() + wait, [this, &request] { try_it(request); });
    return;
  }
  ErrandAnswer answer = answer_of(request, code, status);
  const auto gone = under_way_.extract(&request);
  gone.mapped()->tell(std::move(answer));
}

ErrandAnswer HttpAdapter::answer_of(const Request& request, CURLcode code, long status) const {
  const auto failed = [&](const std::string& what) {
    const std::string tries =
        request.tries > 1 ? fmt::format(", after {} tries", request.tries) : std::string();
    return ErrandAnswer{
        .failed = true,
        .text = fmt::format("{} {}{}: {}", binding_.method, request.told_url, tries, what)};
  };
  if (request.too_long) {
    return failed(
        fmt::format("status {}, and a body of more than {} bytes", status, kBodyBytesMax));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return failed(fmt::format("no answer within {} ms", binding_.timeout_ms));
  }
  if (code == CURLE_PARTIAL_FILE) return failed("the answer broke off in the middle");
  // What curl says of one request may have the URL in it; what it says of a code has not.
  if (code != CURLE_OK) return failed(curl_easy_strerror(code));
  if (status >= 200 && status < 300) {
    if (is_blank(request.received)) return {.failed = false, .text = "null"};
    std::optional<std::string> value = one_json_value(request.received);
    return {.failed = false, .text = value ? *value : json_string(request.received)};
  }
  std::string said =
      shortened(readable(secrets_.mask(first_line(request.received))), kShownBytesMax);
  if (status >= 300 && status < 400 && !binding_.follow) {
    said = R"(it is somewhere else; "follow": true goes there)";
  }
  return failed(fmt::format("status {}{}{}", status, said.empty() ? "" : ": ", said));
}

// Doubled after each try, and a part of it taken away by the key, so that many that failed at once
// do not come back at once; but what the server asks for is kept to.
int64_t HttpAdapter::wait_ms(const Request& request, long status) const {
  const int64_t doubled = request.tries > 20
                              ? kWaitMsMax
                              : std::min(binding_.backoff_ms << (request.tries - 1), kWaitMsMax);
  uint64_t mark = 14'695'981'039'346'656'037u + static_cast<uint64_t>(request.tries);
  for (const char c : request.key)
    mark = (mark ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  const int64_t wait = doubled - static_cast<int64_t>((mark >> 32) % 256) * doubled / 1'024;
  curl_off_t asked_s = 0;
  if (status == 429 || status == 503) {
    curl_easy_getinfo(request.easy.get(), CURLINFO_RETRY_AFTER, &asked_s);
  }
  return std::clamp<int64_t>(std::min<int64_t>(asked_s, kWaitMsMax / 1'000) * 1'000, wait,
                             kWaitMsMax);
}

}  // namespace lexum

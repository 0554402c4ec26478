// Requests to servers that answer well, refuse, have too much to do, hang, and break off.
#include <chrono>

#include "effects_fixture.h"
#include "rude_server.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Saying = RudeServer::Saying;

class Http : public Effects {
 protected:
  // A server, and a binding to it with `more` members. {SERVER} in them is its URL.
  void serve(RudeServer::Manners manners, std::string more = R"("url": "{SERVER}/a")") {
    server_.emplace(std::move(manners));
    const std::string place = "{SERVER}";
    for (size_t at = more.find(place); at != std::string::npos; at = more.find(place)) {
      more.replace(at, place.size(), server_->url());
    }
    bind(R"({"Shop": {"use": "http", "backoff_ms": 1, )" + more + "}}");
  }
  static RudeServer::Manners always(Saying saying) {
    return [saying](const std::string&, size_t) { return saying; };
  }
  // Fails so many times, and then does not.
  static RudeServer::Manners after(size_t failures, Saying failure) {
    return [=](const std::string&, size_t number) {
      return number <= failures ? failure : RudeServer::says(200, "\"at last\"");
    };
  }
  RudeServer& server() { return *server_; }
  // The address without its port, which is another one each time.
  std::string without_port(std::string text) {
    const size_t at = text.find(server_->url());
    return at == std::string::npos ? text : text.replace(at, server_->url().size(), "SERVER");
  }
  void TearDown() override { unbind(); }

 private:
  std::optional<RudeServer> server_;
};

TEST_F(Http, PostsTheArgumentsWithTheKey) {
  serve(always(RudeServer::says(200, R"({ "id" : 7 })")));
  EXPECT_EQ(ask("Shop.Order", R"({"size":2})", "run/1/9"), R"(done: {"id":7})");
  ASSERT_THAT(server().requests(), SizeIs(1));
  EXPECT_THAT(
      server().requests()[0],
      AllOf(StartsWith("POST /a HTTP/1.1\r\n"), HasSubstr("\r\nIdempotency-Key: run/1/9\r\n"),
            HasSubstr("\r\nContent-Type: application/json\r\n"), Not(HasSubstr("Expect:")),
            EndsWith("\r\n\r\n{\"size\":2}")));
}

TEST_F(Http, ThatIsNoJsonIsText) {
  serve(always(RudeServer::says(201, "it is done\n")));
  EXPECT_EQ(ask("Shop.Order"), R"(done: "it is done\n")");
  serve(always(RudeServer::says(200, "\xff")));
  EXPECT_EQ(ask("Shop.Order"), "done: \"\xEF\xBF\xBD\"");
  serve(always({.bytes = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"}));
  EXPECT_EQ(ask("Shop.Order"), "done: null");
  serve(always(RudeServer::says(200, std::string(100'000, '['))));
  EXPECT_EQ(ask("Shop.Order"), "done: \"" + std::string(100'000, '[') + "\"");
}

TEST_F(Http, ArgumentsHaveTheirPlaces) {
  serve(always(RudeServer::says(200, "1")),
        R"("method": "PUT", "url": "{SERVER}/{kind}/{id}?q={q}", "headers": {"X-Kind": "a {kind}"},
           "body": {"id": "{id}", "say": "it's {{{q}}}", "all": [null, "{list}", 2.50]})");
  EXPECT_EQ(ask("Shop.Order", R"({"kind":"a b/c","id":7,"q":"x&y=\"ü\"","list":[1,"2"]})"),
            "done: 1");
  ASSERT_THAT(server().requests(), SizeIs(1));
  EXPECT_THAT(server().requests()[0],
              AllOf(StartsWith("PUT /a%20b%2Fc/7?q=x%26y%3D%22%C3%BC%22 HTTP/1.1\r\n"),
                    HasSubstr("\r\nX-Kind: a a b/c\r\n"),
                    EndsWith(R"({"id":7,"say":"it's {x&y=\"ü\"}","all":[null,[1,"2"],2.50]})")));
}

TEST_F(Http, ABodyMayBeText) {
  serve(
      always(RudeServer::says(200, "1")),
      R"("url": "{SERVER}", "body": "{a} and {b}", "headers": {"Content-Type": "x/y", "Empty": ""})");
  EXPECT_EQ(ask("Shop.Order", R"({"a":"one\n","b":null})"), "done: 1");
  EXPECT_THAT(server().requests()[0],
              AllOf(HasSubstr("\r\nContent-Type: x/y\r\n"), HasSubstr("\r\nEmpty:\r\n"),
                    EndsWith("\r\n\r\none\n and ")));
}

TEST_F(Http, OtherMethodsHaveNoBody) {
  for (const std::string method : {"GET", "DELETE", "HEAD"}) {
    serve(
        always(method == "HEAD" ? Saying{.bytes = "HTTP/1.1 200 Said\r\nContent-Length: 5\r\n\r\n"}
                                : RudeServer::says(200, "1")),
        R"("url": "{SERVER}", "method": ")" + method + "\"");
    EXPECT_EQ(ask("Shop.Order", R"({"a":1})"), method == "HEAD" ? "done: null" : "done: 1");
    EXPECT_THAT(server().requests()[0],
                AllOf(StartsWith(method + " / HTTP/1.1\r\n"), EndsWith("\r\n\r\n"),
                      Not(HasSubstr("Content-Type"))));
  }
}

TEST_F(Http, ARefusalFailsAtOnce) {
  serve(always(RudeServer::says(404, "no such order\nsecond line")));
  EXPECT_EQ(without_port(ask("Shop.Order")), "failed: POST SERVER/a: status 404: no such order");
  EXPECT_THAT(server().requests(), SizeIs(1));
  serve(always(RudeServer::says(400, "")));
  EXPECT_EQ(without_port(ask("Shop.Order")), "failed: POST SERVER/a: status 400");
  serve(always(RudeServer::says(400, std::string(5'000, 'x'))));
  EXPECT_LT(ask("Shop.Order").size(), 300u);
}

TEST_F(Http, ATroubledServerIsAskedAgainWithTheSameKey) {
  for (const int status : {500, 503, 429}) {
    serve(after(3, RudeServer::says(status, "busy")));
    EXPECT_EQ(ask("Shop.Order", "{}", "run/2/2"), "done: \"at last\"") << status;
    const std::vector<std::string> requests = server().requests();
    ASSERT_THAT(requests, SizeIs(4));
    EXPECT_THAT(requests[0], HasSubstr("Idempotency-Key: run/2/2\r\n"));
    EXPECT_THAT(requests, testing::Each(requests[0]));
  }
}

TEST_F(Http, AndNotForEver) {
  serve(always(RudeServer::says(500, "out of order")));
  EXPECT_EQ(without_port(ask("Shop.Order")),
            "failed: POST SERVER/a, after 5 tries: status 500: out of order");
  EXPECT_THAT(server().requests(), SizeIs(5));
  serve(always(RudeServer::says(500, "out of order")), R"("url": "{SERVER}/a", "tries": 1)");
  EXPECT_EQ(without_port(ask("Shop.Order")), "failed: POST SERVER/a: status 500: out of order");
  EXPECT_THAT(server().requests(), SizeIs(1));
}

TEST_F(Http, WaitsAsLongAsItIsAskedTo) {
  using Clock = std::chrono::steady_clock;
  serve(after(1, RudeServer::says(429, "", "Retry-After: 1\r\n")));
  Clock::time_point begun = Clock::now();
  EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"");
  EXPECT_GE(Clock::now() - begun, std::chrono::milliseconds(1'000));
  // So does a date, in whole seconds.
  const std::time_t soon = std::time(nullptr) + 3;
  std::tm parts{};
  std::string date(64, ' ');
  date.resize(std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT",
                            gmtime_r(&soon, &parts)));
  serve(after(1, RudeServer::says(503, "", "Retry-After: " + date + "\r\n")));
  EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"");
  EXPECT_GE(std::time(nullptr), soon - 1);
  // A date that has been, and one that is none, ask for nothing.
  for (const std::string when : {"Fri, 01 Jan 2021 00:00:00 GMT", "soon"}) {
    serve(after(1, RudeServer::says(503, "", "Retry-After: " + when + "\r\n")));
    EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"") << when;
  }
}

TEST_F(Http, ABrokenAnswerIsAskedForAgain) {
  const Saying cut = {.bytes = "HTTP/1.1 200 Said\r\nContent-Length: 100\r\n\r\n{\"half\":"};
  serve(after(2, cut));
  EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"");
  serve(always(cut));
  EXPECT_EQ(without_port(ask("Shop.Order")),
            "failed: POST SERVER/a, after 5 tries: the answer broke off in the middle");
  serve(after(2, {.bytes = ""}));
  EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"");
  serve(always({.bytes = "I am no server\r\n\r\n"}));
  EXPECT_THAT(ask("Shop.Order"), StartsWith("failed: POST "));
}

TEST_F(Http, AServerThatHangsIsNotWaitedFor) {
  serve(after(2, {.bytes = "", .hangs = true}), R"("url": "{SERVER}/a", "timeout_ms": 1000)");
  // On a machine that is so slow that the answers are late too, there are only more tries.
  EXPECT_EQ(ask("Shop.Order"), "done: \"at last\"");
  serve(always({.bytes = "HTTP/1.1 200 Said\r\nContent-Length: 100\r\n\r\n{", .hangs = true}),
        R"("url": "{SERVER}/a", "timeout_ms": 100, "tries": 2)");
  EXPECT_EQ(without_port(ask("Shop.Order")),
            "failed: POST SERVER/a, after 2 tries: no answer within 100 ms");
}

TEST_F(Http, NobodyThereIsAskedAgainToo) {
  std::string url;
  {
    const RudeServer gone(always({}));
    url = gone.url();
  }
  bind(R"({"Shop": {"use": "http", "url": ")" + url + R"(", "tries": 3, "backoff_ms": 1}})");
  EXPECT_EQ(ask("Shop.Order"),
            "failed: POST " + url + ", after 3 tries: Couldn't connect to server");
}

TEST_F(Http, TooMuchIsNotRead) {
  serve(always(RudeServer::says(200, std::string((1 << 20) + 1, 'x'))));
  EXPECT_EQ(without_port(ask("Shop.Order")),
            "failed: POST SERVER/a: status 200, and a body of more than 1048576 bytes");
  EXPECT_THAT(server().requests(), SizeIs(1));
  serve(always(RudeServer::says(200, std::string(1 << 20, 'x'))));
  EXPECT_EQ(ask("Shop.Order").size(), (1u << 20) + std::string("done: \"\"").size());
}

TEST_F(Http, RedirectsAreFollowedOnlyIfTheyMay) {
  const auto manners = [](const std::string& request, size_t) {
    return request.starts_with("POST /a ") ? RudeServer::says(302, "", "Location: /b\r\n")
                                           : RudeServer::says(200, "\"b\"");
  };
  serve(manners);
  EXPECT_EQ(without_port(ask("Shop.Order")),
            "failed: POST SERVER/a: status 302: it is somewhere else; \"follow\": true goes there");
  serve(manners, R"("url": "{SERVER}/a", "follow": true)");
  EXPECT_EQ(ask("Shop.Order", R"({"a":1})"), "done: \"b\"");
  EXPECT_THAT(server().requests()[1], AllOf(StartsWith("POST /b "), EndsWith("{\"a\":1}")));
  serve(always(RudeServer::says(302, "", "Location: file:///etc/hostname\r\n")),
        R"("url": "{SERVER}/a", "follow": true)");
  EXPECT_THAT(ask("Shop.Order"), StartsWith("failed: POST "));
}

TEST_F(Http, ArgumentsCannotChangeWhatIsAskedFor) {
  serve(always(RudeServer::says(200, "1")),
        R"("url": "{SERVER}/orders/{id}", "headers": {"X-Name": "{name}"})");
  EXPECT_THAT(ask("Shop.Order", R"({"id":".." ,"name":"a"})"),
              HasSubstr("a part of its path is `.` or `..`"));
  EXPECT_EQ(ask("Shop.Order", R"({"id":"","name":"a"})"),
            "failed: the argument `id` is empty, and the URL needs it");
  EXPECT_EQ(ask("Shop.Order", R"({"name":"a"})"), "failed: there is no argument `id`");
  EXPECT_EQ(ask("Shop.Order", R"({"id":1,"name":"a\r\nX-Other: b"})"),
            "failed: the header `X-Name` would have more than one line");
  EXPECT_EQ(ask("Shop.Order", R"({"id":1,"name":"a"})", "a\nb"),
            "failed: the key of the errand does not fit into a header");
  EXPECT_THAT(server().requests(), SizeIs(0));
  EXPECT_EQ(ask("Shop.Order", R"({"id":"a/../b?c#d","name":"a"})"), "done: 1");
  EXPECT_THAT(server().requests()[0], StartsWith("POST /orders/a%2F..%2Fb%3Fc%23d HTTP"));
}

TEST_F(Http, AHostThatMakesNoUrlFails) {
  bind(R"({"Shop": {"use": "http", "url": "http://{host}/a"}})");
  EXPECT_THAT(ask("Shop.Order", R"({"host":"a b"})"), StartsWith("failed: cannot ask at "));
}

TEST_F(Http, SecretsAreNeverTold) {
  variables["TOKEN"] = "s3cr/t+\"x\"";
  variables["PASSWORD"] = "hunter2222";
  const std::string members =
      R"("url": "{SERVER}/a?k={env:TOKEN}", "tries": 2, "timeout_ms": 20000,
         "headers": {"Authorization": "Bearer {env:TOKEN}"}, "body": {"p": "{env:PASSWORD}!"})";
  const auto echo = [](int status) {
    return [status](const std::string& request, size_t) {
      return RudeServer::says(status, request.substr(request.find("Authorization")) + request);
    };
  };
  const auto is_clean = AllOf(Not(HasSubstr("s3cr")), Not(HasSubstr("hunter")));
  for (const int status : {200, 400, 500}) {
    serve(echo(status), members);
    EXPECT_THAT(ask("Shop.Order"), AllOf(is_clean, HasSubstr("{env:TOKEN}"))) << status;
    EXPECT_THAT(server().requests()[0], AllOf(HasSubstr("/a?k=s3cr%2Ft%2B%22x%22 HTTP"),
                                              EndsWith("{\"p\":\"hunter2222!\"}"),
                                              HasSubstr("Authorization: Bearer s3cr/t+\"x\"\r\n")));
  }
  // As JSON, where a few bytes look otherwise.
  serve(always(RudeServer::says(200, R"({"was":"s3cr\/t+\"x\"","hunter2222":["hunter2222"]})")),
        members);
  EXPECT_EQ(ask("Shop.Order"),
            R"(done: {"{env:PASSWORD}":["{env:PASSWORD}"],"was":"{env:TOKEN}"})");
  // Where nobody is.
  serve(always({.bytes = "", .hangs = false}), members);
  EXPECT_THAT(ask("Shop.Order"), AllOf(is_clean, HasSubstr("/a?k={env:TOKEN}, after 2 tries")));
  // In an URL that is none, before the run.
  variables["PLACE"] = "no-place://hunter2222";
  EXPECT_THAT(wrong_with(R"({"A": {"use": "http", "url": "{env:PLACE}/x"}})"),
              AllOf(is_clean, HasSubstr("\"{env:PLACE}/x\" is no URL to ask")));
}

TEST_F(Http, AnUrlMayBeginWithAVariable) {
  RudeServer local(always(RudeServer::says(200, "1")));
  variables["BASE"] = local.url() + "/v1";
  bind(R"({"Shop": {"use": "http", "url": "{env:BASE}/a"}})");
  EXPECT_EQ(ask("Shop.Order"), "done: 1");
  EXPECT_THAT(local.requests()[0], StartsWith("POST /v1/a "));
  unbind();
}

TEST_F(Http, SoManyAreUnderWayAtOnce) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  serve(
      [&](const std::string&, size_t) {
        const int mine = ++now;
        for (int seen = most; seen < mine && !most.compare_exchange_weak(seen, mine);) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        --now;
        return RudeServer::says(200, "1");
      },
      R"("url": "{SERVER}/a", "at_once": 3)");
  std::vector<std::future<ErrandAnswer>> coming;
  for (int i = 0; i < 60; ++i) coming.push_back(begin("Shop.Order", "{}", std::to_string(i)));
  for (std::future<ErrandAnswer>& one : coming) EXPECT_EQ(told(std::move(one)), "done: 1");
  EXPECT_LE(most, 3);
  EXPECT_THAT(server().requests(), SizeIs(60));
}

TEST_F(Http, WhatIsUnderWayIsBrokenOff) {
  serve(always({.bytes = "", .hangs = true}));
  std::vector<std::future<ErrandAnswer>> coming;
  for (int i = 0; i < 100; ++i) coming.push_back(begin("Shop.Order"));
  for (int i = 0; i < 6'000 && server().requests().size() < 10; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  unbind();
  for (std::future<ErrandAnswer>& one : coming) EXPECT_THROW(one.get(), std::future_error);
  // And what waits for its next try.
  serve(always(RudeServer::says(429, "", "Retry-After: 50\r\n")));
  std::future<ErrandAnswer> waiting = begin("Shop.Order");
  for (int i = 0; i < 6'000 && server().requests().empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  unbind();
  EXPECT_THROW(waiting.get(), std::future_error);
}

}  // namespace
}  // namespace lexum

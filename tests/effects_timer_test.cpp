// Timers, and what an errand costs while it waits.
#include <chrono>

#include <unistd.h>

#include "effects_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Timers : public Effects {
 protected:
  Timers() { bind(R"({"Timer": {"use": "timer"}})"); }
  // Does so many, each one with another key, and says when all have been told of.
  void begin_all(int count, const std::string& args) {
    for (int i = 0; i < count; ++i) {
      adapters().carry_out({.adapter = "Timer",
                            .operation = "After",
                            .key = "3fa85f64-5717-4562-b3fc/12/" + std::to_string(i),
                            .args = args},
                           [this](const ErrandAnswer& answer) {
                             EXPECT_FALSE(answer.failed);
                             ++told_;
                           });
    }
  }
  [[nodiscard]] bool all_are_told(int count) const {
    for (int i = 0; i < 12'000 && told_ < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return told_ == count;
  }
  std::atomic<int> told_ = 0;
};

TEST_F(Timers, AreDoneAfterTheirTime) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(ask("Timer.After", R"({"ms":300})"), "done: null");
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(300));
  EXPECT_EQ(ask("Timer.After", R"({"ms":0})"), "done: null");
}

TEST_F(Timers, TheShorterOneIsFirst) {
  std::future<ErrandAnswer> longer = begin("Timer.After", R"({"ms":3600000})");
  EXPECT_EQ(ask("Timer.After", R"({"ms":20})"), "done: null");
  EXPECT_EQ(longer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
}

TEST_F(Timers, OtherwiseFail) {
  EXPECT_EQ(ask("Timer.Every", R"({"ms":1})"),
            "failed: a timer has no operation `Every`; there is After(ms)");
  for (const char* args : {"{}", R"({"ms":-1})", R"({"ms":"1"})", R"({"ms":1.5})", "[1]",
                           "nonsense", R"({"ms":9223372036854775807})", R"({"ms":1,"more":2})"}) {
    EXPECT_THAT(ask("Timer.After", args), HasSubstr("failed: After has one argument, `ms`, an int"))
        << args;
  }
}

TEST_F(Timers, ThousandsRunAtOnceAndEachIsToldOnce) {
  begin_all(10'000, R"({"ms":50})");
  EXPECT_TRUE(all_are_told(10'000));
}

TEST_F(Timers, GoWithTheAdapters) {
  begin_all(10'000, R"({"ms":3600000})");
  unbind();
  EXPECT_EQ(told_, 0);
}

// Under sanitizers memory is somebody else's.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Of the process, as it is now.
size_t resident_bytes() {
  size_t all = 0;
  size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}
constexpr int kMany = 50'000;

TEST_F(Timers, CostLessThanAKilobyteEach) {
  const size_t before = resident_bytes();
  begin_all(kMany, R"({"ms":3600000})");
  // When this one has been told of, those before it have long been set.
  EXPECT_EQ(ask("Timer.After", R"({"ms":0})"), "done: null");
  const size_t bytes = (resident_bytes() - before) / kMany;
  std::printf("a timer that runs: %zu bytes\n", bytes);
  EXPECT_LT(bytes, 1'024u);
}

TEST_F(Timers, AnErrandThatWaitsForItsTurnCostsLessThanAKilobyte) {
  write_program("tool", "sleep 1000");
  bind(R"({"Infra": {"use": "exec", "program": ["./tool"], "at_once": 1}})");
  std::future<ErrandAnswer> first = begin("Infra.Create", "{}");
  const size_t before = resident_bytes();
  for (int i = 0; i < kMany; ++i) {
    adapters().carry_out({.adapter = "Infra",
                          .operation = "CreatePostgres",
                          .key = "3fa85f64-5717-4562-b3fc/12/" + std::to_string(i),
                          .args = R"({"name":"orders-db-of-somebody","size":2})"},
                         [this](const ErrandAnswer&) { ++told_; });
  }
  const size_t bytes = (resident_bytes() - before) / kMany;
  std::printf("an errand that waits for its turn: %zu bytes\n", bytes);
  EXPECT_LT(bytes, 1'024u);
}
#endif

}  // namespace
}  // namespace lexum

// The door: each errand is told of once, logs are written, secrets stay where they are, and one who
// is unreliable can be lived with.
#include "effects/once.h"
#include "effects/template.h"
#include "effects_fixture.h"
#include "fake_adapter.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Door : public Effects {};

TEST_F(Door, ALogHasALineForEachErrand) {
  variables["TOKEN"] = "very-secret";
  write_program("tool", "exit 0");
  bind(R"({"Log": {"use": "log", "to": "log.jsonl"},
           "A": {"use": "exec", "program": ["./tool"], "env": ["TOKEN"]}})");
  EXPECT_EQ(ask("Log.Note", R"({"b":1,"a":"two\nlines"})", "k1"), "done: null");
  EXPECT_EQ(ask("Log.Note", R"({"said":"very-secret"})", "k2"), "done: null");
  const std::string log = read("log.jsonl");
  EXPECT_EQ(std::ranges::count(log, '\n'), 2);
  EXPECT_THAT(
      log,
      AllOf(
          testing::MatchesRegex("\\{\"at\":\"[0-9T:-]+[.][0-9]+Z\",\"adapter\"(.|\n)*"),
          HasSubstr(
              R"("adapter":"Log","operation":"Note","key":"k1","args":{"a":"two\nlines","b":1}})"),
          HasSubstr(R"({"said":"{env:TOKEN}"})"), Not(HasSubstr("very"))));
}

TEST_F(Door, ALogMayBeStderr) {
  bind(R"({"Log": {"use": "log", "to": "stderr"}, "Other": {"use": "log"}})");
  testing::internal::CaptureStderr();
  bind(R"({"Log": {"use": "log", "to": "stderr"}, "Other": {"use": "log"}})");
  EXPECT_EQ(ask("Log.Note"), "done: null");
  EXPECT_EQ(ask("Other.Note"), "done: null");
  EXPECT_EQ(std::ranges::count(testing::internal::GetCapturedStderr(), '\n'), 2);
}

TEST_F(Door, ALogWithoutRoomFails) {
  std::filesystem::create_symlink("/dev/full", path("full"));
  bind(R"({"Log": {"use": "log", "to": "full"}})");
  EXPECT_THAT(ask("Log.Note"), HasSubstr("failed: cannot write to the log"));
}

TEST_F(Door, ManyOfEachKindAreToldOfOnce) {
  write_program("tool", "exit $(( ${LEXUM_KEY#k} % 2 ))");
  std::filesystem::create_directory(path("root"));
  bind(R"({"Exec": {"use": "exec", "program": ["./tool"], "at_once": 8}, "Timer": {"use": "timer"},
           "File": {"use": "file", "root": "root"}, "Log": {"use": "log", "to": "log"}})");
  struct Kind {
    const char* adapter;
    const char* operation;
    const char* args;
  };
  const std::vector<Kind> kinds = {{"Exec", "Do", "{}"},
                                   {"Timer", "After", R"({"ms":1})"},
                                   {"File", "Write", R"({"path":"a","text":"b"})"},
                                   {"Log", "Note", "{}"},
                                   {"Nobody", "Is", "{}"}};
  constexpr int kEach = 40;
  std::vector<std::atomic<int>> told(kinds.size() * kEach);
  std::atomic<int> all = 0;
  std::vector<std::thread> askers;
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    askers.emplace_back([&, kind] {
      for (int i = 0; i < kEach; ++i) {
        std::atomic<int>& times = told[kind * kEach + static_cast<size_t>(i)];
        adapters().carry_out(
            {kinds[kind].adapter, kinds[kind].operation, "k" + std::to_string(i), kinds[kind].args},
            [&](const ErrandAnswer&) {
              ++times;
              ++all;
            });
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  for (int i = 0; i < 12'000 && all < static_cast<int>(told.size()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  unbind();
  EXPECT_THAT(told, testing::Each(testing::Eq(1)));
}

TEST_F(Door, MayBeClosedAtAnyMoment) {
  write_program("tool", "sleep 0.0$LEXUM_KEY");
  std::filesystem::create_directory(path("root"));
  for (int round = 0; round < 20; ++round) {
    bind(
        R"({"Exec": {"use": "exec", "program": ["./tool"], "at_once": 4}, "Timer": {"use": "timer"},
             "File": {"use": "file", "root": "root"},
             "Http": {"use": "http", "url": "http://127.0.0.1:1/", "backoff_ms": 1}})");
    std::atomic<bool> closed = false;
    for (int i = 0; i < 20; ++i) {
      for (const char* adapter : {"Exec", "Timer", "File", "Http"}) {
        const std::string operation = adapter[0] == 'T' ? "After" : "Write";
        const std::string args = adapter[0] == 'T' ? R"({"ms":2})" : R"({"path":"a","text":"b"})";
        adapters().carry_out({adapter, operation, std::to_string(i % 5), args},
                             [&closed](const ErrandAnswer&) { EXPECT_FALSE(closed); });
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    unbind();
    closed = true;
  }
}

TEST_F(Door, ATellMayAskForMore) {
  bind(R"({"Timer": {"use": "timer"}})");
  std::promise<int> promise;
  std::function<void(int)> next = [&](int left) {
    if (left == 0) return promise.set_value(0);
    adapters().carry_out({"Timer", "After", "k", R"({"ms":0})"},
                         [&, left](const ErrandAnswer&) { next(left - 1); });
  };
  next(100);
  EXPECT_EQ(promise.get_future().wait_for(std::chrono::minutes(2)), std::future_status::ready);
}

TEST(Once, TheSecondAnswerIsNotTold) {
  int told = 0;
  const Adapter::Tell tell = once([&](const ErrandAnswer&) { ++told; });
  tell({});
  tell({.failed = true, .text = "again"});
  EXPECT_EQ(told, 1);
}

TEST(Secrets, AreFoundInWhateverFormTheyHave) {
  Secrets secrets;
  secrets.learn("A", "one/two \"three\"");
  secrets.learn("SHORT", "abc");
  secrets.learn("PART", "secret");
  secrets.learn("WHOLE", "secret-and-more");
  EXPECT_EQ(secrets.mask(R"(one/two "three"|one/two \"three\"|one%2Ftwo%20%22three%22|abc)"),
            "{env:A}|{env:A}|{env:A}|abc");
  EXPECT_EQ(secrets.mask("secret-and-more and secret"), "{env:WHOLE} and {env:PART}");
  EXPECT_EQ(secrets.mask(ErrandAnswer{.failed = true, .text = "secretsecret"}).text,
            "{env:PART}{env:PART}");
}

// A run of the same errands against one who is unreliable.
std::string run(uint64_t seed, FakeAdapter::Habits habits) {
  FakeAdapter fake(seed, habits);
  std::string told;
  for (int i = 0; i < 200; ++i) {
    const std::string key = std::to_string(i);
    fake.carry_out({"A", "B", key, "{}"}, [&told, key](const ErrandAnswer& answer) {
      told += key + (answer.failed ? "-" : "+");
    });
  }
  told += "|";
  while (fake.pass_time()) {
  }
  return told;
}

TEST(Fake, IsUnreliableInTheSameWayEachTime) {
  const FakeAdapter::Habits habits{.late = 20, .failing = 20, .twice = 20, .never = 20};
  EXPECT_EQ(run(1, habits), run(1, habits));
  EXPECT_NE(run(1, habits), run(2, habits));
}

TEST(Fake, HasTheHabitsThatItIsSaidToHave) {
  const auto count = [](const std::string& text, char c) { return std::ranges::count(text, c); };
  const std::string good = run(1, {});
  EXPECT_EQ(count(good, '+'), 200);
  EXPECT_TRUE(good.ends_with("|"));
  EXPECT_EQ(run(1, {.never = 100}), "|");
  EXPECT_EQ(count(run(1, {.failing = 100}), '-'), 200);
  EXPECT_TRUE(run(1, {.late = 100}).starts_with("|"));
  const std::string twice = run(1, {.twice = 100});
  EXPECT_EQ(count(twice, '+'), 200);
  EXPECT_EQ(count(twice, '-'), 200);
}

TEST(Fake, IsToldOfOnceBehindAGuard) {
  FakeAdapter fake(7, {.twice = 100});
  int told = 0;
  for (int i = 0; i < 10; ++i) {
    fake.carry_out({"A", "B", std::to_string(i), "{}"}, once([&](const ErrandAnswer&) { ++told; }));
  }
  while (fake.pass_time()) {
  }
  EXPECT_EQ(told, 10);
  EXPECT_EQ(fake.errands().size(), 10u);
  EXPECT_EQ(fake.times_asked().at("3"), 1);
}

}  // namespace
}  // namespace lexum

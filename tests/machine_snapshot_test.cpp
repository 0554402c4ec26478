// A snapshot says what the world is like, and what is read back is that world.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "eval/load.h"
#include "machine/durable.h"
#include "machine/inputs.h"
#include "machine/past.h"
#include "machine/snapshot.h"
#include "memory_files.h"

namespace lexum {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Program> program_of_text(const std::string& text) {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("test.lxm", text), diagnostics);
  for (const Diagnostic& d : diagnostics.sorted()) {
    if (program == nullptr) ADD_FAILURE() << d.message;
  }
  return program;
}

// Everything that a value can be.
constexpr const char* kValues = R"(
type Item { name: string count: int = 1 next: Item? }
domain Shop {
  state { open: bool = true  total: int = -9223372036854775807  note: string = "\"ü\n\u{0}\\"
          maybe: int?  tags: list<string> = ["a", ""]  prices: map<string, int> = {"z": 1, "": 2}
          rooms: map<int, string> = {-5: "five", 10: "ten", 9: "nine"}
          best: Item = Item(name: "x", next: Item(name: "y")) }
  goal Open { predicate open }
  on Sell(item: string, qty: int) { total += qty  send User[item] Hello }
  on Fail { total = 1 / 0 }
}
domain User[name: string] { state { seen: bool } on Hello { seen = true  assert self.name != "bad" } }
)";

class Snapshots : public testing::Test {
 protected:
  void run(std::initializer_list<const char*> messages) {
    std::vector<InputImage> inputs;
    for (const char* message : messages) inputs.push_back(*read_message(*program_, message));
    auto opened = DurableRun::open(files_, "d", program_, std::move(inputs),
                                   {.segment_bytes = 4096,
                                    .snapshot_every = 2,
                                    .keep_history = true,
                                    .snapshots_at_once = true});
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    ASSERT_TRUE((*opened)->run().ok());
    cycle_ = (*opened)->machine().world().cycle();
  }
  std::string& newest() { return files_["d/" + snapshot_name(cycle_)]; }
  // A file of that text, however it came about.
  std::unique_ptr<File> file_of(const std::string& text) {
    files_["text"] = text;
    return std::move(*files_.open("text"));
  }

  static constexpr const char* kNotItsHash = "its bytes are not those that it has the hash of";
  template <class T>
  static std::string why_not(const Result<T>& read) {
    return read ? std::string() : read.error().what;
  }

  MemoryFiles files_;
  std::shared_ptr<const Program> program_ = program_of_text(kValues);
  uint64_t cycle_ = 0;
};

TEST_F(Snapshots, HoldEveryKindOfValue) {
  run({"Shop Sell(item: \"ada\", qty: 3)", "Shop Fail", "Shop Sell(item: \"bob\", qty: 4)"});
  const auto json = nlohmann::json::parse(files_["d/0.snapshot.json"]);
  const auto& state = json["instances"][0]["state"];
  EXPECT_EQ(state["rooms"].dump(), R"({"-5":"five","10":"ten","9":"nine"})");
  EXPECT_EQ(state["best"]["next"]["name"], "y");
  EXPECT_EQ(state["maybe"], nullptr);
  EXPECT_EQ(state["total"], -9223372036854775807);
  const Result<Snapshot> read = read_snapshot(*program_, *file_of(files_["d/0.snapshot.json"]));
  ASSERT_TRUE(read.ok()) << read.error().what;
  Snapshot again = *read;
  for (const InstanceImage& one : again.point.image.instances) again.domains.push_back(one.domain);
  std::string written;
  const auto append = [&](std::string_view text) {
    written += text;
    return Done{};
  };
  const WorldImage& world = again.point.image;
  std::vector<const InstanceImage*> instances;
  for (const InstanceImage& one : world.instances) instances.push_back(&one);
  ASSERT_TRUE(write_json(*program_, again, world, instances, append).ok());
  EXPECT_EQ(written, files_["d/0.snapshot.json"]) << "nothing is lost on the way";
}

TEST_F(Snapshots, NoFlippedByteIsBelieved) {
  run({"Shop Sell(item: \"ada\", qty: 3)"});
  const std::string whole = newest();
  ASSERT_TRUE(read_snapshot_head(*file_of(whole)).ok());
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string spoilt = whole;
    spoilt[at] = static_cast<char>(spoilt[at] ^ (1 << at % 8));
    for (const std::string& text : {spoilt, whole.substr(0, at)}) {
      EXPECT_EQ(why_not(read_snapshot_head(*file_of(text))), kNotItsHash) << at;
      EXPECT_EQ(why_not(read_snapshot(*program_, *file_of(text))), kNotItsHash) << at;
    }
  }
}

TEST_F(Snapshots, ForgedOnesAreNoWorlds) {
  run({"Shop Sell(item: \"ada\", qty: 3)"});
  // Somebody has changed something and made the hash anew.
  const auto forged = [&](const std::string& what, const std::string& by) {
    std::string text = newest();
    text.resize(text.rfind(kSnapshotHashMember));
    const size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
    text += kSnapshotHashMember;
    text += to_hex(blake2b(as_bytes(text))) + std::string(kSnapshotEnd);
    Result<Snapshot> read = read_snapshot(*program_, *file_of(text));
    if (!read) return read.error().what;
    std::vector<Snapshot> chain;
    chain.push_back(std::move(*read));
    return why_not(put_together(*program_, std::move(chain)));
  };
  EXPECT_EQ(forged(R"("seen":true)", R"("seen":false)"), "");
  EXPECT_THAT(forged(R"("domain":"User")", R"("domain":"Nobody")"), HasSubstr("no domain Nobody"));
  EXPECT_THAT(forged(R"("seen":true)", R"("seen":1)"), HasSubstr("no snapshot of this format"));
  EXPECT_THAT(forged(R"("tick":)", R"("tock":)"), HasSubstr("`tick` is missing"));
  EXPECT_THAT(forged(R"("format":3)", R"("format":7)"), HasSubstr("it has format 7"));
  EXPECT_THAT(forged(R"("id":1)", R"("id":77)"), HasSubstr("no world of this program"));
  EXPECT_THAT(forged(R"("id":1)", R"("id":0)"), HasSubstr("it is no world of this program"))
      << "two of one id";
  // A number of 64 bits that would be another one in 32, or in 8.
  EXPECT_THAT(forged(R"("id":1)", R"("id":4294967297)"), HasSubstr("`id` is too big"));
  EXPECT_THAT(forged(R"("instance_count":2)", R"("instance_count":4294967298)"),
              HasSubstr("`instance_count` is too big"));
  EXPECT_THAT(forged(R"("goals":{"Open":[0,)", R"("goals":{"Open":[256,)"),
              HasSubstr("`status` is too big"));
}

TEST_F(Snapshots, HaveTheirInstancesInLinesAndNothingElse) {
  run({"Shop Sell(item: \"ada\", qty: 3)"});
  std::string text = newest();
  text.resize(text.rfind(kSnapshotHashMember));
  const auto read = [&](std::string forged) {
    forged += kSnapshotHashMember;
    forged += to_hex(blake2b(as_bytes(forged))) + std::string(kSnapshotEnd);
    const Result<Snapshot> snapshot = read_snapshot(*program_, *file_of(forged));
    return snapshot ? std::string() : snapshot.error().what;
  };
  EXPECT_EQ(read(text), "");
  EXPECT_THAT(read(text.substr(0, text.size() - 1)), HasSubstr("does not end"));
  EXPECT_THAT(read(text + ",\n\"more\":1"), HasSubstr("behind the instances"));
  EXPECT_THAT(read(text + "\n\n{}"), HasSubstr("behind the instances"));
  EXPECT_THAT(read(text.substr(0, text.size() - 2)), HasSubstr("an instance is no JSON"));
  EXPECT_THAT(read(text.substr(0, text.find("\n\"instances\""))), HasSubstr("no JSON object"));
  EXPECT_THAT(read(""), HasSubstr("no JSON object"));
  EXPECT_THAT(read("{}"), HasSubstr("no JSON object"));
}

TEST_F(Snapshots, AreNotOfInputsThatTheJournalDoesNotTake) {
  const auto heap = program_of_text(
      "domain Heap { state { n: int } on Take(a: string, b: string, c: string, d: string, e: "
      "string) { n += 1 } }");
  InputImage input;
  input.domain = heap->find_domain("Heap");
  input.routine = RoutineIndex(size_t{0});
  input.args.assign(5, Value::of(std::string(size_t{15} << 20, 'x')));
  const auto refused = DurableRun::open(files_, "h", heap, {input}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kFull);
  EXPECT_THAT(*files_.list("h"), testing::IsEmpty());

  auto run = std::move(*DurableRun::open(files_, "h", heap, {}, {}));
  ASSERT_TRUE(run->run().ok());
  EXPECT_FALSE(run->accept({input}).ok());
  input.args.assign(5, Value::of(std::string(size_t{3} << 20, 'x')));
  EXPECT_TRUE(run->accept({input}).ok());
  ASSERT_TRUE(run->run().ok());
  EXPECT_EQ(run->machine().world().inputs_numbered(), 1u);
}

TEST_F(Snapshots, OfManyPiecesAreReadAsOne) {
  const auto wide = program_of_text(R"(
domain Clock {
  state { n: int }
  on Begin(text: string) { for i in 0..3_000 { send Store[i] Put(now: text + "{i}") } }
}
domain Store[id: int] { state { text: string } on Put(now: string) { text = now } }
)");
  // More than is read at a time, and one that is longer than that.
  const std::string message = "Clock Begin(text: \"" + std::string(1'000, 'x') + "\")";
  const std::string long_one = "Store[5000] Put(now: \"" + std::string(3'000'000, 'y') + "\")";
  auto run = std::move(*DurableRun::open(
      files_, "d", wide, {*read_message(*wide, message), *read_message(*wide, long_one)}, {}));
  ASSERT_TRUE(run->run().ok());
  const World& world = run->machine().world();
  const std::string whole = files_["d/" + snapshot_name(world.cycle())];
  ASSERT_GT(whole.size(), 6u << 20);
  const Result<Snapshot> read = read_snapshot(*wide, *file_of(whole));
  ASSERT_TRUE(read.ok()) << read.error().what;
  World again(*wide, {});
  again.restore(read->point.image);
  EXPECT_EQ(again.state_hash(), world.state_hash());

  for (size_t at = 11; at < whole.size(); at = at * 3 / 2) {
    std::string spoilt = whole;
    spoilt[whole.size() - at] = static_cast<char>(spoilt[whole.size() - at] ^ 1);
    EXPECT_EQ(why_not(read_snapshot(*wide, *file_of(spoilt))), kNotItsHash) << at;
    EXPECT_EQ(why_not(read_snapshot(*wide, *file_of(whole.substr(0, at)))), kNotItsHash) << at;
  }
}

// Of a world that is too large to be imaged at once, and that changes while it is.
TEST_F(Snapshots, AreTheSameBytesHoweverTheyWereTaken) {
  const auto wide = program_of_text(R"(
domain Clock {
  state { n: int }
  goal Never { predicate n < 0 }
  on Begin { for i in 0..3_000 { send Store[i] Put(x: i) } }
  transition Turn { n += 1  send Store[n * 7 % 3_000] Put(x: n)  send Store[n % 50] Put(x: -n) }
}
domain Store[id: int] { state { n: int  all: list<int> } on Put(x: int) { n = x  all = all.add(x) } }
)");
  const auto snapshots_of = [&](uint64_t every, bool keep) {
    MemoryFiles files;
    auto run = std::move(
        *DurableRun::open(files, "d", wide, {*read_message(*wide, "Clock Begin")},
                          {.segment_bytes = 4096, .snapshot_every = every, .keep_history = true}));
    while (run->machine().world().cycle() < 10'000) {
      EXPECT_TRUE(run->machine().tick().ok());
      if (keep && run->machine().world().cycle() >= every) break;
    }
    if (keep) {
      EXPECT_TRUE(run->keep().ok());
    }
    const uint64_t cycle = run->machine().world().cycle();
    run.reset();
    return std::pair(files, cycle);
  };
  const auto [kept, cycle] = snapshots_of(4'000, true);
  auto [gone_by, end] = snapshots_of(4'000, false);
  EXPECT_GT(end, cycle + 1'000);
  MemoryFiles once = kept;
  const std::string name = "d/" + snapshot_name(cycle);
  EXPECT_GT(once[name].size(), 100'000u);
  // What BLAKE2b keeps has leftovers of the batches in it.
  const auto comparable = [](std::string text) {
    const size_t digest = text.find("\"digest\"");
    text.erase(digest, text.find("\"", digest + 12) - digest);
    return text.substr(0, text.rfind(kSnapshotHashMember));
  };
  EXPECT_EQ(comparable(once[name]), comparable(gone_by[name]));
}

// What the first design of Lexum promised, key for key.
TEST(MetricsAggregator, IsSnapshotAtCycle4092AsItWasPromised) {
  const auto program = program_of_text(R"(
domain MetricsAggregator {
  state { status: string = "Idle"  nodes: int }
  goal Warm { predicate nodes >= 12 }
  transition Join { nodes += 1  status = "Active" }
  on Report(n: int) { nodes = 11 + n  status = "Active" }
}
domain Source {
  state { sent: int }
  on Boot { sent = 0 }
  goal Sent { predicate sent >= 1975 }
  transition Report { sent += 1  send MetricsAggregator Report(n: 1) }
}
)");
  MemoryFiles files;
  std::vector<InputImage> inputs;
  for (int i = 0; i < 141; ++i)
    inputs.push_back(*read_message(*program, "MetricsAggregator Report(n: 1)"));
  auto run = DurableRun::open(files, "d", program, std::move(inputs),
                              {.segment_bytes = 4096, .snapshot_every = 100'000});
  ASSERT_TRUE(run.ok()) << run.error().what;
  ASSERT_TRUE((*run)->run().ok());
  const uint64_t cycle = (*run)->machine().world().cycle();
  ASSERT_EQ(cycle, 4092u);
  const auto json = nlohmann::json::parse(files["d/" + snapshot_name(cycle)]);
  const auto& it = json["instances"][0];
  EXPECT_EQ(it["domain"], "MetricsAggregator");
  EXPECT_EQ(it["key"], nullptr);
  EXPECT_EQ(it["cycle"], 4092);
  EXPECT_EQ(it["run_hash"], to_hex((*run)->machine().run_hash()));
  EXPECT_EQ(it["state"].dump(), R"({"nodes":12,"status":"Active"})");
  EXPECT_EQ(it["mailbox_offset"], 142) << "an epoch and 141 messages";
}

// Whoever goes on with it writes a snapshot of where it begins, which is before what somebody saw.
TEST(Shown, IsNotTakenBackAfterASnapshotOfWhatCameBefore) {
  const auto program = program_of_text("domain D { state { n: int } on M { n += 1 } }");
  MemoryFiles files;
  const auto open = [&] {
    auto run = DurableRun::open(files, "d", program, {}, {.segment_bytes = 4096});
    EXPECT_TRUE(run.ok()) << run.error().what;
    return std::move(*run);
  };
  {
    auto run = open();
    ASSERT_TRUE(run->accept({*read_message(*program, "D M")}).ok());
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(run->machine().tick().ok());
    ASSERT_EQ(run->machine().world().tick_now(), 1u);
    ASSERT_TRUE(run->show().ok());
  }
  // As if it had been killed before it could write even the snapshot of its start.
  const std::vector<std::string> names = *files.list("d");
  for (const std::string& name : names) {
    if (!name.ends_with(".snapshot.json")) continue;
    ASSERT_TRUE(files.remove("d/" + name).ok());
  }
  {
    auto run = open();
    ASSERT_TRUE(run->keep().ok());
    ASSERT_EQ(run->machine().world().tick_now(), 0u);
  }
  auto run = open();
  ASSERT_TRUE(run->accept({*read_message(*program, "D M")}).ok());
  EXPECT_EQ(read_past(files, "d")->inputs.back().tick, 2u) << "the tick 1 was seen without it";
}

// Its frames check: somebody has changed what they say.
TEST(Journals, ThatSayWhatCannotBeAreRefused) {
  const auto program = program_of_text("domain D { state { n: int } on M { n += 1 } }");
  MemoryFiles files;
  const InputImage message = *read_message(*program, "D M");
  ASSERT_TRUE(DurableRun::open(files, "d", program, {message, message}, {}).ok());
  std::vector<std::pair<uint8_t, std::string>> records;
  ASSERT_TRUE(Journal::read(files, "d", 1, [&](const JournalRecord& record) {
                records.emplace_back(record.type, as_text(record.payload));
                return true;
              }).ok());
  ASSERT_EQ(records.size(), 4u) << "an epoch, two messages, and that it has begun";
  const auto why_not = [&](const std::vector<size_t>& which) {
    MemoryFiles forged;
    for (const char* name : {"d/run.json", "d/program.lxm"}) forged[name] = files[name];
    {
      const auto journal = std::move(*Journal::open(
          forged, "d", Sync::kGroup, 1, [](const JournalRecord&) { return true; }, 4096));
      for (const size_t one : which)
        journal->add(records[one].first, as_bytes(records[one].second));
      EXPECT_TRUE(journal->make_all_durable().ok());
    }
    const auto run = DurableRun::go_on(forged, "d", {});
    return run ? std::string() : run.error().what;
  };
  EXPECT_EQ(why_not({0, 1, 2, 3}), "");
  EXPECT_THAT(why_not({0, 2, 1, 3}), HasSubstr("record 3 makes no sense here"));
  EXPECT_THAT(why_not({0, 1, 1, 2, 3}), HasSubstr("record 3 makes no sense here"));
  EXPECT_THAT(why_not({1, 2, 3}), HasSubstr("no run that has begun"));
  records[2].second[0] = 100;  // its number
  EXPECT_THAT(why_not({0, 1, 2, 3}), HasSubstr("record 3 makes no sense here"));
}

}  // namespace
}  // namespace lexum

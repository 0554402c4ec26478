// What is durable stays, what was torn goes without complaint, and all else is said aloud.
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory_files.h"
#include "store/journal.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Journals : public testing::Test {
 protected:
  static constexpr size_t kSmall = 2048;

  std::unique_ptr<Journal> open(Sync sync = Sync::kGroup, uint64_t from = 1) {
    read_.clear();
    auto opened = Journal::open(
        files_, "d", sync, from,
        [&](const JournalRecord& record) {
          read_ += std::to_string(record.number) + ":" + std::string(as_text(record.payload)) + " ";
          return true;
        },
        kSmall);
    error_ = opened ? "" : opened.error().what;
    code_ = opened ? ErrorCode::kIo : opened.error().code;
    return opened ? std::move(*opened) : nullptr;
  }
  void write(std::initializer_list<const char*> texts) {
    const auto journal = open();
    for (const char* text : texts) journal->add(7, as_bytes(text));
    ASSERT_TRUE(journal->make_all_durable());
  }
  std::string read_all() { return open() ? read_ : "error: " + error_; }
  std::vector<std::string> segments() {
    std::vector<std::string> names = *files_.list("d");
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".journal"); });
    return names;
  }

  MemoryFiles files_;
  std::string read_;
  std::string error_;
  ErrorCode code_ = ErrorCode::kIo;
};

TEST_F(Journals, GiveBackWhatWasWritten) {
  EXPECT_EQ(read_all(), "");
  write({"one", "two", ""});
  EXPECT_EQ(read_all(), "1:one 2:two 3: ");
  write({"four"});
  EXPECT_EQ(read_all(), "1:one 2:two 3: 4:four ");
  EXPECT_NE(open(Sync::kGroup, 4), nullptr);
  EXPECT_EQ(read_, "4:four ");
}

TEST_F(Journals, ForgetWhatNobodyWaitedFor) {
  {
    const auto journal = open();
    journal->add(1, as_bytes("kept"));
    ASSERT_TRUE(journal->make_all_durable());
    EXPECT_EQ(journal->add(1, as_bytes("lost")), 2u);
    EXPECT_EQ(journal->durable(), 1u);
  }
  EXPECT_EQ(read_all(), "1:kept ");
}

TEST_F(Journals, TakeWhatIsLongerThanAGroup) {
  const std::string big(size_t{20} << 20, 'b');
  write({"a"});
  write({big.c_str(), "c"});
  EXPECT_EQ(read_all(), "1:a 2:" + big + " 3:c ");
  // Torn in the middle of it.
  std::string& last = files_["d/" + segments().back()];
  last.resize(last.size() / 2);
  EXPECT_EQ(read_all(), "1:a ");
}

TEST_F(Journals, GoOnInAnotherSegmentWhenOneIsFull) {
  std::string all;
  for (int i = 1; i <= 40; ++i) {
    const std::string text(150, static_cast<char>('a' + i % 26));
    write({text.c_str()});
    all += std::to_string(i) + ":" + text + " ";
  }
  EXPECT_GT(segments().size(), 2u);
  EXPECT_EQ(read_all(), all);
  // One that is longer than a segment has one of its own.
  const std::string large(3 * kSmall, 'x');
  write({large.c_str(), "after"});
  EXPECT_TRUE(read_all().ends_with("42:after "));
}

TEST_F(Journals, UseSegmentsAgainThatNobodyNeeds) {
  for (int i = 1; i <= 60; ++i) write({std::string(200, 'y').c_str()});
  const size_t before = segments().size();
  const auto journal = open();
  ASSERT_TRUE(journal->forget_before(50));
  EXPECT_LT(segments().size(), before);
  EXPECT_LE(journal->first(), 50u);
  EXPECT_GT(journal->first(), 40u);
  for (int i = 0; i < 30; ++i) {
    journal->add(7, as_bytes(std::string(200, 'z')));
    ASSERT_TRUE(journal->make_all_durable());
  }
  EXPECT_FALSE(files_.open("d/spare.old").ok()) << "it was used";
  const uint64_t first = journal->first();
  EXPECT_NE(open(Sync::kGroup, first), nullptr) << error_;
  EXPECT_TRUE(read_.starts_with(std::to_string(first) + ":"));
}

TEST_F(Journals, AlwaysNoneAndGroupReadTheSame) {
  std::string all;
  int number = 0;
  for (const Sync sync : {Sync::kAlways, Sync::kNone, Sync::kGroup}) {
    const auto journal = open(sync);
    for (int i = 0; i < 5; ++i) {
      journal->add(7, as_bytes("r" + std::to_string(++number)));
      all += std::to_string(number) + ":r" + std::to_string(number) + " ";
    }
    ASSERT_TRUE(journal->make_all_durable());
  }
  EXPECT_EQ(read_all(), all);
  EXPECT_EQ(sync_named("always"), Sync::kAlways);
  EXPECT_FALSE(sync_named("often"));
}

TEST_F(Journals, ManyMayWaitAtOnce) {
  {
    const auto journal = open();
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&journal, t] {
        for (int i = 0; i < 100; ++i) {
          const uint64_t number = journal->add(7, as_bytes(std::to_string(t)));
          ASSERT_TRUE(journal->make_durable(number));
          ASSERT_GE(journal->durable(), number);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const std::string all = read_all();
  EXPECT_EQ(std::ranges::count(all, ' '), 800);
}

// ---- what a crash leaves

TEST_F(Journals, LoseNothingButTheTornEndAtEveryLength) {
  write({"first", "second"});
  write({"third"});
  const std::string path = "d/" + segments()[0];
  const std::string whole = files_[path];
  const size_t used = whole.find_last_not_of('\0') + 1;
  for (size_t length = 0; length < used; ++length) {
    files_[path] = whole.substr(0, length);
    const auto journal = open();
    if (length < 16 + 16 + 9) {
      EXPECT_EQ(journal, nullptr) << length << ": there is no segment without a head";
      continue;
    }
    ASSERT_NE(journal, nullptr) << length << ": " << error_;
    EXPECT_TRUE(read_.empty() || read_ == "1:first 2:second ") << length << " " << read_;
    journal->add(7, as_bytes("next"));
    ASSERT_TRUE(journal->make_all_durable());
    const std::string before = read_;
    EXPECT_EQ(read_all(), before + (before.empty() ? "1" : "3") + ":next ") << length;
    // Two segments now; the next length begins with one.
    for (const std::string& name : segments()) {
      if ("d/" + name != path) (void)files_.remove("d/" + name);
    }
  }
}

TEST_F(Journals, LoseNothingButTheTornEndWhateverSectorsAreMissing) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    files_ = MemoryFiles();
    write({"first"});
    const std::string path = "d/" + segments()[0];
    const std::string before = files_[path];
    write({std::string(100 + random() % 1500, 'q').c_str()});
    if (segments().size() > 1) continue;
    const std::string after = files_[path];
    // Of the group, each sector may have been written or not, and one at least was not.
    std::string torn = before;
    bool all = true;
    for (size_t sector = 0; sector * 512 < after.size(); ++sector) {
      const bool written = random() % 2 == 0;
      const size_t at = sector * 512;
      if (after.compare(at, 512, before, at, 512) == 0) continue;
      if (written) torn.replace(at, 512, after, at, 512);
      all = all && written;
    }
    if (all) continue;
    files_[path] = torn;
    ASSERT_EQ(read_all(), "1:first ") << round;
  }
}

// The power goes while the first group of a segment is written: nothing but its head is left, and
// the one that follows takes its place in the row.
TEST_F(Journals, GoOnBehindASegmentOfWhichNothingIsLeft) {
  const std::string most(1500, 'a');
  const std::string more(1500, 'b');
  write({most.c_str()});
  write({more.c_str()});
  const std::vector<std::string> names = segments();
  ASSERT_EQ(names.size(), 2u);
  std::string& last = files_["d/" + names.back()];
  last.replace(last.size() / 2, 8, "nonsense");
  last.resize(last.size() / 2 + 8);
  write({more.c_str()});
  EXPECT_EQ(read_all(), "1:" + most + " 2:" + more + " ");
  EXPECT_EQ(segments(), names);
}

TEST_F(Journals, SayAloudWhatIsDamaged) {
  write({"first", "second"});
  write({"third"});
  const std::string path = "d/" + segments()[0];
  const std::string whole = files_[path];
  const size_t used = whole.find_last_not_of('\0') + 1;
  for (size_t at = 0; at < used; ++at) {
    for (const int bit : {0, 3, 7}) {
      files_[path] = whole;
      files_[path][at] = static_cast<char>(files_[path][at] ^ (1 << bit));
      const std::string spoilt = files_[path];
      EXPECT_EQ(open(), nullptr) << at;
      EXPECT_THAT(error_, HasSubstr(path)) << at;
      EXPECT_EQ(files_[path], spoilt) << "nothing is touched";
    }
  }
}

TEST_F(Journals, SayAloudWhatIsMissing) {
  for (int i = 1; i <= 40; ++i) write({std::string(150, 'n').c_str()});
  const std::vector<std::string> names = segments();
  ASSERT_GT(names.size(), 3u);
  const std::string kept = files_["d/" + names[1]];
  ASSERT_TRUE(files_.remove("d/" + names[1]));
  EXPECT_EQ(open(), nullptr);
  EXPECT_EQ(code_, ErrorCode::kNotFound);
  EXPECT_THAT(error_, HasSubstr("are not there; put their file back"));
  // Another one in its place does not follow.
  files_["d/" + names[1]] = files_["d/" + names[2]];
  EXPECT_EQ(open(), nullptr);
  files_["d/" + names[1]] = kept;
  EXPECT_NE(open(), nullptr);
}

// What is added would get numbers that nobody reads, or that are taken.
TEST_F(Journals, HaveToReachWhatIsWanted) {
  for (int i = 1; i <= 40; ++i) write({std::string(150, 'n').c_str()});
  EXPECT_NE(open(Sync::kGroup, 41), nullptr) << "the one that comes next";
  EXPECT_EQ(open(Sync::kGroup, 43), nullptr);
  EXPECT_EQ(code_, ErrorCode::kNotFound);
  EXPECT_THAT(error_, HasSubstr("records 41 to 42"));
  ASSERT_TRUE(files_.remove("d/" + segments()[0]));
  EXPECT_NE(open(Sync::kGroup, 40), nullptr);
  EXPECT_EQ(open(), nullptr) << "as if there had been no others";
  EXPECT_EQ(code_, ErrorCode::kNotFound);
  EXPECT_THAT(error_, HasSubstr("records 1 to "));
  for (const std::string& name : segments()) ASSERT_TRUE(files_.remove("d/" + name));
  EXPECT_EQ(open(Sync::kGroup, 40), nullptr);
  EXPECT_THAT(error_, HasSubstr("records 1 to 39"));
  EXPECT_NE(open(), nullptr) << "a new one";
}

TEST_F(Journals, AreSealedByAFailure) {
  const auto journal = open();
  journal->add(7, as_bytes("kept"));
  ASSERT_TRUE(journal->make_all_durable());
  files_.leave_room(10);
  journal->add(7, as_bytes("does not fit"));
  EXPECT_FALSE(journal->make_all_durable());
  files_.leave_room(1'000'000);
  journal->add(7, as_bytes("comes too late"));
  EXPECT_FALSE(journal->make_all_durable());
  EXPECT_EQ(journal->durable(), 1u);
  EXPECT_EQ(read_all(), "1:kept ");
}

TEST_F(Journals, RefuseWhatTheirReaderRefuses) {
  write({"good", "bad"});
  const auto refused = Journal::open(files_, "d", Sync::kGroup, 1, [](const JournalRecord& record) {
    return as_text(record.payload) != "bad";
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kMismatch);
  EXPECT_THAT(refused.error().what, HasSubstr("record 2"));
}

}  // namespace
}  // namespace lexum

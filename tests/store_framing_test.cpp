// Frames come back as they were written; what was torn off is not missed, and what was damaged is
// found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory_files.h"
#include "store/framing.h"

namespace lexum {
namespace {

constexpr FileKind kNotes = {.magic = "NOTEBOOK", .version = 2, .name = "notebook"};

// Writes texts as frames of type 1, 2, 3 …
MemoryFiles written(const std::vector<std::string>& texts) {
  MemoryFiles files;
  Result<FrameWriter> writer = FrameWriter::create(files, "notes", kNotes);
  uint8_t type = 0;
  for (const std::string& text : texts) EXPECT_TRUE(writer->append(++type, as_bytes(text)));
  return files;
}

// "one|two|end"; instead of "end" what is wrong there.
std::string read_all(Files& files) {
  const Result<FrameReader> reader = FrameReader::open(files, "notes", kNotes);
  if (!reader) return "closed";
  std::string all;
  for (FramePlace place = reader->first();;) {
    const Result<std::optional<Frame>> frame = reader->read(place);
    if (!frame) return all + (frame.error().code == ErrorCode::kTorn ? "torn" : "damaged");
    if (!*frame) return all + "end";
    all += std::string(as_text((*frame)->payload)) + "|";
    place = (*frame)->next;
  }
}

TEST(Frames, ComeBackInOrder) {
  MemoryFiles files = written({"one", "", "three"});
  EXPECT_EQ(read_all(files), "one||three|end");
}

RC_GTEST_PROP(Frames, ComeBackWhateverIsInThem, (const std::vector<std::string>& texts)) {
  MemoryFiles files = written(texts);
  std::string expected;
  for (const std::string& text : texts) expected += text + "|";
  RC_ASSERT(read_all(files) == expected + "end");
}

TEST(Frames, AreReadAloneByThoseWhoKnowTheirPlace) {
  MemoryFiles files;
  Result<FrameWriter> writer = FrameWriter::create(files, "notes", kNotes);
  EXPECT_TRUE(writer->append(1, as_bytes("one")));
  const Result<FramePlace> place = writer->append(7, as_bytes("two"));
  const Result<FrameReader> reader = FrameReader::open(files, "notes", kNotes);
  const Result<std::optional<Frame>> frame = reader->read(*place);
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->type, 7);
  EXPECT_EQ(as_text((*frame)->payload), "two");
}

TEST(Frames, KeepWhatIsWholeWhereverTheFileEnds) {
  MemoryFiles files = written({"one", "two"});
  const std::string whole = files["notes"];
  const size_t one_ends = kPreambleBytes + kFrameHeaderBytes + 3;
  for (size_t size = 0; size < whole.size(); ++size) {
    files["notes"] = whole.substr(0, size);
    const char* expected = size < kPreambleBytes    ? "closed"
                           : size == kPreambleBytes ? "end"
                           : size < one_ends        ? "torn"
                           : size == one_ends       ? "one|end"
                                                    : "one|torn";
    EXPECT_EQ(read_all(files), expected) << size;
  }
}

TEST(Frames, TakeZerosAtTheEndForTorn) {
  MemoryFiles files = written({"one"});
  files["notes"] += std::string(100'000, '\0');
  EXPECT_EQ(read_all(files), "one|torn");
}

TEST(Frames, NoticeEveryFlippedBit) {
  MemoryFiles files = written({"one", "two"});
  const std::string whole = files["notes"];
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      files["notes"] = whole;
      files["notes"][at] = static_cast<char>(files["notes"][at] ^ 1 << bit);
      const std::string read = read_all(files);
      EXPECT_TRUE(read == "closed" || read == "damaged" || read == "one|damaged")
          << read << " at " << at;
    }
  }
}

TEST(Frames, NameTheOffsetOfDamage) {
  MemoryFiles files = written({"one", "two"});
  files["notes"].back() = '!';
  const Result<FrameReader> reader = FrameReader::open(files, "notes", kNotes);
  const FramePlace second = (*reader->read(reader->first()))->next;
  const Result<std::optional<Frame>> frame = reader->read(second);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().offset, second.offset);
  EXPECT_THAT(frame.error().what, testing::HasSubstr("damaged at byte 35"));
}

TEST(Frames, DoNotCheckBehindAnotherPredecessor) {
  MemoryFiles files = written({"one", "two"});
  MemoryFiles others = written({"uno", "two"});
  const size_t second = kPreambleBytes + kFrameHeaderBytes + 3;
  files["notes"] = files["notes"].substr(0, second) + others["notes"].substr(second);
  EXPECT_EQ(read_all(files), "one|damaged");
}

ErrorCode open_error(std::string bytes) {
  MemoryFiles files;
  files["notes"] = std::move(bytes);
  const Result<FrameReader> reader = FrameReader::open(files, "notes", kNotes);
  return reader ? ErrorCode::kInUse : reader.error().code;
}

TEST(FrameReader, RefusesForeignAndNewerFilesByName) {
  EXPECT_EQ(open_error("{\"some\": \"json\"}"), ErrorCode::kForeign);
  MemoryFiles files;
  FileKind newer = kNotes;
  newer.version = 3;
  EXPECT_TRUE(FrameWriter::create(files, "notes", newer));
  EXPECT_EQ(open_error(files["notes"]), ErrorCode::kNewer);
  EXPECT_EQ(open_error(""), ErrorCode::kTorn);
}

TEST(FrameReader, RefusesFilesOlderThanItReads) {
  MemoryFiles files = written({"one"});
  FileKind kind = kNotes;
  kind.version = kind.oldest = 3;
  const Result<FrameReader> reader = FrameReader::open(files, "notes", kind);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kOlder);
  EXPECT_EQ(reader.error().what,
            "notes: this notebook has format 2, and this lxm reads none before 3; make it anew");
}

TEST(FrameWriter, IsSealedAfterAFailure) {
  MemoryFiles files;
  Result<FrameWriter> writer = FrameWriter::create(files, "notes", kNotes);
  EXPECT_TRUE(writer->append(1, as_bytes("one")));
  files.leave_room(5);
  EXPECT_EQ(writer->append(1, as_bytes("two")).error().code, ErrorCode::kFull);
  files.leave_room(1000);
  EXPECT_EQ(writer->append(1, as_bytes("three")).error().code, ErrorCode::kFull);
  EXPECT_EQ(read_all(files), "one|torn");
}

}  // namespace
}  // namespace lexum

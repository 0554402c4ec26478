// What is said of a trace that is not whole: what, where, and the way out; and all that can still
// be read is shown.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// Each fault closes a chunk, so that a short run has several.
constexpr const char* kBreaks = R"(@restart(100, 100)
domain D { state { n: int } goal G { target n >= 12 }
  transition Up { n += 1  if n % 3 == 0 { send D Break } }
  on Break { n = n / 0 } }
)";

constexpr size_t kPreambleBytes = 16;
constexpr size_t kFrameHeaderBytes = 16;

struct FramePart {
  size_t begin;
  size_t end;
  uint8_t type;  // 1 header, 2 chunk, 3 keyframe, 4 footer
};

class Damage : public Lxm {
 protected:
  Damage() {
    write("breaks.lxm", kBreaks);
    lxm("run breaks.lxm --trace whole.lxtrace");
    whole_ = read("whole.lxtrace");
    log_ = lines(lxm("log whole.lxtrace").out);
    for (size_t at = kPreambleBytes; at < whole_.size();) {
      const auto byte = [&](size_t i) { return static_cast<uint8_t>(whole_[at + i]); };
      const size_t length = byte(0) | byte(1) << 8 | byte(2) << 16;
      frames_.push_back({at, at + kFrameHeaderBytes + length, byte(4)});
      at = frames_.back().end;
    }
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  [[nodiscard]] Answer read_with(const std::string& command, const std::string& bytes) const {
    write("t.lxtrace", bytes);
    return lxm(command + " t.lxtrace");
  }
  // Every line that the log of the whole trace has, and that is not there.
  [[nodiscard]] std::vector<std::string> missing(const Answer& log) const {
    const std::vector<std::string> shown = lines(log.out);
    std::vector<std::string> gone;
    for (const std::string& line : log_) {
      if (std::find(shown.begin(), shown.end(), line) == shown.end()) gone.push_back(line);
    }
    return gone;
  }
  static std::string at_byte(size_t offset) { return "at byte " + std::to_string(offset) + ":"; }

  std::string whole_;
  std::vector<std::string> log_;
  std::vector<FramePart> frames_;
};

TEST_F(Damage, IsLookedForInATraceOfManyFrames) {
  ASSERT_EQ(frames_.size(), 7u) << "header, keyframe, four chunks, footer";
  EXPECT_EQ(frames_.back().end, whole_.size());
  EXPECT_EQ(log_.size(), 1 + 12u + 4u);
  EXPECT_EQ(read_with("inspect", whole_).status, 0);
}

TEST_F(Damage, OfAnyFrameIsToldWithItsPlaceAndTheRestIsShown) {
  for (const FramePart& frame : frames_) {
    for (const size_t at : {frame.begin, frame.begin + 5, frame.begin + 12, frame.end - 1}) {
      SCOPED_TRACE("byte " + std::to_string(at) + " of a frame of type " +
                   std::to_string(frame.type));
      std::string bytes = whole_;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      const Answer log = read_with("log", bytes);
      const Answer inspect = lxm("inspect t.lxtrace");
      const Answer json = lxm("inspect --json t.lxtrace");
      const Answer replay = lxm("replay t.lxtrace");
      EXPECT_EQ(inspect.status, 6);
      EXPECT_EQ(json.status, 6);
      const std::string place = "t.lxtrace is damaged " + at_byte(frame.begin);
      switch (frame.type) {
        case 1:
          EXPECT_EQ(log.status, 6);
          EXPECT_EQ(replay.status, 2);
          for (const Answer& answer : {log, inspect, json, replay}) {
            EXPECT_THAT(answer.err, AllOf(HasSubstr(place), HasSubstr("make the file anew")));
            EXPECT_THAT(answer.out, AnyOf(IsEmpty(), StartsWith("{\"error\": ")));
          }
          continue;
        case 2:
          EXPECT_EQ(log.status, 6);
          EXPECT_THAT(log.err, HasSubstr(place));
          EXPECT_THAT(missing(log), Not(IsEmpty()));
          EXPECT_LE(missing(log).size(), 4u) << "what is in other chunks is shown\n" << log.out;
          EXPECT_THAT(log.out, HasSubstr("cannot be read\n"));
          EXPECT_EQ(replay.status, 2);
          EXPECT_THAT(replay.err, HasSubstr(place));
          EXPECT_THAT(replay.out, AllOf(StartsWith("same: "), HasSubstr("cannot be read")));
          break;
        case 3:
          EXPECT_EQ(log.status, 0);
          EXPECT_THAT(missing(log), IsEmpty());
          EXPECT_EQ(replay.status, 2) << "there is no other keyframe";
          EXPECT_THAT(replay.err, HasSubstr(place));
          break;
        default:
          EXPECT_THAT(missing(log), IsEmpty());
          EXPECT_EQ(replay.status, 0);
          EXPECT_THAT(replay.out, StartsWith("same: 16 cycles"));
      }
      EXPECT_THAT(inspect.out, HasSubstr("is damaged " + at_byte(frame.begin)));
      const auto facts = nlohmann::json::parse(json.out, nullptr, false);
      ASSERT_FALSE(facts.is_discarded()) << json.out;
      EXPECT_EQ(facts["end"] == "damaged" || !facts["damage"].empty(), true);
    }
  }
}

TEST_F(Damage, OfTheFirstBytesIsForeignOrTold) {
  for (size_t at = 0; at < kPreambleBytes; ++at) {
    std::string bytes = whole_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    for (const char* command : {"log", "inspect"}) {
      const Answer answer = read_with(command, bytes);
      EXPECT_EQ(answer.status, 6);
      EXPECT_THAT(answer.out, IsEmpty());
      EXPECT_THAT(answer.err, AnyOf(HasSubstr("t.lxtrace: this is no Lexum trace"),
                                    HasSubstr("t.lxtrace: its first 16 bytes do not add up")));
    }
    EXPECT_EQ(lxm("replay t.lxtrace").status, 2);
  }
}

TEST_F(Damage, OfATornTraceLeavesWhatIsWhole) {
  std::vector<size_t> cuts = {0, 1, 15, 16, 17};
  for (const FramePart& frame : frames_) {
    for (const size_t inside :
         {size_t{1}, kFrameHeaderBytes - 1, kFrameHeaderBytes, kFrameHeaderBytes + 1}) {
      cuts.push_back(frame.begin + inside);
    }
    cuts.push_back(frame.end - 1);
    cuts.push_back(frame.end);
  }
  size_t chunks = 0;
  for (const FramePart& frame : frames_) chunks += frame.type == 2;
  for (const size_t cut : cuts) {
    SCOPED_TRACE("cut at " + std::to_string(cut) + " of " + std::to_string(whole_.size()));
    size_t chunks_whole = 0;
    for (const FramePart& frame : frames_) chunks_whole += frame.type == 2 && frame.end <= cut;
    const Answer log = read_with("log", whole_.substr(0, cut));
    const Answer inspect = lxm("inspect --json t.lxtrace");
    const Answer replay = lxm("replay t.lxtrace");
    if (chunks_whole == 0) {
      EXPECT_EQ(log.status, 6);
      EXPECT_EQ(inspect.status, 6);
      EXPECT_EQ(replay.status, 2);
      EXPECT_THAT(log.out, IsEmpty());
      EXPECT_THAT(log.err, AllOf(StartsWith("lxm: t.lxtrace"), HasSubstr("anew")));
      continue;
    }
    EXPECT_EQ(log.status, 0) << log.err;
    EXPECT_EQ(inspect.status, 0) << inspect.err;
    EXPECT_EQ(replay.status, 0) << replay.err;
    const auto facts = nlohmann::json::parse(inspect.out);
    EXPECT_EQ(facts["chunks"], chunks_whole);
    EXPECT_EQ(facts["end"], cut == whole_.size() ? "closed" : "torn");
    EXPECT_EQ(missing(log).empty(), chunks_whole == chunks);
    if (cut < whole_.size()) {
      EXPECT_THAT(log.err, AnyOf(HasSubstr("ends in the middle of a frame that begins at byte"),
                                 HasSubstr("it was not closed")));
    }
  }
}

TEST_F(Damage, OfOtherKindsIsNamed) {
  const Answer zeros = read_with("log", whole_ + std::string(5000, '\0'));
  EXPECT_EQ(zeros.status, 0) << "a file system has made it longer";
  EXPECT_THAT(missing(zeros), IsEmpty());
  const Answer more = read_with("log", whole_ + "something else");
  EXPECT_THAT(missing(more), IsEmpty());
  const Answer foreign = read_with("log", kBreaks);
  EXPECT_EQ(foreign.status, 6);
  EXPECT_THAT(foreign.err, AllOf(HasSubstr("t.lxtrace: this is no Lexum trace"),
                                 HasSubstr("lxm run --trace FILE makes a trace")));
  const Answer directory = lxm("log .");
  EXPECT_EQ(directory.status, 1);
  EXPECT_THAT(directory.err, HasSubstr("has no run"));
}

}  // namespace
}  // namespace lexum

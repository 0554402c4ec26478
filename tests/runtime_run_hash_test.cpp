// The canonical bytes are those of RUN_HASH.md: its example byte by byte, its test vectors, and
// what it promises about the start.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "runtime/canon.h"

namespace lexum {
namespace {

using testing::HasSubstr;

std::unique_ptr<const Program> program_of(const std::string& text) {
  Diagnostics diagnostics;
  return load(Source("test.lxm", text), diagnostics);
}

// Writes what a world says, from its prologue on.
class Stream final : public Observer {
 public:
  Stream(const Program& program, const std::vector<StartValue>& starts) {
    canonical_prologue(bytes_, program, starts);
    prologue_ = bytes_.size();
  }
  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord& record) override { canon_.input(bytes_, record); }
  void outcome(const OutcomeRecord& record) override { canon_.outcome(bytes_, record); }
  void cycle(const CycleRecord& record) override { canon_.cycle(bytes_, record); }
  void rollback(const RollbackRecord& record) override { canon_.rollback(bytes_, record); }
  void hold(const HoldRecord&) override {}
  void rest() override {}

  [[nodiscard]] std::string events() const { return to_hex(bytes_.bytes().subspan(prologue_)); }
  [[nodiscard]] std::string hash() const { return to_hex(blake2b(bytes_.bytes())); }

 private:
  CanonWriter canon_;
  ByteWriter bytes_;
  size_t prologue_ = 0;
};

Stream stream_of(const std::string& text, const std::vector<StartValue>& starts = {}) {
  const auto program = program_of(text);
  Stream stream(*program, starts);
  World world(*program, starts);
  world.observe(&stream);
  world.begin();
  while (!world.halted() && world.tick() && !world.oscillates()) {
  }
  return stream;
}

std::string page() {
  std::ostringstream text;
  text << std::ifstream(LEXUM_SOURCE_DIR "/core/runtime/RUN_HASH.md").rdbuf();
  return text.str();
}

constexpr const char* kExample =
    "domain D { state { n: int } goal Two { predicate n == 2 } transition Up { n = 2 } }";
constexpr const char* kTalk =
    "domain A { state { said: bool } goal Said { predicate said } "
    "transition Say { said = true send B[7] Hear(text: \"hello\") emit Out.Shout(loud: 3) } } "
    "domain B[id: int] { state { heard: list<string> } "
    "transition Hear(text: string) { heard = heard.add(text) } }";
constexpr const char* kFault =
    "domain D { state { left: int = 2 x: int } goal Done { predicate x == 100 } "
    "transition Divide { left -= 1 x = 10 / left } }";

TEST(RunHash, HasTheBytesOfTheExample) {
  EXPECT_EQ(stream_of(kExample).events(), "0x530100000005010003040100");
  EXPECT_THAT(page(), HasSubstr(kExample));
}

TEST(RunHash, IsThatOfTheTestVectors) {
  for (const char* text : {kExample, kTalk, kFault}) {
    EXPECT_THAT(page(), HasSubstr(std::string("    ") + text + "\n    " +
                                  stream_of(text).hash().substr(2) + "\n"));
  }
}

TEST(RunHash, DoesNotDependOnHowTheStartWasGiven) {
  const std::string text = "domain D { state { a: int b: int } }";
  const StartValue a{.domain = DomainId(0), .key = {}, .slot = 0, .value = Value::of(int64_t{1})};
  const StartValue b{.domain = DomainId(0), .key = {}, .slot = 1, .value = Value::of(int64_t{2})};
  const StartValue other{
      .domain = DomainId(0), .key = {}, .slot = 0, .value = Value::of(int64_t{3})};
  const std::string hash = stream_of(text, {a, b}).hash();
  EXPECT_EQ(stream_of(text, {b, a}).hash(), hash);
  EXPECT_EQ(stream_of(text, {other, b, a}).hash(), hash);
  EXPECT_NE(stream_of(text, {a, other, b}).hash(), hash);
  EXPECT_NE(stream_of(text).hash(), hash);
}

TEST(RunHash, DependsOnTheText) {
  EXPECT_NE(stream_of("domain D { }").hash(), stream_of("domain D {  }").hash());
}

}  // namespace
}  // namespace lexum

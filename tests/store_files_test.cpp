// The real disk, and what it answers when it cannot.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/files.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Disk : public testing::Test {
 protected:
  Disk() { std::filesystem::create_directories(folder_); }
  ~Disk() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("lexum_files_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Disk, GivesBackWhatWasAppended) {
  const Result<std::unique_ptr<File>> file = disk().create(path("a"));
  EXPECT_TRUE((*file)->append(as_bytes("hello")));
  EXPECT_TRUE((*file)->append(as_bytes(" world")));
  EXPECT_TRUE((*file)->sync());
  std::array<std::byte, 8> bytes{};
  EXPECT_EQ(*(*(*disk().open(path("a")))).read(4, bytes), 7u);
  EXPECT_EQ(as_text(bytes).substr(0, 7), "o world");
  EXPECT_EQ(*(*file)->size(), 11u);
}

TEST_F(Disk, HasOneWriterAtATime) {
  const Result<std::unique_ptr<File>> file = disk().create(path("a"));
  EXPECT_TRUE((*file)->append(as_bytes("mine")));
  const Result<std::unique_ptr<File>> second = disk().create(path("a"));
  EXPECT_EQ(second.error().code, ErrorCode::kInUse);
  EXPECT_EQ(*(*file)->size(), 4u);
}

TEST_F(Disk, SaysWhatWhereAndTheWayOut) {
  const auto missing = disk().open(path("nothing"));
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().what, HasSubstr(path("nothing")));

  const auto directory = disk().create(path("."));
  EXPECT_EQ(directory.error().code, ErrorCode::kDenied);
  EXPECT_THAT(directory.error().what, HasSubstr("is a directory; name a file in it"));
  EXPECT_EQ(disk().open(path(".")).error().code, ErrorCode::kDenied);

  const auto nowhere = disk().create(path("no/such/folder"));
  EXPECT_EQ(nowhere.error().code, ErrorCode::kNotFound);
}

TEST_F(Disk, CanBeFull) {
  const Result<std::unique_ptr<File>> full = disk().create("/dev/full");
  if (!full) GTEST_SKIP() << "there is no device that is always full";
  const Status written = (*full)->append(as_bytes("too much"));
  EXPECT_EQ(written.error().code, ErrorCode::kFull);
  EXPECT_THAT(written.error().what, HasSubstr("no room is left"));
}

}  // namespace
}  // namespace lexum

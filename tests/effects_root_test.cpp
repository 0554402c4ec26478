// A folder that no path leads out of, however it is guarded; and the errands that use it.
#include "effects/root.h"
#include "effects_fixture.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

class Files : public Effects {
 protected:
  Files() {
    fs::create_directory(path("root"));
    write("outside.txt", "outside");
    bind(R"({"File": {"use": "file", "root": "root"}})");
  }
};

TEST_F(Files, AreWrittenReadAndRemoved) {
  EXPECT_EQ(ask("File.Write", R"({"path":"a.txt","text":"äöü\n"})"), "done: null");
  EXPECT_EQ(read("root/a.txt"), "äöü\n");
  EXPECT_EQ(ask("File.Read", R"({"path":"a.txt"})"), R"(done: "äöü\n")");
  EXPECT_EQ(ask("File.Stat", R"({"path":"a.txt"})"),
            R"(done: {"exists":true,"kind":"file","size":7})");
  EXPECT_EQ(ask("File.Remove", R"({"path":"a.txt"})"), "done: null");
  EXPECT_EQ(ask("File.Remove", R"({"path":"a.txt"})"), "done: null");
  EXPECT_EQ(ask("File.Stat", R"({"path":"a.txt"})"),
            R"(done: {"exists":false,"kind":"","size":0})");
  EXPECT_EQ(ask("File.Read", R"({"path":"a.txt"})"),
            "failed: cannot read a.txt: there is no such file");
}

TEST_F(Files, WritingTheSameAgainMakesNoDifference) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ask("File.Write", R"({"path":"a","text":"x"})", "run/1/1"), "done: null");
  }
  EXPECT_EQ(ask("File.Write", R"({"path":"a","text":"y"})", "run/1/2"), "done: null");
  EXPECT_EQ(read("root/a"), "y");
  // Nothing else is left behind.
  EXPECT_EQ(std::distance(fs::directory_iterator(path("root")), {}), 1);
}

TEST_F(Files, FoldersAreMadeOnTheWay) {
  EXPECT_EQ(ask("File.Write", R"({"path":"a/b//c/d.txt","text":"x"})"), "done: null");
  EXPECT_EQ(read("root/a/b/c/d.txt"), "x");
  EXPECT_EQ(ask("File.Stat", R"({"path":"a/b"})"),
            R"(done: {"exists":true,"kind":"folder","size":0})");
  EXPECT_THAT(ask("File.Write", R"({"path":"a/b","text":"x"})"), HasSubstr("it is a folder"));
  EXPECT_THAT(ask("File.Write", R"({"path":"a/b/c/d.txt/e","text":"x"})"),
              HasSubstr("a part of this path is no folder"));
  EXPECT_THAT(ask("File.Read", R"({"path":"a/b"})"), HasSubstr("it is a folder"));
  EXPECT_THAT(ask("File.Remove", R"({"path":"a/b"})"), StartsWith("failed: cannot remove a/b: "));
}

TEST_F(Files, OtherArgumentsFail) {
  EXPECT_EQ(ask("File.Copy", R"({"path":"a"})"),
            "failed: files have no operation `Copy`; there is Write, Read, Stat and Remove");
  EXPECT_EQ(ask("File.Write", R"({"path":"a"})"),
            "failed: Write has two arguments, `path` and `text`, both strings");
  EXPECT_EQ(ask("File.Read", R"({"path":7})"), "failed: Read has one argument, `path`, a string");
  EXPECT_EQ(ask("File.Read", R"({"path":"a","mode":"b"})"),
            "failed: Read has one argument, `path`, a string");
  EXPECT_THAT(ask("File.Read", "null"), HasSubstr("has one argument"));
}

TEST_F(Files, WhatIsNoTextIsNotRead) {
  write("root/bytes", "\xff\xfe");
  EXPECT_EQ(ask("File.Read", R"({"path":"bytes"})"),
            "failed: cannot read bytes: it is not text in UTF-8");
  mkfifo(path("root/pipe").c_str(), 0666);
  EXPECT_EQ(ask("File.Read", R"({"path":"pipe"})"), "failed: cannot read pipe: it is no file");
  EXPECT_EQ(ask("File.Stat", R"({"path":"pipe"})"),
            R"(done: {"exists":true,"kind":"other","size":0})");
}

TEST_F(Files, SizesHaveAnEnd) {
  fs::create_directory(path("root/big"));
  std::ofstream(path("root/big/file")).close();
  fs::resize_file(path("root/big/file"), Root::kFileBytesMax + 1);
  EXPECT_THAT(ask("File.Read", R"({"path":"big/file"})"),
              HasSubstr("it has more than 16777216 bytes"));
  fs::resize_file(path("root/big/file"), Root::kFileBytesMax);
  EXPECT_THAT(ask("File.Read", R"({"path":"big/file"})").size(), testing::Gt(Root::kFileBytesMax));
  const std::string text(Root::kFileBytesMax + 1, 'x');
  EXPECT_THAT(ask("File.Write", R"({"path":"new","text":")" + text + "\"}"),
              HasSubstr("it has more than 16777216 bytes"));
  EXPECT_FALSE(fs::exists(path("root/new")));
}

class Rooted : public Files, public testing::WithParamInterface<Root::Guard> {
 protected:
  Rooted() : root_(std::move(*Root::open(path("root"), GetParam()))) {
    fs::create_directories(path("root/in/deep"));
    fs::create_directory(path("elsewhere"));
    write("elsewhere/secret.txt", "outside");
    fs::create_symlink(path("elsewhere"), path("root/away"));
    fs::create_symlink("../elsewhere", path("root/up"));
    fs::create_symlink("../../elsewhere/secret.txt", path("root/in/file"));
    fs::create_symlink("loop", path("root/loop"));
  }
  Root root_;
};

std::string came_of(const Status& status) { return status ? "done" : status.error().what; }

TEST_P(Rooted, NoPathLeadsOut) {
  const auto is_out = AnyOf(HasSubstr("it leads out of the root"),
                            HasSubstr("it goes through a link that is not followed"),
                            HasSubstr("a part of this path is no folder"));
  for (const std::string out :
       {"../outside.txt", "/etc/passwd", "in/../../outside.txt", "..", "in/..", "away/secret.txt",
        "up/secret.txt", "in/file", "in/deep/../../up/secret.txt", "loop", "loop/x",
        "./../outside.txt"}) {
    const Result<std::string> text = root_.read(out);
    EXPECT_THAT(text ? *text : text.error().what, is_out) << out;
    const Result<Root::About> about = root_.about(out);
    EXPECT_THAT(about ? "seen" : about.error().what, is_out) << out;
  }
  for (const std::string out : {"../outside.txt", "/tmp/x", "away/secret.txt", "up/secret.txt",
                                "up/new.txt", "up/a/b/new.txt", "loop/x", "../new"}) {
    EXPECT_THAT(came_of(root_.write(out, "changed", "t")), is_out) << out;
    EXPECT_THAT(came_of(root_.remove(out)), is_out) << out;
  }
  EXPECT_EQ(read("outside.txt"), "outside");
  EXPECT_EQ(read("elsewhere/secret.txt"), "outside");
  EXPECT_EQ(std::distance(fs::directory_iterator(path("elsewhere")), {}), 1);
}

TEST_P(Rooted, ALinkItselfIsReplacedAndRemovedAndNotWhatItLeadsTo) {
  EXPECT_EQ(came_of(root_.write("in/file", "mine", "t")), "done");
  EXPECT_EQ(read("root/in/file"), "mine");
  EXPECT_EQ(came_of(root_.remove("up")), "done");
  EXPECT_EQ(read("elsewhere/secret.txt"), "outside");
}

TEST_P(Rooted, StrangeNamesAreNames) {
  for (const std::string name : {"...", "..a", "-", "a\nb", "ä", "in/./b", "in//c", "./d"}) {
    EXPECT_EQ(came_of(root_.write(name, name, "t")), "done") << name;
    EXPECT_EQ(*root_.read(name), name);
  }
  for (const std::string& name :
       {std::string(), std::string("."), std::string("in/"), std::string("a\0b", 3),
        std::string(5'000, 'a'), std::string(300, 'a')}) {
    EXPECT_THAT(came_of(root_.write(name, "x", "t")), StartsWith("cannot write ")) << name;
  }
  EXPECT_THAT(root_.read(std::string(100'000, '/')).error().what, HasSubstr("cannot read"));
  EXPECT_EQ(root_.about(".")->is, Root::Is::kFolder);
  EXPECT_EQ(root_.about("in/")->is, Root::Is::kFolder);
  EXPECT_EQ(root_.about("none/at/all")->is, Root::Is::kNothing);
}

INSTANTIATE_TEST_SUITE_P(Both, Rooted,
                         testing::Values(Root::Guard::kKernel, Root::Guard::kStepByStep),
                         [](const auto& guard) {
                           return guard.param == Root::Guard::kKernel ? "ByTheKernel"
                                                                      : "StepByStep";
                         });

TEST_F(Files, WhatLeadsOutFailsAndTheRestGoesOn) {
  EXPECT_EQ(ask("File.Write", R"({"path":"../x","text":"x"})"),
            "failed: cannot write ../x: it leads out of the root");
  EXPECT_THAT(ask("File.Read", R"({"path":"a\u0000b"})"), StartsWith("failed: cannot read a b: "));
  EXPECT_EQ(ask("File.Write", R"({"path":"x","text":"x"})"), "done: null");
}

}  // namespace
}  // namespace lexum

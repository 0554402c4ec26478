// The house is as it is written down: each room's list is its folder, stairs go one way inside a
// room too, every file says what it is, and what the pages point at is there.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

const fs::path kHouse = LEXUM_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

Lines lines_of(const fs::path& file) {
  Lines lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string name_of(const fs::path& file) { return fs::relative(file, kHouse).string(); }

bool is_code(const fs::path& file) {
  return file.extension() == ".cpp" || file.extension() == ".h";
}

// Everything somebody wrote: no builds, no bytes for the fuzzers, nothing hidden but the build's
// own scripts.
std::vector<fs::path> written_files() {
  std::vector<fs::path> files;
  for (auto it = fs::recursive_directory_iterator(kHouse); it != fs::end(it); ++it) {
    const std::string name = it->path().filename().string();
    const bool foreign =
        name.starts_with("build") || name == "corpus" || (name.starts_with(".") && name != ".ci");
    if (it->is_directory() && foreign) it.disable_recursion_pending();
    if (it->is_regular_file() && !foreign) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A room is a folder with code, outside the tests.
std::vector<fs::path> rooms() {
  std::set<fs::path> found;
  for (const fs::path& file : written_files()) {
    if (is_code(file) && !name_of(file).starts_with("tests/")) found.insert(file.parent_path());
  }
  return {found.begin(), found.end()};
}

// What stands between backquotes in a line.
Lines quoted_in(const std::string& line) {
  Lines words;
  for (size_t at = line.find('`'); at != std::string::npos; at = line.find('`', at + 1)) {
    const size_t end = line.find('`', at + 1);
    if (end == std::string::npos) break;
    words.push_back(line.substr(at + 1, end - at - 1));
    at = end;
  }
  return words;
}

// The entries of a room's README, in order; each is the files it names: "- `a.h` `.cpp` `b.cpp`:
// why".
std::vector<Lines> listed_in(const fs::path& room) {
  std::vector<Lines> entries;
  for (const std::string& line : lines_of(room / "README.md")) {
    if (!line.starts_with("- `")) continue;
    Lines names = quoted_in(line.substr(0, line.find(':')));
    const std::string stem = names[0].substr(0, names[0].find_last_of('.'));
    for (std::string& name : names) {
      if (name.starts_with(".")) name = stem + name;
    }
    entries.push_back(names);
  }
  return entries;
}

// The names between the quotes of #include "…".
Lines includes_of(const fs::path& file) {
  static const std::string kInclude = "#include \"";
  Lines names;
  for (const std::string& line : lines_of(file)) {
    if (!line.starts_with(kInclude)) continue;
    names.push_back(line.substr(kInclude.size(), line.rfind('"') - kInclude.size()));
  }
  return names;
}

class Room : public testing::TestWithParam<fs::path> {};

TEST_P(Room, ListsExactlyItsFiles) {
  std::multiset<std::string> listed;
  for (const Lines& entry : listed_in(GetParam())) listed.insert(entry.begin(), entry.end());
  std::multiset<std::string> present;
  for (const auto& entry : fs::directory_iterator(GetParam())) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name != "README.md") present.insert(name);
  }
  EXPECT_EQ(listed, present) << "the list is in " << name_of(GetParam() / "README.md");
}

TEST_P(Room, IncludesOnlyWhatItsListNamesBefore) {
  std::map<std::string, size_t> place;
  for (const Lines& entry : listed_in(GetParam())) {
    const size_t at = place.size();
    for (const std::string& name : entry) place.emplace(name, at);
  }
  Lines wrong;
  for (const auto& [name, at] : place) {
    for (const std::string& include : includes_of(GetParam() / name)) {
      const fs::path included = include;
      if (included.parent_path() != GetParam().filename()) continue;
      const auto found = place.find(included.filename().string());
      if (found != place.end() && found->second > at) wrong.push_back(name + " ← " + include);
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST_P(Room, SaysWhichQuestionItAnswers) {
  EXPECT_NE(text_of(GetParam() / "README.md").find('?'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(House, Room, testing::ValuesIn(rooms()), [](const auto& room) {
  std::string name = name_of(room.param);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

TEST(House, IncludesByRoomAndNeverByTheWayThere) {
  Lines wrong;
  for (const fs::path& file : written_files()) {
    if (!is_code(file)) continue;
    for (const std::string& include : includes_of(file)) {
      if (include.find("..") != std::string::npos) wrong.push_back(name_of(file) + ": " + include);
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

// Two tests of the build compile these files; the second one must fail because of a wall, and not
// because there is nothing behind it.
TEST(House, TriesItsWallsWithHeadersThatExist) {
  for (const char* file : {"includes_down.cpp", "includes_up.cpp"}) {
    const Lines includes = includes_of(kHouse / "tests/house" / file);
    ASSERT_EQ(includes.size(), 1u) << file;
    EXPECT_TRUE(fs::exists(kHouse / "core" / includes[0])) << file;
  }
}

// A .cpp whose header stands beside it may leave the words to the header.
TEST(House, HasNoFileWithoutAWord) {
  Lines silent;
  for (const fs::path& file : written_files()) {
    if (!is_code(file)) continue;
    const Lines lines = lines_of(file);
    const std::string header = file.stem().string() + ".h";
    const bool speaks = !lines.empty() && lines[0].starts_with("//");
    const bool header_speaks =
        file.extension() == ".cpp" && !lines.empty() && lines[0].starts_with("#include \"") &&
        fs::exists(file.parent_path() / header) && lines[0].ends_with(header + "\"");
    if (!speaks && !header_speaks) silent.push_back(name_of(file));
  }
  EXPECT_THAT(silent, IsEmpty());
}

// All rooms share a namespace. Two types of one name in it are one to the linker, which then keeps
// one of two std::vector<T>::push_back, whichever it likes.
TEST(House, HasNoTwoTypesOfOneName) {
  std::map<std::string, std::set<std::string>> where;
  for (const fs::path& file : written_files()) {
    if (file.extension() != ".h" || name_of(file).starts_with("tests/")) continue;
    for (const std::string& line : lines_of(file)) {
      for (const std::string kind : {"struct ", "class ", "enum class "}) {
        if (!line.starts_with(kind) || line.ends_with(";")) continue;
        const std::string rest = line.substr(kind.size());
        const size_t end = rest.find_first_of(" :{<");
        // What is inside of another one is called so.
        if (end != std::string::npos && rest.substr(end, 2) == "::") continue;
        where[rest.substr(0, end)].insert(name_of(file));
      }
    }
  }
  Lines wrong;
  for (const auto& [name, files] : where) {
    if (files.size() > 1) wrong.push_back(name + " in " + *files.begin() + ", " + *files.rbegin());
  }
  EXPECT_GT(where.size(), 200u);
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(House, NamesNoFolderOfAnybodysMachine) {
  Lines wrong;
  for (const fs::path& file : written_files()) {
    const std::string text = text_of(file);
    for (const std::string top : {"home", "root", "work", "Users"}) {
      for (const char before : {' ', '"', '\'', '`', '(', '=', '\n'}) {
        if (text.find(before + ("/" + top + "/")) != std::string::npos) {
          wrong.push_back(name_of(file) + " names something in /" + top);
        }
      }
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(House, HasNothingElseAtTheTop) {
  // What the project is made of, and what tools look for at the top and nowhere else.
  const std::set<std::string> known = {
      "CMakeLists.txt", "core",   "repl",      "tracer", "gui",     "samples",
      "tests",          "assets", "README.md", "setup",  "LICENSE", "CMakePresets.json"};
  Lines unknown;
  for (const auto& entry : fs::directory_iterator(kHouse)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") || name.starts_with("build") || known.contains(name)) continue;
    unknown.push_back(name);
  }
  EXPECT_THAT(unknown, IsEmpty());
}

TEST(Readme, GivesCommandsThatExist) {
  size_t commands = 0;
  for (const std::string& line : lines_of(kHouse / "README.md")) {
    if (!line.starts_with("    ./")) continue;
    const std::string command = line.substr(6, line.find_first_of(" ", 6) - 6);
    const fs::perms perms = fs::status(kHouse / command).permissions();
    EXPECT_NE(perms & fs::perms::owner_exec, fs::perms::none) << command;
    ++commands;
  }
  EXPECT_GE(commands, 2u);
}

// [text](target), where the target is a file of ours.
Lines links_of(const fs::path& page) {
  const std::string text = text_of(page);
  Lines targets;
  for (size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
    const std::string target = text.substr(at + 2, text.find_first_of(")#", at + 2) - at - 2);
    if (!target.empty() && target.find(':') == std::string::npos) targets.push_back(target);
  }
  return targets;
}

TEST(Pages, LinkToFilesThatAreThere) {
  Lines broken;
  for (const fs::path& file : written_files()) {
    if (file.extension() != ".md") continue;
    for (const std::string& target : links_of(file)) {
      if (!fs::exists(file.parent_path() / target)) broken.push_back(name_of(file) + ": " + target);
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

}  // namespace

// What lies in a data folder, for people and scripts.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace lexum {

bool is_data_folder(const std::string& path);
// Where a run that serves listens.
std::string socket_in(const std::string& folder);

struct FolderQuestion {
  std::string folder;
  bool json = false;
  bool program = false;              // nothing but the program
  std::optional<std::string> query;  // nothing but this of each instance of the newest snapshot
};
// Prints the answer, and gives the exit status.
int inspect_folder(const FolderQuestion& question);

}  // namespace lexum

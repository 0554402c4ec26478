// Folders and logs, looked for before anything is written.
#include <fmt/format.h>

#include "effects/binding_read.h"

namespace lexum {

FileBinding read_file_binding(MemberReader& reader, const LocatedJson& object) {
  reader.check_members(object, "file", {"use", "root"});
  const LocatedJson* const root = reader.need(object, "root", "\"./files\"");
  const std::optional<std::string> named = reader.text(root, "root", "\"./files\"");
  if (!named) return {};
  const std::string place = reader.place_of(*named);
  if (named->empty() || !is_folder(place)) {
    reader.complain(root->offset,
                    fmt::format("{} is no folder; make it, or name one that is there (paths "
                                "begin in the folder of this file)",
                                named->empty() ? "\"\"" : place));
  }
  return {.root = place};
}

LogBinding read_log_binding(MemberReader& reader, const LocatedJson& object) {
  reader.check_members(object, "log", {"use", "to"});
  const LocatedJson* const to = MemberReader::find(object, "to");
  const std::optional<std::string> named = reader.text(to, "to", "\"stderr\"");
  if (!named || *named == "stderr") return {};
  const std::string place = reader.place_of(*named);
  if (named->empty() || is_folder(place) || !is_folder(folder_around(place))) {
    reader.complain(to->offset,
                    fmt::format("{} cannot be a log; name a file in a folder that is there, or "
                                "\"stderr\"",
                                named->empty() ? "\"\"" : place));
  }
  return {.to = place};
}

}  // namespace lexum

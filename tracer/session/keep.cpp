// What is kept of a session: names for moments, and the run.
#include <fmt/format.h>

#include "session/acts.h"
#include "session/json.h"
#include "session/marks.h"
#include "session/tell.h"
#include "tracer/writer.h"

namespace lexum {

Result<Verdict> do_snapshot(Session& session, const Said& said, Reply& reply) {
  const std::string& wanted = said.arguments[0];
  if (wanted.find_first_of("/:@#% ") != std::string::npos) {
    return wrong(fmt::format("`{}` cannot be a name: it has to stand in positions", wanted));
  }
  const Result<std::string> name = session.mark(wanted, session.at());
  if (!name) return name.error();
  const std::string position = position_text(session.at());
  reply.say(Line("@").add(*name, Role::kName).add(" is ").add(position, Role::kPosition));
  reply.fact("name", json_text(*name));
  reply.fact("position", json_text(position));
  return Verdict::kAnswered;
}

Result<Verdict> do_save(Session& session, const Said& said, Reply& reply) {
  const std::string& path = said.arguments[0];
  Files& files = session.files();
  const TraceReader& trace = session.trace();
  reply.fact("file", json_text(path));
  if (path.ends_with(".lxm")) {
    const std::string_view text = session.program().source.text();
    if (files.open(path) && !session.has_saved(path)) {
      return wrong(path + " is there already; choose another name, or remove it");
    }
    if (Status written = write_text(files, path, text); !written) return written.error();
    session.note_saved(path);
    reply.say(fmt::format("{} has the program", path));
    return Verdict::kAnswered;
  }
  if (path == trace.path()) return wrong("that is the trace that is open");
  if (Status copied = copy_trace(files, trace.path(), path); !copied) return copied.error();
  const Bookmarks& marks = session.branch().bookmarks;
  if (!marks.empty()) {
    if (Status written = write_marks(files, path, marks); !written) return written.error();
  }
  reply.say(fmt::format("{} has the run, {} cycles of it", path, trace.cycles() - trace.start()));
  if (!session.branch().parent.empty()) {
    reply.say(Line().add(fmt::format("what was before cycle {} is in the branch {}",
                                     trace.start() + 1, session.branch().parent),
                         Role::kDim));
  }
  return Verdict::kAnswered;
}

}  // namespace lexum

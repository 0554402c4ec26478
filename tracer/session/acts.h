// What the words do: one function for each, in the file that its comment names.
#pragma once

#include "session/session.h"
#include "session/word.h"

namespace lexum {

// look.cpp
Result<Verdict> say_state(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_goals(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_list(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_mailbox(Session& session, const Said& said, Reply& reply);
// ask.cpp
Result<Verdict> say_last(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_next_write(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_first(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_all(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_hits(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_info(Session& session, const Said& said, Reply& reply);
// why.cpp
Result<Verdict> say_why(Session& session, const Said& said, Reply& reply);
// whynot.cpp
Result<Verdict> say_whynot(Session& session, const Said& said, Reply& reply);
// path.cpp
Result<Verdict> say_path(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_bisect(Session& session, const Said& said, Reply& reply);
// find.cpp
Result<Verdict> say_find(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_export(Session& session, const Said& said, Reply& reply);
// branch.cpp
Result<Verdict> say_fork(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_diff(Session& session, const Said& said, Reply& reply);
Result<Verdict> say_shrink(Session& session, const Said& said, Reply& reply);

}  // namespace lexum
